"""From the fine rate of the muscle to the rate of acquisition."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

HALF_LENGTH = 10
"""Half length of the low-pass in samples of the lower rate."""
CUTOFF_SHARE = 0.44


@lru_cache(maxsize=8)
def lowpass_taps(oversampling: int) -> FloatArray:
    """Design a symmetric low-pass at 0.44 of the lower rate: windowed sinc, sum 1, odd length."""
    if oversampling == 1:
        return np.ones(1)
    half = HALF_LENGTH * oversampling
    n = np.arange(-half, half + 1) / oversampling
    taps = np.sinc(2 * CUTOFF_SHARE * n) * np.kaiser(2 * half + 1, 6.0)
    total: FloatArray = taps / taps.sum()
    return total


def lowpass(signal: FloatArray, oversampling: int) -> FloatArray:
    """Filter without delay; the result is longer by half the filter at both ends."""
    taps = lowpass_taps(oversampling)
    if taps.size == 1:
        return signal
    from scipy.signal import oaconvolve

    filtered: FloatArray = oaconvolve(signal, taps)
    return filtered


def decimate(filtered: FloatArray, start: int, oversampling: int) -> tuple[int, FloatArray]:
    """Pick the samples of the lower rate.

    Parameters
    ----------
    filtered : ndarray, shape (n,)
        Result of :func:`lowpass`.
    start : int
        Fine index of the first sample of ``filtered``.
    oversampling : int

    Returns
    -------
    (int, ndarray)
        Index of the first picked sample at the lower rate, and the samples.
    """
    first = -(-start // oversampling)
    return first, filtered[first * oversampling - start :: oversampling]

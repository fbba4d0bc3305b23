"""The envelope output of a sensor: high-pass, rectifier, one-pole smoothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

HIGHPASS_HZ = 20.0
WARM_UP_S = 2.5
"""After this time nothing is left of how the filters began (below 1e-20 of it)."""


def envelope(signal: FloatArray, rate: float, cutoff: float) -> FloatArray:
    """Smooth the rectified signal as an analogue envelope detector does.

    Parameters
    ----------
    signal : ndarray, shape (n,)
        µV; the filters begin at its first sample.
    rate : float
        Samples per second.
    cutoff : float
        Hz of the smoothing pole.
    """
    from scipy.signal import butter, lfilter, sosfilt

    sections = butter(2, HIGHPASS_HZ, "highpass", fs=rate, output="sos")
    passed = sosfilt(sections, signal - signal[0])
    memory = np.exp(-2 * np.pi * cutoff / rate)
    smooth: FloatArray = lfilter([1 - memory], [1, -memory], np.abs(passed))
    return smooth

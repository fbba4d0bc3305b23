"""The few statistics a summary needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.summary.types import Intervals, Rate, Spread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.types import FloatArray

TAIL = 0.025
"""Probability on each side of a 95 % interval."""


def poisson_rate(count: int, hours: float) -> Rate | None:
    """Return events per hour with the exact 95 % interval, or ``None`` without time.

    Garwood (1936), Biometrika 28, 437-442: the limits are quantiles of gamma distributions with shape
    ``count`` (below) and ``count + 1`` (above). They are wider than they need be for small counts, never
    narrower. Events that come in clusters spread wider still.
    """
    if hours <= 0:
        return None
    from scipy.special import gammaincinv

    low = float(gammaincinv(count, TAIL)) if count else 0.0
    high = float(gammaincinv(count + 1, 1 - TAIL))
    return Rate(count / hours, low / hours, high / hours)


def spread(values: Iterable[float] | FloatArray) -> Spread | None:
    """Return median and quartiles of the finite values, or ``None`` when there are none."""
    array = np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)
    array = array[np.isfinite(array)]
    if array.size == 0:
        return None
    q1, median, q3 = (float(value) for value in np.percentile(array, (25, 50, 75)))
    return Spread(int(array.size), median, q1, q3)


def interval_statistics(intervals: FloatArray) -> Intervals | None:
    """Describe intervals in s, or ``None`` when there are none. Those of length 0 are left out."""
    positive = intervals[intervals > 0]
    described = spread(positive)
    if described is None:
        return None
    return Intervals(described, float(np.exp(np.mean(np.log(positive)))))

"""Intervals by resampling whole recordings, or blocks of time where there are too few of them.

Events come in clusters, so single events must not be resampled: that would promise more certainty than there
is (Efron 1979; blocks: Künsch 1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from emgdetect.types import FloatArray

RESAMPLES = 2000
FEWEST_UNITS = 5
"""With fewer units than this an interval would be made up."""

LEVEL = (2.5, 97.5)

MOST_MISSING = 0.5
"""Part of the resamples in which a number must exist to have an interval."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; ``None`` where there is none."""

    value: float | None
    low: float | None = None
    high: float | None = None


def estimate(
    tallies: FloatArray, statistic: Callable[[FloatArray], FloatArray], weights: FloatArray | None
) -> Estimate:
    """Return a statistic of summed tallies and its percentile interval.

    Parameters
    ----------
    tallies : ndarray, shape ``(n_units, n_counts)``
        What was counted in each unit.
    statistic : callable
        From sums, shape ``(..., n_counts)``, to the statistic, NaN where it does not exist.
    weights : ndarray, shape ``(n_resamples, n_units)``, or None
        How often each unit was drawn, from :func:`resampled`; ``None`` for no interval.
    """
    value = float(statistic(tallies.sum(axis=0)))
    if not np.isfinite(value):
        return Estimate(None)
    if weights is None:
        return Estimate(value)
    return interval(value, statistic(weights @ tallies))


def interval(value: float, draws: FloatArray) -> Estimate:
    """Return a number with the percentile interval of what it was in each resample.

    Without one where it does not exist (NaN) in more than half of them.
    """
    known = draws[np.isfinite(draws)]
    if known.size < MOST_MISSING * draws.size:
        return Estimate(value)
    known = np.sort(known)
    # As numpy's percentile does it, several times as fast.
    places = np.array(LEVEL) / 100 * (known.size - 1)
    low, high = np.interp(places, np.arange(known.size), known)
    return Estimate(value, float(low), float(high))


def resampled(n_units: int, *, seed: int = 0, fewest: int = FEWEST_UNITS) -> FloatArray | None:
    """Draw units with replacement many times; ``None`` if they are too few to learn anything from.

    Returns
    -------
    ndarray, shape ``(n_resamples, n_units)``, or None
        How often each unit was drawn. The same seed gives the same draws.
    """
    return None if n_units < fewest else drawn(n_units, seed)[1]


@cache
def drawn(n_units: int, seed: int = 0) -> tuple[NDArray[np.int64], FloatArray]:
    """Draw units with replacement, the same every time.

    Returns
    -------
    ndarray, ndarray
        Which units, and how often each; both of shape ``(n_resamples, n_units)``, not to be written to.
    """
    units = np.random.default_rng((seed, n_units)).integers(0, n_units, size=(RESAMPLES, n_units))
    places = units + n_units * np.arange(RESAMPLES)[:, None]
    times = np.bincount(places.ravel(), minlength=RESAMPLES * n_units).reshape(RESAMPLES, n_units)
    return units, times.astype(np.float64)

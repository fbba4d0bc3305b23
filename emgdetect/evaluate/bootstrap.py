"""Intervals by resampling whole recordings, or blocks of time where there are too few of them.

Events come in clusters, so single events must not be resampled: that would promise more certainty than there
is (Efron 1979; blocks: Künsch 1989).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import FloatArray

RESAMPLES = 2000
FEWEST_UNITS = 5
"""With fewer units than this an interval would be made up."""

LEVEL = (2.5, 97.5)


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
    drawn = statistic(weights @ tallies)
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size < weights.shape[0] / 2:
        return Estimate(value)
    low, high = np.percentile(drawn, LEVEL)
    return Estimate(value, float(low), float(high))


def resampled(n_units: int, *, seed: int = 0) -> FloatArray | None:
    """Draw units with replacement many times; ``None`` if they are too few to learn anything from.

    Returns
    -------
    ndarray, shape ``(n_resamples, n_units)``, or None
        How often each unit was drawn. The same seed gives the same draws.
    """
    if n_units < FEWEST_UNITS:
        return None
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(n_units, np.full(n_units, 1 / n_units), size=RESAMPLES)
    return drawn.astype(np.float64)

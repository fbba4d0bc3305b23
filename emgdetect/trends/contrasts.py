"""Nights with something against nights without: before and after an intervention, tags of the diary."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.evaluate import Estimate
from emgdetect.evaluate.bootstrap import drawn, interval
from emgdetect.trends.types import FEWEST_NIGHTS, Contrast

if TYPE_CHECKING:
    from emgdetect.types import FloatArray


@dataclass(frozen=True, slots=True)
class Group:
    """Counts and valid hours of some nights, shape ``(n,)`` each; all hours are above 0."""

    counts: FloatArray
    hours: FloatArray

    @property
    def n_nights(self) -> int:
        """How many nights."""
        return int(self.counts.size)


def contrasted(head: Contrast, without: Group, having: Group, *, seed: int = 0) -> Contrast:
    """Fill in what two groups of nights differ by.

    Parameters
    ----------
    head : Contrast
        Says what is compared.
    without, having : Group
        The nights of each side.
    seed : int, default 0
        Of the resampling, which draws whole nights within each side.

    Returns
    -------
    Contrast
        With fewer than three nights on a side only their numbers, and why.
    """
    known = replace(head, n_without=without.n_nights, n_with=having.n_nights)
    least = min(without.n_nights, having.n_nights)
    if least < FEWEST_NIGHTS:
        return replace(known, reason=f"fewer than {FEWEST_NIGHTS} nights on a side")
    groups = without, having
    draws = [drawn(group.n_nights, seed + side) for side, group in enumerate(groups)]
    rates = without.counts / without.hours, having.counts / having.hours
    pooled = [float(group.counts.sum() / group.hours.sum()) for group in groups]
    pooled_draws = [
        (times @ group.counts) / (times @ group.hours)
        for group, (_, times) in zip(groups, draws, strict=True)
    ]
    medians = [np.median(rate[nights], axis=1) for rate, (nights, _) in zip(rates, draws, strict=True)]
    higher = np.sign(rates[1][:, None] - rates[0][None, :])
    return replace(
        known,
        rate_without=pooled[0],
        rate_with=pooled[1],
        difference=_estimate(float(np.median(rates[1]) - np.median(rates[0])), medians[1] - medians[0]),
        ratio=_estimate(
            *(_ratio(np.asarray(b), np.asarray(a)) for a, b in ((pooled[0], pooled[1]), pooled_draws))
        ),
        dominance=_estimate(float(higher.mean()), _dominances(higher, draws[0][1], draws[1][1])),
    )


def _dominances(higher: FloatArray, without: FloatArray, having: FloatArray) -> FloatArray:
    means: FloatArray = ((having @ higher) * without).sum(axis=1) / higher.size
    return means


def _estimate(value: float | FloatArray, draws: FloatArray) -> Estimate:
    number = float(value)
    return interval(number, draws) if np.isfinite(number) else Estimate(None)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    result: FloatArray = np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)
    return result

"""Where noise ends: the running floor and, per scale, a threshold from the running block maxima.

Block maxima of noise follow a Gumbel distribution. Its location and scale come from the median and the
lower quantiles of the blocks around, which events in the upper half cannot move; the threshold stands a
set number of scales above (Gumbel, Statistics of Extremes, 1958, for the distribution). The floor is a low
quantile of the blocks' own low quantiles, corrected to the mean of noise by the chi-square distribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from emgdetect.types import FloatArray, RealArray

BLOCK_QUANTILE = 0.3
"""Which part of a block's frames its low level stands above."""

# The Gumbel distribution's quantiles 0.1, 0.25 and 0.5 lie at location - scale * log(-log(p)).
_HALF_TO_TENTH = 1.2005
_HALF_TO_QUARTER = 0.6932


@dataclass(frozen=True, slots=True)
class Window:
    """How many values before and after one belong to its neighbourhood."""

    past: int
    future: int


def sorted_windows(
    values: RealArray, chosen: slice, windows: Sequence[Window]
) -> tuple[RealArray, NDArray[np.int64]]:
    """Sort the neighbours of every chosen value.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n)
        NaN where a block says nothing.
    chosen : slice
        The values whose windows are wanted.
    windows : sequence of Window, length n_rows
        Each row's own; they reach less far where the values end.

    Returns
    -------
    neighbours : ndarray, shape (n_rows, n_chosen, size)
        Sorted along the last axis, NaN last.
    counts : ndarray of int, shape (n_rows, n_chosen)
        How many entries of each neighbourhood are not NaN.
    """
    past, future = (np.array([[getattr(one, side)] for one in windows]) for side in ("past", "future"))
    before, after = int(past.max()), int(future.max())
    size, count = before + 1 + after, values.shape[1]
    padded = np.full((len(values), before + count + after), np.nan, values.dtype)
    padded[:, before : before + count] = values
    around = np.lib.stride_tricks.sliding_window_view(padded, size, axis=1)[:, chosen].copy()
    place = np.arange(-before, after + 1)
    # All rows at once, as wide as the widest needs: a few large calls, where each call costs.
    np.copyto(around, np.nan, where=((place < -past) | (place > future))[:, None])
    around.sort(axis=2)
    return around, size - np.count_nonzero(np.isnan(around), axis=2)


def quantiles_of_sorted(values: RealArray, counts: NDArray[np.int64], *quantiles: float) -> FloatArray:
    """Return interpolated quantiles of the first ``counts`` entries along the last axis, which is sorted.

    The quantiles come along a new first axis; NaN where there are no entries.
    """
    last = np.maximum(counts - 1, 0)[..., None]
    position = last * np.array(quantiles)
    below = position.astype(np.int64)
    share = position - below
    lower = np.take_along_axis(values, below, axis=-1)
    upper = np.take_along_axis(values, np.minimum(below + 1, last), axis=-1)
    return np.moveaxis(lower * (1 - share) + upper * share, -1, 0)


def gumbel_threshold(
    values: RealArray, counts: NDArray[np.int64], kappa: float, rise: FloatArray | float = 0.0
) -> FloatArray:
    """Return ``median + kappa * scale`` of sorted block maxima (last axis), from their lower half.

    It is at least ``rise`` times the median, where a rise is given.
    """
    half, quarter, tenth = quantiles_of_sorted(values, counts, 0.5, 0.25, 0.1)
    scale = np.maximum((half - tenth) / _HALF_TO_TENTH, 0.5 * (half - quarter) / _HALF_TO_QUARTER)
    threshold = half + kappa * scale
    return np.asarray(np.where(np.less(half * rise, threshold) | (rise == 0), threshold, half * rise))


@cache
def quiet_correction(degrees: float, quantile: float = BLOCK_QUANTILE) -> float:
    """Return the mean of noise energy over its quantile, for chi-square noise."""
    return float(degrees / stats.chi2.ppf(quantile, degrees))


def chance_ratio(degrees: float, chance: float) -> float:
    """Return the ratio to the floor that noise energy exceeds with the given chance."""
    return float(stats.chi2.isf(chance, degrees) / degrees)

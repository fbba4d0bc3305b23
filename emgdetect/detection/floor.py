"""Where noise ends: the running floor and, per scale, a threshold from the running block maxima.

Block maxima of noise follow a Gumbel distribution. Its location and scale come from the median and the
lower quantiles of the blocks around, which events in the upper half cannot move; the threshold stands a
set number of scales above (Gumbel, Statistics of Extremes, 1958, for the distribution). The floor is a low
quantile of the blocks' own low quantiles, corrected to the mean of noise by the chi-square distribution.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import FloatArray

BLOCK_QUANTILE = 0.3
"""Which part of a block's frames its low level stands above."""

# The Gumbel distribution's quantiles 0.1, 0.25 and 0.5 lie at location - scale * log(-log(p)).
_HALF_TO_TENTH = 1.2005
_HALF_TO_QUARTER = 0.6932


def sorted_windows(
    values: FloatArray, chosen: slice, past: int, future: int
) -> tuple[FloatArray, NDArray[np.int64]]:
    """Sort the neighbours of every chosen value.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN where a block says nothing.
    chosen : slice
        The values whose windows are wanted.
    past, future : int
        How many values before and after belong to a window; fewer where the values end.

    Returns
    -------
    windows : ndarray, shape (n_chosen, past + 1 + future)
        Sorted along the last axis, NaN last.
    counts : ndarray of int, shape (n_chosen,)
        How many entries of each window are not NaN.
    """
    padded = np.concatenate([np.full(past, np.nan), values, np.full(future, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, past + 1 + future)[chosen]
    known = np.concatenate([[0], np.cumsum(~np.isnan(padded))])
    counts = (known[past + 1 + future :] - known[: -(past + 1 + future)])[chosen]
    return np.sort(windows, axis=1), counts


def quantile_of_sorted(windows: FloatArray, counts: NDArray[np.int64], quantile: float) -> FloatArray:
    """Interpolated quantile of each sorted row's first ``counts`` entries; NaN where there are none."""
    position = quantile * np.maximum(counts - 1, 0)
    below = position.astype(int)
    above = np.minimum(below + 1, np.maximum(counts - 1, 0))
    rows = np.arange(len(windows))
    share = position - below
    return np.asarray(windows[rows, below] * (1 - share) + windows[rows, above] * share)


def gumbel_threshold(
    windows: FloatArray, counts: NDArray[np.int64], kappa: float, rise: float = 0.0
) -> FloatArray:
    """Return ``median + kappa * scale`` of each sorted row of block maxima, from its lower half.

    It is at least ``rise`` times the median.
    """
    half, quarter, tenth = (quantile_of_sorted(windows, counts, q) for q in (0.5, 0.25, 0.1))
    scale = np.maximum((half - tenth) / _HALF_TO_TENTH, 0.5 * (half - quarter) / _HALF_TO_QUARTER)
    threshold = half + kappa * scale
    return np.asarray(np.maximum(threshold, half * rise) if rise else threshold)


@cache
def quiet_correction(degrees: float, quantile: float = BLOCK_QUANTILE) -> float:
    """Return the mean of noise energy over its quantile, for chi-square noise."""
    return float(degrees / stats.chi2.ppf(quantile, degrees))


def chance_ratio(degrees: float, chance: float) -> float:
    """Return the ratio to the floor that noise energy exceeds with the given chance."""
    return float(stats.chi2.isf(chance, degrees) / degrees)

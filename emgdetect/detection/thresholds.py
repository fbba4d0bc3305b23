"""Thresholds of every scale for every block, as soon as the look-ahead allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.floor import (
    chance_ratio,
    gumbel_threshold,
    quantile_of_sorted,
    quiet_correction,
    sorted_windows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Threshold
    from emgdetect.types import FloatArray


@dataclass(frozen=True, slots=True)
class Decided:
    """Floor (n_blocks,) and thresholds (n_scales, n_blocks) of consecutive blocks."""

    first: int
    floor: FloatArray
    limits: FloatArray


class Thresholds:
    """Collect block statistics and decide thresholds, block by block.

    Parameters
    ----------
    settings : Threshold
        The profile's part on thresholds.
    grid : Grid
        Sizes that belong to the stream's rate.
    degrees : sequence of float
        Degrees of freedom of noise energy at each scale.
    least : float
        Least possible floor: what quantisation alone leaves.
    """

    def __init__(self, settings: Threshold, grid: Grid, degrees: tuple[float, ...], least: float) -> None:
        self._settings = settings
        self._least = least
        ahead = int(settings.lookahead / (grid.block * grid.frame_seconds))
        self._windows = tuple(_window(seconds, ahead, grid) for seconds in _spread(settings, len(degrees)))
        self._floor_window = _window(2 * settings.floor_window, ahead, grid)
        self.lookahead_blocks = max(future for _, future in (*self._windows, self._floor_window))
        self._memory = max(past for past, _ in (*self._windows, self._floor_window))
        self._least_ratio = np.array([chance_ratio(d, settings.chance) for d in degrees])
        self._maxima = np.empty((len(degrees), 0))
        self._levels = np.empty(0)
        self._origin = 0
        self._decided = 0

    def add(self, maxima: FloatArray, levels: FloatArray) -> None:
        """Add blocks: maxima of shape (n_scales, n_blocks) and quiet levels, already noise means."""
        self._maxima = np.concatenate([self._maxima, maxima], axis=1)
        self._levels = np.concatenate([self._levels, levels])

    def decide(self, *, ended: bool) -> Decided:
        """Decide every block whose look-ahead is complete (all that are left once the stream ended)."""
        known = self._origin + len(self._levels)
        last = known if ended else max(self._decided, known - self.lookahead_blocks)
        if last == self._decided:
            return Decided(last, np.empty(0), np.empty((len(self._windows), 0)))
        decided = self._thresholds(self._decided, last)
        self._decided = last
        self._forget()
        return decided

    def latest(self) -> Decided:
        """Return thresholds for the time right after the last block, from the past alone."""
        known = self._origin + len(self._levels)
        return self._thresholds(max(known - 1, self._origin), known)

    def _thresholds(self, first: int, last: int) -> Decided:
        floor = self._quantile(first, last)
        limits = np.empty((len(self._windows), last - first))
        for row, (past, future) in enumerate(self._windows):
            windows, counts = self._sorted(self._maxima[row], first, last, past, future)
            limits[row] = gumbel_threshold(windows, counts, self._settings.kappa)
        # A threshold that nothing is known of (NaN) must not be passed by anything.
        known = np.where(np.isnan(limits), np.inf, limits)
        return Decided(first, floor, np.maximum(known, floor * self._least_ratio[:, None]))

    def _quantile(self, first: int, last: int) -> FloatArray:
        past, future = self._floor_window
        windows, counts = self._sorted(self._levels, first, last, past, future)
        quiet = quantile_of_sorted(windows, counts, self._settings.floor_quantile)
        # Above a floor that nothing is known of, nothing stands out.
        return np.where(np.isnan(quiet), np.inf, np.maximum(quiet, self._least))

    def _sorted(
        self, values: FloatArray, first: int, last: int, past: int, future: int
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        begin = max(first - past, self._origin)
        end = min(last + future, self._origin + len(self._levels))
        part = values[begin - self._origin : end - self._origin]
        windows, counts = sorted_windows(part, first - begin, past, future)
        return windows[: last - first], counts[: last - first]

    def _forget(self) -> None:
        surplus = self._decided - self._memory - 1 - self._origin
        if surplus > 0:
            self._maxima = self._maxima[:, surplus:]
            self._levels = self._levels[surplus:]
            self._origin += surplus


def degrees_of_freedom(lengths: tuple[int, ...], grid: Grid, unit: str) -> tuple[float, ...]:
    """Return the degrees of freedom of noise energy at each scale.

    Surface EMG noise is coloured: measured on recordings and simulations, a working sample is worth about
    0.45 degrees of freedom. An envelope has been smoothed already and varies far less often.
    """
    if unit == "envelope":
        return tuple(max(4.0, 8.0 * length * grid.frame_seconds) for length in lengths)
    return tuple(max(2.0, 0.45 * length * grid.frame) for length in lengths)


def noise_mean(levels: FloatArray, degrees: float) -> FloatArray:
    """Turn blocks' quiet levels into the mean energy of the noise they come from."""
    return levels * quiet_correction(degrees)


def _spread(settings: Threshold, count: int) -> FloatArray:
    return np.linspace(settings.window_short, max(settings.window_long, settings.window_short), count)


def _window(seconds: float, ahead: int, grid: Grid) -> tuple[int, int]:
    """Split a window into blocks before and after; what the look-ahead cannot give comes from the past."""
    blocks = grid.blocks(seconds)
    future = min(blocks // 2, ahead)
    return blocks - future, future

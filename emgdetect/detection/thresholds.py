"""Thresholds of every scale for every block, as soon as the look-ahead allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.floor import (
    Window,
    chance_ratio,
    gumbel_threshold,
    quantiles_of_sorted,
    quiet_correction,
    sorted_windows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Threshold
    from emgdetect.detection.scales import Scale
    from emgdetect.types import FloatArray, RealArray


_BEFOREHAND = 1.5
"""Noise is not quite what it was when the floor was measured beforehand."""
_NEAR_BLOCKS = 4
"""A brief event is compared with the background within so many blocks (five seconds) on either side."""
_TOGETHER = 4
"""So many blocks share thresholds: they hardly change within five seconds."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Floor (n_blocks,), thresholds and maxima (n_scales, n_blocks) of consecutive blocks.

    ``surge`` (n_blocks,) is the background within a few seconds over that of the shortest scale's window: the
    thresholds take more than a minute to follow it. 1 where nothing is known.
    """

    first: int
    floor: FloatArray
    limits: FloatArray
    maxima: RealArray
    surge: FloatArray


class Thresholds:
    """Collect block statistics and decide thresholds, block by block.

    Parameters
    ----------
    settings : Threshold
        The profile's part on thresholds.
    grid : Grid
        Sizes that belong to the stream's rate.
    scales : tuple of Scale
        What is watched.
    degrees : tuple of float
        Degrees of freedom of noise energy at each scale.
    least : float
        Least possible floor: what quantisation alone leaves.
    """

    def __init__(
        self,
        settings: Threshold,
        grid: Grid,
        scales: tuple[Scale, ...],
        degrees: tuple[float, ...],
        least: float,
    ) -> None:
        self._settings = settings
        self._least = least
        ahead = int(settings.lookahead / (grid.block * grid.frame_seconds))
        seconds = (*_spread(settings, scales), 2 * settings.floor_window)
        self._windows = tuple(_window(one, ahead, grid) for one in seconds)
        near = Window(_NEAR_BLOCKS, min(_NEAR_BLOCKS + _TOGETHER - 1, ahead))
        self._nearby = near, self._windows[0]
        self.lookahead_blocks = max(window.future for window in self._windows)
        # Blocks that share thresholds need no more future than the first of them.
        self._together = min(_TOGETHER, self.lookahead_blocks + 1)
        self._memory = max(window.past for window in self._windows)
        ratios = np.array([chance_ratio(d, settings.chance) for d in degrees])
        # Prediction errors have a floor of their own, not measured: their least is told by their median.
        sharp = np.array([scale.sharp for scale in scales])
        self._least_ratio = ratios[~sharp]
        self._least_limit = np.where(sharp, 2 * least * ratios, 0.0)
        counts = [max(grid.block / scale.length, 2.0) for scale in scales]
        usual = [chance_ratio(d, 1 - 0.5 ** (1 / count)) for d, count in zip(degrees, counts, strict=True)]
        self._least_rise = np.where(sharp, ratios / usual, 0.0)
        # The last row holds the quiet levels, from which the floor comes.
        self._known: RealArray = np.empty((len(degrees) + 1, 0), np.float32)
        self._origin = 0
        self._decided = 0

    def add(self, maxima: RealArray, levels: FloatArray) -> None:
        """Add blocks: maxima of shape (n_scales, n_blocks) and quiet levels, already noise means."""
        self._known = np.hstack([self._known, np.vstack([maxima, levels], dtype=np.float32)])

    def decide(self, *, ended: bool) -> Decided:
        """Decide every block whose look-ahead is complete (all that are left once the stream ended)."""
        known = self._origin + self._known.shape[1]
        groups = -(-(known - self.lookahead_blocks) // self._together)
        last = known if ended else max(self._decided, groups * self._together)
        if last == self._decided:
            nothing = np.empty((len(self._least_rise), 0))
            return Decided(last, np.empty(0), nothing, nothing, np.empty(0))
        decided = self._thresholds(self._decided, last)
        self._decided = last
        self._forget()
        return decided

    def latest(self) -> Decided:
        """Return thresholds for the time right after the last block, from the past alone."""
        known = self._origin + self._known.shape[1]
        return self._thresholds(max(known - 1, self._origin), known)

    def from_rest(self, power: float) -> Decided:
        """Return thresholds for the time before the first block, from a floor that was measured before."""
        limits = np.full((len(self._least_rise), 1), np.inf)
        limits[: len(self._least_ratio), 0] = _BEFOREHAND * power * self._least_ratio
        return Decided(0, np.array([power]), limits, limits, np.ones(1))

    def _thresholds(self, first: int, last: int) -> Decided:
        """Decide blocks ``first:last``; ``first`` is the first of its group."""
        around, counts = self._around(first, last, self._known, self._windows)
        settings = self._settings
        (quiet,) = quantiles_of_sorted(around[-1], counts[-1], settings.floor_quantile)
        # Above a floor that nothing is known of, nothing stands out.
        floor = np.where(np.isnan(quiet), np.inf, np.maximum(quiet, self._least))
        limits = gumbel_threshold(around[:-1], counts[:-1], settings.kappa, self._least_rise[:, None])
        # A threshold that nothing is known of (NaN) must not be passed by anything.
        limits = np.maximum(np.where(np.isnan(limits), np.inf, limits), self._least_limit[:, None])
        plain = len(self._least_ratio)
        limits[:plain] = np.maximum(limits[:plain], floor * self._least_ratio[:, None])
        count = last - first
        return Decided(
            first,
            np.repeat(floor, self._together)[:count],
            np.repeat(limits, self._together, axis=1)[:, :count],
            self._known[:-1, first - self._origin : last - self._origin],
            np.repeat(self._surge(first, last), self._together)[:count],
        )

    def _surge(self, first: int, last: int) -> FloatArray:
        levels, counts = self._around(first, last, self._known[[-1, -1]], self._nearby)
        ((near, usual),) = quantiles_of_sorted(levels, counts, 0.5)
        surge = np.ones(len(near))
        # NaN compares false.
        np.divide(near, usual, out=surge, where=(usual > 0) & (near > 0))
        return surge

    def _around(
        self, first: int, last: int, known: RealArray, windows: tuple[Window, ...]
    ) -> tuple[RealArray, NDArray[np.int64]]:
        """Sort the neighbours of the first block of each group, each row's in a window of its own."""
        begin = max(first - self._memory, self._origin)
        end = min(last + self.lookahead_blocks, self._origin + known.shape[1])
        part = known[:, begin - self._origin : end - self._origin]
        return sorted_windows(part, slice(first - begin, last - begin, self._together), windows)

    def _forget(self) -> None:
        surplus = self._decided - self._memory - 1 - self._origin
        if surplus > 0:
            self._known = self._known[:, surplus:]
            self._origin += surplus


def degrees_of_freedom(scales: tuple[Scale, ...], grid: Grid, unit: str) -> tuple[float, ...]:
    """Return the degrees of freedom of noise energy at each scale.

    Surface EMG noise is coloured: measured on recordings and simulations, a working sample is worth about
    0.45 degrees of freedom. An envelope has been smoothed already and varies far less often.
    """
    if unit == "envelope":
        return tuple(max(4.0, 8.0 * scale.length * grid.frame_seconds) for scale in scales)
    return tuple(max(2.0, 0.45 * scale.length * grid.frame) for scale in scales)


def noise_mean(levels: FloatArray, degrees: float) -> FloatArray:
    """Turn blocks' quiet levels into the mean energy of the noise they come from."""
    return levels * quiet_correction(degrees)


def _spread(settings: Threshold, scales: tuple[Scale, ...]) -> list[float]:
    plain = [scale.length for scale in scales if not scale.sharp]
    longest = max(settings.window_long, settings.window_short)
    windows = np.linspace(settings.window_short, longest, len(plain)).tolist()
    return [windows[plain.index(scale.length)] for scale in scales]


def _window(seconds: float, ahead: int, grid: Grid) -> Window:
    """Split a window into blocks before and after; what the look-ahead cannot give comes from the past."""
    blocks = grid.blocks(seconds)
    future = min(blocks // 2, ahead)
    return Window(blocks - future, future)

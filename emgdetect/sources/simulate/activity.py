"""Planned events become µV: rendered at the fine rate, measured, scaled to their SNR."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.antialias import decimate, lowpass
from emgdetect.sources.simulate.cache import Cache
from emgdetect.sources.simulate.muscle import render
from emgdetect.sources.simulate.seeds import Part, generator
from emgdetect.sources.simulate.truth import edges

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.sources.simulate.grid import Grid
    from emgdetect.sources.simulate.plan import Planned
    from emgdetect.sources.simulate.scenario import Kind
    from emgdetect.types import FloatArray

LIMITS: dict[Kind, tuple[float, float]] = {
    "twitch": (0.005, 0.030),
    "jerk": (0.030, 0.150),
    "leg_movement": (0.5, 10.0),
    "spasm": (2.0, 120.0),
}
"""Measured durations in seconds outside which an event is drawn again."""

DRAWS = 12


@dataclass(frozen=True, slots=True)
class Rendered:
    """One event alone, in µV at the muscle's fine rate.

    ``start`` is the index of ``values[0]`` at ``rate``; ``onset`` and ``offset`` are indices into
    ``values``: the half-open range of the truth.
    """

    rate: float
    start: int
    values: FloatArray
    onset: int
    offset: int


class Activity:
    """All events of one channel.

    Parameters
    ----------
    seed : int
    grid : Grid
    planned : list of Planned
        Sorted by start, not overlapping.
    background : callable
        Local background RMS in µV between two times in seconds.
    """

    def __init__(
        self, seed: int, grid: Grid, planned: list[Planned], background: Callable[[float, float], float]
    ) -> None:
        self._seed = seed
        self._grid = grid
        self._planned = planned
        self._background = background
        self._starts = [event.start for event in planned]
        self._stops = [event.stop for event in planned]
        self._coarse = Cache(self._sampled, 4)

    def block(self, index: int) -> FloatArray:
        """Return block ``index``, shape ``(grid.size,)``, in µV."""
        size, rate = self._grid.size, self._grid.rate
        first = index * size
        block = np.zeros(size)
        # The low-pass reaches a little beyond each event.
        margin = 32 / rate
        begin = bisect_left(self._stops, first / rate - margin)
        for number in range(begin, bisect_right(self._starts, (first + size) / rate + margin)):
            start, values = self._coarse(number)
            lo, hi = max(first, start), min(first + size, start + values.size)
            if lo < hi:
                block[lo - first : hi - first] += values[lo - start : hi - start]
        return block

    def rendered(self, number: int) -> Rendered:
        """Render event ``number`` alone."""
        return self._scaled(number)[0]

    def _scaled(self, number: int) -> tuple[Rendered, FloatArray]:
        """Give the event, and what the anti-aliasing filter leaves of it (longer at both ends)."""
        event, rate = self._planned[number], self._grid.fine_rate
        raw, (onset, offset) = self._drawn(event)
        start = round(event.start * rate)
        filtered = lowpass(raw, self._grid.oversampling)
        reach = (filtered.size - raw.size) // 2
        own = float(np.sqrt(np.mean(np.square(filtered[reach + onset : reach + offset]))))
        local = self._background((start + onset) / rate, (start + offset) / rate)
        scale = local * 10 ** (event.snr_db / 20) / own
        return Rendered(rate, start, raw * scale, onset, offset), filtered * scale

    def _drawn(self, event: Planned) -> tuple[FloatArray, tuple[int, int]]:
        low, high = LIMITS.get(event.kind, (0.0, np.inf))
        rate = self._grid.fine_rate
        for draw in range(DRAWS):
            rng = generator(self._seed, Part.MUSCLE, event.channel, event.key, draw)
            raw = render(event.style, event.duration, rate, rng)
            onset, offset = edges(raw, rate, event.kind)
            if low <= (offset - onset) / rate <= high:
                break
        return raw, (onset, offset)

    def _sampled(self, number: int) -> tuple[int, FloatArray]:
        event, filtered = self._scaled(number)
        reach = (filtered.size - event.values.size) // 2
        return decimate(filtered, event.start - reach, self._grid.oversampling)

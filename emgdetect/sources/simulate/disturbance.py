"""All artefacts of one channel, laid over the µV of the muscle and into the counts."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.sources.simulate import trap_shapes
from emgdetect.sources.simulate.cache import Cache
from emgdetect.sources.simulate.seeds import Part, generator, log_uniform
from emgdetect.sources.simulate.traps import SPANS, Trap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.sources.simulate.grid import Grid
    from emgdetect.sources.simulate.scenario import Scenario
    from emgdetect.types import FloatArray

ANALOGUE = ("motion", "pop", "saturation", "lead_off")
DRIFT_UV_PER_OFFSET = 0.004


class Disturbance:
    """Artefacts and baseline of one channel."""

    def __init__(self, scenario: Scenario, grid: Grid, traps: list[Trap], channel: int) -> None:
        self._scenario, self._grid = scenario, grid
        mine = [trap for trap in traps if trap.channel == channel]
        self._traps = [trap for trap in mine if trap.kind in ANALOGUE]
        self._starts = [trap.start for trap in self._traps]
        self._longest = max((trap.duration for trap in self._traps), default=0.0)
        self._glitches = [trap for trap in mine if trap.kind == "glitch"]
        self._glitch_starts = [trap.start for trap in self._glitches]
        self._shape = Cache(self._made, 8)
        rng = generator(scenario.seed, Part.BASELINE, channel)
        self._offset = scenario.background.baseline_uv * float(rng.uniform(0.6, 1.0))
        self._swings = rng.uniform(1 / 900, 1 / 60, 3), rng.uniform(0, 2 * np.pi, 3)

    def add(self, signal: FloatArray, index: int) -> None:
        """Lay baseline and artefacts over block ``index`` of the muscle's signal."""
        size, rate = self._grid.size, self._grid.rate
        first = index * size
        signal += self._baseline(first)
        begin = bisect_left(self._starts, first / rate - self._longest - 1)
        for number in range(begin, bisect_left(self._starts, (first + size) / rate + 1)):
            start, values = self._shape(number)
            lo, hi = max(first, start), min(first + size, start + values.size)
            if lo < hi:
                here = slice(lo - first, hi - first)
                if self._traps[number].kind == "lead_off":
                    signal[here] = 0.0
                signal[here] += values[lo - start : hi - start]

    def corrupt(self, counts: NDArray[Any], first: int) -> None:
        """Replace one or two samples per glitch in ``counts``, whose first output index is ``first``."""
        rate, sensor = self._grid.sampling_rate, self._scenario.sensor
        span = SPANS["glitch"][1]
        begin = bisect_left(self._glitch_starts, first / rate - span)
        for number in range(begin, bisect_left(self._glitch_starts, (first + counts.size) / rate + span)):
            trap = self._glitches[number]
            rng = generator(self._scenario.seed, Part.GLITCH, trap.key)
            size = log_uniform(rng, 150.0, 4000.0) * float(rng.choice([-1.0, 1.0])) / sensor.gain
            at = round(trap.start * rate) - first
            for place in range(at, at + int(rng.integers(1, 3))):
                if 0 <= place < counts.size:
                    counts[place] = np.clip(int(counts[place]) + round(size), sensor.low, sensor.high)

    def _baseline(self, first: int) -> FloatArray:
        """Offset of the electrode, with a slow drift."""
        rate, size = self._grid.rate, self._grid.size
        coarse = (first + np.linspace(0, size, 65)) / rate
        drift = np.full_like(coarse, self._offset)
        for frequency, phase in zip(*self._swings, strict=True):
            drift += (1.5 + DRIFT_UV_PER_OFFSET * abs(self._offset)) * np.sin(
                2 * np.pi * frequency * coarse + phase
            )
        return np.interp(np.arange(size), np.linspace(0, size, 65), drift)

    def _made(self, number: int) -> tuple[int, FloatArray]:
        trap, rate = self._traps[number], self._grid.rate
        rng = generator(self._scenario.seed, Part.TRAP_SHAPE, trap.key)
        n = max(2, round(trap.duration * rate))
        rails = self._scenario.sensor.rails_uv
        rails = (min(rails[0], -rails[1]), rails[1])
        if trap.kind == "saturation":
            values = trap_shapes.saturation(rng, n, rate, rails)
        elif trap.kind == "lead_off":
            values = trap_shapes.lead_off(rng, n, rate, rails, self._scenario.background.mains_hz)
        else:
            values = trap_shapes.SIMPLE[trap.kind](rng, n, rate)
        return round(trap.start * rate), values

"""One channel: everything summed, block by block, and put through the sensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.sources.simulate.activity import Activity
from emgdetect.sources.simulate.cache import Cache
from emgdetect.sources.simulate.curves import noise_level, tonic_level
from emgdetect.sources.simulate.disturbance import Disturbance
from emgdetect.sources.simulate.envelope import WARM_UP_S, envelope
from emgdetect.sources.simulate.heart import Heart
from emgdetect.sources.simulate.mains import Mains
from emgdetect.sources.simulate.noise import ColouredNoise, electrode_spectrum
from emgdetect.sources.simulate.seeds import Part
from emgdetect.sources.simulate.tonic import Tonic

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.sources.simulate.grid import Grid
    from emgdetect.sources.simulate.plan import Planned
    from emgdetect.sources.simulate.scenario import Scenario
    from emgdetect.sources.simulate.traps import Trap
    from emgdetect.types import FloatArray


class SimulatedChannel:
    """The numbers of one channel; any block can be asked for at any time."""

    def __init__(
        self, scenario: Scenario, grid: Grid, planned: list[Planned], traps: list[Trap], channel: int
    ) -> None:
        self._scenario, self._grid = scenario, grid
        background, seed = scenario.background, scenario.seed
        steps = [(t.start, t.duration) for t in traps if t.kind == "noise_step" and t.channel == channel]
        self.noise_level = noise_level(scenario, channel, steps)
        self.tonic_level = tonic_level(scenario, channel)
        spectrum = electrode_spectrum(grid, background.corner_hz)
        self._noise = ColouredNoise((seed, Part.NOISE, channel), grid, spectrum)
        self._tonic = Tonic(seed, grid, channel) if background.tonic_uv > 0 else None
        self._heart = Heart(seed, background, channel)
        self._mains = Mains(seed, background, channel, grid.rate)
        self.activity = Activity(seed, grid, planned, self.background_rms)
        self._disturbance = Disturbance(scenario, grid, traps, channel)
        self._analogue = Cache(self._summed, 2)
        self.counts = Cache(self._converted, 2)

    def background_rms(self, start: float, stop: float) -> float:
        """Return the local background in µV RMS: noise, tonic activity and the converter's steps.

        Mains, heart and artefacts are not part of it.
        """
        step = self._scenario.sensor.gain
        power = self.noise_level.mean_square(start, stop) + self.tonic_level.mean_square(start, stop)
        return float(np.sqrt(power + step * step / 12))

    def _summed(self, index: int) -> FloatArray:
        """Make block ``index`` in µV at the acquisition rate."""
        grid = self._grid
        times = (index * grid.size + np.arange(grid.size)) / grid.rate
        signal = self._noise.block(index) * self.noise_level.at(times)
        if self._tonic is not None:
            signal += self._tonic.block(index) * self.tonic_level.at(times)
        signal += self.activity.block(index)
        self._heart.add(signal, index * grid.size, grid.rate)
        if self._scenario.background.mains_uv > 0:
            signal += self._mains.at(times)
        self._disturbance.add(signal, index)
        return signal

    def _converted(self, index: int) -> NDArray[Any]:
        """Make block ``index`` as the sensor sends it, shape ``(grid.block,)``."""
        signal = self._analogue(index)
        if self._scenario.sensor.envelope_hz is not None:
            signal = self._enveloped(index, self._scenario.sensor.envelope_hz)
        counts = self._scenario.sensor.quantise(signal[:: self._grid.pick])
        self._disturbance.corrupt(counts, index * self._grid.block)
        return counts

    def _enveloped(self, index: int, cutoff: float) -> FloatArray:
        run_up = min(round(WARM_UP_S * self._grid.rate), self._grid.size)
        before = self._analogue(index - 1)[-run_up:]
        both = np.concatenate([before, self._analogue(index)])
        return envelope(both, self._grid.rate, cutoff)[run_up:]

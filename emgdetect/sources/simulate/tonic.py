"""Tonic activity: a few near motor units that fire steadily, in the hum of many distant ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.antialias import lowpass
from emgdetect.sources.simulate.firing import SLOWEST_PPS
from emgdetect.sources.simulate.noise import ColouredNoise, muscle_spectrum
from emgdetect.sources.simulate.seeds import Part, generator
from emgdetect.sources.simulate.unit import draw_unit

if TYPE_CHECKING:
    from emgdetect.sources.simulate.grid import Grid
    from emgdetect.types import FloatArray

UNITS = 5
NEAR_SHARE = 0.4
"""Share of the power that comes from the near units."""
FASTEST_TONIC_PPS, CV = 12.0, 0.2


class Tonic:
    """Tonic activity of one channel, 1 µV RMS on average."""

    def __init__(self, seed: int, grid: Grid, channel: int) -> None:
        self._seed, self._grid, self._channel = seed, grid, channel
        self._hum = ColouredNoise((seed, Part.TONIC_NOISE, channel), grid, muscle_spectrum(grid))
        rng = generator(seed, Part.TONIC_UNITS, channel)
        self._pps = rng.uniform(SLOWEST_PPS, FASTEST_TONIC_PPS, UNITS)
        fine = [
            lowpass(draw_unit(rng, slowness=1.3).template(grid.fine_rate), grid.oversampling)
            for _ in range(UNITS)
        ]
        self._banks = [self._phases(template) for template in fine]
        power = sum(
            pps * float(np.sum(np.square(bank))) / grid.fine_rate
            for pps, bank in zip(self._pps, self._banks, strict=True)
        )
        self._scale = np.sqrt(NEAR_SHARE / power)

    def block(self, index: int) -> FloatArray:
        """Return block ``index``, shape ``(grid.size,)``."""
        signal: FloatArray = np.sqrt(1 - NEAR_SHARE) * self._hum.block(index)
        rng = generator(self._seed, Part.TONIC_UNITS, self._channel, index + 1)
        fine_size = self._grid.size * self._grid.oversampling
        for pps, bank in zip(self._pps, self._banks, strict=True):
            period = self._grid.fine_rate / pps
            room = int(fine_size / period * 1.2) + 16
            fired = np.cumsum(rng.gamma(CV**-2, CV**2 * period, room)) - rng.uniform(0, period)
            self._add(signal, fired.astype(np.int64), bank)
        return signal

    def _add(
        self, signal: FloatArray, fired: np.ndarray[tuple[int], np.dtype[np.int64]], bank: FloatArray
    ) -> None:
        factor, length = bank.shape
        places = fired // factor
        # A unit pauses for one potential at the end of a block, so that blocks need not know each other.
        inside = (fired >= 0) & (places + length <= signal.size)
        index = places[inside][:, None] + np.arange(length)
        np.add.at(signal, index, self._scale * bank[fired[inside] % factor])

    def _phases(self, template: FloatArray) -> FloatArray:
        """Sample a template at every phase of the lower rate, shape ``(oversampling, n)``."""
        factor = self._grid.oversampling
        length = -(-(template.size + factor) // factor)
        bank = np.zeros((factor, length * factor))
        for phase in range(factor):
            bank[phase, phase : phase + template.size] = template
        return bank[:, ::factor]

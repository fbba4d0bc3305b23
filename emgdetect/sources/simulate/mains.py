"""Mains hum: harmonics whose strength wanders and whose frequency breathes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.seeds import Part, generator

if TYPE_CHECKING:
    from emgdetect.sources.simulate.scenario import Background
    from emgdetect.types import FloatArray

HARMONICS = {1: 1.0, 2: 0.12, 3: 0.4, 5: 0.2, 7: 0.1}
FREQUENCY_SWING_HZ = 0.03


class Mains:
    """Mains interference of one channel, in µV."""

    def __init__(self, seed: int, background: Background, channel: int, rate: float) -> None:
        rng = generator(seed, Part.MAINS, channel)
        self._frequency = background.mains_hz
        self._amplitude = background.mains_uv
        self._harmonics = [
            (n, share * float(np.exp(rng.normal(0, 0.3))), float(rng.uniform(0, 2 * np.pi)))
            for n, share in HARMONICS.items()
            if n * background.mains_hz < 0.5 * rate
        ]
        self._wander = rng.uniform(1 / 600, 1 / 20, 3), rng.uniform(0, 2 * np.pi, 3)
        self._breath = float(rng.uniform(1 / 400, 1 / 100)), float(rng.uniform(0, 2 * np.pi))

    def at(self, times: FloatArray) -> FloatArray:
        """Return the hum at ``times``, an even grid in seconds."""
        coarse = np.linspace(times[0], times[-1], 256)
        level = np.ones_like(coarse)
        for frequency, phase in zip(*self._wander, strict=True):
            level += 0.25 * np.sin(2 * np.pi * frequency * coarse + phase)
        slow, at = self._breath
        swing = FREQUENCY_SWING_HZ / slow * np.sin(2 * np.pi * slow * coarse + at)
        angle = 2 * np.pi * (self._frequency * times + np.interp(times, coarse, swing))
        hum = np.zeros_like(times)
        for number, share, phase in self._harmonics:
            hum += share * np.sin(number * angle + phase)
        hum *= self._amplitude * np.interp(times, coarse, level)
        return hum

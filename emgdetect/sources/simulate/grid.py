"""The clocks of a simulation: output, acquisition and muscle rate, and the fixed grid of blocks.

Everything random is drawn per block of this grid, so a sample depends on its place alone and not on the
chunks it is asked for in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emgdetect.sources.simulate.scenario import Scenario

BLOCK_S = 16.0
BARE_CONVERTER_HZ = 150.0
ACQUISITION_HZ = 1000.0
MUSCLE_HZ = 4000.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Three rates in whole ratios.

    ``rate`` is the acquisition rate, at which background and artefacts are made; every ``pick``-th
    sample of it is put out. Muscle activity is made at ``oversampling`` times ``rate``. ``block`` counts
    output samples.
    """

    sampling_rate: float
    pick: int
    oversampling: int
    block: int

    @property
    def rate(self) -> float:
        """Acquisition rate in Hz."""
        return self.sampling_rate * self.pick

    @property
    def fine_rate(self) -> float:
        """Rate in Hz of the muscle activity and of the truth."""
        return self.rate * self.oversampling

    @property
    def size(self) -> int:
        """Length of a block in acquisition samples."""
        return self.block * self.pick


def grid_of(scenario: Scenario) -> Grid:
    """Choose the rates for a scenario."""
    rate = scenario.sampling_rate
    picks = rate < BARE_CONVERTER_HZ or scenario.sensor.envelope_hz is not None
    pick = _smooth(math.ceil(ACQUISITION_HZ / rate)) if picks else 1
    oversampling = max(1, math.ceil(MUSCLE_HZ / (rate * pick)))
    return Grid(rate, pick, oversampling, 2 ** round(math.log2(BLOCK_S * rate)))


def _smooth(number: int) -> int:
    """Give the next number without prime factors above 5: Fourier transforms of its multiples are fast."""
    rest = number
    for prime in (2, 3, 5):
        while rest % prime == 0:
            rest //= prime
    return number if rest == 1 else _smooth(number + 1)

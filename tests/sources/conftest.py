"""Small simulations that several tests look at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from emgdetect.sources.simulate import SENSORS, Background, Rates, Scenario, Simulation, Traps, simulate

Values = Callable[[Simulation], NDArray[np.float64]]

EVERYTHING = Traps(
    motion=300,
    pop=300,
    lead_off=100,
    saturation=100,
    glitch=400,
    lost_packets=200,
    disconnect=60,
    noise_step=100,
)
ALL_KINDS = Rates(twitch=300, jerk=200, leg_movement=60, spasm=30, clonus=60, movement=60)


@pytest.fixture(scope="session")
def crowded() -> Scenario:
    """A minute and a half with every kind of event and artefact, over several blocks of the grid."""
    return Scenario(
        name="crowded",
        duration=90.0,
        sampling_rate=250.0,
        channels=("left", "right"),
        rates=ALL_KINDS,
        background=Background(mains_uv=8, ecg_uv=20, baseline_uv=500, postures_per_hour=120),
        traps=EVERYTHING,
        bilateral=0.5,
        seed=11,
    )


@pytest.fixture(scope="session")
def plain() -> Scenario:
    """Steady noise of 3 µV through a converter with fine steps, and nothing else."""
    background = Background(noise_uv=3.0, tonic_uv=0.0, mains_uv=0.0)
    return Scenario(
        name="plain", duration=60.0, background=background, sensor=SENSORS["amplifier-24bit"], seed=5
    )


@pytest.fixture(scope="session")
def values() -> Values:
    """Read the first channel in µV, NaN within gaps."""

    def read(simulation: Simulation) -> NDArray[np.float64]:
        first: NDArray[np.float64] = simulation.stream().window(0, simulation.n_samples)[0]
        return first

    return read


@pytest.fixture(scope="session")
def mixed_simulation() -> Simulation:
    """Twenty minutes with some seventy events of five kinds, 10 dB."""
    return simulate("snr10")

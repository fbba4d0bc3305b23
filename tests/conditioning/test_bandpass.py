from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.bandpass import BandPass
from emgdetect.conditioning.grid import Grid

RATES = [10.0, 34.81, 128.0, 199.7, 200.0, 250.0, 500.0, 1000.0, 1999.9, 2048.0, 20_000.0]


def gain_db(rate: float, frequency: float) -> float:
    """Measure what is left of a sine after the filter has settled."""
    stage = BandPass(30.0, 400.0, Grid.of(rate))
    time = np.arange(int(rate * max(2.0, 40 / frequency))) / rate
    output = stage.process(np.sin(2 * np.pi * frequency * time))
    half = len(output) // 2
    return float(10 * np.log10(2 * np.mean(output[half:] ** 2)))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("offset", [1650.0, -4e5, 0.0])
def test_an_offset_is_gone_from_the_first_sample_on(rate: float, offset: float) -> None:
    noise = np.random.default_rng(0).normal(0, 1, int(5 * rate))
    output = BandPass(30.0, 400.0, Grid.of(rate)).process(noise + offset)
    assert np.abs(output).max() < 10


@pytest.mark.parametrize("rate", [200.0, 250.0, 500.0, 1000.0, 2048.0, 20_000.0])
def test_slow_waves_are_stopped_and_muscle_passes(rate: float) -> None:
    assert gain_db(rate, 1.0) < -60
    assert gain_db(rate, 8.0) < -35
    assert abs(gain_db(rate, 80.0)) < 1
    assert gain_db(rate, 30.0) == pytest.approx(-3, abs=0.6)


@pytest.mark.parametrize("rate", [2048.0, 5000.0, 20_000.0])
def test_what_decimation_would_fold_back_is_stopped_first(rate: float) -> None:
    grid = Grid.of(rate)
    for frequency in np.linspace(grid.working_rate - 100, min(rate / 2 * 0.98, 3 * grid.working_rate), 12):
        assert gain_db(rate, float(frequency)) < -12
    assert gain_db(rate, grid.working_rate - 100) < -20


@pytest.mark.parametrize("rate", RATES)
def test_no_frequency_is_made_louder(rate: float) -> None:
    for part in (0.03, 0.1, 0.2, 0.3, 0.45):
        assert gain_db(rate, part * rate) < 0.5


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(RATES), st.lists(st.integers(0, 400), max_size=6))
def test_pieces_give_the_same_bits(rate: float, cuts: list[int]) -> None:
    values = np.random.default_rng(1).normal(100, 5, 400)
    whole = BandPass(30.0, 400.0, Grid.of(rate)).process(values)
    stage = BandPass(30.0, 400.0, Grid.of(rate))
    marks = sorted({0, 400, *cuts})
    pieces = [stage.process(values[a:b]) for a, b in pairwise(marks)]
    assert np.concatenate(pieces).tobytes() == whole.tobytes()


def test_after_a_restart_the_past_is_forgotten() -> None:
    stage = BandPass(30.0, 400.0, Grid.of(1000.0))
    rng = np.random.default_rng(2)
    stage.process(rng.normal(5000, 900, 3000))
    stage.restart()
    values = rng.normal(-300, 1, 500)
    fresh = BandPass(30.0, 400.0, Grid.of(1000.0)).process(values)
    assert stage.process(values).tobytes() == fresh.tobytes()


@pytest.mark.parametrize("rate", RATES)
def test_delay_is_how_late_energy_comes_out(rate: float) -> None:
    stage = BandPass(30.0, 400.0, Grid.of(rate))
    # By hand: a step in the variance of white noise shows, on average, after this many samples.
    rng = np.random.default_rng(3)
    noise = np.zeros((400, 200))
    noise[:, 100:] = rng.normal(0, 1, (400, 100))
    power = np.mean(
        [BandPass(30.0, 400.0, Grid.of(rate)).process(row) ** 2 for row in noise],
        axis=0,
    )
    level = power[180:].mean()
    reached = int(np.flatnonzero(power > level / 2)[0]) - 100
    assert stage.delay == pytest.approx(reached, abs=max(1.5, 0.0015 * rate))

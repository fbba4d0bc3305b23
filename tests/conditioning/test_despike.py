from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from emgdetect.api import detect, from_array
from emgdetect.conditioning.despike import Despiker
from emgdetect.conditioning.grid import Grid

HOP_1000 = Grid.of(1000.0).raw_per_hop
RATES = [200.0, 250.0, 400.0, 500.0, 1000.0, 2048.0, 20_000.0]


@settings(max_examples=60, deadline=None)
@given(
    rate=st.sampled_from(RATES),
    data=st.data(),
    length=st.sampled_from([1, 2]),
    size=st.sampled_from([-5000.0, -300.0, 300.0, 32_000.0]),
)
def test_a_glitch_is_found_wherever_it_stands(
    rate: float, data: st.DataObject, length: int, size: float
) -> None:
    grid = Grid.of(rate)
    hops = 6
    start = data.draw(st.integers(5, (hops - 1) * grid.raw_per_hop - 6))
    step = data.draw(st.integers(1, hops))
    values = np.random.default_rng(0).normal(0, 2, hops * grid.raw_per_hop)
    values[start : start + length] += size
    spiked = values.copy()
    despiker = Despiker(grid, 0.0)
    cleaned, found = [], []
    for first in range(0, hops, step):
        part, glitches = despiker.process(
            values[first * grid.raw_per_hop : (first + step) * grid.raw_per_hop]
        )
        cleaned.append(part)
        found += glitches
    clean = np.concatenate(cleaned)
    assert [(glitch.start, glitch.n_samples) for glitch in found] == [(start, length)]
    assert found[0].jump == pytest.approx(size, abs=15)
    assert np.array_equal(values, spiked), "what the sensor sent is not altered"
    touched = np.flatnonzero(clean != values).tolist()
    assert touched == (list(range(start, start + length)) if found[0].mended else [])
    if found[0].mended:
        assert np.abs(clean).max() < 20


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize("position", range(20_090, 20_112))
def test_around_a_hop_border_no_glitch_becomes_an_event(position: int, length: int) -> None:
    values = np.random.default_rng(1).normal(0, 3, 40_000)
    values[position : position + length] += 4000
    found = [
        event for event in detect(from_array(values, 1000.0)).events if abs(event.sample - position) < 200
    ]
    assert len(found) == 1
    assert (found[0].kind, found[0].flags[0]) == ("artefact", "glitch")


def motor_unit(rate: float, milliseconds: float) -> np.ndarray:
    """Return the second derivative of a Gaussian: the triphasic shape of a motor unit at the skin."""
    time = np.arange(-12, 12, 1000 / rate) / (milliseconds / 5)
    shape = (1 - time**2) * np.exp(-(time**2) / 2)
    return np.asarray(shape)


@pytest.mark.parametrize("rate", [1000.0, 2000.0])
@pytest.mark.parametrize("milliseconds", [6.0, 8.0, 12.0])
@pytest.mark.parametrize("size", [50.0, 500.0, -5000.0])
def test_motor_units_are_left_alone(rate: float, milliseconds: float, size: float) -> None:
    grid = Grid.of(rate)
    rng = np.random.default_rng(2)
    values = rng.normal(0, 2, 100 * grid.raw_per_hop)
    shape = size * motor_unit(rate, milliseconds)
    for start in range(100, len(values) - 100, 4 * grid.raw_per_hop // 7):
        values[start : start + len(shape)] += shape
    clean, found = Despiker(grid, 0.0).process(values)
    assert found == []
    assert np.array_equal(clean, values)


@pytest.mark.parametrize("rate", [200.0, 250.0])
def test_at_slow_rates_too_nearly_every_lone_sample_is_found_and_most_are_mended(rate: float) -> None:
    grid = Grid.of(rate)
    found = mended = others = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        values = rng.normal(0, 5, 10 * grid.raw_per_hop)
        position = int(rng.integers(5, len(values) - 5))
        values[position] += rng.choice([-3000, -300, -150, 150, 300, 3000])
        for glitch in Despiker(grid, 0.0).process(values)[1]:
            found += glitch.start == position
            mended += glitch.mended and glitch.start == position
            others += glitch.start != position
    assert found >= 0.97 * 150
    # The last three of a hop's 20 to 25 samples have gone through the filters before they can be judged.
    assert mended >= 0.8 * 150
    assert others <= 2


def test_at_250_hz_a_discharge_of_8_ms_that_the_sensor_has_band_limited_is_left_alone() -> None:
    # On whichever of its moments the samples fall; a narrow peak met head on may pass for a glitch.
    fine = 16
    grid = Grid.of(250.0)
    low_pass = signal.firwin(20 * fine + 1, 0.8 / fine)
    shape = np.convolve(motor_unit(250.0 * fine, 8.0), low_pass)
    touched = []
    for phase in range(fine):
        for size in (50.0, 300.0, 1000.0):
            values = np.random.default_rng(phase).normal(0, 5, 10 * grid.raw_per_hop)
            part = size * shape[phase::fine]
            values[100 : 100 + len(part)] += part
            touched.append(len(Despiker(grid, 0.0).process(values)[1]) > 0)
    assert np.mean(touched) <= 0.1


@pytest.mark.parametrize("rate", RATES)
def test_noise_has_no_glitches(rate: float) -> None:
    grid = Grid.of(rate)
    values = np.random.default_rng(3).normal(0, 5, 200 * grid.raw_per_hop)
    assert Despiker(grid, 0.0).process(values)[1] == []


def test_a_flicker_of_counts_is_quantisation() -> None:
    grid = Grid.of(1000.0)
    values = np.zeros(10 * grid.raw_per_hop)
    values[500] = 3.0
    assert Despiker(grid, 1.0).process(values)[1] == []
    values[500] = 300.0
    assert len(Despiker(grid, 1.0).process(values)[1]) == 1


def test_below_150_hz_nothing_is_done() -> None:
    grid = Grid.of(149.7)
    values = np.zeros(10 * grid.raw_per_hop)
    values[55] = 1e4
    clean, found = Despiker(grid, 0.0).process(values)
    assert found == []
    assert np.array_equal(clean, values)


def test_a_glitch_next_to_missing_samples_is_not_guessed() -> None:
    grid = Grid.of(1000.0)
    values = np.random.default_rng(4).normal(0, 2, 10 * grid.raw_per_hop)
    values[505] = 4000
    values[506:520] = np.nan
    clean, found = Despiker(grid, 0.0).process(values)
    assert found == []
    assert np.array_equal(clean, values, equal_nan=True)


@pytest.mark.parametrize("rate", [200.0, 1000.0, 1999.9])
@pytest.mark.parametrize("known", [8, 12, 16])
def test_ordinary_noise_in_a_hop_that_is_mostly_missing_has_no_glitches(rate: float, known: int) -> None:
    # What is usual is told by the steps there are, not by all the hop might have had.
    grid = Grid.of(rate)
    rng = np.random.default_rng(5)
    values = np.full((400, grid.raw_per_hop), np.nan)
    values[:, 3 : 3 + known] = rng.normal(0, 5, (400, known))
    clean, found = Despiker(grid, 0.0).process(values.ravel())
    assert found == []
    assert np.array_equal(clean, values.ravel(), equal_nan=True)


@pytest.mark.parametrize("missing", [0.5, 0.9])
def test_a_glitch_among_the_few_samples_that_came_is_still_found(missing: float) -> None:
    grid = Grid.of(1000.0)
    values = np.random.default_rng(6).normal(0, 2, 10 * grid.raw_per_hop)
    values[5 * HOP_1000 + round(HOP_1000 * (1 - missing)) : 6 * HOP_1000] = np.nan
    values[5 * HOP_1000 + 5] += 4000
    (glitch,) = Despiker(grid, 0.0).process(values)[1]
    assert (glitch.start, glitch.n_samples, glitch.mended) == (5 * HOP_1000 + 5, 1, True)

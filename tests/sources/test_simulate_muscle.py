"""Motor units and their firing behave as in textbooks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.sources.simulate.firing import add_discharges, firing_rate, renewal
from emgdetect.sources.simulate.unit import draw_pool, draw_unit

if TYPE_CHECKING:
    from emgdetect.sources.simulate import Simulation

GRID = np.arange(0, 400, 0.002)


@pytest.mark.parametrize("pps", [6.0, 15.0, 30.0])
@pytest.mark.parametrize("cv", [0.12, 0.3])
def test_intervals_have_the_mean_and_the_variation_asked_for(pps: float, cv: float) -> None:
    rng = np.random.default_rng(1)
    intervals = np.diff(renewal(rng, GRID, np.full_like(GRID, pps), cv))
    n = intervals.size
    assert n == pytest.approx(400 * pps, abs=5 * cv * math.sqrt(400 * pps) + 2)
    assert np.mean(intervals) * pps == pytest.approx(1, abs=5 * cv / math.sqrt(n))
    found = np.std(intervals) / np.mean(intervals)
    assert found == pytest.approx(cv, abs=5 * cv * math.sqrt(0.5 / n + cv * cv / n) + 0.002)


def test_firing_follows_the_rate_and_stops_when_it_is_zero() -> None:
    rate = np.select([GRID < 100, GRID < 200, GRID < 300], [20.0, 0.0, 10.0], 0.0)
    times = renewal(np.random.default_rng(2), GRID, rate, 0.2)
    counts = np.histogram(times, [0, 100, 199.9, 300, 400])[0]
    assert counts[0] == pytest.approx(2000, abs=50)
    assert counts[1] == 0
    assert counts[2] == pytest.approx(1000, abs=40)
    assert counts[3] == 0


def test_a_unit_that_is_never_driven_is_silent() -> None:
    assert renewal(np.random.default_rng(3), GRID, np.zeros_like(GRID), 0.2).size == 0


def test_rates_run_from_6_pps_at_recruitment_to_the_peak_at_full_force() -> None:
    force = np.array([0.0, 0.29, 0.3001, 1.0])
    assert firing_rate(force, 0.3, 28.0) == pytest.approx([0, 0, 6, 28], abs=0.01)


def test_small_units_are_recruited_before_large_ones() -> None:
    thresholds, sizes = [], []
    for seed in range(30):
        pool = draw_pool(np.random.default_rng(seed), 40)
        assert [unit.threshold for unit in pool] == sorted(unit.threshold for unit in pool)
        thresholds += [unit.threshold for unit in pool]
        sizes += [abs(unit.amplitude) for unit in pool]
    early = np.array(thresholds) < 0.1
    assert np.median(np.array(sizes)[early]) < 0.6 * np.median(np.array(sizes)[~early])
    assert max(thresholds) < 0.7


def test_potentials_are_5_to_25_ms_of_several_shapes_without_a_net_charge() -> None:
    lengths, phases = [], set()
    for seed in range(300):
        slowness = 0.85 + seed / 300
        template = draw_unit(np.random.default_rng(seed), slowness=slowness).template(4000.0)
        strong = np.flatnonzero(np.abs(template) > 0.1 * np.abs(template).max())
        lengths.append((strong[-1] - strong[0] + 1) / 4)
        clear = template[np.abs(template) > 0.15 * np.abs(template).max()]
        phases.add(int(np.sum(np.diff(np.sign(clear)) != 0)) + 1)
        assert abs(template.sum()) < 0.02 * np.abs(template).sum()
    assert min(lengths) > 3
    assert max(lengths) < 25
    assert np.percentile(lengths, 90) > 1.7 * np.percentile(lengths, 10)
    assert {2, 3, 4} <= phases


def test_a_discharge_adds_its_template_where_it_falls_and_nothing_behind_the_end() -> None:
    target = np.zeros(10)
    times, weights = np.array([0.002, 0.003, 0.009]), np.array([1.0, 2.0, 1.0])
    add_discharges(target, times, np.array([1.0, 1.0, 1.0]), 1000.0, weights)
    assert target.tolist() == [0, 0, 1, 3, 3, 2, 0, 0, 0, 1]


def test_median_frequency_of_contractions_is_that_of_surface_emg(mixed_simulation: Simulation) -> None:
    found = []
    for index, event in enumerate(mixed_simulation.events):
        if event.trial_type in ("leg_movement", "spasm"):
            alone = mixed_simulation.render(index)
            power = np.cumsum(np.abs(np.fft.rfft(alone.values)) ** 2)
            bins = np.fft.rfftfreq(alone.values.size, 1 / alone.rate)
            found.append(bins[np.searchsorted(power, power[-1] / 2)])
            assert power[np.searchsorted(bins, 20)] < 0.05 * power[-1]
            assert power[np.searchsorted(bins, 450)] > 0.99 * power[-1]
    assert min(found) > 50
    assert max(found) < 150


def test_clonus_beats_at_4_to_8_hz(mixed_simulation: Simulation) -> None:
    beats = []
    for index, event in enumerate(mixed_simulation.events):
        if event.trial_type != "clonus":
            continue
        alone = mixed_simulation.render(index)
        width = int(0.02 * alone.rate)
        level = np.convolve(np.abs(alone.values), np.ones(width) / width, "same")
        power = np.abs(np.fft.rfft(level - level.mean(), 1 << 18)) ** 2
        bins = np.fft.rfftfreq(1 << 18, 1 / alone.rate)
        inside = (bins > 2) & (bins < 12)
        beats.append(bins[inside][np.argmax(power[inside])])
    assert beats
    assert min(beats) > 3.9
    assert max(beats) < 8.2


def test_contractions_have_ramps(mixed_simulation: Simulation) -> None:
    for index, event in enumerate(mixed_simulation.events):
        if event.trial_type != "spasm":
            continue
        alone = mixed_simulation.render(index)
        inside = alone.values[alone.onset : alone.offset]
        tenth = inside.size // 20
        middle = np.sqrt(np.mean(inside[inside.size // 4 : -inside.size // 4] ** 2))
        assert np.sqrt(np.mean(inside[:tenth] ** 2)) < middle
        assert np.sqrt(np.mean(inside[-tenth:] ** 2)) < 0.8 * middle

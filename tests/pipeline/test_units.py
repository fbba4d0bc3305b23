"""The scale of the numbers is nobody's business but the amplitudes'."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from emgdetect.types import Event, Unit
    from tests.pipeline.conftest import Bench


def shape(event: Event) -> tuple[object, ...]:
    return event.sample, event.n_samples, event.kind, event.flags


@pytest.mark.parametrize("unit", ["uV", "adc", "envelope"])
@pytest.mark.parametrize("power", [-20, 10, 30])
def test_a_power_of_two_changes_amplitudes_alone_and_no_bit_else(
    bench: Bench, unit: Unit, power: int
) -> None:
    samples = bench.holes(bench.signal(500.0, 60.0, seed=4, unit=unit), 500.0, seed=4)
    factor = 2.0**power
    plain = bench.run(samples, bench.info(500.0, unit), bench.quick())
    scaled = bench.run(samples * factor, bench.info(500.0, unit), bench.quick())
    expected = [replace(event, peak=event.peak * factor, rms=event.rms * factor) for event in plain.events]
    assert [repr(event) for event in scaled.events] == [repr(event) for event in expected]
    assert expected
    assert scaled.reasons() == plain.reasons()
    assert np.allclose(scaled.floors(), np.array(plain.floors()) * factor, rtol=1e-6, equal_nan=True)


@pytest.mark.parametrize("factor", [1000.0, 1e-3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_millivolts_give_the_events_of_microvolts(bench: Bench, factor: float, seed: int) -> None:
    samples = bench.signal(1000.0, 40.0, seed)
    plain = bench.run(samples, bench.info(1000.0), bench.quick()).events
    scaled = bench.run(samples * factor, bench.info(1000.0), bench.quick()).events
    assert [shape(event) for event in scaled] == [shape(event) for event in plain]
    for one, other in zip(scaled, plain, strict=True):
        assert one.peak == pytest.approx(other.peak * factor)
        assert one.rms == pytest.approx(other.rms * factor)
        assert one.snr_db == pytest.approx(other.snr_db, nan_ok=True)


def test_gain_and_offset_of_a_channel_are_the_same_as_values(bench: Bench) -> None:
    counts = np.rint(bench.signal(500.0, 40.0, seed=9) * 10).astype(np.int32)
    raw = bench.run(counts, bench.info(500.0, gain=0.1, offset=1650.0), bench.quick())
    values = bench.run(counts * 0.1 + 1650.0, bench.info(500.0), bench.quick())
    loud = [event for event in values.events if event.snr_db > 20]
    assert len(loud) > 2
    found = {(event.sample, event.n_samples) for event in raw.events}
    assert {(event.sample, event.n_samples) for event in loud} <= found


HARD = [(200.0, "uV"), (250.0, "adc"), (1000.0, "uV"), (200.0, "envelope"), (1000.0, "envelope")]


@pytest.mark.parametrize(("rate", "unit"), HARD)
@pytest.mark.parametrize("factor", [1000.0, 1e-6])
def test_everything_that_is_hard_to_tell_is_told_alike_in_any_unit(
    bench: Bench, rate: float, unit: Unit, factor: float
) -> None:
    samples = bench.hard(rate, unit, seed=7)
    plain = bench.run(samples, bench.info(rate, unit), bench.quick())
    scaled = bench.run(samples * factor, bench.info(rate, unit), bench.quick())
    by_gain = bench.run(samples, bench.info(rate, unit, gain=factor), bench.quick())
    assert len(plain.events) > 5
    for other in (scaled, by_gain):
        assert [shape(event) for event in other.events] == [shape(event) for event in plain.events]
        confidences = [event.confidence for event in plain.events]
        assert [event.confidence for event in other.events] == pytest.approx(confidences, nan_ok=True)
        assert other.reasons() == plain.reasons()


@pytest.mark.parametrize(("rate", "unit"), HARD)
def test_counts_give_the_same_events_whatever_a_count_is_worth(bench: Bench, rate: float, unit: Unit) -> None:
    counts = np.rint(4 * bench.hard(rate, unit, seed=8)).astype(np.int32)
    small = bench.run(counts, bench.info(rate, unit, gain=0.25), bench.quick())
    large = bench.run(counts, bench.info(rate, unit, gain=250.0), bench.quick())
    assert len(small.events) > 5
    assert [shape(event) for event in large.events] == [shape(event) for event in small.events]
    assert large.reasons() == small.reasons()


@pytest.mark.parametrize(("unit", "ruled"), [("uV", True), ("adc", False)])
def test_only_a_rule_in_microvolts_knows_microvolts(bench: Bench, unit: Unit, *, ruled: bool) -> None:
    samples = np.random.default_rng(6).normal(0, 1, (1, 60_000))
    samples[:, 30_000:31_500] *= 5
    profile = bench.quick(threshold={"least_rise_uv": 8.0})
    plain, louder = (bench.run(samples * factor, bench.info(1000.0, unit), profile) for factor in (1, 4))
    assert (len(plain.events), len(louder.events)) == (0 if ruled else 1, 1)

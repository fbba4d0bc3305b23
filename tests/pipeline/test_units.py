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

"""Invariant 3: the sample index is the only clock, at whole rates and others; nothing drifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.conditioning.grid import Grid

if TYPE_CHECKING:
    from emgdetect.types import Unit
    from tests.pipeline.conftest import Bench

RATES = [34.81, 128.0, 199.7, 200.0, 256.0, 1000.0, 1999.9, 20_000.0]


@pytest.mark.parametrize("rate", RATES)
def test_seconds_follow_from_samples_exactly(bench: Bench, rate: float) -> None:
    samples = bench.signal(rate, 60.0 if rate < 3000 else 10.0, seed=int(rate))
    found = bench.run(samples, bench.info(rate), bench.quick()).events
    assert found
    for event in found:
        assert event.onset == event.sample / rate
        assert event.duration == event.n_samples / rate
        assert event.sample >= 0
        assert event.sample + event.n_samples <= samples.shape[1]


@pytest.mark.parametrize("rate", [34.81, 128.0, 199.7, 256.0])
def test_a_burst_after_hours_is_found_where_it_is(bench: Bench, rate: float) -> None:
    # A clock that gained one part in a million would be 10 ms off after three hours.
    rng = np.random.default_rng(7)
    count = int(3 * 3600 * rate)
    samples = rng.normal(0, 5, (1, count)).astype(np.float32)
    starts = [int(60 * rate), count // 2, count - int(200 * rate)]
    length = int(1.5 * rate)
    for start in starts:
        samples[:, start : start + length] *= 20
    found = [
        event for event in bench.run(samples, bench.info(rate), bench.quick()).events if event.snr_db > 20
    ]
    errors = [event.sample - start for event, start in zip(found, starts, strict=True)]
    # Two frames: the first samples of noise may by chance be small.
    allowed = max(0.012 * rate, 2 * Grid.of(rate).raw_per_frame)
    assert max(abs(error) for error in errors) <= allowed
    assert max(errors) - min(errors) <= allowed
    assert all(event.n_samples == pytest.approx(length, abs=0.2 * rate + 2) for event in found)


@pytest.mark.parametrize("unit", ["uV", "envelope"])
@pytest.mark.parametrize("rate", [250.0, 1000.0, 2048.0, 4000.0])
def test_filter_delay_is_taken_off(bench: Bench, rate: float, unit: Unit) -> None:
    rng = np.random.default_rng(11)
    errors = []
    for _ in range(8):
        samples = rng.normal(0, 1, (1, int(14 * rate)))
        start, stop = int(8 * rate), int(9 * rate)
        samples[:, start:stop] *= 30
        if unit == "envelope":
            samples = np.abs(samples)
        found = bench.run(samples, bench.info(rate, unit), bench.quick()).events
        event = max(found, key=lambda event: event.peak)
        errors.append(((event.sample - start) / rate, (event.sample + event.n_samples - stop) / rate))
    onset, end = np.median(errors, axis=0)
    assert abs(onset) <= 0.004
    assert abs(end) <= 0.030

"""Damaged and degenerate numbers: no warning, no exception, a quality that says why. Warnings are errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.types import INVALID_REASONS

if TYPE_CHECKING:
    from emgdetect.types import RawArray, Unit
    from tests.pipeline.conftest import Bench

BAD = [np.nan, np.inf, -np.inf, 1e300, -1e308, 1e160, 5e-324, -0.0]
UNITS = ["uV", "adc", "envelope"]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("value", BAD)
def test_single_samples_and_stretches(bench: Bench, value: float, unit: Unit) -> None:
    samples = np.abs(np.random.default_rng(0).normal(20, 5, (1, 20_000)))
    samples[:, 5000] = value
    samples[:, 9000:9003] = value
    samples[:, 12_000:16_000] = value
    found = bench.run(samples, bench.info(1000.0, unit), bench.quick(), cuts=[9001, 9002, 13_000])
    missing = not abs(value) <= 1e15
    expected = {"missing values"} if missing else {"flat", "valid", "settling"}
    assert {INVALID_REASONS[code] for code in found.reasons()[13:15]} <= expected
    assert found.reasons()[3] == 0
    for event in found.events:
        assert np.isfinite([event.peak, event.rms]).all()
        assert event.peak < 1e15


@pytest.mark.parametrize(
    ("value", "reason"),
    [(0.0, "flat"), (-7.0, "flat"), (5e-324, "flat"), (np.nan, "missing values"), (1e300, "missing values")],
)
@pytest.mark.parametrize("rate", [10.0, 250.0, 1000.0, 20_000.0])
def test_a_dead_channel(bench: Bench, rate: float, value: float, reason: str) -> None:
    samples: RawArray = np.full((1, int(20 * rate)), value)
    found = bench.run(samples, bench.info(rate), bench.quick())
    assert found.events == []
    assert {INVALID_REASONS[code] for code in found.reasons()} == {reason}
    assert len(found.reasons()) == 20


@pytest.mark.parametrize("scale", [1e-310, 1e-160, 1e-12, 1e12, 1e200])
def test_noise_of_any_size(bench: Bench, scale: float) -> None:
    samples = np.random.default_rng(0).normal(0, 1, (1, 20_000)) * scale
    assert bench.run(samples, bench.info(1000.0), bench.quick()).events == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 99, 100, 101])
@pytest.mark.parametrize("rate", [10.0, 199.7, 1000.0, 20_000.0])
def test_next_to_nothing(bench: Bench, rate: float, count: int) -> None:
    samples = np.random.default_rng(0).normal(0, 1, (1, count))
    found = bench.run(samples, bench.info(rate), bench.quick(), provisional=True)
    assert found.events == []
    assert len(found.reasons()) == int(np.ceil(count / rate))


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.uint64, np.float16, np.bool_])
def test_every_number_type(bench: Bench, dtype: type) -> None:
    samples: RawArray = np.random.default_rng(0).integers(0, 2, (1, 5000)).astype(dtype)
    assert len(bench.run(samples, bench.info(1000.0, "adc"), bench.quick()).reasons()) == 5


def test_a_dead_channel_leaves_the_other_alone(bench: Bench) -> None:
    live = bench.signal(500.0, 30.0, seed=2)
    both = np.vstack([live, np.full_like(live, np.nan)])
    found = bench.run(both, bench.info(500.0, n_channels=2), bench.quick())
    alone = bench.run(live, bench.info(500.0), bench.quick())
    assert [repr(event) for event in found.events] == [repr(event) for event in alone.events]
    assert found.reasons("a") == alone.reasons()
    assert {INVALID_REASONS[code] for code in found.reasons("b")} == {"missing values"}


def test_a_gain_that_overflows(bench: Bench) -> None:
    samples = np.full((1, 3000), 1e20, np.float32)
    found = bench.run(samples, bench.info(1000.0, gain=1e300, offset=-np.inf), bench.quick())
    assert {INVALID_REASONS[code] for code in found.reasons()} == {"missing values"}

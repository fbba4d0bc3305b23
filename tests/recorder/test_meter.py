"""The last second of every channel, for people to look at."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emgdetect.recorder.meter import Meter
from emgdetect.types import Channel, Chunk, StreamInfo

INFO = StreamInfo(
    100.0,
    (Channel("a", "uV", gain=0.5, offset=7.0), Channel("b", "adc", raw_low=0.0, raw_high=1023.0)),
)


def test_before_the_first_sample_there_is_none() -> None:
    assert [trouble for _, trouble in Meter(INFO, 100.0).read()] == ["no data", "no data"]


def test_the_level_is_that_of_the_last_second_in_the_unit_of_the_channel() -> None:
    meter = Meter(INFO, 100.0)
    square = np.tile([10.0, -10.0], 500)
    for start in range(0, 1000, 7):
        piece = square[start : start + 7] * (1 if start >= 890 else 50)
        meter.add(Chunk(np.stack([piece, piece + 500]), start))
    (first, no_trouble), (second, _) = meter.read()
    assert first == pytest.approx(5.0)
    assert second == pytest.approx(10.0)
    assert no_trouble == ""


def test_memory_holds_about_a_second() -> None:
    meter = Meter(INFO, 100.0)
    for start in range(0, 10_000, 10):
        meter.add(Chunk(np.zeros((2, 10)), start))
    assert meter._held <= 120


@pytest.mark.parametrize(
    ("value", "trouble"),
    [(400.0, "flat"), (1023.0, "saturated"), (0.0, "saturated"), (math.nan, "missing values")],
)
def test_what_is_wrong_is_said(value: float, trouble: str) -> None:
    meter = Meter(INFO, 100.0)
    good = np.arange(100.0)
    meter.add(Chunk(np.stack([good, np.full(100, value)]), 0))
    assert [found for _, found in meter.read()] == ["", trouble]


def test_a_channel_that_touches_the_rails_is_saturated() -> None:
    row = np.clip(np.arange(100.0) * 20, 0, 1023)
    meter = Meter(INFO, 100.0)
    meter.add(Chunk(np.stack([row, row]), 0))
    assert [found for _, found in meter.read()] == ["", "saturated"]


def test_what_is_old_can_be_forgotten() -> None:
    meter = Meter(INFO, 100.0)
    meter.add(Chunk(np.ones((2, 100)), 0))
    meter.clear()
    assert meter.read()[0][1] == "no data"


def test_an_envelope_is_as_high_as_it_stands_above_its_rest_though_it_hardly_moves() -> None:
    info = StreamInfo(100.0, (Channel("ENV", "envelope", gain=2.0, offset=3.0),))
    meter = Meter(info, 100.0)
    rng = np.random.default_rng(5)
    rest, tensed = rng.normal(500, 1, (1, 2000)), rng.normal(800, 1, (1, 150))
    for start in range(0, 2000, 7):
        meter.add(Chunk(rest[:, start : start + 7], start))
    ((low, _),) = meter.read()
    assert 0 < low < 60
    meter.clear()
    assert [trouble for _, trouble in meter.read()] == ["no data"]
    meter.add(Chunk(tensed, 2000))
    ((high, trouble),) = meter.read()
    assert high - low == pytest.approx(600, rel=0.05)
    assert trouble == ""

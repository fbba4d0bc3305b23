"""A sensor that dies says nothing of the background; one too coarse to show its noise does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.config import load_profile
from emgdetect.types import INVALID_REASONS, Gap

if TYPE_CHECKING:
    from emgdetect.types import Event, RawArray
    from tests.pipeline.conftest import Bench

RATE = 500.0
MINUTE = int(60 * RATE)
RAIL = 32_767
GAIN = 0.5
"""Microvolts of a count."""


def alive(minutes: int, seed: int, rms: float = 20.0) -> RawArray:
    """Return noise in counts, shape (1, n)."""
    noise = np.random.default_rng(seed).normal(300, rms, (1, minutes * MINUTE))
    return np.rint(noise).astype(np.int16)


def muscle(events: list[Event], start: float, stop: float) -> list[Event]:
    return [event for event in events if event.kind != "artefact" and start <= event.onset < stop]


@pytest.mark.parametrize("level", [RAIL, -RAIL - 1, 0])
@pytest.mark.parametrize("flicker", [0, 1])
def test_minutes_at_a_rail_do_not_lower_the_floor_before_and_after(
    bench: Bench, level: int, flicker: int
) -> None:
    before, after = alive(4, 1), alive(4, 2)
    silent = np.full((1, 4 * MINUTE), level, np.int16)
    # A last bit that flickers is silence, too.
    silent[:, ::97] ^= np.int16(flicker)
    samples = np.hstack([before, silent, after])
    found = bench.run(samples, bench.info(RATE, gain=GAIN), load_profile("generic"))
    floors = np.array(found.floors())
    # Of the noise's power some is lost to the filters, alike at all times.
    untouched = bench.run(np.hstack([before, after]), bench.info(RATE, gain=GAIN), load_profile("generic"))
    usual = float(np.median(untouched.floors()))
    for part in (slice(30, 240), slice(481, 690)):
        assert floors[part] == pytest.approx(usual, rel=0.15)
    # The jumps to the rail and back are events of their own; noise is none.
    assert len(muscle(found.events, 0, 239)) + len(muscle(found.events, 482, 720)) <= 2


def test_seconds_at_a_rail_are_flat_and_hold_no_events(bench: Bench) -> None:
    samples = np.hstack([alive(3, 3), np.full((1, 2 * MINUTE), RAIL, np.int16), alive(1, 4)])
    found = bench.run(samples, bench.info(RATE, gain=GAIN), load_profile("generic"))
    assert {INVALID_REASONS[code] for code in found.reasons()[182:299]} == {"flat"}
    assert muscle(found.events, 182, 299) == []


def test_a_coarse_sensor_that_is_silent_but_for_its_events_has_them_found(bench: Bench) -> None:
    # Ten bits over the whole of 5 mV: noise never reaches a step.
    samples = np.full((1, 6 * MINUTE), 512, np.int16)
    rng = np.random.default_rng(5)
    onsets = np.arange(20, 340, 20)
    for second in onsets:
        part = slice(int(second * RATE), int((second + 0.5) * RATE))
        samples[0, part] += np.rint(rng.normal(0, 25, part.stop - part.start)).astype(np.int16)
    found = muscle(bench.run(samples, bench.info(RATE, "adc"), load_profile("generic")).events, 0, 360)
    assert [round(event.onset) for event in found] == onsets.tolist()
    assert all(event.duration == pytest.approx(0.5, abs=0.06) for event in found)


def test_a_coarse_sensor_that_began_loud_is_not_dead_for_good(bench: Bench) -> None:
    samples = np.hstack([alive(2, 6), np.full((1, 10 * MINUTE), 300, np.int16)])
    rng = np.random.default_rng(7)
    onsets = np.arange(360, 700, 20)
    for second in onsets:
        part = slice(int(second * RATE), int((second + 0.5) * RATE))
        samples[0, part] += np.rint(rng.normal(0, 25, part.stop - part.start)).astype(np.int16)
    found = muscle(bench.run(samples, bench.info(RATE, "adc"), load_profile("generic")).events, 330, 720)
    assert [round(event.onset) for event in found] == onsets.tolist()


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.data())
def test_any_cutting_around_a_silence_gives_the_same(bench: Bench, data: st.DataObject) -> None:
    rate = data.draw(st.sampled_from([200.0, 500.0]))
    seconds = 60
    samples = np.rint(bench.hard(rate, "uV", data.draw(st.integers(0, 1000)), seconds)).astype(np.int16)
    count = samples.shape[1]
    start = data.draw(st.integers(0, count - 1))
    stop = start + data.draw(st.integers(1, count // 2))
    samples[:, start:stop] = data.draw(st.sampled_from([0, RAIL]))
    cuts = data.draw(st.lists(st.integers(0, count), max_size=12))
    gaps = data.draw(st.sampled_from([(), (Gap(0, int(5 * rate), "lost packets"),)]))
    info, profile = bench.info(rate), bench.quick(data.draw(st.sampled_from([0.0, 5.0])))
    whole = bench.run(samples, info, profile, gaps=gaps)
    hop = int(0.1 * rate)
    for marks in (cuts, [start, stop], range(0, count, 3 * hop)):
        assert bench.run(samples, info, profile, gaps=gaps, cuts=marks).fingerprint() == whole.fingerprint()

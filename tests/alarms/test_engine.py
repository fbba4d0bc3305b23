"""When alarms are raised: on lengths, counts and silence, once, again, further, and not while snoozed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.alarms import Engine, Plan, Sensor, read_alarms
from emgdetect.alarms.actions import Bell, Post
from emgdetect.alarms.reading import read_rule
from emgdetect.alarms.rules import Alarm, Step
from emgdetect.config import load_profile
from emgdetect.pipeline import Pipeline
from emgdetect.types import Channel, Chunk, StreamInfo
from tests.alarms.conftest import activity

if TYPE_CHECKING:
    from emgdetect.alarms import Raised

BELL = Bell()


class Bench:
    """An engine and what it raised."""

    def __init__(self, rule: str, *later: Step, refractory: float = 60.0, sensor: str = "") -> None:
        alarm = Alarm(read_rule(rule), (Step(0.0, (BELL,)), *later), refractory, sensor)
        self.raised: list[Raised] = []
        self.engine = Engine(Plan((alarm,)), self.raised.append)

    def grow(self, start: float, seconds: float, step: float = 0.05) -> float | None:
        """Announce activity as it grows; return its length when an alarm came, if one did."""
        before = len(self.raised)
        for length in np.arange(step, seconds + step / 2, step):
            self.engine.saw("leg", activity(start, float(length)))
            if len(self.raised) > before:
                return float(length)
        return None

    def tick(self, now: float, silent: float = 0.0, trouble: str = "", position: float | None = None) -> None:
        where = now if position is None else position
        self.engine.tick(now, [Sensor("leg", where, silent, trouble)])


def test_a_spasm_that_is_long_enough_raises_once() -> None:
    bench = Bench("spasm>5s")
    assert bench.grow(10.0, 12.0) == pytest.approx(5.0, abs=0.06)
    bench.tick(30.0)
    assert len(bench.raised) == 1
    assert "leg: spasm on RAW" in bench.raised[0].text


@pytest.mark.parametrize(("rule", "seconds"), [("spasm>5s", 4.9), ("spasm>1s", 1.9), ("burst>0.2s", 0.4)])
def test_what_is_shorter_or_of_a_shorter_kind_does_not(rule: str, seconds: float) -> None:
    assert Bench(rule).grow(10.0, seconds) is None


def test_long_events_of_two_channels_do_not_add_up() -> None:
    bench = Bench("event>3s")
    bench.engine.saw("leg", activity(10.0, 2.0, channel="a"))
    bench.engine.saw("leg", activity(12.0, 2.0, channel="b"))
    assert not bench.raised


def test_no_alarm_again_within_the_refractory_time() -> None:
    bench = Bench("spasm>5s", refractory=60.0)
    for start, now, count in ((10.0, 20.0, 1), (40.0, 50.0, 1), (80.0, 90.0, 2)):
        bench.tick(start)
        bench.grow(start, 8.0)
        bench.tick(now)
        assert len(bench.raised) == count


def test_it_goes_further_only_while_it_goes_on() -> None:
    post = Post("http://localhost:1/")
    bench = Bench("lost>30s", Step(120.0, (post,)), refractory=0.0)
    for now in np.arange(0.0, 200.0, 0.5):
        bench.tick(float(now), silent=float(now))
    assert [raised.step.after for raised in bench.raised] == [0.0, 120.0]
    bench.tick(200.0)
    bench.raised.clear()
    for now in np.arange(200.0, 300.0, 0.5):
        bench.tick(float(now), silent=float(now) - 200.0)
    bench.tick(300.0)
    bench.tick(400.0)
    assert [raised.step.after for raised in bench.raised] == [0.0]


def test_silence_is_snoozed_and_comes_back_if_it_still_goes_on() -> None:
    bench = Bench("lost>30s")
    bench.tick(40.0, silent=40.0)
    assert len(bench.raised) == 1
    assert bench.engine.snooze() == 600.0
    bench.tick(600.0, silent=600.0)
    assert len(bench.raised) == 1
    assert bench.engine.ringing == ()
    bench.tick(641.0, silent=641.0)
    assert len(bench.raised) == 2


def test_a_second_press_ends_the_snooze() -> None:
    bench = Bench("lost>30s")
    bench.engine.snooze()
    assert bench.engine.snooze() == 0.0
    bench.tick(40.0, silent=40.0)
    assert len(bench.raised) == 1


@pytest.mark.parametrize(
    ("rule", "raised"),
    [
        ("events>=4/1min", True), ("events>4/1min", False), ("events>=4/10s", False),
        ("twitches>=2/1min", True), ("twitches>=3/1min", False), ("bursts>=1/1min", True),
        ("spasms>=1/1min", True), ("spasms>=2/1min", False),
    ],
)  # fmt: skip
def test_events_are_counted_in_a_window(rule: str, raised: bool) -> None:
    bench = Bench(rule)
    for start, seconds in ((10.0, 0.2), (15.0, 0.3), (20.0, 1.0), (30.0, 3.0)):
        bench.grow(start, seconds)
    bench.tick(36.0)
    assert bool(bench.raised) == raised


def test_what_was_withdrawn_does_not_count() -> None:
    bench = Bench("events>=2/1min")
    bench.engine.saw("leg", activity(10.0, 0.2))
    bench.engine.saw("leg", activity(10.0, 0.2, status="withdrawn"))
    bench.engine.saw("leg", activity(20.0, 0.2))
    assert not bench.raised


def test_a_growing_event_is_one_event() -> None:
    bench = Bench("events>=2/1min")
    bench.grow(10.0, 8.0)
    bench.tick(30.0)
    assert not bench.raised


def test_contact_has_to_be_lost_for_long() -> None:
    bench = Bench("contact>1min")
    for now in range(100):
        # A second of contact in between begins it anew.
        bench.tick(float(now), trouble="" if now == 50 else "RAW flat")
    assert not bench.raised
    for now in range(100, 112):
        bench.tick(float(now), trouble="RAW flat")
    assert [raised.text for raised in bench.raised] == ["leg: RAW flat for 60 s"]


def test_an_alarm_of_one_sensor_is_deaf_to_others() -> None:
    bench = Bench("lost>1s", sensor="arm")
    bench.tick(10.0, silent=10.0)
    assert not bench.raised
    bench.engine.tick(11.0, [Sensor("arm", 1.0, 5.0)])
    assert len(bench.raised) == 1


def test_memory_does_not_grow() -> None:
    bench = Bench("events>=1000/1min")
    for k in range(20_000):
        bench.engine.saw("leg", activity(float(k), 0.2))
    (watch,) = bench.engine._watches.values()
    assert len(watch.over) + len(watch.going_on) < 100


NOISE_UV, AFTER_S = 5.0, 1.5
WITHIN_S = 0.1
"""What is promised."""

PACKET_S = 0.04
"""It is kept whatever the chunks are, if they are no longer than this; longer ones come on top."""


def heard(rate: float, start: float, seconds: float, *, decibels: float, chunk: int, held: float) -> float:
    """Return when, in the time of the samples, ``spasm>held`` is raised by activity; NaN if it is not."""
    samples = np.random.default_rng(8).normal(0, NOISE_UV, (1, int((start + seconds + AFTER_S) * rate)))
    samples[:, round(start * rate) : round((start + seconds) * rate)] *= 10 ** (decibels / 20)
    info = StreamInfo(rate, (Channel("RAW", "uV"),))
    pipeline = Pipeline(info, load_profile("generic"), provisional=True, floors=(NOISE_UV,))
    raised: list[Raised] = []
    engine = Engine(read_alarms([f"spasm>{held}s:bell"]), raised.append)
    for first in range(0, samples.shape[1], chunk):
        update = pipeline.push(Chunk(samples[:, first : first + chunk], first))
        for event in (*update.provisional, *update.withdrawn, *update.events):
            engine.saw("leg", event)
        if raised:
            return float(min(first + chunk, samples.shape[1]) / rate)
    return math.nan


@pytest.mark.parametrize("rate", [500.0, 1000.0, 1926.0])
@pytest.mark.parametrize("decibels", [12.0, 30.0])
@pytest.mark.parametrize("phase", [0.0, 0.033, 0.071, 0.098])
def test_an_alarm_comes_once_its_length_was_held_and_within_a_tenth_of_a_second(
    rate: float, decibels: float, phase: float
) -> None:
    start, chunk = 4.0 + phase, round(rate / 200)
    came = heard(rate, start, 4.0, decibels=decibels, chunk=chunk, held=2.5)
    assert 2.5 <= came - start <= 2.5 + WITHIN_S


@pytest.mark.parametrize("rate", [500.0, 1000.0, 1926.0])
@pytest.mark.parametrize("decibels", [12.0, 30.0])
@pytest.mark.parametrize("phase", [0.0, 0.033, 0.071, 0.098])
def test_what_ends_a_moment_too_soon_is_no_alarm(rate: float, decibels: float, phase: float) -> None:
    # The detector's longest look still sees it for half a second.
    for seconds, chunk_s in ((2.2, 0.05), (2.48, 0.05), (2.48, 0.007)):
        chunk = round(chunk_s * rate)
        assert math.isnan(heard(rate, 4.0 + phase, seconds, decibels=decibels, chunk=chunk, held=2.5))


@pytest.mark.parametrize("chunk", [5, 7, 20, 25, 33, 40, 50, 70, 100, 400])
@pytest.mark.parametrize("start", [4.0, 4.0517, 4.083])
@pytest.mark.parametrize("decibels", [12.0, 20.0])
def test_chunks_put_an_alarm_off_only_if_they_are_long(chunk: int, start: float, decibels: float) -> None:
    came = heard(1000.0, start, 3.5, decibels=decibels, chunk=chunk, held=2.5)
    assert 2.5 <= came - start <= 2.5 + WITHIN_S + max(0.0, chunk / 1000.0 - PACKET_S)

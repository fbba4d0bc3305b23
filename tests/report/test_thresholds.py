"""Thresholds found again from the samples around an event are those it was found by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.conditioning.grid import Grid
from emgdetect.config import load_profile
from emgdetect.detection.channel import ChannelDetector
from emgdetect.pipeline import detect_stream
from emgdetect.recording import Stream
from emgdetect.report import build_report, thresholds
from emgdetect.summary import summarise
from emgdetect.types import Channel, Event, Gap, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.detection.store import IslandData
    from emgdetect.types import Detection, RawArray
    from tests.report.conftest import Page

RATE = 500.0
SECONDS = 1200
PROFILE = load_profile("generic")


def stream_of(seed: int = 1, gaps: tuple[Gap, ...] = ()) -> Stream:
    """Make twenty minutes of noise that grows and falls, hum, and bursts of many strengths and lengths."""
    rng = np.random.default_rng(seed)
    time = np.arange(SECONDS * round(RATE)) / RATE
    values = rng.normal(0, 4, time.size) * (1 + 0.5 * np.sin(2 * np.pi * time / 700))
    values += 15 * np.sin(2 * np.pi * 50 * time)
    for onset in np.arange(20.0, SECONDS - 10, 37.0):
        first, length = round(onset * RATE), round(rng.choice([0.02, 0.1, 0.6, 3.0]) * RATE)
        values[first : first + length] += rng.normal(0, rng.choice([15.0, 40.0, 150.0]), length)
    raw = np.round(values / 0.5).astype(np.int16)

    def fetch(start: int, stop: int, /) -> RawArray:
        return raw[None, start:stop]

    info = StreamInfo(RATE, (Channel("leg", "uV", gain=0.5),))
    return Stream(info, raw.size, gaps, fetch)


NIGHT_RATE = 250.0
NIGHT_SECONDS = 3600


def night_of(pulled: tuple[int, int]) -> Stream:
    """Make an hour of noise whose colour changes all the time, with a twitch every twenty seconds.

    Between the seconds ``pulled`` there is nothing but the converter's zero.
    """
    rng = np.random.default_rng(5)
    count = round(NIGHT_SECONDS * NIGHT_RATE)
    time = np.arange(count) / NIGHT_RATE
    white, slow = rng.normal(0, 2, count), rng.normal(0, 2, count)
    values = white + (1 + np.sin(2 * np.pi * time / 900)) * np.convolve(slow, np.ones(3) / 2, "same")
    values += 10 * np.sin(2 * np.pi * 50.02 * time)
    for onset in np.arange(20.0, NIGHT_SECONDS - 10, 20.0):
        first = round(onset * NIGHT_RATE)
        values[first : first + 5] += 14 * np.array([0.3, 1.0, -1.0, 0.7, -0.3])
    first, last = (round(one * NIGHT_RATE) for one in pulled)
    values[first:last] = 0
    raw = np.round(values / 0.05).astype(np.int16)

    def fetch(start: int, stop: int, /) -> RawArray:
        return raw[None, start:stop]

    return Stream(StreamInfo(NIGHT_RATE, (Channel("leg", "uV", gain=0.05),)), count, (), fetch)


@pytest.fixture(scope="module")
def stream() -> Stream:
    return stream_of(gaps=(Gap(333_000, 3000, "pause"),))


@pytest.fixture(scope="module")
def detection(stream: Stream) -> Detection:
    return detect_stream(stream, PROFILE)


@pytest.fixture(scope="module")
def islands(stream: Stream) -> list[IslandData]:
    """Show what the detection of the whole recording looked at."""
    detector = ChannelDetector(stream.info.channels[0], RATE, PROFILE, step=0.5, provisional=False)
    found: list[IslandData] = []
    detector.watch = found.append
    whole = stream.n_samples // detector.hop * detector.hop
    detector.process(stream.window(0, whole)[0])
    detector.finish(whole)
    return found


def test_they_are_those_of_the_whole_recording(
    stream: Stream, detection: Detection, islands: list[IslandData]
) -> None:
    grid = Grid.of(RATE)
    events = [event for event in detection.events if event.kind != "artefact"]
    assert len(events) > 15
    for event in events:
        found = thresholds.passed(stream, event, detection.settings)
        assert found is not None
        frame = event.sample // grid.raw_per_frame + 3
        (island,) = (one for one in islands if one.start <= frame < one.start + len(one.energy))
        limits = np.sqrt(island.limits[:, frame - island.start])
        drawn = np.interp(3 * grid.frame_seconds, found.times, found.limit)
        # One of the scales has this very limit; it steps once in five seconds, here perhaps.
        assert np.min(np.abs(limits / drawn - 1)) < 0.02


@pytest.mark.parametrize("pulled", [(0, 0), (3000, 3300), (1700, 2900)], ids=["never", "shortly", "long"])
def test_far_into_a_night_they_are_those_that_a_run_from_its_beginning_finds(
    pulled: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = night_of(pulled)
    read: list[tuple[int, int]] = []

    def fetch(start: int, stop: int, /) -> RawArray:
        read.append((start, stop))
        return whole.fetch(start, stop)

    night = replace(whole, fetch=fetch)
    found = []
    for seconds in (2480, 2940, 3320, 3480):
        event = Event("leg", round(seconds * NIGHT_RATE), 5, seconds, 0.02, "twitch", 14, 10, 10)
        read.clear()
        found.append((event, thresholds.passed(night, event, PROFILE.settings())))
        # What comes long before plays no part.
        assert min(start for start, _ in read) > event.sample - 3000 * NIGHT_RATE
    assert any(near is not None for _, near in found)
    monkeypatch.setattr(thresholds, "_first", lambda *_, **__: 0)
    for event, near in found:
        far = thresholds.passed(whole, event, PROFILE.settings())
        assert (near is None) == (far is None)
        if near is not None and far is not None:
            # Turns of the hum are rounded elsewhere; what was learnt of the background is the same.
            assert near.seconds == far.seconds
            assert near.margin_db == pytest.approx(far.margin_db, abs=1e-6)
            assert near.sharp_db == pytest.approx(far.sharp_db, abs=1e-6)
            assert near.limit[-200:] == pytest.approx(far.limit[-200:], rel=1e-6)


def test_every_event_passed_or_is_dense(stream: Stream, detection: Detection) -> None:
    for event in detection.events:
        if event.kind != "artefact":
            found = thresholds.passed(stream, event, detection.settings)
            assert found is not None
            dense = event.duration >= PROFILE.threshold.dense_duration
            assert max(found.margin_db, found.sharp_db) > 0 or dense
            assert 0.005 < found.seconds < 0.6


def test_the_rms_is_above_the_threshold_in_the_event_and_below_it_before(
    stream: Stream, detection: Detection
) -> None:
    event = max((one for one in detection.events if one.kind == "spasm"), key=lambda one: one.snr_db)
    found = thresholds.passed(stream, event, detection.settings)
    assert found is not None
    inside = (found.times > 0) & (found.times < event.duration)
    before = found.times < -0.6
    assert np.mean(found.rms[inside] > found.limit[inside]) > 0.9
    assert np.all(found.rms[before] < found.limit[before])
    assert found.margin_db == pytest.approx(
        20 * np.log10(np.max(found.rms[inside] / found.limit[inside])), abs=1.0
    )


def test_where_nothing_can_be_found_again_there_is_none(stream: Stream, detection: Detection) -> None:
    event = next(one for one in detection.events if one.kind != "artefact")
    settings = detection.settings
    assert thresholds.passed(stream, event, {**settings, "of another program": 1}) is None
    assert thresholds.passed(stream, replace(event, channel="arm"), settings) is None
    empty = Stream(stream.info, stream.n_samples, (Gap(0, stream.n_samples, "pause"),), stream.fetch)
    assert thresholds.passed(empty, event, settings) is None


def test_a_report_says_by_how_much_an_event_passes(
    stream: Stream, detection: Detection, read: Callable[[str], Page]
) -> None:
    text = read(build_report(detection, summarise(detection), stream)).text
    assert "the dashed line the threshold that it had to exceed over that time" in text
    assert text.count("dB above threshold over") >= 3
    other = replace(detection, settings={"of another program": 1})
    text = read(build_report(other, summarise(other), stream)).text
    assert "the thick line is the running RMS of what is shown" in text
    assert "above threshold" not in text

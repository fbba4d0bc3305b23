"""Recording again into the same session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emgdetect.recorder import Silent
from emgdetect.session import SessionReader

if TYPE_CHECKING:
    from emgdetect.recorder import Status
    from emgdetect.types import Event
    from tests.recorder.conftest import Rig

BOARD = "virtual://emgdetect"


def test_a_split_night_is_one_stream_with_a_gap(rig: Rig) -> None:
    first = rig.record(rig.source(BOARD), duration=60.0)
    rig.wall += 1800.0
    second = rig.record(rig.source(BOARD, seed=1), duration=60.0)
    with SessionReader(rig.path) as session:
        assert len(session.stream_ids()) == 1
    detection = rig.check(second.runs[0])
    (gap,) = detection.gaps
    assert gap.cause == "restart"
    # From the last sample of the first recording to the first of the second, which took a moment to connect.
    assert gap.n_samples / 1000 == pytest.approx(1800 + 2.6, abs=0.3)
    assert first.runs != second.runs
    # The new run has the whole night.
    assert min(event.sample for event in detection.events) < 60_000 < max(e.sample for e in detection.events)


def test_old_events_are_not_told_again(rig: Rig) -> None:
    rig.record(rig.source(BOARD), duration=60.0)
    told: list[Event] = []

    class Second(Silent):
        def on_event(self, source: str, event: Event) -> None:
            del source
            told.append(event)

    rig.record(rig.source(BOARD, seed=1), duration=60.0, listeners=[Second()])
    assert told
    assert min(event.sample for event in told) > 55_000


def test_detection_catches_up_while_samples_come_in(rig: Rig) -> None:
    behind: list[float] = []

    class Second(Silent):
        def on_status(self, status: Status) -> None:
            behind.append(status.streams[0].behind)

    rig.record(rig.source(BOARD), duration=300.0)
    rig.record(rig.source(BOARD, seed=1), duration=60.0, listeners=[Second()])
    assert max(behind) > 100
    assert behind[-10] < 5


def test_after_a_day_another_stream_begins(rig: Rig) -> None:
    rig.record(rig.source(BOARD), duration=30.0)
    rig.wall += 25 * 3600.0
    rig.record(rig.source(BOARD), duration=30.0)
    with SessionReader(rig.path) as session:
        assert [len(stream.gaps) for stream in session.streams()] == [0, 0]


def test_so_it_does_for_another_sensor_and_for_a_clock_that_was_set_back(rig: Rig) -> None:
    rig.record(rig.source(BOARD), duration=30.0)
    rig.record(rig.source(BOARD, "other leg"), duration=30.0)
    rig.wall -= 3600.0
    rig.record(rig.source(BOARD), duration=30.0)
    with SessionReader(rig.path) as session:
        assert [session.source(number) for number in session.stream_ids()] == ["leg", "other leg", "leg"]
        assert [len(stream.gaps) for stream in session.streams()] == [0, 0, 0]


def test_a_sensor_that_describes_itself_otherwise_gets_a_stream_of_its_own(rig: Rig) -> None:
    rig.record(rig.source(BOARD), duration=30.0)
    outcome = rig.record(rig.source(f"{BOARD}?channels=RAW,ENV"), duration=30.0)
    with SessionReader(rig.path) as session:
        one, two = session.streams()
    assert one.gaps == ()
    assert one.n_samples < 30_000
    assert two.info.ch_names == ("RAW", "ENV")
    rig.check(outcome.runs[-1])


def test_a_measured_rate_is_kept(rig: Rig) -> None:
    """The device claims 1000 Hz again and the stream goes on at what was measured."""
    rig.record(rig.source(f"{BOARD}?drift=-0.18"), duration=60.0)
    outcome = rig.record(rig.source(f"{BOARD}?drift=-0.18", seed=1), duration=60.0)
    with SessionReader(rig.path) as session:
        (stream,) = session.streams()
    assert stream.info.sampling_rate == pytest.approx(820, rel=2e-3)
    assert stream.n_samples == pytest.approx(820 * 117, rel=0.02)
    rig.check(outcome.runs[0])

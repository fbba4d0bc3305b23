"""When samples were taken, and a description that is corrected once it was measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import SessionError
from emgdetect.session import Anchor, RunInfo, SessionReader, SessionWriter
from emgdetect.types import Chunk, Event

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import StreamInfo


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night.emgdb"


def test_moments_come_back_in_order(path: Path, info: StreamInfo) -> None:
    begin = datetime(2024, 2, 29, 23, 59, 59, 123000, tzinfo=UTC)
    anchors = tuple(Anchor(n * 1000, begin + timedelta(seconds=n), 999.5) for n in range(3))
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(info)
        for anchor in reversed(anchors):
            session.add_anchor(stream_id, anchor)
    with SessionReader(path) as reader:
        assert reader.anchors(stream_id) == anchors
        assert reader.anchors(99) == ()


def test_a_description_is_corrected_until_it_was_used(path: Path, info: StreamInfo) -> None:
    measured = replace(info, sampling_rate=812.346, start=datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC))
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(info)
        session.append(stream_id, Chunk(np.zeros((2, 5), np.int16), 0))
        session.correct_stream(stream_id, measured)
        session.add_run(stream_id, RunInfo("p", "v", "h"))
        with pytest.raises(SessionError):
            session.correct_stream(stream_id, info)
        with pytest.raises(SessionError):
            session.correct_stream(99, info)
    with SessionReader(path) as reader:
        assert reader.stream(stream_id).info == measured


def test_a_final_event_takes_the_place_of_announcements(path: Path, info: StreamInfo) -> None:
    def event(sample: int, status: str) -> Event:
        made = Event(info.ch_names[0], sample, 10, sample / 199.7, 0.1, "twitch", 1.0, 1.0, 1.0)
        return replace(made, status="final" if status == "final" else "provisional")

    first, second, other = event(100, "provisional"), event(120, "provisional"), event(900, "provisional")
    with SessionWriter.create(path) as session:
        run_id = session.add_run(session.add_stream(info), RunInfo("p", "v", "h"))
        session.add_events(run_id, [first, second, other])
        session.add_events(run_id, [event(98, "final")], instead_of=[first, second])
    with SessionReader(path) as reader:
        found = [(event.sample, event.status) for event in reader.events(run_id)]
    assert found == [(98, "final"), (900, "provisional")]

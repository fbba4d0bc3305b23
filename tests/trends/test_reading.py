from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import SessionError
from emgdetect.session import Note, SessionReader, SessionWriter
from emgdetect.summary import summarise
from emgdetect.trends import channels_of, read_night
from emgdetect.types import Channel, Chunk, Gap, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.trends.conftest import MakeSession

START = datetime.fromisoformat("2026-11-01T22:40:00+01:00")


def test_a_night_has_the_summary_s_numbers(session: MakeSession) -> None:
    rng = np.random.default_rng(3)
    onsets = np.sort(rng.choice(8 * 3600 * 10, size=200, replace=False) / 10)
    events = [(float(onset), ("twitch", "burst", "spasm")[place % 3]) for place, onset in enumerate(onsets)]
    gaps = (Gap(123_450, 78_900, "disconnect"),)
    path = session("night", events, start=START, invalid=(5000, 9000), gaps=gaps)  # type: ignore[arg-type]
    night = read_night(path)
    with SessionReader(path) as reader:
        summary = summarise(reader.detection(1))
    (channel,) = night.channels
    row = summary.row("TA left")
    assert channel.counts["all"] == row.count
    assert channel.valid_hours == pytest.approx(row.valid_hours, abs=1e-9)
    for kind in ("twitch", "burst", "spasm"):
        assert channel.counts[kind] == summary.row("TA left", kind).count
    assert channel.share == summary.coverage[0].valid_fraction
    assert channel.first["all"] == row.first
    assert [(one.hour, one.counts["all"]) for one in channel.hours] == [
        (hour.clock.hour, hour.count or 0) for hour in row.clock_hours if hour.clock is not None
    ]
    assert [one.valid_seconds for one in channel.hours] == pytest.approx(
        [hour.valid_seconds for hour in row.clock_hours], abs=1e-6
    )
    assert (night.profile, night.config_hash, night.problem) == ("generic", "abc", "")


def test_a_detection_in_memory_is_the_same_night(session: MakeSession) -> None:
    path = session("night", [(10.0, "twitch"), (20.0, "spasm")])
    with SessionReader(path) as reader:
        assert channels_of(reader.detection(1)) == read_night(path).channels


def test_without_a_start_hours_count_from_the_beginning(session: MakeSession) -> None:
    night = read_night(session("night", [(3700.0, "twitch")], start=None, seconds=2 * 3600))
    assert [(one.hour, one.counts["all"]) for one in night.channels[0].hours] == [(0, 0), (1, 1)]


def test_the_diary_comes_along(session: MakeSession) -> None:
    notes = [
        Note("trigger", "Red  Wine", START - timedelta(hours=2)),
        Note("symptom", "cramp", START + timedelta(hours=2), value=7, unit="pain 0-10"),
        Note("annotation", "turned over", onset=5.0),
        Note("note", "", onset=5.0),
    ]
    night = read_night(session("night", notes=notes, start=START))
    assert night.tags == {("trigger", "red wine"), ("symptom", "cramp")}
    assert [one.when for one in night.entries] == ["before", "during"]


def test_the_newest_detection_or_that_of_a_profile(session: MakeSession) -> None:
    path = session("night", [(1.0, "twitch")])
    with SessionReader(path) as reader:
        older = reader.detection(1)
    with SessionWriter.open(path, recording=False) as writer:
        writer.add_detection(
            1,
            type(older)(
                **{name: getattr(older, name) for name in older.__slots__}
                | {"events": (), "profile": "sleep-leg"}
            ),
        )
    assert read_night(path).channels[0].counts["all"] == 0
    assert read_night(path, "generic").channels[0].counts["all"] == 1
    assert read_night(path, "spasm").problem == "no detection with the profile spasm is stored"


def test_a_session_without_a_detection_is_a_night_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "night.emgdb"
    with SessionWriter.create(path) as writer:
        stream_id = writer.add_stream(StreamInfo(1.0, (Channel("a", "uV"),), start=START))
        writer.append(stream_id, Chunk(np.zeros((1, 60), dtype=np.int16), 0))
    night = read_night(path)
    assert (night.start, night.duration, night.channels) == (START, 60.0, ())
    assert night.problem == "no detection is stored"


def test_what_is_no_session(tmp_path: Path) -> None:
    (tmp_path / "a.emgdb").write_bytes(b"nothing")
    with pytest.raises(SessionError):
        read_night(tmp_path / "a.emgdb")

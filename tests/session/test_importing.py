"""A recording of any format becomes a session, whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import FormatError, OutputError, SessionError
from emgdetect.recording import Recording, Stream
from emgdetect.session import SessionReader, SessionWriter, import_recording
from emgdetect.session.database import open_new
from emgdetect.types import Channel, Chunk, Gap, StreamInfo

if TYPE_CHECKING:
    from emgdetect.types import RawArray

MakeRecording = Callable[..., Recording]
SLOW = StreamInfo(34.81, (Channel("breath", "adc"),), device="belt")


@pytest.fixture
def recording(make_recording: MakeRecording, info: StreamInfo) -> Recording:
    rng = np.random.default_rng(1)
    fast = rng.integers(-32768, 32767, size=(2, 100_000), dtype=np.int16)
    slow = rng.normal(size=(1, 90))
    slow[0, 5] = np.nan
    return make_recording(
        (
            info,
            [
                Gap(0, 7, "pause"),
                Chunk(fast, 7),
                Gap(100_007, 3, "lost packets"),
                Chunk(fast[:, :50], 100_010),
            ],
        ),
        (SLOW, [Chunk(slow, 0), Gap(90, 10, "sleep")]),
    )


def test_everything_arrives(tmp_path: Path, recording: Recording) -> None:
    path = tmp_path / "night.emgdb"
    ids = import_recording(recording, path)
    assert [each.name for each in tmp_path.iterdir()] == ["night.emgdb"]
    with SessionReader(path) as session:
        copy = session.recording()
        assert session.stream_ids() == ids
        assert session.source(ids[0]) == "night.txt"
        for before, after in zip(recording.streams, copy.streams, strict=True):
            assert (after.info, after.n_samples, after.gaps) == (before.info, before.n_samples, before.gaps)
            for start, stop in before.runs():
                expected, back = before.fetch(start, stop), after.fetch(start, stop)
                assert back.dtype == expected.dtype
                assert back.tobytes() == expected.tobytes()
    assert copy.annotations == recording.annotations
    assert copy.oddities == recording.oddities
    assert (copy.format, copy.path, copy.device, copy.start) == (
        "session",
        path,
        recording.device,
        recording.start,
    )


def test_a_session_can_be_imported_again(tmp_path: Path, recording: Recording) -> None:
    import_recording(recording, tmp_path / "one.emgdb")
    with SessionReader(tmp_path / "one.emgdb") as session:
        import_recording(session.recording(), tmp_path / "two.emgdb")
        with SessionReader(tmp_path / "two.emgdb") as other:
            first, second = session.streams()[0], other.streams()[0]
            assert second.fetch(7, 1000).tobytes() == first.fetch(7, 1000).tobytes()
            assert other.recording().annotations == recording.annotations


def test_progress_goes_up_to_the_end(tmp_path: Path, recording: Recording) -> None:
    seen: list[tuple[int, int]] = []
    import_recording(recording, tmp_path / "a.emgdb", progress=lambda done, total: seen.append((done, total)))
    total = sum(stream.n_samples for stream in recording.streams)
    assert seen[-1] == (total, total)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_an_import_can_be_continued_by_a_recorder(tmp_path: Path, recording: Recording) -> None:
    (stream_id, _) = import_recording(recording, tmp_path / "a.emgdb")
    with SessionWriter.open(tmp_path / "a.emgdb") as session:
        stop = session.next_sample(stream_id)
        session.append(stream_id, Chunk(np.zeros((2, 5), np.int16), stop))
    with SessionReader(tmp_path / "a.emgdb") as reader:
        assert reader.stream(stream_id).n_samples == recording.streams[0].n_samples + 5


def failing(recording: Recording, at: int) -> Recording:
    stream = recording.streams[0]

    def fetch(start: int, stop: int, /) -> RawArray:
        if stop > at:
            raise FormatError("the file ends too early", where=recording.path)
        return stream.fetch(start, stop)

    return replace(recording, streams=(Stream(stream.info, stream.n_samples, stream.gaps, fetch),))


@pytest.mark.parametrize("existing", [None, b"precious"])
def test_a_source_that_fails_leaves_nothing_under_the_name(
    tmp_path: Path, recording: Recording, existing: bytes | None
) -> None:
    path = tmp_path / "a.emgdb"
    if existing:
        path.write_bytes(existing)
    with pytest.raises(FormatError, match="ends too early"):
        import_recording(failing(recording, 60_000), path, force=True)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([existing] if existing else [])


def test_a_full_disk_leaves_nothing_under_the_name(
    tmp_path: Path, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(path: Path, *, named: Path) -> object:
        database = open_new(path, named=named)
        database.connection.execute("PRAGMA max_page_count = 40")
        return database

    monkeypatch.setattr("emgdetect.session.importing.open_new", small)
    with pytest.raises(OutputError, match="disk is full") as caught:
        import_recording(recording, tmp_path / "a.emgdb")
    assert caught.value.where == tmp_path / "a.emgdb"
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path, recording: Recording) -> None:
    path = tmp_path / "a.emgdb"
    path.write_bytes(b"precious")
    with pytest.raises(OutputError, match="exists already"):
        import_recording(recording, path)
    assert path.read_bytes() == b"precious"
    import_recording(recording, path, force=True)
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_a_session_is_not_imported_into_itself(tmp_path: Path, recording: Recording) -> None:
    path = tmp_path / "a.emgdb"
    import_recording(recording, path)
    with SessionReader(path) as session, pytest.raises(OutputError, match="into itself"):
        import_recording(session.recording(), path, force=True)


def test_a_session_being_recorded_is_not_replaced(tmp_path: Path, recording: Recording) -> None:
    path = tmp_path / "a.emgdb"
    with SessionWriter.create(path), pytest.raises(SessionError, match="another program is recording"):
        import_recording(recording, path, force=True)


def test_through_a_link_the_file_is_replaced_not_the_link(tmp_path: Path, recording: Recording) -> None:
    (tmp_path / "far").mkdir()
    link = tmp_path / "link.emgdb"
    link.symlink_to(tmp_path / "far" / "real.emgdb")
    import_recording(recording, link)
    assert link.is_symlink()
    with SessionReader(link) as session:
        assert len(session.streams()) == 2


def test_a_name_that_is_no_text_can_be_the_source(tmp_path: Path, recording: Recording) -> None:
    strange = replace(recording, path=Path("caf\udce9.txt"))
    (stream_id, _) = import_recording(strange, tmp_path / "a.emgdb")
    with SessionReader(tmp_path / "a.emgdb") as session:
        assert session.source(stream_id) == "caf\\udce9.txt"

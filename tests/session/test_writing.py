"""When things are committed, who may write, and what happens when it cannot be done."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from emgdetect.errors import EmgError, OutputError, SessionError
from emgdetect.session import CommitPolicy, Note, RunInfo, SessionReader, SessionWriter
from emgdetect.types import Channel, Chunk, Event, Gap, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Callable

INFO = StreamInfo(100.0, (Channel("a", "adc"),))


def chunk(start: int, n: int = 10) -> Chunk:
    return Chunk(np.arange(start, start + n, dtype=np.int32).reshape(1, n), start)


def stored(path: Path) -> int:
    with SessionReader(path) as session:
        return session.streams()[0].n_samples


def beside(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night.emgdb"


def test_the_policy_counts_from_the_oldest_thing_that_waits() -> None:
    now = [5.0]
    policy = CommitPolicy(seconds=0.5, n_bytes=100, clock=lambda: now[0])
    now[0] = 100.0
    assert not policy.due()
    policy.wrote(10)
    now[0] = 100.4
    policy.wrote(10)
    assert not policy.due()
    now[0] = 100.5
    assert policy.due()
    policy.committed()
    assert not policy.due()
    policy.wrote(60)
    policy.wrote(40)
    assert policy.due()


def test_samples_are_committed_when_the_time_has_come(path: Path) -> None:
    now = [0.0]
    with SessionWriter.create(path, policy=CommitPolicy(clock=lambda: now[0])) as session:
        stream_id = session.add_stream(INFO)
        seen = []
        for i in range(12):
            session.append(stream_id, chunk(10 * i))
            seen.append(stored(path))
            now[0] += 0.125
        session.add_gap(stream_id, Gap(120, 10, "sleep"))
        assert stored(path) == 100
        now[0] += 0.5
        session.commit_if_due()
        assert stored(path) == 130
    assert seen == [0, 0, 0, 0, 50, 50, 50, 50, 50, 100, 100, 100]


def test_events_are_on_disk_at_once_with_the_samples_before_them(path: Path) -> None:
    with SessionWriter.create(path, policy=CommitPolicy(seconds=9e9)) as session:
        stream_id = session.add_stream(INFO)
        run_id = session.add_run(stream_id, RunInfo("p", "v", "h"))
        session.append(stream_id, chunk(0))
        assert stored(path) == 0
        session.add_events(run_id, [Event("a", 3, 4, 0.03, 0.04, "twitch", 1.0, 1.0, 1.0)])
        assert stored(path) == 10
        with SessionReader(path) as reader:
            assert len(reader.events(run_id)) == 1


def test_a_reader_opened_before_a_commit_sees_what_comes_after(path: Path) -> None:
    with SessionWriter.create(path) as session, SessionReader(path) as reader:
        stream_id = session.add_stream(INFO)
        session.append(stream_id, chunk(0))
        session.commit()
        early = reader.streams()[0]
        session.append(stream_id, chunk(10))
        session.commit()
        late = reader.streams()[0]
        assert (early.n_samples, late.n_samples) == (10, 20)
        assert late.fetch(5, 15).tolist() == [list(range(5, 15))]
        assert early.fetch(5, 10).tolist() == [list(range(5, 10))]


def test_a_finished_session_is_a_single_file(path: Path) -> None:
    with SessionWriter.create(path) as session:
        session.append(session.add_stream(INFO), chunk(0))
        session.commit()
        assert f"{path.name}-wal" in beside(path)
    assert beside(path) == {path.name}
    with SessionReader(path):
        assert beside(path) == {path.name}
    assert beside(path) == {path.name}


def test_so_it_is_after_the_last_reader_has_gone(path: Path) -> None:
    session = SessionWriter.create(path)
    session.append(session.add_stream(INFO), chunk(0))
    with SessionReader(path) as reader:
        assert reader.streams()[0].n_samples == 0
        session.close()
        assert reader.streams()[0].n_samples == 10
    assert beside(path) == {path.name}
    assert stored(path) == 10


def test_a_recording_goes_on_where_it_ended(path: Path) -> None:
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(INFO)
        session.append(stream_id, chunk(0))
    with SessionWriter.open(path) as session:
        assert session.next_sample(stream_id) == 10
        session.add_gap(stream_id, Gap(10, 90, "pause"))
        session.append(stream_id, chunk(100))
    with SessionReader(path) as reader:
        (stream,) = reader.streams()
        assert stream.gaps == (Gap(10, 90, "pause"),)
        assert stream.fetch(100, 110).tolist() == [list(range(100, 110))]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (lambda s: s.append(1, chunk(5)), "starts at sample 5, the stream is at 10"),
        (lambda s: s.append(1, chunk(11)), "recorded as a gap"),
        (lambda s: s.add_gap(1, Gap(11, 5, "x")), "starts at sample 11"),
        (lambda s: s.add_gap(1, Gap(10, 0, "x")), "gap of 0 samples"),
        (lambda s: s.append(1, Chunk(np.zeros((2, 5), np.int32), 10)), "does not fit a stream of 1 channels"),
        (lambda s: s.append(1, Chunk(np.zeros(5, np.int32), 10)), "shape"),
        (lambda s: s.append(1, Chunk(np.zeros((1, 5), np.int16), 10)), "int16 do not fit a stream of int32"),
        (lambda s: s.append(7, chunk(10)), "no stream 7"),
        (lambda s: s.next_sample(7), "no stream 7"),
        (lambda s: s.add_stream(StreamInfo(0.0, (Channel("a", "uV"),))), "rate of 0.0"),
        (lambda s: s.add_stream(StreamInfo(float("nan"), (Channel("a", "uV"),))), "rate of nan"),
        (lambda s: s.add_stream(StreamInfo(1.0, ())), "without channels"),
        (lambda s: s.add_stream(StreamInfo(1.0, (Channel("a", cast("Any", "V")),))), "unknown unit"),
        (lambda s: s.add_stream(StreamInfo(1.0, (Channel("a", "uV", gain=float("nan")),))), "not finite"),
        (lambda s: s.add_run(7, RunInfo("p", "v", "h")), "does not fit"),
        (lambda s: s.add_events(7, [Event("a", 1, 1, 1, 1, "twitch", 1, 1, 1)]), "does not fit"),
        (lambda s: s.add_events(1, [Event("\ud800", 1, 1, 1, 1, "twitch", 1, 1, 1)]), "cannot be stored"),
        (lambda s: s.add_events(1, [Event("a", 1 << 70, 1, 1, 1, "twitch", 1, 1, 1)]), "cannot be stored"),
    ],
)
def test_what_does_not_fit_is_refused_and_spoils_nothing(
    path: Path, bad: Callable[[SessionWriter], object], words: str
) -> None:
    with SessionWriter.create(path, policy=CommitPolicy(seconds=9e9)) as session:
        session.append(session.add_stream(INFO), chunk(0))
        with pytest.raises(SessionError, match=words):
            bad(session)
        session.append(1, chunk(10))
    assert stored(path) == 20


def test_samples_of_a_type_that_is_no_number_are_refused(path: Path) -> None:
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(INFO)
        for dtype in (np.complex128, np.bool_, object):
            with pytest.raises(SessionError, match="cannot be stored"):
                session.append(stream_id, Chunk(np.zeros((1, 2), dtype), 0))


def test_a_closed_session_takes_nothing_more(path: Path) -> None:
    session = SessionWriter.create(path)
    stream_id = session.add_stream(INFO)
    session.close()
    session.close()
    with pytest.raises(SessionError, match="closed"):
        session.append(stream_id, chunk(0))
    reader = SessionReader(path)
    stream = reader.streams()[0]
    reader.close()
    with pytest.raises(SessionError, match="closed"):
        reader.streams()
    assert stream.n_samples == 0


def test_an_existing_file_is_kept_unless_forced(path: Path) -> None:
    path.write_bytes(b"precious")
    with pytest.raises(OutputError, match="exists already"):
        SessionWriter.create(path)
    assert path.read_bytes() == b"precious"
    assert beside(path) == {path.name}
    SessionWriter.create(path, force=True).close()
    with SessionReader(path) as session:
        assert session.streams() == ()


def test_what_a_killed_writer_left_does_not_leak_into_a_new_session(path: Path, tmp_path: Path) -> None:
    with SessionWriter.create(path) as session:
        session.append(session.add_stream(INFO), chunk(0))
        session.commit()
        copies = {name: (tmp_path / name).read_bytes() for name in beside(path)}
    for name, data in copies.items():
        (tmp_path / name).write_bytes(data)
    SessionWriter.create(path, force=True).close()
    with SessionReader(path) as reader:
        assert reader.streams() == ()


def test_only_one_recorder_at_a_time(path: Path) -> None:
    with SessionWriter.create(path) as session:
        for attempt in (SessionWriter.open, SessionWriter.create):
            with pytest.raises(SessionError, match="another program is recording"):
                attempt(path)
        session.append(session.add_stream(INFO), chunk(0))
    with SessionWriter.open(path):
        pass
    assert beside(path) == {path.name}


def test_another_process_is_told_so_too(path: Path) -> None:
    program = "import sys; from emgdetect.session import SessionWriter; SessionWriter.open(sys.argv[1])"
    with SessionWriter.create(path):
        done = subprocess.run(
            [sys.executable, "-c", program, path], capture_output=True, text=True, check=False
        )
    assert "SessionError" in done.stderr
    assert "another program is recording into this session" in done.stderr.splitlines()[-1]


def test_notes_can_be_added_while_another_records(path: Path) -> None:
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(INFO)
        session.append(stream_id, chunk(0))
        with SessionWriter.open(path, recording=False) as other:
            other.note(Note("note", "woke up"))
        session.append(stream_id, chunk(10))
    with SessionReader(path) as reader:
        (note,) = reader.notes()
        assert note.text == "woke up"
        assert note.time is not None
        assert note.time.utcoffset() is not None
    assert stored(path) == 20


def test_a_note_may_hold_a_number_and_be_taken_back(path: Path) -> None:
    with SessionWriter.create(path) as session:
        session.add_stream(INFO)
        session.note(Note("note", "slip of the pen"))
        session.note(Note("medication", "magnesium", value=300, unit="mg"))
        session.remove_note(1)
        with pytest.raises(SessionError, match="there is no note 7"):
            session.remove_note(7)
    with SessionReader(path) as reader:
        (note,) = reader.notes()
    assert note == Note("medication", "magnesium", note.time, value=300.0, unit="mg")
    assert note.id == 2


def test_a_writer_of_notes_does_not_record(path: Path) -> None:
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(INFO)
    with (
        SessionWriter.open(path, recording=False) as other,
        pytest.raises(SessionError, match="not opened for recording"),
    ):
        other.append(stream_id, chunk(0))


def test_a_program_that_holds_the_file_is_named_as_the_cause(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emgdetect.session.database.BUSY_SECONDS", 0.05)
    with SessionWriter.create(path, policy=CommitPolicy(seconds=9e9)) as session:
        stream_id = session.add_stream(INFO)
        session.append(stream_id, chunk(0))
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SessionError, match="another program holds the session"):
            session.commit()
        other.execute("ROLLBACK")
        other.close()
        session.commit()
        assert stored(path) == 10


def test_a_full_disk_is_said_and_what_waited_is_kept_for_another_try(path: Path) -> None:
    with SessionWriter.create(path, policy=CommitPolicy(seconds=9e9)) as session:
        stream_id = session.add_stream(INFO)
        session.append(stream_id, chunk(0))
        session.commit()
        connection = session._database.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        session.add_gap(stream_id, Gap(10, 5, "sleep"))
        session.append(stream_id, chunk(15, 100_000))
        for _ in range(2):
            with pytest.raises(OutputError, match="disk is full") as caught:
                session.commit()
        assert caught.value.where == path
        assert stored(path) == 10
        connection.execute("PRAGMA max_page_count = 1000000")
    with SessionReader(path) as reader:
        (stream,) = reader.streams()
        assert stream.gaps == (Gap(10, 5, "sleep"),)
        assert stream.fetch(15, 100_015).tolist() == [list(range(15, 100_015))]


def test_a_disk_that_stays_full_leaves_the_file_intact(path: Path) -> None:
    session = SessionWriter.create(path)
    session.append(session.add_stream(INFO), chunk(0))
    session.commit()
    session._database.connection.execute("PRAGMA max_page_count = 1")
    session.append(1, chunk(10, 50_000))
    with pytest.raises(OutputError, match="disk is full"):
        session.close()
    assert beside(path) == {path.name}
    assert stored(path) == 10
    check = sqlite3.connect(path)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_a_commit_interrupted_after_it_was_done_is_not_done_twice(path: Path) -> None:
    with SessionWriter.create(path, policy=CommitPolicy(seconds=9e9)) as session:
        stream_id = session.add_stream(INFO)
        session.append(stream_id, chunk(0))
        session.add_gap(stream_id, Gap(10, 5, "sleep"))
        queue = session._queue.copy()
        session.commit()
        # As if the interrupt had come between the commit and forgetting what was committed.
        session._queue.extend(queue)
    with SessionReader(path) as reader:
        (stream,) = reader.streams()
        assert (stream.n_samples, stream.gaps) == (15, (Gap(10, 5, "sleep"),))


def test_what_another_wrote_into_the_stream_is_not_overwritten(path: Path) -> None:
    with SessionWriter.create(path, policy=CommitPolicy(seconds=9e9)) as session:
        stream_id = session.add_stream(INFO)
        session.append(stream_id, chunk(0))
        other = sqlite3.connect(path)
        other.execute("INSERT INTO gap (stream_id, start, n_samples, cause) VALUES (1, 0, 3, 'other')")
        other.commit()
        with pytest.raises(SessionError, match="another program has written into stream 1"):
            session.commit()
        other.execute("DELETE FROM gap")
        other.commit()
        other.close()


@pytest.mark.parametrize("name", ["missing/night.emgdb", "x" * 300, "."])
def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError) as caught:
        SessionWriter.create(tmp_path / name)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_something_that_is_no_session_is_refused_and_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE x (y)")
    connection.commit()
    connection.close()
    (tmp_path / "empty.emgdb").write_bytes(b"")
    (tmp_path / "text.emgdb").write_bytes(b"time,emg\n" * 1000)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    for name in (*before, "absent.emgdb", "."):
        for attempt in (SessionReader, SessionWriter.open):
            with pytest.raises(EmgError) as caught:
                attempt(tmp_path / name)
            assert "\n" not in str(caught.value)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs to become another user")
@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_session_in_a_read_only_folder_can_be_read_but_not_written(mode: str) -> None:
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[2])\n"
        "from emgdetect.session import SessionReader, SessionWriter\n"
        # Only now: the other user may not see the interpreter's own files.
        "os.setgid(65534); os.setuid(65534)\n"
        "with SessionReader(sys.argv[1]) as session: print(session.streams()[0].fetch(0, 10).tolist())\n"
        "for attempt in (SessionWriter.open, SessionWriter.create):\n"
        "    try: attempt(sys.argv[1], **({'force': True} if attempt == SessionWriter.create else {}))\n"
        "    except Exception as error: print(type(error).__name__, error)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.emgdb"
        with SessionWriter.create(file) as session:
            session.append(session.add_stream(INFO), chunk(0))
        check = sqlite3.connect(file)
        check.execute(f"PRAGMA journal_mode = {mode}")
        check.close()
        Path(folder).chmod(0o555)
        file.chmod(0o444)
        root = str(Path(__file__).parents[2])
        done = subprocess.run(
            [sys.executable, "-c", program, file, root], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == str([list(range(10))]), done.stderr
    assert [line.split()[0] for line in lines[1:]] == ["OutputError", "OutputError"]
    assert all("permission" in line for line in lines[1:])

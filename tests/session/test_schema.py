"""Versions of the file: from nothing, from version 1, from the future, and a step that fails."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import SessionError
from emgdetect.session import Note, SessionReader, SessionWriter
from emgdetect.session.schema import APPLICATION_ID, MIGRATIONS, VERSION, Migration, migrate
from emgdetect.types import Chunk, Gap

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import StreamInfo

VERSION_1 = """
PRAGMA application_id = 1162692420;
PRAGMA user_version = 1;
CREATE TABLE stream (id INTEGER PRIMARY KEY, sampling_rate REAL NOT NULL, device TEXT NOT NULL, start TEXT,
    source TEXT NOT NULL);
CREATE TABLE channel (stream_id INTEGER NOT NULL REFERENCES stream (id), position INTEGER NOT NULL,
    name TEXT NOT NULL, unit TEXT NOT NULL, gain REAL NOT NULL, "offset" REAL NOT NULL, raw_low REAL,
    raw_high REAL, PRIMARY KEY (stream_id, position)) WITHOUT ROWID;
CREATE TABLE block (id INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL REFERENCES stream (id),
    start INTEGER NOT NULL, n_samples INTEGER NOT NULL, dtype TEXT NOT NULL, data BLOB NOT NULL);
CREATE INDEX block_by_start ON block (stream_id, start, n_samples);
CREATE TABLE gap (id INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL REFERENCES stream (id),
    start INTEGER NOT NULL, n_samples INTEGER NOT NULL, cause TEXT NOT NULL);
CREATE INDEX gap_by_start ON gap (stream_id, start, n_samples);
CREATE TABLE run (id INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL REFERENCES stream (id),
    profile TEXT NOT NULL,
    version TEXT NOT NULL, config_hash TEXT NOT NULL, settings TEXT NOT NULL, created TEXT NOT NULL,
    source TEXT NOT NULL, refused TEXT NOT NULL, notices TEXT NOT NULL, n_samples INTEGER, info TEXT,
    gaps TEXT);
CREATE TABLE event (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run (id),
    channel TEXT NOT NULL,
    sample INTEGER NOT NULL, n_samples INTEGER NOT NULL, onset REAL NOT NULL, duration REAL NOT NULL,
    kind TEXT NOT NULL, peak REAL, rms REAL, snr_db REAL, median_frequency REAL, rhythm REAL, confidence REAL,
    flags TEXT NOT NULL, rule TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE quality (id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES run (id),
    channel TEXT NOT NULL,
    start INTEGER NOT NULL, floor BLOB NOT NULL, reason BLOB NOT NULL);
CREATE TABLE note (id INTEGER PRIMARY KEY, time TEXT, kind TEXT NOT NULL, text TEXT NOT NULL, onset REAL,
    duration REAL, channel TEXT);
INSERT INTO stream VALUES (1, 4.0, 'old board', '2024-01-02T03:04:05', 'old.txt');
INSERT INTO channel VALUES (1, 0, 'left', 'uV', 0.5, 1.0, NULL, NULL);
INSERT INTO block VALUES (1, 1, 0, 4, 'int16', x'0100FFFF02000080');
INSERT INTO gap VALUES (1, 1, 4, 2, 'sleep');
INSERT INTO run VALUES (1, 1, 'default', '0.1', 'ab', '{}', '2024-01-03T00:00:00+00:00', 'old.txt', '[]',
    '[]', 6, NULL, NULL);
INSERT INTO event VALUES (1, 1, 'left', 1, 2, 0.25, 0.5, 'twitch', 2.0, 1.0, 6.0, NULL, NULL, 0.5,
    '["truncated"]', 'default', 'final');
INSERT INTO note VALUES (1, NULL, 'annotation', 'cough', 0.5, 0.0, NULL);
"""


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    path = tmp_path / "old.emgdb"
    connection = sqlite3.connect(path)
    connection.executescript(VERSION_1)
    connection.close()
    return path


def schema_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE sql IS NOT NULL")]
    columns = {name: connection.execute(f"PRAGMA table_xinfo('{name}')").fetchall() for name in sorted(names)}
    columns |= {
        f"{name}!": connection.execute(f"PRAGMA index_info('{name}')").fetchall() for name in sorted(names)
    }
    connection.close()
    return columns


def check_contents(path: Path) -> None:
    with SessionReader(path) as session:
        (stream,) = session.streams()
        assert stream.info.sampling_rate == 4.0
        assert stream.gaps == (Gap(4, 2, "sleep"),)
        assert stream.fetch(0, 4).tolist() == [[1, -1, 2, -32768]]
        assert stream.window(0, 2).tolist() == [[1.5, 0.5]]
        detection = session.detection(1)
        assert detection.n_samples == 6
        assert [(event.sample, event.flags) for event in detection.events] == [(1, ("truncated",))]
        assert [mark.text for mark in session.recording().annotations] == ["cough"]


def test_version_1_is_read_as_it_is_and_not_changed(old_file: Path) -> None:
    before = old_file.read_bytes()
    check_contents(old_file)
    with SessionReader(old_file) as session:
        assert session.oddities() == ()
    assert old_file.read_bytes() == before


def test_version_1_is_brought_up_to_date_when_written_to(old_file: Path) -> None:
    with SessionWriter.open(old_file) as session:
        assert session.next_sample(1) == 6
        session.append(1, Chunk(np.array([[7]], np.int16), 6))
        session.add_oddities(["the clock jumped"])
    check = sqlite3.connect(old_file)
    assert check.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()
    with SessionReader(old_file) as session:
        assert session.oddities() == ("the clock jumped",)
        assert session.streams()[0].n_samples == 7


def test_a_migrated_file_has_the_schema_of_a_new_one(old_file: Path, tmp_path: Path) -> None:
    SessionWriter.open(old_file).close()
    SessionWriter.create(tmp_path / "new.emgdb").close()
    assert schema_of(old_file) == schema_of(tmp_path / "new.emgdb")
    check_contents(old_file)


def test_versions_are_numbered_without_a_hole_and_named_once() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, VERSION + 1))
    assert len({step.name for step in MIGRATIONS}) == len(MIGRATIONS)


def test_a_step_that_fails_is_undone_and_those_before_it_stand(old_file: Path) -> None:
    steps = (
        *MIGRATIONS,
        Migration(VERSION + 1, "good", ("CREATE TABLE good (x)",)),
        Migration(VERSION + 2, "bad", ("CREATE TABLE half (x)", "INSERT INTO nowhere VALUES (1)")),
    )
    connection = sqlite3.connect(old_file, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(connection, steps)
    assert not connection.in_transaction
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
    assert "good" in tables
    assert "half" not in tables
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    connection.close()


def test_migrating_again_changes_nothing(old_file: Path) -> None:
    connection = sqlite3.connect(old_file, isolation_level=None)
    assert migrate(connection) == VERSION
    before = schema_of(old_file)
    assert migrate(connection) == VERSION
    assert schema_of(old_file) == before
    connection.close()


@pytest.mark.parametrize("opened", [SessionReader, SessionWriter.open])
def test_a_file_of_a_newer_version_is_refused(old_file: Path, opened: type[SessionReader]) -> None:
    connection = sqlite3.connect(old_file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(SessionError, match=r"newer emgdetect.*99") as caught:
        opened(old_file)
    assert caught.value.hint == "update emgdetect"


def test_an_old_file_that_cannot_be_migrated_stays_readable(old_file: Path) -> None:
    connection = sqlite3.connect(old_file)
    connection.execute("CREATE TABLE oddity (something TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(SessionError, match=r"old\.emgdb"):
        SessionWriter.open(old_file)
    check_contents(old_file)


def test_the_application_number_stands_where_sniffing_looks(tmp_path: Path, info: StreamInfo) -> None:
    path = tmp_path / "a.emgdb"
    with SessionWriter.create(path) as session:
        session.add_stream(info)
        session.note(Note("note", "x"))
    assert path.read_bytes()[68:72] == b"EMGD" == APPLICATION_ID.to_bytes(4, "big")

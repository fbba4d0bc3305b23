"""A session as one more format of recordings, and what happens when it is damaged."""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import EmgError, SessionError, UsageError
from emgdetect.recording import Head, ReadOptions
from emgdetect.session import Note, SessionReader, SessionWriter, save_detection
from emgdetect.session.format import read, sniff
from emgdetect.types import Channel, Chunk, Gap, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection

BYTE_MUTATIONS = 1200
VALUE_MUTATIONS = 500
TABLES = ("stream", "channel", "block", "gap", "run", "event", "quality", "note", "oddity")


@pytest.fixture
def path(tmp_path: Path, info: StreamInfo, detection: Detection) -> Path:
    path = tmp_path / "night.emgdb"
    rng = np.random.default_rng(3)
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(info, source="night.txt")
        session.append(stream_id, Chunk(rng.integers(-900, 900, (2, 150), np.int16), 0))
        session.add_gap(stream_id, Gap(150, 50, "disconnect"))
        session.append(stream_id, Chunk(rng.integers(-900, 900, (2, 800), np.int16), 200))
        second = session.add_stream(StreamInfo(7.5, (Channel("slow", "adc"),)))
        session.append(second, Chunk(rng.normal(size=(1, 100)), 0))
        save_detection(session, stream_id, detection)
        session.add_notes(
            [Note("annotation", "turned", onset=2.0, duration=0.0, channel="x"), Note("note", "y", onset=1.0)]
        )
        session.add_oddities(["odd"])
    return path


def head(path: Path, size: int = 4096) -> Head:
    return Head(path, path.stat().st_size, path.read_bytes()[:size])


def read_everything(path: Path) -> None:
    """Read all there is, as a user of the file would."""
    recording = read(path, ReadOptions())
    for stream in recording.streams:
        samples = 0
        for piece in stream.pieces(64):
            if isinstance(piece, Chunk):
                assert piece.data.shape == (len(stream.info.channels), piece.stop - piece.start)
                assert piece.data.shape[1] <= 64
                samples += piece.data.shape[1]
            else:
                samples += piece.n_samples
        assert samples == stream.n_samples
    with SessionReader(path) as session:
        for run in session.runs():
            session.detection(run.id)
            session.events(run.id)
        session.notes()


def refused_in_one_line(path: Path) -> bool:
    """Read all there is, or find it refused as a user should see it."""
    refusal = None
    try:
        read_everything(path)
    except EmgError as error:
        refusal = str(error)
    assert refusal is None or ("\n" not in refusal and path.name in refusal)
    return refusal is not None


def test_a_session_is_recognised_by_its_content(path: Path, tmp_path: Path) -> None:
    other = path.rename(tmp_path / "renamed.txt")
    assert sniff(head(other))
    assert sniff(head(other, 72))
    assert not sniff(head(other, 71))
    foreign = tmp_path / "foreign.emgdb"
    connection = sqlite3.connect(foreign)
    connection.execute("CREATE TABLE x (y)")
    connection.commit()
    connection.close()
    assert not sniff(head(foreign))
    (tmp_path / "text.emgdb").write_bytes(b"SQLite format 3, or so it says")
    assert not sniff(head(tmp_path / "text.emgdb"))
    assert not sniff(Head(path, 0, b""))


def test_a_session_being_recorded_is_recognised_and_read(tmp_path: Path, info: StreamInfo) -> None:
    path = tmp_path / "live.emgdb"
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(info)
        session.append(stream_id, Chunk(np.ones((2, 5), np.int16), 0))
        session.commit()
        assert sniff(head(path))
        recording = read(path, ReadOptions())
        assert recording.streams[0].fetch(0, 5).tolist() == [[1] * 5] * 2


def test_a_recording_outlives_the_call_that_opened_it(path: Path) -> None:
    fetch = read(path, ReadOptions()).streams[0].fetch
    assert fetch(0, 10).shape == (2, 10)


def test_the_user_knows_better(path: Path, tmp_path: Path) -> None:
    recording = read(path, ReadOptions(unit="envelope"))
    assert {channel.unit for stream in recording.streams for channel in stream.info.channels} == {"envelope"}
    assert recording.streams[0].info.channels[0].gain == 0.1
    assert recording.oddities[0] == "odd"
    assert "unit envelope as given by the user for slow" in recording.oddities
    with SessionWriter.create(tmp_path / "one.emgdb") as session:
        session.add_stream(StreamInfo(7.5, (Channel("slow", "adc"),)))
    recording = read(tmp_path / "one.emgdb", ReadOptions(sampling_rate=8.0, unit="adc"))
    assert recording.streams[0].info.sampling_rate == 8.0
    assert recording.oddities == ("sampling rate 8 Hz as given by the user; the session says 7.5 Hz",)


@pytest.mark.parametrize(
    ("rate", "words"), [(100.0, "several streams"), (0.0, "makes no sense"), (float("nan"), "makes no sense")]
)
def test_a_rate_that_cannot_be_is_refused(path: Path, rate: float, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read(path, ReadOptions(sampling_rate=rate))


def test_the_undamaged_file_reads(path: Path) -> None:
    read_everything(path)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Return the bytes with one thing wrong: flipped, overwritten, cut off, removed or doubled."""
    out = bytearray(data)
    # Half of the changes hit the places that say what the rest means.
    page = 4096 * rng.randrange(len(data) // 4096)
    at = page + rng.randrange(120) if rng.random() < 0.5 else rng.randrange(len(data))
    match rng.randrange(6):
        case 0 | 1:
            for _ in range(rng.choice((1, 1, 4, 40))):
                out[min(len(out) - 1, at + rng.randrange(60))] ^= 1 << rng.randrange(8)
        case 2:
            out[at : at + 8] = rng.randbytes(8)
        case 3:
            del out[at:]
        case 4:
            del out[at : at + rng.randrange(1, 5000)]
        case 5:
            other = 4096 * rng.randrange(len(data) // 4096)
            out[page : page + 4096] = data[other : other + 4096]
    return bytes(out)


def test_a_damaged_file_is_read_whole_or_refused_in_one_line(path: Path, tmp_path: Path) -> None:
    data, rng, refused = path.read_bytes(), random.Random(7), 0  # noqa: S311 - no secret
    broken = tmp_path / "broken.emgdb"
    for _ in range(BYTE_MUTATIONS):
        broken.write_bytes(mutated(data, rng))
        refused += refused_in_one_line(broken)
    assert BYTE_MUTATIONS // 4 < refused < BYTE_MUTATIONS


WRONG = (
    None,
    -1,
    0,
    1,
    3,
    7,
    2**62,
    -(2**63),
    1.5,
    float("inf"),
    1e300,
    "",
    "x",
    "\0",
    b"",
    b"\xff\xfe",
    "[]",
    "{}",
    "[1]",
)
WRONG_TEXT = (
    '[{"kind": "twitch"}]',
    '{"a":',
    "[[1, 2]]",
    "[[[1]]]",
    "int64",
    "2024-13-01",
    "0" * 5000,
    "[" * 5000,
)


def test_any_wrong_value_anywhere_is_read_or_refused_in_one_line(path: Path, tmp_path: Path) -> None:
    data, rng, refused = path.read_bytes(), random.Random(11), 0  # noqa: S311 - no secret
    broken = tmp_path / "broken.emgdb"
    for _ in range(VALUE_MUTATIONS):
        broken.write_bytes(data)
        connection = sqlite3.connect(broken)
        connection.execute("PRAGMA synchronous = OFF")
        table = rng.choice(TABLES)
        # Without the rule that a value must not be missing, which a damaged file need not keep either.
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = ?", (table,)
        )
        connection.commit()
        connection.close()
        connection = sqlite3.connect(broken)
        column = rng.choice(connection.execute(f"PRAGMA table_info({table})").fetchall())[1]
        value = rng.choice(WRONG + WRONG_TEXT)
        with suppress(sqlite3.IntegrityError):
            connection.execute(f'UPDATE {table} SET "{column}" = ?', (value,))  # noqa: S608 - a test's own names
            if isinstance(value, bytes):
                connection.execute(f'UPDATE {table} SET "{column}" = CAST(? AS TEXT)', (value,))  # noqa: S608 - the same
        connection.commit()
        connection.close()
        refused += refused_in_one_line(broken)
    assert VALUE_MUTATIONS // 4 < refused < VALUE_MUTATIONS


def changed(path: Path, sql: str) -> Path:
    connection = sqlite3.connect(path)
    connection.execute(sql)
    connection.commit()
    connection.close()
    return path


def test_samples_that_vanished_become_a_gap(path: Path) -> None:
    changed(path, "DELETE FROM block WHERE stream_id = 1 AND start = 0")
    (stream, _) = read(path, ReadOptions()).streams
    assert stream.gaps == (Gap(0, 200, "unknown, disconnect"),)
    assert stream.n_samples == 1000


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE block SET start = start - 1 WHERE start = 200", "stored twice|gaps overlap"),
        ("UPDATE block SET data = x'00' WHERE start = 200", "wrong length"),
        ("UPDATE block SET dtype = 'int32' WHERE start = 200", "change their type"),
        ("UPDATE block SET dtype = 'object'", "unknown type 'object'"),
        ("UPDATE gap SET n_samples = 4000000000000", "damaged"),
        ("UPDATE stream SET sampling_rate = -5", "sampling rate is -5"),
        ("UPDATE channel SET unit = 'V'", "unit of a channel is 'V'"),
        ("DELETE FROM channel", "no channels"),
        ("UPDATE stream SET start = 'yesterday'", "start time is 'yesterday'"),
    ],
)
def test_damage_is_named(path: Path, sql: str, words: str) -> None:
    changed(path, sql)
    with pytest.raises(SessionError, match=words) as caught:
        read_everything(path)
    assert caught.value.where == path

"""The statements that put things into a session; all run inside a transaction of the writer."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

import numpy as np

from emgdetect.errors import SessionError
from emgdetect.types import Event, Unit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from emgdetect.session.records import Anchor, Note, RunInfo
    from emgdetect.types import Channel, Gap, Quality, StreamInfo

EVENT_FIELDS = tuple(field.name for field in fields(Event))
EVENT_COLUMNS = ", ".join(EVENT_FIELDS)
EVENT_NUMBERS = ("peak", "rms", "snr_db", "median_frequency", "rhythm", "confidence")
"""Those that may be NaN, which SQLite keeps as NULL."""

STOP = """SELECT max(
    coalesce((SELECT start + n_samples FROM block WHERE stream_id = :stream ORDER BY start DESC LIMIT 1), 0),
    coalesce((SELECT start + n_samples FROM gap WHERE stream_id = :stream ORDER BY start DESC LIMIT 1), 0))"""
"""Index after the last sample or gap that is stored."""

Block = tuple[int, int, str, bytes]
"""A block: start, number of samples, type, bytes."""

QualityRow = tuple[int, str, int, bytes, bytes]
"""Run, channel, first second, noise floor, reason."""

_INSERT_NOTE = """INSERT INTO note (time, kind, text, onset, duration, channel, value, unit)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""

_INSERT_EVENT = f"INSERT INTO event (run_id, {EVENT_COLUMNS}) VALUES (?{', ?' * len(EVENT_FIELDS)})"  # noqa: S608 - our own names


def insert_stream(connection: sqlite3.Connection, info: StreamInfo, source: str) -> int:
    """Store what is known of a stream and return its number."""
    check_info(info)
    start = None if info.start is None else info.start.isoformat()
    cursor = connection.execute(
        "INSERT INTO stream (sampling_rate, device, start, source) VALUES (?, ?, ?, ?)",
        (float(info.sampling_rate), info.device, start, storable(source)),
    )
    connection.executemany(
        "INSERT INTO channel VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (cursor.lastrowid, position, c.name, c.unit, float(c.gain), float(c.offset), *_rails(c))
            for position, c in enumerate(info.channels)
        ],
    )
    return int(cursor.lastrowid or 0)


def check_info(info: StreamInfo) -> None:
    """Refuse a description that could not be read back.

    Raises
    ------
    SessionError
        For a rate that is not positive, no channels, an unknown unit, or a calibration that is not finite.
    """
    if not (math.isfinite(info.sampling_rate) and info.sampling_rate > 0):
        raise SessionError(f"a sampling rate of {info.sampling_rate} Hz is not possible")
    if not info.channels:
        raise SessionError("a stream without channels cannot be stored")
    for channel in info.channels:
        if channel.unit not in get_args(Unit):
            raise SessionError(f"unknown unit {channel.unit!r:.40}", where=channel.name)
        limits = [value for value in (channel.raw_low, channel.raw_high) if value is not None]
        if not all(map(math.isfinite, (channel.gain, channel.offset, *limits))):
            raise SessionError("the calibration is not finite", where=channel.name)


def insert_run(connection: sqlite3.Connection, stream_id: int, run: RunInfo) -> int:
    """Store the head of a run and return its number."""
    cursor = connection.execute(
        """INSERT INTO run
            (stream_id, profile, version, config_hash, settings, created, source, refused, notices)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            stream_id,
            run.profile,
            run.version,
            run.config_hash,
            as_json(run.settings),
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            storable(run.source),
            as_json([asdict(refusal) for refusal in run.refused]),
            as_json(run.notices),
        ),
    )
    return int(cursor.lastrowid or 0)


def correct_stream(connection: sqlite3.Connection, stream_id: int, info: StreamInfo) -> None:
    """Put a measured rate and start in the place of those a stream was begun with."""
    check_info(info)
    if connection.execute("SELECT 1 FROM run WHERE stream_id = ?", (stream_id,)).fetchone():
        raise SessionError(f"stream {stream_id} has been searched: its rate cannot change any more")
    start = None if info.start is None else info.start.isoformat()
    changed = connection.execute(
        "UPDATE stream SET sampling_rate = ?, start = ? WHERE id = ?",
        (float(info.sampling_rate), start, stream_id),
    )
    if not changed.rowcount:
        raise SessionError(f"there is no stream {stream_id}")


def insert_anchor(connection: sqlite3.Connection, stream_id: int, anchor: Anchor) -> None:
    """Store a moment of a stream; a second one at the same sample takes its place."""
    connection.execute(
        "INSERT OR REPLACE INTO clock (stream_id, sample, time, sampling_rate) VALUES (?, ?, ?, ?)",
        (stream_id, int(anchor.sample), anchor.time.isoformat(timespec="milliseconds"), anchor.sampling_rate),
    )


def remove_provisional(connection: sqlite3.Connection, run_id: int, events: Iterable[Event]) -> None:
    """Remove what was announced provisionally and has become part of a final event."""
    connection.executemany(
        "DELETE FROM event WHERE run_id = ? AND channel = ? AND sample = ? AND status = 'provisional'",
        [(run_id, event.channel, event.sample) for event in events],
    )


def insert_events(connection: sqlite3.Connection, run_id: int, events: Iterable[Event]) -> None:
    """Store events; one takes the place of what was announced provisionally at its channel and sample."""
    found = tuple(events)
    remove_provisional(connection, run_id, found)
    connection.executemany(_INSERT_EVENT, [(run_id, *_event_row(event)) for event in found])


def mark_withdrawn(connection: sqlite3.Connection, run_id: int, events: Iterable[Event]) -> None:
    """Mark provisional events that did not last; they stay in the file."""
    connection.executemany(
        """UPDATE event SET status = 'withdrawn'
            WHERE run_id = ? AND channel = ? AND sample = ? AND status = 'provisional'""",
        [(run_id, event.channel, event.sample) for event in events],
    )


def insert_quality(connection: sqlite3.Connection, row: QualityRow) -> None:
    """Store seconds of quality; the same again, after an interrupted commit, changes nothing."""
    if connection.execute(
        "SELECT 1 FROM quality WHERE run_id = ? AND channel = ? AND start = ?", row[:3]
    ).fetchone():
        return
    connection.execute(
        "INSERT INTO quality (run_id, channel, start, floor, reason) VALUES (?, ?, ?, ?, ?)", row
    )


def quality_row(run_id: int, part: Quality) -> QualityRow:
    """Return the row of the table ``quality`` for some seconds of a channel."""
    floor, reason = part.floor.astype("<f4").tobytes(), part.reason.astype(np.uint8).tobytes()
    return run_id, storable(part.channel), int(part.start), floor, reason


def finish_run(connection: sqlite3.Connection, run_id: int, n_samples: int) -> None:
    """Store how far a run has come."""
    connection.execute("UPDATE run SET n_samples = ? WHERE id = ?", (int(n_samples), run_id))


def insert_block(connection: sqlite3.Connection, stream_id: int, block: Block) -> None:
    """Store a block of samples that follows on what is stored."""
    if _follows(connection, stream_id, "block", block[:2]):
        connection.execute(
            "INSERT INTO block (stream_id, start, n_samples, dtype, data) VALUES (?, ?, ?, ?, ?)",
            (stream_id, *block),
        )


def insert_gap(connection: sqlite3.Connection, stream_id: int, gap: Gap) -> None:
    """Store a gap that follows on what is stored."""
    span = (int(gap.start), int(gap.n_samples))
    if _follows(connection, stream_id, "gap", span):
        connection.execute(
            "INSERT INTO gap (stream_id, start, n_samples, cause) VALUES (?, ?, ?, ?)",
            (stream_id, *span, storable(gap.cause)),
        )


def _follows(connection: sqlite3.Connection, stream_id: int, table: str, span: tuple[int, int]) -> bool:
    """Say whether a span is new; one that was stored already by an interrupted commit is not."""
    (stop,) = connection.execute(STOP, {"stream": stream_id}).fetchone()
    if stop == span[0]:
        return True
    sql = f"SELECT 1 FROM {table} WHERE stream_id = ? AND start = ? AND n_samples = ?"  # noqa: S608 - our own names
    if connection.execute(sql, (stream_id, *span)).fetchone():
        return False
    raise SessionError(
        f"another program has written into stream {stream_id}: it ends at {stop}, not {span[0]}"
    )


def insert_note(connection: sqlite3.Connection, note: Note) -> int:
    """Store a note and return its number."""
    return int(connection.execute(_INSERT_NOTE, _note_row(note)).lastrowid or 0)


def insert_notes(connection: sqlite3.Connection, notes: Iterable[Note]) -> None:
    """Store many notes."""
    connection.executemany(_INSERT_NOTE, [_note_row(note) for note in notes])


def delete_note(connection: sqlite3.Connection, note_id: int) -> bool:
    """Take back a note and say whether there was one of that number."""
    return connection.execute("DELETE FROM note WHERE id = ?", (note_id,)).rowcount > 0


def insert_oddities(connection: sqlite3.Connection, oddities: Iterable[str]) -> None:
    """Store sentences about what was unusual."""
    connection.executemany("INSERT INTO oddity (text) VALUES (?)", [(storable(line),) for line in oddities])


def _note_row(note: Note) -> tuple[object, ...]:
    onset, duration, value = (
        None if number is None else float(number) for number in (note.onset, note.duration, note.value)
    )
    channel, unit = (None if word is None else storable(word) for word in (note.channel, note.unit))
    time = None if note.time is None else note.time.isoformat()
    return time, storable(note.kind), storable(note.text), onset, duration, channel, value, unit


def _event_row(event: Event) -> tuple[object, ...]:
    values = {name: getattr(event, name) for name in EVENT_FIELDS}
    # numpy's own numbers would be stored as bytes.
    values |= {name: float(values[name]) for name in ("onset", "duration", *EVENT_NUMBERS)}
    values |= {"sample": int(event.sample), "n_samples": int(event.n_samples), "flags": as_json(event.flags)}
    return tuple(values.values())


def as_json(value: object) -> str:
    """Return plain values as JSON text.

    Raises
    ------
    SessionError
        If something in it is no plain value.
    """
    try:
        return json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise SessionError(
            f"a setting cannot be stored: {error}", hint="use plain values as in JSON"
        ) from error


def storable(value: str) -> str:
    """Return a text that can be stored: a file name may hold bytes that are no text."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def _rails(channel: Channel) -> tuple[float | None, ...]:
    return tuple(None if rail is None else float(rail) for rail in (channel.raw_low, channel.raw_high))

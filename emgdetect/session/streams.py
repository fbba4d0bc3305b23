"""Streams in the tables ``stream``, ``channel``, ``block`` and ``gap``."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

from emgdetect.errors import SessionError
from emgdetect.recording import Stream
from emgdetect.session.blocks import BlockReader
from emgdetect.session.checks import (
    integer,
    moment_or_none,
    number,
    number_or_none,
    parsed,
    text,
)
from emgdetect.session.database import DamagedError
from emgdetect.session.inserts import STOP
from emgdetect.types import Channel, Gap, StreamInfo, Unit

if TYPE_CHECKING:
    from emgdetect.session.database import Database

LONGEST_SECONDS = 366 * 86400
"""A stream that claims to last longer than a year is taken for damaged."""

_STEPS = """
    WITH span AS (
        SELECT start, n_samples FROM block WHERE stream_id = ?1
        UNION ALL SELECT start, n_samples FROM gap WHERE stream_id = ?1),
    step AS (SELECT LAG(start + n_samples, 1, 0) OVER (ORDER BY start) AS before, start FROM span)
    SELECT before, start FROM step WHERE before <> start ORDER BY start"""


def load_info(database: Database, stream_id: int) -> StreamInfo:
    """Return the description of a stream.

    Raises
    ------
    SessionError
        If there is no such stream.
    """
    rows = database.rows("SELECT sampling_rate, device, start FROM stream WHERE id = ?", stream_id)
    if not rows:
        raise SessionError(f"there is no stream {stream_id}", where=database.path)
    channels = database.rows(
        'SELECT name, unit, gain, "offset", raw_low, raw_high FROM channel'
        " WHERE stream_id = ? ORDER BY position",
        stream_id,
    )
    return _info(rows[0], channels)


def info_as_json(info: StreamInfo) -> dict[str, Any]:
    """Return a description as plain values; :func:`info_from_json` is the way back."""
    return {
        "sampling_rate": info.sampling_rate,
        "device": info.device,
        "start": None if info.start is None else info.start.isoformat(),
        "channels": [[c.name, c.unit, c.gain, c.offset, c.raw_low, c.raw_high] for c in info.channels],
    }


def info_from_json(value: object) -> StreamInfo:
    """Return the description stored as JSON text."""
    content = parsed(value, "description of a run", dict)
    channels = content.get("channels")
    if not isinstance(channels, list) or not all(isinstance(c, list) and len(c) == 6 for c in channels):  # noqa: PLR2004 - the fields written above
        raise DamagedError("the description of a run has no channels")
    return _info((content.get("sampling_rate"), content.get("device"), content.get("start")), channels)


def _info(row: tuple[Any, Any, Any], channels: list[Any]) -> StreamInfo:
    rate = number(row[0], "sampling rate")
    if rate <= 0 or not channels:
        raise DamagedError("a stream has no channels" if rate > 0 else f"the sampling rate is {rate}")
    return StreamInfo(
        sampling_rate=rate,
        channels=tuple(_channel(*values) for values in channels),
        device=text(row[1], "device"),
        start=moment_or_none(row[2], "start time"),
    )


def _channel(name: object, unit: Any, gain: object, offset: object, *rails: object) -> Channel:  # noqa: ANN401 - checked against the units
    if unit not in get_args(Unit):
        raise DamagedError(f"the unit of a channel is {unit!r:.40}")
    return Channel(
        name=text(name, "name of a channel"),
        unit=unit,
        gain=number(gain, "gain"),
        offset=number(offset, "offset"),
        raw_low=number_or_none(rails[0], "lower rail"),
        raw_high=number_or_none(rails[1], "upper rail"),
    )


def load_stream(database: Database, stream_id: int) -> Stream:
    """Return a stream as it stands now; samples are read when they are fetched."""
    with database.snapshot():
        info = load_info(database, stream_id)
        n_samples = stored_stop(database, stream_id)
        if n_samples > LONGEST_SECONDS * info.sampling_rate:
            raise DamagedError(f"a stream has {n_samples} samples at {info.sampling_rate} Hz")
        gaps = load_gaps(database, stream_id, n_samples)
        fetch = BlockReader(database, stream_id, len(info.channels))
    return Stream(info=info, n_samples=n_samples, gaps=gaps, fetch=fetch)


def stored_stop(database: Database, stream_id: int) -> int:
    """Return the index after the last sample or gap that is stored."""
    return integer(database.rows(STOP, {"stream": stream_id})[0][0], "end of a stream")


def load_gaps(database: Database, stream_id: int, n_samples: int) -> tuple[Gap, ...]:
    """Return the gaps of a stream of ``n_samples``, touching ones joined.

    Samples that are missing without an explanation, as after damage, make gaps of cause "unknown".
    """
    gaps = [
        Gap(
            integer(start, "start of a gap"),
            integer(length, "length of a gap", low=1),
            text(cause, "cause of a gap"),
        )
        for start, length, cause in database.rows(
            "SELECT start, n_samples, cause FROM gap WHERE stream_id = ? ORDER BY start", stream_id
        )
    ]
    if _held(database, stream_id) != n_samples:
        gaps = sorted([*gaps, *_holes(database, stream_id)], key=lambda gap: gap.start)
    if any(after.start < before.stop for before, after in pairwise(gaps)):
        raise DamagedError("gaps overlap")
    return _joined(gaps)


def clipped(gaps: tuple[Gap, ...], n_samples: int) -> tuple[Gap, ...]:
    """Return the part of the gaps before ``n_samples``."""
    return tuple(
        Gap(gap.start, min(gap.stop, n_samples) - gap.start, gap.cause)
        for gap in gaps
        if gap.start < n_samples
    )


def _held(database: Database, stream_id: int) -> object:
    sql = """SELECT (SELECT coalesce(sum(n_samples), 0) FROM block WHERE stream_id = ?1)
        + (SELECT coalesce(sum(n_samples), 0) FROM gap WHERE stream_id = ?1)"""
    return database.rows(sql, stream_id)[0][0]


def _holes(database: Database, stream_id: int) -> list[Gap]:
    holes = []
    for before, start in database.rows(_STEPS, stream_id):
        first, stop = integer(before, "end of a block"), integer(start, "start of a block")
        if stop < first:
            raise DamagedError(f"samples are stored twice, at {stop}")
        holes.append(Gap(first, stop - first, "unknown"))
    return holes


def _joined(gaps: list[Gap]) -> tuple[Gap, ...]:
    joined: list[Gap] = []
    for gap in gaps:
        if joined and joined[-1].stop == gap.start:
            last = joined.pop()
            same = gap.cause in last.cause.split(", ")
            cause = last.cause if same else f"{last.cause}, {gap.cause}"
            joined.append(Gap(last.start, last.n_samples + gap.n_samples, cause))
        else:
            joined.append(gap)
    return tuple(joined)

"""A session as one more format of recordings."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.session.reader import SessionReader
from emgdetect.session.schema import APPLICATION_ID

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions, Recording, Stream
    from emgdetect.types import Unit

_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = slice(68, 72)


def sniff(head: Head) -> bool:
    """Say whether the first bytes are those of a session: an SQLite file with our application number."""
    is_ours = head.data[_APPLICATION_ID_AT] == APPLICATION_ID.to_bytes(4, "big")
    return is_ours and head.data.startswith(_MAGIC)


def read(path: Path, options: ReadOptions) -> Recording:
    """Open a session as a recording; it may be being written, and is read as far as it is committed.

    What ``options`` says takes the place of what the file says, and is told in the oddities. The process that
    records a session must not look at it through this, but through :class:`SessionReader`.

    Raises
    ------
    SessionError
        If it is damaged or of a newer version.
    UsageError
        If ``options`` gives a sampling rate that is none, or one for several streams.
    """
    recording = SessionReader(path).recording()
    remarks: list[str] = []
    streams = recording.streams
    if options.sampling_rate is not None:
        streams = _with_rate(recording, options.sampling_rate, remarks)
    if options.unit is not None:
        streams = tuple(_with_unit(stream, options.unit, remarks) for stream in streams)
    return replace(recording, streams=streams, oddities=(*recording.oddities, *remarks))


def _with_rate(recording: Recording, rate: float, remarks: list[str]) -> tuple[Stream, ...]:
    if not (math.isfinite(rate) and rate > 0):
        raise UsageError(
            f"a sampling rate of {rate:g} Hz makes no sense",
            where=recording.path,
            hint="give it in Hz, above 0",
        )
    if len(recording.streams) > 1:
        raise UsageError(
            "the session has several streams, so one sampling rate for all would be wrong",
            where=recording.path,
            hint="leave --sampling-rate out",
        )
    for stream in recording.streams:
        stored = stream.info.sampling_rate
        if stored != rate:
            remarks.append(f"sampling rate {rate:g} Hz as given by the user; the session says {stored:g} Hz")
    return tuple(replace(s, info=replace(s.info, sampling_rate=rate)) for s in recording.streams)


def _with_unit(stream: Stream, unit: Unit, remarks: list[str]) -> Stream:
    changed = [channel.name for channel in stream.info.channels if channel.unit != unit]
    if changed:
        remarks.append(f"unit {unit} as given by the user for {', '.join(changed)}")
    channels = tuple(replace(channel, unit=unit) for channel in stream.info.channels)
    return replace(stream, info=replace(stream.info, channels=channels))

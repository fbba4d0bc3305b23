"""A session as one more format of recordings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError
from emgdetect.session.reader import SessionReader
from emgdetect.session.schema import APPLICATION_ID

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions, Recording, Stream

_MAGIC = b"SQLite format 3\x00"
_APPLICATION_ID_AT = slice(68, 72)


def sniff(head: Head) -> bool:
    """Say whether the first bytes are those of a session: an SQLite file with our application number."""
    is_ours = head.data[_APPLICATION_ID_AT] == APPLICATION_ID.to_bytes(4, "big")
    return is_ours and head.data.startswith(_MAGIC)


def read(path: Path, options: ReadOptions) -> Recording:
    """Open a session as a recording; it may be being written, and is read as far as it is committed.

    Raises
    ------
    SessionError
        If it is damaged or of a newer version.
    UsageError
        If ``options`` gives one sampling rate for streams of several.
    """
    recording = SessionReader(path).recording()
    rates = {stream.info.sampling_rate for stream in recording.streams}
    if options.sampling_rate is not None and len(rates) > 1:
        raise UsageError(
            "the session has streams of several sampling rates; one cannot replace them", where=path
        )
    return replace(recording, streams=tuple(_corrected(stream, options) for stream in recording.streams))


def _corrected(stream: Stream, options: ReadOptions) -> Stream:
    info = stream.info
    if options.sampling_rate is not None:
        info = replace(info, sampling_rate=options.sampling_rate)
    if options.unit is not None:
        info = replace(info, channels=tuple(replace(channel, unit=options.unit) for channel in info.channels))
    return replace(stream, info=info)

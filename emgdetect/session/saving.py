"""A result into a session, in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.session.writer import SessionWriter

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import Detection


def save_detection(session: Path | str | SessionWriter, stream_id: int, detection: Detection) -> int:
    """Store a result with a stream of a session and return the number of its run.

    Parameters
    ----------
    session : Path, str or SessionWriter
        The session; a path may be that of a session another program is recording into.
    stream_id : int
        The stream it was found in.
    detection : Detection
        The result. Others of the same stream are kept beside it.

    Raises
    ------
    SessionError
        If there is no such session or stream.
    OutputError
        If the file cannot be written to.
    """
    if isinstance(session, SessionWriter):
        return session.add_detection(stream_id, detection)
    with SessionWriter.open(session, recording=False) as writer:
        return writer.add_detection(stream_id, detection)

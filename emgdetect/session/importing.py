"""Any recording as a session: every sample, gap and mark of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.errors import OutputError
from emgdetect.session.blocks import BLOCK_BYTES
from emgdetect.session.database import open_new, remove_logs
from emgdetect.session.lock import RecorderLock, target_of
from emgdetect.session.policy import CommitPolicy
from emgdetect.session.records import ANNOTATION, Note
from emgdetect.session.writer import SessionWriter
from emgdetect.types import Gap
from emgdetect.writing import atomic_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from emgdetect.recording import Recording, Stream
    from emgdetect.types import Detection

_COMMIT_BYTES = 4 << 20
_LARGEST_SAMPLE_BYTES = 8


def import_recording(
    recording: Recording,
    path: Path | str,
    *,
    results: Iterable[tuple[int, Detection]] = (),
    progress: Callable[[int, int], None] | None = None,
    force: bool = False,
) -> tuple[int, ...]:
    """Copy a recording into a new session, in constant memory.

    Parameters
    ----------
    recording : Recording
        What to copy: all its streams, gaps, annotations and oddities.
    path : Path or str
        The session to make. It stands there complete or not at all.
    results : iterable of (int, Detection)
        What was found in the streams, by their index in the recording. The session appears under its name
        with all of it, and one that is replaced stays as it is if anything fails.
    progress : callable, optional
        Called with the number of samples copied (gaps included) and that of all.
    force : bool, default False
        Whether a file of that name may be replaced.

    Returns
    -------
    tuple of int
        The numbers of the streams, in the order of ``recording.streams``.

    Raises
    ------
    OutputError
        If the file exists and ``force`` is false, cannot be written, or is the recording itself.
    SessionError
        If another program is recording into it, or the recording cannot be stored.
    EmgError
        What reading the recording raises.
    """
    target = target_of(path)
    if target.exists() and Path(recording.path).resolve() == target:
        raise OutputError(
            "a recording cannot be imported into itself", where=target, hint="choose another name"
        )
    lock = RecorderLock(target)
    try:
        with atomic_target(target, force=force) as unfinished:
            # Nothing needs to be safe before the file gets its name: commits only bound the memory.
            policy = CommitPolicy(seconds=float("inf"), n_bytes=_COMMIT_BYTES)
            with SessionWriter(open_new(unfinished, named=target), policy=policy) as session:
                stream_ids = _copy(recording, session, progress or _silent)
                for index, detection in results:
                    session.add_detection(stream_ids[index], detection)
            remove_logs(target)
    finally:
        lock.release()
    return stream_ids


def _copy(
    recording: Recording, session: SessionWriter, progress: Callable[[int, int], None]
) -> tuple[int, ...]:
    total = sum(stream.n_samples for stream in recording.streams)
    done = 0
    stream_ids = []
    for stream in recording.streams:
        stream_id = session.add_stream(stream.info, source=Path(recording.path).name)
        stream_ids.append(stream_id)
        for copied in _copy_stream(stream, session, stream_id):
            progress(done + copied, total)
        done += stream.n_samples
    session.add_oddities(recording.oddities)
    session.add_notes(
        Note(ANNOTATION, mark.text, onset=mark.onset, duration=mark.duration, channel=mark.channel)
        for mark in recording.annotations
    )
    return tuple(stream_ids)


def _copy_stream(stream: Stream, session: SessionWriter, stream_id: int) -> Iterator[int]:
    chunk_samples = max(1, BLOCK_BYTES // (_LARGEST_SAMPLE_BYTES * max(1, len(stream.info.channels))))
    for piece in stream.pieces(chunk_samples):
        if isinstance(piece, Gap):
            session.add_gap(stream_id, piece)
        else:
            session.append(stream_id, piece)
        yield piece.stop


def _silent(done: int, total: int) -> None:
    """Tell nobody."""

"""Reading a session, finished or being written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from emgdetect.recording import Recording
from emgdetect.session.checks import (
    integer,
    moment,
    moment_or_none,
    number,
    number_or_none,
    text,
    text_or_none,
)
from emgdetect.session.database import open_reading, session_errors
from emgdetect.session.records import ANNOTATION, Anchor, Note, Run
from emgdetect.session.results import load_detection, load_events, load_onsets, load_runs
from emgdetect.session.streams import load_stream
from emgdetect.types import Annotation

if TYPE_CHECKING:
    from types import TracebackType

    from emgdetect.recording import Stream
    from emgdetect.types import Detection, Event, Status

_SINCE_ODDITIES = 2
_SINCE_NUMBERS = 3
_SINCE_ANCHORS = 4


class SessionReader:
    """A session opened for reading; each call sees what was committed until then.

    It never changes the file, and reads older versions as they are. Streams and recordings it
    has handed out can be read until :meth:`close`; left alone it closes when the last of them goes.

    Parameters
    ----------
    path : Path or str
        The session; another program may be writing it.

    Raises
    ------
    SessionError
        If there is no such file, or it is no session, of a newer version, or damaged.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._database = open_reading(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; further calls do nothing."""
        self._database.close()

    def stream_ids(self) -> tuple[int, ...]:
        """Return the numbers of the streams, the main one first, in the order of :meth:`streams`."""
        with session_errors(self.path, writing=False):
            rows = self._database.rows("SELECT id FROM stream ORDER BY id")
            return tuple(integer(row[0], "number of a stream") for row in rows)

    def stream(self, stream_id: int) -> Stream:
        """Return a stream as far as it is committed now.

        Raises
        ------
        SessionError
            If there is no such stream, or it is damaged.
        """
        return load_stream(self._database, stream_id)

    def streams(self) -> tuple[Stream, ...]:
        """Return all streams; none is no error."""
        return tuple(self.stream(stream_id) for stream_id in self.stream_ids())

    def source(self, stream_id: int) -> str:
        """Return where a stream came from: the name of a file, or empty.

        Raises
        ------
        SessionError
            If there is no such stream.
        """
        with session_errors(self.path, writing=False):
            rows = self._database.rows("SELECT source FROM stream WHERE id = ?", stream_id)
            return text(rows[0][0] if rows else None, f"source of stream {stream_id}")

    def anchors(self, stream_id: int) -> tuple[Anchor, ...]:
        """Return when samples of a stream were taken, in order; none is no error."""
        if self._database.version < _SINCE_ANCHORS:
            return ()
        with session_errors(self.path, writing=False):
            rows = self._database.rows(
                "SELECT sample, time, sampling_rate FROM clock WHERE stream_id = ? ORDER BY sample", stream_id
            )
            return tuple(
                Anchor(
                    sample=integer(sample, "sample of a moment"),
                    time=moment(time, "time of a moment"),
                    sampling_rate=number(rate, "rate of a moment"),
                )
                for sample, time, rate in rows
            )

    def runs(self, stream_id: int | None = None) -> tuple[Run, ...]:
        """Return the runs of one stream or of all, oldest first; none is no error."""
        with session_errors(self.path, writing=False):
            return tuple(run for run in load_runs(self._database) if stream_id in {None, run.stream_id})

    def detection(self, run_id: int, *, events: bool = True) -> Detection:
        """Return the result of a run as it was stored: final events only, or none with ``events`` false.

        Of a run that goes on (or was cut off), what is known until now.

        Raises
        ------
        SessionError
            If there is no such run, or it is damaged.
        """
        with self._database.snapshot():
            return load_detection(self._database, run_id, events=events)

    def onsets(self, run_id: int) -> tuple[tuple[str, str, float], ...]:
        """Return channel, kind and onset in s of the final events of a run, by onset.

        That is all it takes to count them, and ten times as fast as :meth:`events`.
        """
        with session_errors(self.path, writing=False):
            return load_onsets(self._database, run_id)

    def events(self, run_id: int, status: Status | None = None) -> tuple[Event, ...]:
        """Return the events of a run by onset: all, or the provisional, final or withdrawn ones."""
        with session_errors(self.path, writing=False):
            return load_events(self._database, run_id, status)

    def notes(self) -> tuple[Note, ...]:
        """Return all notes in the order they were stored, annotations of an imported recording included."""
        with session_errors(self.path, writing=False):
            numbers = "value, unit" if self._database.version >= _SINCE_NUMBERS else "NULL, NULL"
            return tuple(
                _note(row)
                for row in self._database.rows(
                    f"SELECT id, kind, text, time, onset, duration, channel, {numbers} FROM note ORDER BY id"  # noqa: S608 - our own names
                )
            )

    def oddities(self) -> tuple[str, ...]:
        """Return what was unusual about the file or device the samples came from."""
        if self._database.version < _SINCE_ODDITIES:
            return ()
        with session_errors(self.path, writing=False):
            rows = self._database.rows("SELECT text FROM oddity ORDER BY id")
            return tuple(text(row[0], "text of an oddity") for row in rows)

    def recording(self) -> Recording:
        """Return the session as a recording; its annotations are those it was imported with.

        Raises
        ------
        SessionError
            If it is damaged.
        """
        with self._database.snapshot():
            streams = self.streams()
            annotations = tuple(
                Annotation(note.onset, note.duration or 0.0, note.text, note.channel)
                for note in self.notes()
                if note.kind == ANNOTATION and note.onset is not None
            )
            oddities = self.oddities()
        main = streams[0].info if streams else None
        return Recording(
            path=self.path,
            format="session",
            title="emgdetect session",
            device="unknown" if main is None else main.device,
            start=None if main is None else main.start,
            streams=streams,
            annotations=annotations,
            oddities=oddities,
        )


def _note(row: tuple[Any, ...]) -> Note:
    number, kind, words, time, onset, duration, channel, value, unit = row
    return Note(
        kind=text(kind, "kind of a note"),
        text=text(words, "text of a note"),
        time=moment_or_none(time, "time of a note"),
        onset=number_or_none(onset, "onset of a note"),
        duration=number_or_none(duration, "duration of a note"),
        channel=text_or_none(channel, "channel of a note"),
        value=number_or_none(value, "value of a note"),
        unit=text_or_none(unit, "unit of a note"),
        id=integer(number, "number of a note"),
    )

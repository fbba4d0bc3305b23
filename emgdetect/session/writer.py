"""Writing a session, live or from a file."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from emgdetect.errors import SessionError
from emgdetect.session import inserts
from emgdetect.session.database import Database, open_new, open_writing, remove_logs, session_errors, settle
from emgdetect.session.intake import Intake
from emgdetect.session.lock import RecorderLock, target_of
from emgdetect.session.policy import CommitPolicy
from emgdetect.session.results import insert_detection
from emgdetect.session.streams import load_info, stored_stop
from emgdetect.writing import atomic_target

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

    from emgdetect.session.inserts import Block
    from emgdetect.session.records import Anchor, Note, RunInfo
    from emgdetect.types import Chunk, Detection, Event, Gap, Quality, StreamInfo

T = TypeVar("T")

_EVENT_BYTES = 200
"""About what an event takes in the file."""


class SessionWriter:
    """A session that is being written; a context manager that commits and closes at the end.

    Samples, gaps, quality and growth wait in memory until the :class:`CommitPolicy` says so, and are then
    stored in one transaction. Everything else (streams, runs, events, notes) is committed before the
    call returns, together with what was waiting. A process that is killed loses only what waited.

    When a commit fails the error is raised and nothing is forgotten: the next commit tries again.

    While a session is open here, this process reads it through ``SessionReader`` only: opening and closing
    the file by other means would drop the locks SQLite holds on it, on systems with POSIX locks.

    Use :meth:`create` or :meth:`open`.
    """

    def __init__(
        self,
        database: Database,
        *,
        lock: RecorderLock | None = None,
        policy: CommitPolicy | None = None,
        recording: bool = True,
    ) -> None:
        self.path = database.path
        self._database = database
        self._lock = lock
        self._policy = policy or CommitPolicy()
        self._recording = recording
        self._intakes: dict[int, Intake] = {}
        self._queue: list[Callable[[sqlite3.Connection], None]] = []
        self._runs: set[int] = set()
        self._closed = False

    @classmethod
    def create(cls, path: Path | str, *, force: bool = False, policy: CommitPolicy | None = None) -> Self:
        """Make a new session and open it for recording.

        Raises
        ------
        OutputError
            If the file exists and ``force`` is false, or cannot be written.
        SessionError
            If another program is recording into it.
        """
        target = target_of(path)
        lock = RecorderLock(target)
        try:
            with atomic_target(target, force=force) as unfinished:
                open_new(unfinished, named=target).close()
                remove_logs(target)
            return cls(open_writing(target), lock=lock, policy=policy)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, path: Path | str, *, recording: bool = True, policy: CommitPolicy | None = None) -> Self:
        """Open an existing session to continue it; an older one is brought up to date.

        Parameters
        ----------
        path : Path or str
            The session.
        recording : bool, default True
            Whether samples are to be added, which only one writer at a time may do. With false, runs, events
            and notes can be added even while another program records.
        policy : CommitPolicy, optional
            When to commit; by default at least every second.

        Raises
        ------
        SessionError
            If it is no session, of a newer version, damaged, or another program is recording into it.
        OutputError
            If it cannot be written to.
        """
        target = target_of(path)
        database = open_writing(target)
        try:
            lock = RecorderLock(target) if recording else None
        except BaseException:
            database.close()
            raise
        return cls(database, lock=lock, policy=policy, recording=recording)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Commit what is waiting and close the file; further calls do nothing.

        Raises
        ------
        OutputError
            If the last commit fails. The file is closed all the same.
        """
        if self._closed:
            return
        try:
            self.commit()
        finally:
            self._closed = True
            settle(self._database)
            if self._lock is not None:
                self._lock.release()

    def add_stream(self, info: StreamInfo, *, source: str = "") -> int:
        """Add a stream and return its number.

        Raises
        ------
        SessionError
            If the description is impossible: no channels, a rate that is not positive, an unknown unit.
        """
        return self._transact(lambda connection: inserts.insert_stream(connection, info, source))

    def correct_stream(self, stream_id: int, info: StreamInfo) -> None:
        """Give a stream the rate and the start that were measured, before the first run on it.

        Raises
        ------
        SessionError
            If there is no such stream, a run has begun on it, or the rate is impossible.
        """
        self._transact(lambda connection: inserts.correct_stream(connection, stream_id, info))

    def add_anchor(self, stream_id: int, anchor: Anchor) -> None:
        """Store when a sample was taken, together with what is waiting."""
        self._transact(lambda connection: inserts.insert_anchor(connection, stream_id, anchor))

    def next_sample(self, stream_id: int) -> int:
        """Return the index of the next sample of a stream: where a recording goes on.

        Raises
        ------
        SessionError
            If there is no such stream.
        """
        return self._intake(stream_id).next

    def append(self, stream_id: int, chunk: Chunk) -> None:
        """Take samples, and commit if it is time. The array may be used again by the caller.

        Raises
        ------
        SessionError
            If the chunk does not follow on what came before, or is of another shape or number type.
        OutputError
            If the disk is full or cannot be written to. The samples are kept for another try.
        """
        self._policy.wrote(self._intake(stream_id).add(chunk))
        self.commit_if_due()

    def add_gap(self, stream_id: int, gap: Gap) -> None:
        """Take a gap that follows on what came before, and commit if it is time; see :meth:`append`."""
        self._intake(stream_id).skip(gap)
        self._queue.append(partial(inserts.insert_gap, stream_id=stream_id, gap=gap))
        self._policy.wrote(0)
        self.commit_if_due()

    def note(self, note: Note) -> int:
        """Store a note and return its number. One without a time and an onset is of now."""
        if note.time is None and note.onset is None:
            note = replace(note, time=datetime.now().astimezone())
        return self._transact(lambda connection: inserts.insert_note(connection, note))

    def add_notes(self, notes: Iterable[Note]) -> None:
        """Store many notes at once, as they are."""
        many = tuple(notes)
        self._transact(lambda connection: inserts.insert_notes(connection, many))

    def remove_note(self, note_id: int) -> None:
        """Take back a note, such as one that was typed wrong.

        Raises
        ------
        SessionError
            If there is no note of that number.
        """
        if not self._transact(lambda connection: inserts.delete_note(connection, note_id)):
            raise SessionError(f"there is no note {note_id}", where=self.path)

    def add_oddities(self, oddities: Iterable[str]) -> None:
        """Store what was unusual about the file or device the samples came from."""
        lines = tuple(oddities)
        self._transact(lambda connection: inserts.insert_oddities(connection, lines))

    def add_run(self, stream_id: int, run: RunInfo) -> int:
        """Begin a run of a profile on a stream and return its number; see :meth:`finish_run`."""
        return self._transact(lambda connection: inserts.insert_run(connection, stream_id, run))

    def add_growth(self, run_id: int, events: Iterable[Event]) -> None:
        """Take provisional events that have grown since they were stored; they wait for the next commit.

        What a crash would lose of them is less than that: how long they had gone on in its last moment.
        """
        found = tuple(events)
        if found:
            self._require_run(run_id)
            self._queue.append(partial(inserts.insert_events, run_id=run_id, events=found))
            self._policy.wrote(_EVENT_BYTES * len(found))

    def add_events(self, run_id: int, events: Iterable[Event], *, instead_of: Iterable[Event] = ()) -> None:
        """Store events, provisional or final; they are safe on disk when this returns.

        An event takes the place of the one announced provisionally at its channel and sample, and of
        those in ``instead_of``.
        """
        found, replaced = tuple(events), tuple(instead_of)

        def work(connection: sqlite3.Connection) -> None:
            inserts.remove_provisional(connection, run_id, replaced)
            inserts.insert_events(connection, run_id, found)

        if found or replaced:
            self._transact(work)

    def withdraw(self, run_id: int, events: Iterable[Event]) -> None:
        """Mark provisional events that did not last as withdrawn; they stay in the file."""
        withdrawn = tuple(events)
        if withdrawn:
            self._transact(lambda connection: inserts.mark_withdrawn(connection, run_id, withdrawn))

    def add_quality(self, run_id: int, quality: Iterable[Quality]) -> None:
        """Take further seconds of quality, and commit if it is time."""
        self._require_run(run_id)
        for part in quality:
            self._queue.append(partial(inserts.insert_quality, row=inserts.quality_row(run_id, part)))
            self._policy.wrote(int(part.floor.nbytes + part.reason.nbytes))
        self.commit_if_due()

    def finish_run(self, run_id: int, n_samples: int) -> None:
        """Store how far a live run has come; until then it counts as going on to the end of the stream."""
        self._transact(lambda connection: inserts.finish_run(connection, run_id, n_samples))

    def add_detection(self, stream_id: int, detection: Detection) -> int:
        """Store a whole result in one transaction and return the number of its run."""
        return self._transact(lambda _: insert_detection(self._database, stream_id, detection))

    def commit_if_due(self) -> None:
        """Commit if something has waited long enough. A live loop calls this when nothing arrives, too."""
        if self._policy.due():
            self.commit()

    def commit(self) -> None:
        """Store what is waiting.

        Raises
        ------
        OutputError
            If the disk is full or cannot be written to. Nothing is lost: the next commit tries again.
        """
        for intake in self._intakes.values():
            intake.seal()
        if self._queue:
            self._transact(lambda _: None)

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._database.connection
        for intake in self._intakes.values():
            intake.seal()
        with session_errors(self.path, writing=True):
            connection.execute("BEGIN IMMEDIATE")
            try:
                for waiting in self._queue:
                    waiting(connection)
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        self._queue.clear()
        self._policy.committed()
        return result

    def _require_run(self, run_id: int) -> None:
        # Found out now: a row that cannot be stored would hold up everything else that waits with it.
        if run_id not in self._runs:
            if not self._database.rows("SELECT 1 FROM run WHERE id = ?", run_id):
                raise SessionError(f"there is no run {run_id}", where=self.path)
            self._runs.add(run_id)

    def _intake(self, stream_id: int) -> Intake:
        if self._closed:
            raise SessionError("the session is closed", where=self.path)
        if not self._recording:
            raise SessionError("the session was not opened for recording", where=self.path)
        if stream_id not in self._intakes:
            n_channels = len(load_info(self._database, stream_id).channels)
            dtype = self._database.rows("SELECT dtype FROM block WHERE stream_id = ? LIMIT 1", stream_id)
            self._intakes[stream_id] = Intake(
                n_channels,
                stored_stop(self._database, stream_id),
                dtype[0][0] if dtype else None,
                partial(self._enqueue, stream_id),
            )
        return self._intakes[stream_id]

    def _enqueue(self, stream_id: int, block: Block) -> None:
        self._queue.append(partial(inserts.insert_block, stream_id=stream_id, block=block))

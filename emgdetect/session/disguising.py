"""A session as a copy that does not tell whose it is; samples, gaps and events stay bit for bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.errors import OutputError
from emgdetect.privacy import NAMELESS
from emgdetect.session.checks import moment, parsed, text
from emgdetect.session.database import Database, connect, open_reading, session_errors
from emgdetect.session.inserts import as_json
from emgdetect.session.records import ANNOTATION
from emgdetect.session.schema import migrate
from emgdetect.session.streams import info_as_json, info_from_json
from emgdetect.writing import atomic_target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emgdetect.privacy import Disguise


def write_disguised(source: Path, target: Path, disguise: Disguise, *, force: bool = False) -> None:
    """Write a copy of a session without names, devices, files and dates; see :mod:`emgdetect.privacy`.

    Raises
    ------
    SessionError
        If ``source`` is no session, or damaged.
    OutputError
        If the file exists (without ``force``), is the session itself, or cannot be written.
    """
    if target.exists() and target.resolve() == source.resolve():
        raise OutputError("a session cannot be written over itself", where=target, hint="choose another name")
    original = open_reading(source)
    try:
        with atomic_target(target, force=force) as unfinished, session_errors(target, writing=True):
            copy = connect(unfinished, "mode=rw")
            try:
                original.connection.backup(copy)
                # Neither a journal nor a free page may keep what is taken out.
                copy.execute("PRAGMA journal_mode = DELETE")
                copy.execute("PRAGMA journal_mode = OFF")
                copy.execute("PRAGMA secure_delete = ON")
                database = Database(copy, source, migrate(copy))
                _disguise(database, disguise)
                copy.execute("VACUUM")
            finally:
                copy.close()
    finally:
        original.close()


def _disguise(database: Database, disguise: Disguise) -> None:
    connection = database.connection
    for (start,) in database.rows("SELECT start FROM stream WHERE start IS NOT NULL"):
        # Inside a statement SQLite would hide what is wrong with a shift that leads out of the calendar.
        disguise.moment(moment(start, "start time"))
    words: dict[str, Callable[[object], str | None]] = {
        "moved": lambda value: disguise.moment(moment(value, "time")).isoformat(),
        "caused": lambda value: disguise.cause(text(value, "cause")),
        "worded": lambda value: disguise.text(text(value, "text of a mark")),
        "described": lambda value: as_json(info_as_json(disguise.info(info_from_json(value)))),
        "gapped": lambda value: _gaps(value, disguise),
    }
    for name, change in words.items():
        connection.create_function(name, 1, _unless_null(change), deterministic=True)
    connection.execute("BEGIN")
    for statement in (
        f"UPDATE stream SET device = '{NAMELESS}', source = '', start = moved(start)",  # noqa: S608 - our own word
        "UPDATE clock SET time = moved(time)",
        "UPDATE gap SET cause = caused(cause)",
        "UPDATE run SET source = '', notices = '[]', created = moved(created)",
        "UPDATE run SET info = described(info), gaps = gapped(gaps)",
        "DELETE FROM oddity",
        f"UPDATE note SET text = worded(text), time = moved(time) WHERE kind = '{ANNOTATION}'",  # noqa: S608 - the same
        f"DELETE FROM note WHERE kind = '{ANNOTATION}' AND text = ''",  # noqa: S608 - the same
        f"UPDATE note SET time = moved(time) WHERE kind <> '{ANNOTATION}'",  # noqa: S608 - the same
    ):
        connection.execute(statement)
    if not disguise.keep_notes:
        connection.execute("DELETE FROM note WHERE kind <> ?", (ANNOTATION,))
    connection.execute("COMMIT")


def _unless_null(change: Callable[[object], str | None]) -> Callable[[object], str | None]:
    return lambda value: None if value is None else change(value)


def _gaps(value: object, disguise: Disguise) -> str:
    spans = parsed(value, "gaps of a run", list)
    return as_json([[start, length, disguise.cause(text(cause, "cause"))] for start, length, cause in spans])

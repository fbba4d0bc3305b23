"""Opening the SQLite file, and telling its troubles in the user's words.

A session at rest is in SQLite's rollback mode: one file, which can be copied and opened from a read-only
place. While a writer is at work it is in WAL mode, so that others can read it; ``-wal`` and ``-shm`` beside
it then belong to it.
"""

from __future__ import annotations

import sqlite3
import weakref
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emgdetect.errors import EmgError, OutputError, SessionError
from emgdetect.session.schema import migrate, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 5.0
"""How long to wait for another program's commit, which takes milliseconds."""


_PERMISSION = ("no permission to write here", "check the permissions of the file and its folder")
_WRITING: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space; what was committed before is intact"),
    sqlite3.SQLITE_IOERR: (
        "the disk reported an error",
        "check the disk; what was committed before is intact",
    ),
    sqlite3.SQLITE_READONLY: _PERMISSION,
    sqlite3.SQLITE_PERM: _PERMISSION,
    sqlite3.SQLITE_CANTOPEN: _PERMISSION,
}
_BUSY = ("another program holds the session", "close it and try again")
_DAMAGED = ("the file is damaged or not a session", "")
_OPENING: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: ("the session cannot be opened", "check its permissions"),
    sqlite3.SQLITE_PERM: ("the session cannot be opened", "check its permissions"),
}


class DamagedError(ValueError):
    """A stored value that cannot be; becomes a :class:`SessionError` that names the file."""


@contextmanager
def session_errors(path: Path, *, writing: bool) -> Iterator[None]:
    """Turn database errors inside the block into errors of this package that name ``path``."""
    try:
        yield
    except EmgError:
        raise
    except DamagedError as error:
        raise SessionError(f"the session is damaged: {error}", where=path) from error
    except sqlite3.Error as error:
        raise _translate(error, path, writing=writing) from error
    except UnicodeDecodeError as error:
        raise SessionError("the session is damaged: a text cannot be read", where=path) from error
    except (UnicodeError, OverflowError) as error:
        raise SessionError(f"a value cannot be stored: {error}", where=path) from error


def _translate(error: sqlite3.Error, path: Path, *, writing: bool) -> EmgError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_CANTOPEN and writing and not path.parent.is_dir():
        return OutputError("the folder does not exist", where=path, hint="create it first")
    if writing and code in _WRITING:
        what, hint = _WRITING[code]
        return OutputError(what, where=path, hint=hint)
    if code in _OPENING:
        what, hint = _OPENING[code]
        return SessionError(what, where=path, hint=hint)
    if code == sqlite3.SQLITE_CONSTRAINT:
        return SessionError(f"this does not fit the session: {error}", where=path)
    if isinstance(error, sqlite3.ProgrammingError):
        return SessionError(f"the session is closed or misused: {error}", where=path)
    return SessionError(f"the session is damaged: {error}", where=path)


class Database:
    """A connection that knows its path and closes itself when nobody refers to it any more."""

    def __init__(self, connection: sqlite3.Connection, path: Path, version: int) -> None:
        self.connection = connection
        self.path = path
        self.version = version
        self._finalizer = weakref.finalize(self, connection.close)

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Return all rows of a query, as tuples; ``values`` are in order, or one dictionary by name."""
        named = values[0] if values and isinstance(values[0], dict) else values
        with session_errors(self.path, writing=False):
            return self.connection.execute(sql, named).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all queries inside see one state of the file, whatever is written meanwhile."""
        with session_errors(self.path, writing=False):
            if self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                with suppress(sqlite3.Error):
                    self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the connection; further calls do nothing."""
        self._finalizer()


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open ``path`` in autocommit mode; ``mode`` is the tail of an SQLite URI such as ``mode=rw``."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def open_reading(path: Path) -> Database:
    """Open a session for reading; a writer may be at work on it, here or in another process.

    Raises
    ------
    SessionError
        If there is no such file, if it is no session, of a newer version, or damaged.
    """
    _require_file(path)
    with session_errors(path, writing=False):
        # A connection that may write, and is told not to, tidies up -wal and -shm when it is the last to go.
        database = _try_reading(path, "mode=rw")
        if database is None and not _has_log(path):
            # Left in WAL mode, in a folder that cannot hold the -shm file: nobody can be writing either.
            database = _try_reading(path, "mode=ro&immutable=1")
        if database is None:
            raise SessionError("the session cannot be opened", where=path, hint="check its permissions")
        return database


def _try_reading(path: Path, mode: str) -> Database | None:
    connection = connect(path, mode)
    try:
        for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {pragma}")
        return Database(connection, path, version_of(connection, path))
    except sqlite3.OperationalError as error:
        connection.close()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
            return None
        raise
    except BaseException:
        connection.close()
        raise


def open_writing(path: Path) -> Database:
    """Open a session for writing, bring it up to date and put it in WAL mode with full syncing.

    Full syncing makes a commit survive a power cut too; it costs a fraction of a millisecond.
    """
    _require_file(path)
    with session_errors(path, writing=True):
        connection = connect(path, "mode=rw")
        try:
            version_of(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            return Database(connection, path, migrate(connection))
        except BaseException:
            connection.close()
            raise


def open_new(path: Path, *, named: Path) -> Database:
    """Make a session of the empty file ``path``, without crash safety: it is to be renamed to ``named``."""
    with session_errors(named, writing=True):
        connection = connect(path, "mode=rw")
        try:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA foreign_keys = ON")
            return Database(connection, named, migrate(connection))
        except BaseException:
            connection.close()
            raise


def settle(database: Database) -> None:
    """Close a session so that it is a single file again, unless somebody else has it open."""
    with suppress(sqlite3.Error):
        database.connection.execute("PRAGMA busy_timeout = 0")
        database.connection.execute("PRAGMA journal_mode = DELETE")
    database.close()


def remove_logs(path: Path) -> None:
    """Remove what an earlier file of this name left behind: it would be taken for part of a new one."""
    for suffix in ("-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _has_log(path: Path) -> bool:
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > 0


def _require_file(path: Path) -> None:
    try:
        exists, is_file = path.exists(), path.is_file()
    except (OSError, ValueError) as error:
        raise SessionError(
            "the session cannot be opened", where=path, hint="check its permissions"
        ) from error
    if not exists:
        raise SessionError("there is no such file", where=path)
    if not is_file:
        raise SessionError("this is not a file", where=path)

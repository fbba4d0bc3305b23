"""Only one program at a time records into a session.

The lock is an SQLite transaction on an empty file beside the session. The operating system drops it when the
process ends, however it ends; a leftover file locks nothing.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from emgdetect.errors import OutputError, SessionError
from emgdetect.session.database import session_errors
from emgdetect.writing import output_errors


class RecorderLock:
    """Hold the right to record into ``path`` until :meth:`release`.

    Raises
    ------
    SessionError
        If another recorder holds it.
    OutputError
        If the folder cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self._file = Path(f"{path}-lock")
        self._released = False
        with session_errors(path, writing=True):
            self._connection = sqlite3.connect(
                self._file, timeout=0, isolation_level=None, check_same_thread=False
            )
            try:
                self._connection.execute("PRAGMA journal_mode = MEMORY")
                self._connection.execute("BEGIN EXCLUSIVE")
            except BaseException as error:
                self._connection.close()
                code = getattr(error, "sqlite_errorcode", 0)
                if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                    raise SessionError(
                        "another program is recording into this session",
                        where=path,
                        hint="stop it first, or record into another file",
                    ) from error
                raise

    def release(self) -> None:
        """Give the right back; further calls do nothing."""
        if self._released:
            return
        self._released = True
        removed = self._remove()
        self._connection.close()
        if not removed:
            # Some systems do not remove an open file.
            self._remove()

    def _remove(self) -> bool:
        try:
            self._file.unlink(missing_ok=True)
        except OSError:
            return False
        return True


def target_of(path: Path | str) -> Path:
    """Return where a session really is: SQLite's own files stand beside the file, not beside a link to it.

    Raises
    ------
    OutputError
        If the name stands for something that is no file, such as a folder or a device.
    """
    named = Path(path)
    with output_errors(named):
        target = named.resolve()
        if target.exists() and not target.is_file():
            raise OutputError("this is not a file", where=named, hint="choose another name")
    return target

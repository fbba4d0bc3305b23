"""The tables of a session file and how an older file becomes a newer one.

``PRAGMA application_id`` says that an SQLite file is a session, ``PRAGMA user_version`` which migrations
it has had. Migrations are run in order, each in a transaction of its own: a file is of one version or of
the next, never between. A migration that was ever released is not edited; a new one is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.errors import SessionError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

APPLICATION_ID = 0x454D4744
"""The letters EMGD, at bytes 68 to 71 of the file."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: the version it leads to, what it is for, and its statements."""

    version: int
    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        "streams, samples, gaps, runs, events, quality, notes",
        (
            """CREATE TABLE stream (
                id INTEGER PRIMARY KEY,
                sampling_rate REAL NOT NULL,
                device TEXT NOT NULL,
                start TEXT,
                source TEXT NOT NULL)""",
            """CREATE TABLE channel (
                stream_id INTEGER NOT NULL REFERENCES stream (id),
                position INTEGER NOT NULL,
                name TEXT NOT NULL,
                unit TEXT NOT NULL,
                gain REAL NOT NULL,
                "offset" REAL NOT NULL,
                raw_low REAL,
                raw_high REAL,
                PRIMARY KEY (stream_id, position)) WITHOUT ROWID""",
            """CREATE TABLE block (
                id INTEGER PRIMARY KEY,
                stream_id INTEGER NOT NULL REFERENCES stream (id),
                start INTEGER NOT NULL,
                n_samples INTEGER NOT NULL,
                dtype TEXT NOT NULL,
                data BLOB NOT NULL)""",
            # With the length in the index the extent of a stream is known without touching its samples.
            "CREATE INDEX block_by_start ON block (stream_id, start, n_samples)",
            """CREATE TABLE gap (
                id INTEGER PRIMARY KEY,
                stream_id INTEGER NOT NULL REFERENCES stream (id),
                start INTEGER NOT NULL,
                n_samples INTEGER NOT NULL,
                cause TEXT NOT NULL)""",
            "CREATE INDEX gap_by_start ON gap (stream_id, start, n_samples)",
            """CREATE TABLE run (
                id INTEGER PRIMARY KEY,
                stream_id INTEGER NOT NULL REFERENCES stream (id),
                profile TEXT NOT NULL,
                version TEXT NOT NULL,
                config_hash TEXT NOT NULL,
                settings TEXT NOT NULL,
                created TEXT NOT NULL,
                source TEXT NOT NULL,
                refused TEXT NOT NULL,
                notices TEXT NOT NULL,
                n_samples INTEGER,
                info TEXT,
                gaps TEXT)""",
            """CREATE TABLE event (
                id INTEGER PRIMARY KEY,
                run_id INTEGER NOT NULL REFERENCES run (id),
                channel TEXT NOT NULL,
                sample INTEGER NOT NULL,
                n_samples INTEGER NOT NULL,
                onset REAL NOT NULL,
                duration REAL NOT NULL,
                kind TEXT NOT NULL,
                peak REAL,
                rms REAL,
                snr_db REAL,
                median_frequency REAL,
                rhythm REAL,
                confidence REAL,
                flags TEXT NOT NULL,
                rule TEXT NOT NULL,
                status TEXT NOT NULL)""",
            """CREATE TABLE quality (
                id INTEGER PRIMARY KEY,
                run_id INTEGER NOT NULL REFERENCES run (id),
                channel TEXT NOT NULL,
                start INTEGER NOT NULL,
                floor BLOB NOT NULL,
                reason BLOB NOT NULL)""",
            """CREATE TABLE note (
                id INTEGER PRIMARY KEY,
                time TEXT,
                kind TEXT NOT NULL,
                text TEXT NOT NULL,
                onset REAL,
                duration REAL,
                channel TEXT)""",
        ),
    ),
    Migration(
        2,
        "oddities of an imported file; events and quality found by run",
        (
            "CREATE TABLE oddity (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
            "CREATE INDEX event_by_sample ON event (run_id, sample)",
            "CREATE INDEX quality_by_start ON quality (run_id, channel, start)",
        ),
    ),
    Migration(
        3,
        "numbers in notes: doses, ratings",
        ("ALTER TABLE note ADD COLUMN value REAL", "ALTER TABLE note ADD COLUMN unit TEXT"),
    ),
    Migration(
        4,
        "which sample was taken when, as the night goes on",
        (
            """CREATE TABLE clock (
                stream_id INTEGER NOT NULL REFERENCES stream (id),
                sample INTEGER NOT NULL,
                time TEXT NOT NULL,
                sampling_rate REAL NOT NULL,
                PRIMARY KEY (stream_id, sample)) WITHOUT ROWID""",
        ),
    ),
)

VERSION = MIGRATIONS[-1].version
"""The version this program writes."""


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema version of an open file, 1 or more.

    Raises
    ------
    SessionError
        If the file is no session, or of a version this program does not know.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != APPLICATION_ID or version < 1:
        raise SessionError("this is not a session file", where=path)
    if version > VERSION:
        raise SessionError(
            f"the session was written by a newer emgdetect (schema {version}, known here up to {VERSION})",
            where=path,
            hint="update emgdetect",
        )
    return int(version)


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring a file up to date and return its version; nothing happens where it is already.

    ``connection`` must be in autocommit mode and outside a transaction. A step that fails is undone
    and its error passed on; the steps before it stand.
    """
    for migration in migrations:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Read inside the transaction: another process may just have done this step.
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version < migration.version:
                for statement in migration.statements:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {migration.version}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)

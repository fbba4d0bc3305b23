"""A copy that tells nothing: every column that could is changed, in this schema and the next."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from emgdetect.session.schema import migrate

if TYPE_CHECKING:
    from pathlib import Path

CHANGED = {
    ("stream", "device"), ("stream", "start"), ("stream", "source"), ("gap", "cause"), ("run", "created"),
    ("run", "source"), ("run", "notices"), ("run", "info"), ("run", "gaps"), ("note", "time"),
    ("note", "text"), ("note", "kind"), ("note", "unit"), ("oddity", "text"), ("clock", "time"),
}  # fmt: skip
"""By ``emgdetect.session.disguising``; kinds and units of notes go with their lines unless notes are kept."""

OF_THE_PROGRAM = {
    ("channel", "name"), ("channel", "unit"), ("block", "dtype"), ("run", "profile"), ("run", "version"),
    ("run", "config_hash"), ("run", "settings"), ("run", "refused"), ("event", "channel"),
    ("event", "kind"), ("event", "flags"), ("event", "rule"), ("event", "status"), ("quality", "channel"),
    ("note", "channel"),
}  # fmt: skip
"""Names of channels and profiles, and words of our own."""


def test_no_column_of_texts_is_forgotten(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "s.emgdb", isolation_level=None)
    migrate(connection)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    texts = {
        (table, column)
        for table in tables
        for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})")
        if kind == "TEXT"
    }
    connection.close()
    assert texts == CHANGED | OF_THE_PROGRAM

"""docs/session-file.md says what the file holds, and its queries run."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.session import SessionWriter, save_detection
from emgdetect.session.schema import APPLICATION_ID, VERSION
from emgdetect.types import INVALID_REASONS, Chunk, Gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.types import Detection, StreamInfo

DOCUMENT = Path(__file__).parents[2] / "docs" / "session-file.md"


@pytest.fixture
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture
def connection(tmp_path: Path, info: StreamInfo, detection: Detection) -> Iterator[sqlite3.Connection]:
    path = tmp_path / "a.emgdb"
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(info)
        session.append(stream_id, Chunk(np.arange(600).reshape(2, 300).astype(np.int16), 0))
        session.add_gap(stream_id, Gap(300, 100, "disconnect"))
        save_detection(session, stream_id, detection)
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def queries(text: str) -> list[str]:
    return re.findall(r"```sql\n(.*?)```", text, re.DOTALL)


def test_every_table_and_column_is_described_as_it_is(text: str, connection: sqlite3.Connection) -> None:
    described = {
        table: re.findall(r"^\| `(\w+)` \| (\w+)( or NULL)? \|", body, re.MULTILINE)
        for table, body in re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    }
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    assert sorted(described) == sorted(tables)
    for table in tables:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        real = [
            (name, kind.lower(), "" if not_null or key else " or NULL")
            for _, name, kind, not_null, _, key in columns
        ]
        assert described[table] == real


def test_its_numbers_are_those_of_the_file(text: str) -> None:
    assert f"0x{APPLICATION_ID:X}" in text
    assert f"schema version, now {VERSION}" in " ".join(text.split())
    assert ", ".join(f"{code} {reason}" for code, reason in enumerate(INVALID_REASONS)) in text


def test_its_queries_run(text: str, connection: sqlite3.Connection, info: StreamInfo) -> None:
    per_kind, recorded = queries(text)
    left, right = info.ch_names
    rows = connection.execute(per_kind).fetchall()
    assert {(run, profile, channel, kind, n) for run, profile, channel, kind, n, _ in rows} == {
        (1, "default", left, "spasm", 1),
        (1, "default", left, "twitch", 1),
        (1, "default", right, "artefact", 1),
    }
    assert connection.execute(recorded).fetchall() == [
        (1, "recorded", pytest.approx(300 / 199.7)),
        (1, "disconnect", pytest.approx(100 / 199.7)),
    ]


def test_its_line_of_python_decodes_a_block(text: str, connection: sqlite3.Connection) -> None:
    assert "numpy.frombuffer(data, dtype).reshape(-1, n_samples)" in text
    data, dtype, n_samples = connection.execute("SELECT data, dtype, n_samples FROM block").fetchone()
    decoded = np.frombuffer(data, dtype).reshape(-1, n_samples)
    assert decoded.tolist() == np.arange(600).reshape(2, 300).tolist()

"""The lists of a BIDS dataset, to which lines are added: participants and scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.errors import OutputError
from emgdetect.writing import output_errors, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MISSING = "n/a"


def add_line(path: Path, line: Mapping[str, str]) -> None:
    """Add a line to a list, or change the one that is there.

    Parameters
    ----------
    path : Path
        The list; it is made if it is not there.
    line : mapping of str to str
        Cells by column. The first is what the line is known by. Columns the list has besides are kept, with
        ``n/a`` in a new line; columns it lacks are added.

    Raises
    ------
    OutputError
        If the file is no such list, or cannot be written.
    """
    key = next(iter(line))
    rows = _read(path, key)
    columns = list(dict.fromkeys([*(rows[0] if rows else ()), *line]))
    known = next((row for row in rows if row.get(key) == line[key]), None)
    if known is None:
        rows.append(dict(line))
    else:
        known.update(line)
    text = ["\t".join(columns), *("\t".join(row.get(name, MISSING) for name in columns) for row in rows)]
    write_text(path, "\n".join(text) + "\n", force=True)


def _read(path: Path, key: str) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with output_errors(path):
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise OutputError("this list is no text", where=path, hint="mend or remove it") from error
    columns = lines[0].split("\t") if lines else [key]
    cells = [line.split("\t") for line in lines[1:] if line.strip()]
    if columns[0] != key or any(len(row) != len(columns) for row in cells):
        raise OutputError(f"this is no list by {key}", where=path, hint="mend or remove it")
    return [dict(zip(columns, row, strict=True)) for row in cells]

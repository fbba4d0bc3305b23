"""Annotation tables of Luna (``.annot``), as the NSRR distributes them beside XML.

::

    class	instance	channel	start	stop	meta
    N2	.	.	22:19:36	+30	.
    arousal_plm	.	LAT	120.5	125.0	.

Times are seconds from the start of the recording or times of day; ``+30`` is a length, ``...`` means until
the next line. Tables of four columns leave channel and meta out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from emgdetect.context.clock import DAY_S, moment_at, seconds_in, seconds_of_day, unwrap
from emgdetect.context.lines import Line, assemble, clock_change_undone
from emgdetect.context.textfile import read_text
from emgdetect.context.types import Scoring
from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path

_FOUR, _SIX = 4, 6
_UNTIL_NEXT = "..."


class _Row(NamedTuple):
    name: str
    channel: str
    start: str
    stop: str
    where: str


def sniff(text: str) -> bool:
    """Say whether the first line that is no comment is the head, or comments declare annotations by bars."""
    lines = [line for line in text[:4000].split("\n") if line.strip()]
    body = [line for line in lines if not line.startswith("#")]
    if body and body[0].split("\t")[:2] == ["class", "instance"]:
        return True
    declared = any(line.startswith("#") and "|" in line for line in lines)
    return declared and bool(body) and body[0].count("\t") >= _FOUR - 1


def read(path: Path, epoch: float | None = None) -> Scoring:
    """Read a table; ``epoch`` is not needed.

    Raises
    ------
    FormatError
        If a line has too few columns or a time that is none.
    """
    del epoch
    rows = _rows(path, read_text(path))
    clocks = [seconds_of_day(row.start) for row in rows]
    known = [clock for clock in clocks if clock is not None]
    if not known:
        lines = [Line(_seconds(row.start, row), _length(row, None), row.name, row.channel) for row in rows]
        found = assemble(lines)
        return Scoring(path, "luna", None, False, found.stages, found.marks, found.oddities)
    if len(known) < len(rows):
        raise FormatError("some times are seconds and some are times of day", where=path)
    onsets = unwrap(known, known[0])
    lines = [
        Line(onset, _length(row, clock), row.name, row.channel)
        for onset, row, clock in zip(onsets, rows, known, strict=True)
    ]
    lines, told = clock_change_undone(lines, start=known[0], day=None)
    found = assemble(lines)
    start = moment_at(None, known[0])
    return Scoring(path, "luna", start, False, found.stages, found.marks, (*told, *found.oddities))


def _rows(path: Path, text: str) -> list[_Row]:
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not line.strip() or line.startswith("#") or cells[:2] == ["class", "instance"]:
            continue
        where = f"{path}, line {number}"
        if len(cells) < _FOUR:
            raise FormatError(f"{len(cells)} columns where there should be six or four", where=where)
        channel, start, stop = cells[2:5] if len(cells) >= _SIX - 1 else ("", *cells[2:4])
        name = cells[0] if cells[1] in {"", ".", cells[0]} else f"{cells[0]} {cells[1]}"
        rows.append(_Row(name, "" if channel == "." else channel, start, stop, where))
    return rows


def _length(row: _Row, clock: float | None) -> float | None:
    """Return the length, ``None`` for "until the next line"."""
    if row.stop in {_UNTIL_NEXT, ".", ""}:
        return None
    if row.stop.startswith("+"):
        return _seconds(row.stop[1:], row)
    stop = seconds_of_day(row.stop)
    if clock is not None and stop is not None:
        return (stop - clock) % DAY_S
    length = _seconds(row.stop, row) - _seconds(row.start, row)
    if length < 0:
        raise FormatError(f"the line stops at {row.stop} before it starts at {row.start}", where=row.where)
    return length


def _seconds(cell: str, row: _Row) -> float:
    value = seconds_in(cell)
    if value is None:
        raise FormatError(f"{cell[:40]!r} is no time", where=row.where)
    return value

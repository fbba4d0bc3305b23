"""Text exports of Embla RemLogic: patient lines, then a table of tabs headed by ``Time [hh:mm:ss]``.

::

    RemLogic Event Export
    Recording Date:	23/09/2020

    Sleep Stage	Position	Time [hh:mm:ss]	Event	Duration[s]	Location
    W	Supine	22:19:06	SLEEP-S0	30	ROC-LOC
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.context.clock import moment_at, parse_date, seconds_in, seconds_of_day, unwrap
from emgdetect.context.kinds import position_of
from emgdetect.context.lines import Line, assemble, clock_change_undone
from emgdetect.context.textfile import read_text
from emgdetect.context.types import ScoredMark, Scoring
from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_TIME = re.compile(r"^(time|heure|zeit|hora|ora)\s*\[", re.IGNORECASE)
_NOT_STAGES = "SLEEP-UNSCORED"


@dataclass(frozen=True, slots=True)
class _Row:
    time: float
    event: str
    duration: float | None
    location: str
    position: str


def sniff(text: str) -> bool:
    """Say whether a file says that RemLogic made it, or has the table's head."""
    head = text[:4000]
    return head.startswith("RemLogic") or any(_is_head(line) for line in head.split("\n"))


def read(path: Path, epoch: float | None = None) -> Scoring:
    """Read an export; ``epoch`` is not needed, as every line has its length.

    Raises
    ------
    FormatError
        If the table is missing, or a line in it holds no time.
    """
    del epoch
    day, doubtful, rows = _split(path, read_text(path))
    oddities = ["the date is read with the day first"] if doubtful else []
    zero = rows[0].time if rows else 0.0
    onsets = unwrap([row.time for row in rows], zero)
    lines = [
        Line(onset, row.duration, row.event.replace(_NOT_STAGES, "Sleep stage ?"), row.location)
        for onset, row in zip(onsets, rows, strict=True)
    ]
    lines, told = clock_change_undone(lines, start=zero, day=day)
    found = assemble(lines)
    marks = sorted((*found.marks, *_positions(rows, lines)), key=lambda mark: mark.onset)
    start = moment_at(day, zero)
    everything = (*oddities, *told, *found.oddities)
    return Scoring(path, "remlogic", start, day is not None, found.stages, tuple(marks), everything)


def _is_head(line: str) -> bool:
    return any(_TIME.match(cell.strip()) for cell in line.split("\t")) and line.count("\t") > 1


def _split(path: Path, text: str) -> tuple[date | None, bool, list[_Row]]:
    lines = text.split("\n")
    places = [place for place, line in enumerate(lines) if _is_head(line)]
    if not places:
        raise FormatError("the table has no head with a column 'Time [hh:mm:ss]'", where=path)
    dated = [line for line in lines[: places[0]] if "date" in line.casefold()]
    day, doubtful = parse_date(dated[0]) if dated else (None, False)
    names = [_column(cell) for cell in lines[places[0]].split("\t")]
    rows = []
    for number, line in enumerate(lines[places[0] + 1 :], start=places[0] + 2):
        if line.strip():
            # Two tabs in a row are one: some versions pad the columns.
            cells = dict(zip(names, re.split(r"\t+", line.strip()), strict=False))
            rows.append(_row(cells, f"{path}, line {number}"))
    return day, doubtful, rows


def _column(name: str) -> str:
    bare = name.strip().casefold()
    for known, beginnings in (
        ("time", ("time", "heure", "zeit", "hora", "ora")),
        ("duration", ("dur", "dauer")),
        ("event", ("event", "evén", "évén", "ereignis")),
        ("location", ("location", "emplacement", "ort")),
        ("position", ("position", "lage")),
    ):
        if bare.startswith(beginnings):
            return known
    return bare


def _row(cells: dict[str, str], where: str) -> _Row:
    clock = cells.get("time", "")
    seconds = seconds_of_day(clock.partition("T")[2] or clock)
    if seconds is None:
        raise FormatError(f"{clock[:40]!r} is no time of day", where=where)
    duration = seconds_in(cells.get("duration", "") or "0")
    if duration is None:
        raise FormatError(f"{cells['duration'][:40]!r} is no duration", where=where)
    event = cells.get("event", "")
    return _Row(seconds, event, duration or None, cells.get("location", ""), cells.get("position", ""))


def _positions(rows: list[_Row], lines: list[Line]) -> list[ScoredMark]:
    """Give one mark for each stretch of a known position of the body."""
    marks: list[ScoredMark] = []
    last = ""
    for row, line in zip(rows, lines, strict=True):
        position = position_of(row.position)
        stop = line.onset + (line.duration or 0.0)
        if position and position == last:
            reached = max(stop, marks[-1].onset + marks[-1].duration)
            marks[-1] = replace(marks[-1], duration=reached - marks[-1].onset)
        elif position:
            marks.append(ScoredMark(line.onset, stop - line.onset, "position", position, row.position))
        last = position
    return marks

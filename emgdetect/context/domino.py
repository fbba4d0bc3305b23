r"""Text exports of SOMNOmedics Domino: a head of ``Name: value`` lines, then one line per epoch or event.

::

    Signal ID: SchlafProfil\profil               Signal ID: FlowD\flow
    Start Time: 23.09.2020 01:00:00             Start Time: 9/23/2020 1:00:00 AM
    Signal Type: Discret                        Signal Type: Impuls
    Rate: 30 s

    01:00:00,000; N1                            01:04:24,411-01:04:41,671; 17;Hypopnea
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from emgdetect.context.clock import DAY_S, HALF_DAY_S, parse_moment, seconds_of_day, since_midnight, unwrap
from emgdetect.context.lines import Line, assemble, clock_change_undone
from emgdetect.context.textfile import read_text
from emgdetect.context.types import Scoring
from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_LINE = re.compile(
    r"(?P<start>[\d:.,]+)\s*(?:-\s*(?P<stop>[\d:.,]+))?\s*;\s*(?:(?P<length>\d+)\s*;)?\s*(?P<text>[^;]+);?"
)
_HEAD = re.compile(r"(?P<name>[A-Za-z ]+):\s*(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class _Row:
    start: float
    stop: float | None
    text: str


def sniff(text: str) -> bool:
    """Say whether a file's first lines are a head by Domino."""
    head = text[:2000]
    return "Signal Type:" in head and "Start Time:" in head


def read(path: Path, epoch: float | None = None) -> Scoring:
    """Read an export; ``epoch`` takes the place of its ``Rate``.

    Raises
    ------
    FormatError
        If the head has no start, or a line is none.
    """
    head, rows = _split(path, read_text(path))
    start, doubtful = parse_moment(head.get("start time", ""))
    if start is None:
        raise FormatError("the line 'Start Time' holds no date and time", where=path)
    listed = head.get("signal type", "").casefold().startswith("discret")
    start, oddities = _noon_or_midnight(start, head.get("start time", ""), rows)
    if doubtful:
        oddities.append(f"the date {head['start time']} is read with the day first")
    zero = since_midnight(start)
    onsets = unwrap([row.start for row in rows], zero)
    step = epoch or _rate(head)
    lines = [
        Line(onset, _length(row, step if listed else None), row.text, stage=True if listed else None)
        for onset, row in zip(onsets, rows, strict=True)
    ]
    if listed:
        lines, told = clock_change_undone(lines, start=zero, day=start.date())
        oddities += told
    found = assemble(lines)
    return Scoring(path, "domino", start, True, found.stages, found.marks, (*oddities, *found.oddities))


def _split(path: Path, text: str) -> tuple[dict[str, str], list[_Row]]:
    head: dict[str, str] = {}
    rows: list[_Row] = []
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        found = _LINE.fullmatch(bare)
        start = None if found is None else seconds_of_day(found["start"])
        if found is not None and start is not None:
            stop = None if found["stop"] is None else seconds_of_day(found["stop"])
            rows.append(_Row(start, stop, found["text"].strip()))
        elif not rows and (named := _HEAD.fullmatch(bare)) is not None:
            head[named["name"].strip().casefold()] = named["value"].strip()
        elif bare:
            raise FormatError(f"{bare[:40]!r} is no epoch and no event", where=f"{path}, line {number}")
    return head, rows


def _length(row: _Row, step: float | None) -> float | None:
    if row.stop is None:
        return step
    return (row.stop - row.start) % DAY_S


def _rate(head: dict[str, str]) -> float | None:
    number = re.match(r"[\d.]+", head.get("rate", ""))
    return float(number[0]) if number else None


def _noon_or_midnight(start: datetime, text: str, rows: list[_Row]) -> tuple[datetime, list[str]]:
    """Mend a start that says PM where the marks, on a clock of 24 hours, begin in the morning that day."""
    if not rows or not text.casefold().endswith("pm"):
        return start, []
    earlier = start - timedelta(seconds=HALF_DAY_S)
    into = (rows[0].start - since_midnight(start)) % DAY_S
    if into < HALF_DAY_S:
        return start, []
    return earlier, [f"the start {text} lies 12 h before the first mark; taken as {earlier:%H:%M:%S}"]

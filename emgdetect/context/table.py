"""Tables with a head: CSV and TSV of stages or events, BIDS ``events.tsv`` among them.

The head says which column is what, in several spellings. Times are seconds, times of day, or dates with
times. A table of labels alone has one line per epoch.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emgdetect.context.clock import (
    DAY_S,
    moment_at,
    parse_moment,
    seconds_in,
    seconds_of_day,
    since_midnight,
    unwrap,
)
from emgdetect.context.lines import EPOCH_S, Line, assemble, clock_change_undone
from emgdetect.context.textfile import read_text
from emgdetect.context.types import Scoring
from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from pathlib import Path

_NAMES: dict[str, str] = {
    "onset": "onset start start_sec start_s start_time starttime begin time time_s time_sec t from "
    "zeit beginn heure début debut inicio hora onset_s onset_sec epoch_start",
    "stop": "stop end end_sec end_s end_time endtime offset to ende fin stop_s stop_sec",
    "duration": "duration duration_sec duration_s dur length dauer durée duree duración duracion durata",
    "stage": "stage stages sleep_stage sleepstage sleep_stages hypnogram hypno schlafstadium stadium stade "
    "stage_name staging",
    "label": "trial_type description event events label annotation name type class kind mov_type ereignis "
    "événement evenement concept",
    "channel": "channel channels ch_name ch_names location signal limb kanal",
    "epoch": "epoch epochs epoch_number number no",
    "group": "group",
}
_COLUMN = {name: column for column, names in _NAMES.items() for name in names.split()}
_NO_VALUE = frozenset({"", "n/a", "na", "nan", "none", "."})
_FIRST_MINUTE = 60.0
_DELIMITERS = "\t;,|"


@dataclass(frozen=True, slots=True)
class _Table:
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    numbers: list[int]


def sniff(text: str) -> bool:
    """Say whether the first line names a column of labels, and what else an event needs."""
    lines = [line for line in text[:4000].split("\n") if line.strip()]
    if not lines:
        return False
    columns = set(_columns(lines[0]))
    return bool(columns & {"stage", "label"}) and bool(
        columns & {"onset", "epoch", "duration"} or "stage" in columns
    )


def read(path: Path, epoch: float | None = None) -> Scoring:
    """Read a table; ``epoch`` is the length in s of epochs it gives no length of, 30 unless given.

    Raises
    ------
    FormatError
        If it is no such table, or a line holds a time that is none.
    """
    table = _parsed(path, read_text(path))
    if "onset" not in table.columns:
        return _by_epochs(path, table, epoch)
    start, dated, onsets, oddities = _onsets(path, table)
    lines = [
        Line(onset, _length(cells, path, number), *_label(cells))
        for onset, cells, number in zip(onsets, table.rows, table.numbers, strict=True)
    ]
    if start is not None and start.tzinfo is None and not dated:
        lines, told = clock_change_undone(lines, start=since_midnight(start), day=None)
        oddities += told
    found = assemble(lines)
    return Scoring(path, "table", start, dated, found.stages, found.marks, (*oddities, *found.oddities))


def _columns(head: str) -> list[str]:
    delimiter = next((one for one in _DELIMITERS if one in head), ",")
    bare = [cell.split("[")[0].split("(")[0].strip(' "').casefold() for cell in head.split(delimiter)]
    return [_COLUMN.get(name.replace(" ", "_"), name) for name in bare]


def _parsed(path: Path, text: str) -> _Table:
    lines = [line for line in text.split("\n") if line.strip()]
    columns = _columns(lines[0]) if lines else []
    if not {"stage", "label"} & set(columns):
        hint = "name one column stage or event"
        raise FormatError("the first line names no column of stages or events", where=path, hint=hint)
    delimiter = next((one for one in _DELIMITERS if one in lines[0]), ",")
    rows = []
    try:
        for cells in csv.reader(lines[1:], delimiter=delimiter):
            given = zip(columns, (cell.strip() for cell in cells), strict=False)
            rows.append({name: cell for name, cell in given if cell.casefold() not in _NO_VALUE})
    except csv.Error as error:
        raise FormatError(f"this is not a table ({error})", where=path) from error
    return _Table(tuple(columns), rows, list(range(2, len(rows) + 2)))


def _by_epochs(path: Path, table: _Table, epoch: float | None) -> Scoring:
    step = epoch or EPOCH_S
    numbers = [cells.get("epoch") for cells in table.rows]
    counted = all(number is not None and number.isdigit() for number in numbers)
    first = int(numbers[0] or 0) if counted and numbers else 0
    places = [int(number or 0) - first for number in numbers] if counted else list(range(len(numbers)))
    lines = [
        Line(place * step, step, cells.get("stage", cells.get("label", "?")), stage=True)
        for place, cells in zip(places, table.rows, strict=True)
    ]
    found = assemble(lines)
    if found.marks:
        where = f"{path}, line {table.numbers[0]}"
        raise FormatError(f"{found.marks[0].text[:40]!r} is no sleep stage, and has no time", where=where)
    assumed = () if epoch else (f"epochs are taken as {EPOCH_S:g} s: the file does not say",)
    return Scoring(path, "table", None, False, found.stages, (), (*found.oddities, *assumed))


def _label(cells: dict[str, str]) -> tuple[str, str, bool | None]:
    """Return label, channel, and whether it is surely a stage; an event outweighs the stage beside it."""
    channel = cells.get("channel", "")
    if "label" in cells:
        listed = cells.get("group", "").casefold().startswith(("stage", "sleep stage", "hypno"))
        return cells["label"], channel, True if listed else None
    return cells.get("stage", "?"), channel, True


def _onsets(path: Path, table: _Table) -> tuple[datetime | None, bool, list[float], list[str]]:
    """Return the moment of second 0, whether its date counts, seconds of each line, and what is odd."""
    said = [_needed(cells, path, number) for cells, number in zip(table.rows, table.numbers, strict=True)]
    if not said or seconds_in(said[0]) is not None:
        pairs = zip(said, table.numbers, strict=True)
        return None, False, [_seconds(cell, path, number) for cell, number in pairs], []
    if seconds_of_day(said[0]) is not None:
        return _of_times(path, table, said)
    moments = [parse_moment(cell)[0] for cell in said]
    if moments[0] is None or any(moment is None for moment in moments):
        wrong = next(place for place, moment in enumerate(moments) if moment is None)
        where = f"{path}, line {table.numbers[wrong]}"
        raise FormatError(f"{said[wrong][:40]!r} is no time", where=where)
    known = [moment for moment in moments if moment is not None]
    if len({moment.tzinfo is None for moment in known}) > 1:
        raise FormatError("some times have a zone and some do not", where=path)
    odd = ["dates are read with the day first"] if parse_moment(said[0])[1] else []
    return known[0], True, [(_utc(moment) - _utc(known[0])).total_seconds() for moment in known], odd


def _of_times(
    path: Path, table: _Table, said: list[str]
) -> tuple[datetime | None, bool, list[float], list[str]]:
    clocks = [seconds_of_day(cell) for cell in said]
    wrong = next((place for place, clock in enumerate(clocks) if clock is None), None)
    if wrong is not None:
        raise FormatError(f"{said[wrong][:40]!r} is no time", where=f"{path}, line {table.numbers[wrong]}")
    known = [clock for clock in clocks if clock is not None]
    if known[0] < _FIRST_MINUTE:
        # Nobody's night begins in the first minute after midnight; many tables count from 00:00:00.
        return None, False, known, ["times begin near 00:00:00 and are taken to count from the start"]
    return moment_at(None, known[0]), False, unwrap(known, known[0]), []


def _length(cells: dict[str, str], path: Path, number: int) -> float | None:
    if "duration" in cells:
        return _seconds(cells["duration"], path, number)
    if "stop" not in cells:
        return None
    stop, start = cells["stop"], cells["onset"]
    if seconds_in(stop) is not None:
        length = _seconds(stop, path, number) - _seconds(start, path, number)
    elif (late := seconds_of_day(stop)) is not None and (early := seconds_of_day(start)) is not None:
        length = (late - early) % DAY_S
    else:
        ends = [parse_moment(cell)[0] for cell in (start, stop)]
        if ends[0] is None or ends[1] is None:
            raise FormatError(f"{stop[:40]!r} is no time", where=f"{path}, line {number}")
        length = (_utc(ends[1]) - _utc(ends[0])).total_seconds()
    if length < 0:
        raise FormatError(
            f"the line ends at {stop} before it begins at {start}", where=f"{path}, line {number}"
        )
    return length


def _needed(cells: dict[str, str], path: Path, number: int) -> str:
    if "onset" not in cells:
        raise FormatError("the line has no onset", where=f"{path}, line {number}")
    return cells["onset"]


def _seconds(cell: str, path: Path, number: int) -> float:
    value = seconds_in(cell)
    value = seconds_of_day(cell) if value is None else value
    if value is None:
        raise FormatError(f"{cell[:40]!r} is no time", where=f"{path}, line {number}")
    return value


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

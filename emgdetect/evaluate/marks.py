"""Marked events, from anybody: what it takes to compare them, and how to read them from a table."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOT_AVAILABLE = ("", "n/a", "nan")


class Timed(Protocol):
    """Anything with a place in time, a kind and a channel, such as an event or a :class:`Mark`."""

    @property
    def onset(self) -> float:
        """Start in s."""

    @property
    def duration(self) -> float:
        """Length in s, 0 or more."""

    @property
    def kind(self) -> str:
        """What it is said to be."""

    @property
    def channel(self) -> str:
        """Where it was seen; empty when that is not said."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of a table of events. ``kind`` and ``channel`` are empty where the table does not say."""

    onset: float
    duration: float
    kind: str = ""
    channel: str = ""


def read_events(path: Path) -> tuple[Mark, ...]:
    """Read a table of events: BIDS-style TSV, or CSV with the same columns.

    Needs the columns ``onset`` and ``duration`` (s); ``trial_type`` and ``channel`` are read when there,
    others left alone. A duration of ``n/a`` is 0.

    Returns
    -------
    tuple of Mark
        In the order of the file; empty for a table with a header only.

    Raises
    ------
    FormatError
        If the file is no such table, or a line holds a time that is none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            "this is not a text file", where=path, hint="a table of events is needed"
        ) from error
    except OSError as error:
        raise FormatError(
            "the file cannot be read", where=path, hint="check its name and permissions"
        ) from error
    lines = text.splitlines()
    delimiter = "\t" if lines and "\t" in lines[0] else ","
    return tuple(_marks(csv.reader(lines, delimiter=delimiter), path))


def _marks(rows: Iterator[list[str]], path: Path) -> Iterator[Mark]:
    header = [name.strip() for name in _row(rows, path) or []]
    lacking = [name for name in ("onset", "duration") if name not in header]
    if lacking:
        raise FormatError(
            f"the first line has no column {' and no column '.join(lacking)}",
            where=path,
            hint="a table of events starts with onset, duration, trial_type",
        )
    number = 1
    while (row := _row(rows, path)) is not None:
        number += 1
        if any(cell.strip() for cell in row):
            cells = dict(zip(header, map(str.strip, row), strict=False))
            where = f"{path}, line {number}"
            yield Mark(
                onset=_seconds(cells.get("onset", ""), "onset", where),
                duration=_duration(cells.get("duration", ""), where),
                kind=_word(cells.get("trial_type", "")),
                channel=_word(cells.get("channel", "")),
            )


def _row(rows: Iterator[list[str]], path: Path) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise FormatError(f"this is not a table ({error})", where=path) from error


def _word(cell: str) -> str:
    return "" if cell.lower() in NOT_AVAILABLE else cell


def _duration(cell: str, where: str) -> float:
    if cell.lower() in NOT_AVAILABLE:
        return 0.0
    duration = _seconds(cell, "duration", where)
    if duration < 0:
        raise FormatError(f"the duration {cell!r} is negative", where=where)
    return duration


def _seconds(cell: str, name: str, where: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FormatError(f"the {name} {cell!r} is not a number", where=where)
    return value

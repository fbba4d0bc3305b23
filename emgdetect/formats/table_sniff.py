"""Guess the layout of a text table from its first lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Literal

import numpy as np

from emgdetect.formats.rates import stated_rate
from emgdetect.formats.stamps import CLOCK_TIME, epoch_scale
from emgdetect.formats.table_layout import MOST_COLUMNS, ColumnLayout, TableLayout, TimeUnit
from emgdetect.formats.table_names import (
    EVENT_TABLE,
    channel_of,
    is_signal,
    is_time,
    is_unit,
    time_unit_of,
)

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

LOOKED_AT = 400
LEAST_SHARE = 0.9
MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "inf", "-inf", "+inf"})

_ISO = re.compile(r'\s*"?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}')
_RATE = re.compile(
    r"(?:sampl\w*[ _-]*(?:rate|freq\w*)|\bs?fs\b|\bsrate\b)[^\d\n]{0,20}([\d.]+)\s*(khz)?", re.IGNORECASE
)

# Time units by how far apart samples are in them: a sensor sends 5 to 5000 samples a second.
_LARGEST_IN_SECONDS = 0.2
_LARGEST_IN_MS = 200.0
_LARGEST_EPOCH_STEP = 10.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines cut into fields: the sign and decimal mark, the rows that fit, where the first of them is."""

    delimiter: str
    decimal: Literal[".", ","]
    width: int
    rows: tuple[tuple[str, ...], ...]
    first: int
    kinds: tuple[str, ...]

    def numbers(self, column: int) -> FloatArray:
        """Return a column's numbers, NaN where there is none."""
        found = [number(row[column], self.decimal) for row in self.rows]
        return np.array([np.nan if value is None else value for value in found])


def guess_layout(lines: list[str]) -> TableLayout | None:
    """Return how a table that begins with ``lines`` is laid out, ``None`` if it is no table of numbers."""
    grid = find_grid(lines)
    if grid is None:
        return None
    names = header_names(lines, grid)
    if names and {name.lower() for name in names} >= EVENT_TABLE:
        return None
    if not names and "text" in grid.kinds:
        # Marks and notes have words in them; samples with a word for each row have named columns.
        return None
    time = _time_column(grid, names)
    signals = [
        n
        for n, kind in enumerate(grid.kinds)
        if kind == "number" and n != time and not (names and (not is_signal(names[n]) or is_time(names[n])))
    ]
    if not names and time is None and signals and _is_index(grid, signals[0]) and len(signals) > 1:
        signals = signals[1:]
    if not signals:
        return None
    return TableLayout(
        delimiter=grid.delimiter,
        n_fields=grid.width,
        channels=_unique([_channel(names, n, signals) for n in signals]),
        decimal=grid.decimal,
        header_rows=grid.first,
        time_column=time,
        time_unit="s" if time is None else _time_unit(grid, names, time),
        sampling_rate=_stated_rate(lines[: grid.first]),
        comment=_comment(lines[: grid.first]),
    )


def find_grid(lines: list[str]) -> Grid | None:
    """Return the best way to cut lines into equally many fields of which some are numbers."""
    # The end of the head is beyond titles, settings and names, however many there are.
    body = [line for line in lines[-LOOKED_AT:] if line.strip()]
    best: tuple[int, Grid] | None = None
    choices: tuple[tuple[str, Literal[".", ","]], ...] = (
        ("\t", "."), (";", "."), (",", "."), ("|", "."), (" ", "."), ("\t", ","), (";", ","), (" ", ",")
    )  # fmt: skip
    for delimiter, decimal in choices:
        grid = _cut(lines, body, delimiter, decimal)
        if grid is None:
            continue
        # A wrong sign leaves words: "0,5;1,5" cut at its commas is 0, "5;1", 5.
        score = grid.kinds.count("number") - grid.kinds.count("text")
        if best is None or score > best[0]:
            best = (score, grid)
    return best[1] if best else None


def _cut(lines: list[str], body: list[str], delimiter: str, decimal: Literal[".", ","]) -> Grid | None:
    rows = [split(line, delimiter) for line in body]
    if not rows:
        return None
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    if width > MOST_COLUMNS:
        return None
    fitting = [row for row in rows if len(row) == width]
    while len(fitting) > 1 and not any(number(field, decimal) is not None for field in fitting[0]):
        fitting.pop(0)
    kinds = tuple(_kind([row[n] for row in fitting], decimal) for n in range(width))
    if "number" not in kinds or (count < LEAST_SHARE * len(rows) and count < len(rows) - 10):
        return None
    first = _first_row(lines, delimiter, kinds, decimal)
    return None if first is None else Grid(delimiter, decimal, width, tuple(fitting), first, kinds)


def split(line: str, delimiter: str) -> tuple[str, ...]:
    """Cut a line into fields; white space counts once, and one sign at the end of a line is nothing."""
    if delimiter == " ":
        return tuple(line.split())
    fields = line.rstrip("\r\n").split(delimiter)
    if len(fields) > 1 and not fields[-1].strip():
        fields.pop()
    return tuple(fields)


def number(text: str, decimal: str) -> float | None:
    """Return a field's number, ``None`` if it holds none."""
    text = text.strip().strip('"')
    if decimal == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    if "_" in text or not text.isascii():
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _kind(fields: list[str], decimal: str) -> str:
    present = [field for field in fields if field.strip().strip('"').lower() not in MISSING]
    if not present:
        return "empty"
    needed = LEAST_SHARE * len(present)
    if sum(number(field, decimal) is not None for field in present) >= needed:
        return "number"
    if sum(bool(_ISO.match(field)) for field in present) >= needed:
        return "iso"
    if sum(bool(CLOCK_TIME.match(field.strip('"'))) for field in present) >= needed:
        return "clock"
    return "text"


def _first_row(lines: list[str], delimiter: str, kinds: tuple[str, ...], decimal: str) -> int | None:
    for at, line in enumerate(lines):
        row = split(line, delimiter)
        if len(row) != len(kinds):
            continue
        pairs = [(field, kind) for field, kind in zip(row, kinds, strict=True) if kind == "number"]
        present = [field for field, _ in pairs if field.strip().strip('"').lower() not in MISSING]
        if present and all(number(field, decimal) is not None for field in present):
            return at
    return None


def header_names(lines: list[str], grid: Grid) -> list[str]:
    """Return the columns' names, a unit in the line below them joined to each; none if there are none."""
    above = [line for line in lines[: grid.first] if line.strip()]
    rows = [_header_row(line, grid) for line in above[-2:]]
    rows = [row for row in rows if len(row) == grid.width]
    if not rows:
        return []
    last = rows[-1]
    if len(rows) > 1 and all(is_unit(cell) or not cell for cell in last) and any(last):
        units = [f" ({cell.strip('()[]')})" if cell else "" for cell in last]
        return [name + unit for name, unit in zip(rows[0], units, strict=True)]
    return last


def _header_row(line: str, grid: Grid) -> list[str]:
    bare = line.strip().lstrip("#%/").strip() if line.lstrip().startswith(("#", "%", "//")) else line
    cells = [cell.strip().strip('"').strip() for cell in split(bare, grid.delimiter)]
    # The last column may have no name, or no unit.
    return [*cells, ""] if 0 < len(cells) == grid.width - 1 > 1 else cells


def _time_column(grid: Grid, names: list[str]) -> int | None:
    usable = {"number", "iso", "clock"}
    for n, kind in enumerate(grid.kinds):
        if kind in usable and ((names and is_time(names[n])) or kind in {"iso", "clock"}):
            return n
    if names or len(grid.kinds) == 1 or len(grid.rows) < 3 or grid.kinds[0] != "number":  # noqa: PLR2004
        return None
    steps = np.diff(grid.numbers(0))
    steps = steps[np.isfinite(steps)]
    rising = steps.size and (steps >= 0).mean() >= LEAST_SHARE and (steps > 0).any()
    return 0 if rising and not _is_index(grid, 0) else None


def _is_index(grid: Grid, column: int) -> bool:
    """Say whether a column without a name only counts the rows."""
    values = grid.numbers(column)
    return bool(values.size > 1 and values[0] in {0.0, 1.0} and (np.diff(values) == 1).all())


def _time_unit(grid: Grid, names: list[str], column: int) -> TimeUnit:
    if grid.kinds[column] == "iso":
        return "iso"
    if grid.kinds[column] == "clock":
        return "clock"
    stated = time_unit_of(names[column]) if names else None
    values = grid.numbers(column)
    values = values[np.isfinite(values)]
    if stated is not None:
        return stated
    return unit_by_size(values)


def unit_by_size(stamps: FloatArray) -> TimeUnit:
    """Guess the unit of a time column from how large its numbers and their steps are."""
    scale = epoch_scale(float(stamps[0])) if stamps.size else None
    by_scale: dict[float, TimeUnit] = {1.0: "s", 1e-3: "ms", 1e-6: "us", 1e-9: "ns"}
    if scale is not None:
        steps = np.diff(stamps)
        typical = float(np.median(steps[steps > 0])) * scale if (steps > 0).any() else 0.0
        # A microcontroller that has run for an hour also counts billions of µs; its steps give it away.
        if typical < _LARGEST_EPOCH_STEP or scale != 1.0:
            return by_scale[scale]
    lag = max(1, min(16, stamps.size // 8))
    steps = stamps[lag:] - stamps[:-lag]
    steps = steps[steps > 0]
    step = float(np.median(steps)) / lag if steps.size else 1.0
    if step < _LARGEST_IN_SECONDS:
        return "s"
    return "ms" if step < _LARGEST_IN_MS else "us"


def _channel(names: list[str], column: int, signals: list[int]) -> ColumnLayout:
    if names and names[column]:
        return channel_of(names[column], column)
    return ColumnLayout(column, "value" if len(signals) == 1 else f"channel {signals.index(column) + 1}")


def _unique(channels: list[ColumnLayout]) -> tuple[ColumnLayout, ...]:
    seen: Counter[str] = Counter()
    found = []
    for channel in channels:
        seen[channel.name] += 1
        again = seen[channel.name]
        name = channel.name if again == 1 else f"{channel.name} {again}"
        found.append(ColumnLayout(channel.column, name, channel.unit, channel.gain))
    return tuple(found)


def _stated_rate(header: list[str]) -> float | None:
    for line in header:
        found = _RATE.search(line)
        rate = stated_rate(found[1]) if found else None
        if found and rate:
            return rate * 1000 if found[2] else rate
    return None


def _comment(header: list[str]) -> str:
    starts = [sign for line in header for sign in ("#", "%", "//") if line.startswith(sign)]
    return starts[0] if starts else ""

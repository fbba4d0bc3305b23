"""Logs of a serial port: MyoWare and other sensors whose sketch prints one line per sample.

``value``; ``time,value``; ``env,raw,rect``; ``label:value`` as for the Arduino plotter; ``{"raw":1,"t":2}``;
``11:02:46.251 -> value`` as the Arduino monitor shows it; with a header or without, after a boot line, with a
cut first line. There is no counter and no checksum.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.stamps import CLOCK_TIME
from emgdetect.formats.table_layout import ColumnLayout
from emgdetect.formats.table_names import is_time, states_voltage
from emgdetect.formats.table_sniff import find_grid, guess_layout, header_names, number
from emgdetect.formats.tabular import Tabular, read_by
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.recording import Head, ReadOptions, Recording

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.formats.table_layout import TableLayout

MOST_COLUMNS = 4
LEAST_SHARE = 0.8
ENVELOPE_BELOW = 50.0
"""Hz; the boards' own sketches send the envelope output at about 20 Hz, the raw one faster."""

LIBRARY_COLUMNS = (
    ColumnLayout(0, "env", "envelope"),
    ColumnLayout(1, "raw", "adc"),
    ColumnLayout(2, "rect", "envelope"),
)
"""What the MyoWare library's example prints, without names."""

_LABELLED = re.compile(r"\s*[A-Za-z]\w*\s*:\s*[-+\d.eE]+(?:[,;\t ]+[A-Za-z]\w*\s*:\s*[-+\d.eE]+)*[,;\t ]*$")
_LABEL = re.compile(r"([A-Za-z]\w*)\s*:\s*")
_VALUE_WORDS = {"value", "values", "val", "env", "envelope", "raw", "rect", "rectified", "ref", "sensor"}
_MORE_VALUE_WORDS = {"sensorvalue", "sensor_value", "reading", "analog", "a0"}
_TIME_WORDS = {"time", "t", "ms", "us", "millis", "micros", "time_ms", "time_us", "t_ms", "t_us"}
_WORDS = _VALUE_WORDS | _MORE_VALUE_WORDS | _TIME_WORDS


def sniff(head: Head) -> bool:
    """Say whether the lines are a few numbers each, without a header of another program."""
    lines = _tidied(head_lines(head))
    labelled = _is_labelled(lines)
    return (labelled or _is_plain(lines)) and _layout(lines, labelled=labelled) is not None


def _is_plain(lines: list[str]) -> bool:
    plain = [line for line in lines if line.strip()]
    numeric = sum(_is_numeric(line) for line in plain)
    if not plain or numeric < max(1, LEAST_SHARE * (len(plain) - 2)):
        return False
    if any("myoware" in line.lower() for line in plain[:5]):
        return True
    grid = find_grid(lines)
    if grid is None or grid.width > MOST_COLUMNS or grid.decimal == ",":
        return False
    names = [name.lower() for name in header_names(lines, grid)]
    if any(line.startswith(("#", "%", "//")) for line in lines[: grid.first]):
        return False
    return not names or (
        set(names) <= _WORDS and not all(map(is_time, names)) and not any(map(states_voltage, names))
    )


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a serial log; lines that are not numbers are counted and left out."""
    lines = _tidied(first_lines(path))
    labelled = _is_labelled(lines)
    layout = _layout(lines, labelled=labelled)
    if layout is None:
        raise FormatError("no line holds numbers only", where=path.name)
    notes: tuple[str, ...] = ()
    if not labelled and _first_row_is_cut(lines, layout):
        layout = replace(layout, header_rows=layout.header_rows + 1)
        notes = ("the first row is the rest of a longer one and left out",)
    device = "MyoWare" if any("myoware" in line.lower() for line in lines[:5]) else "serial log"
    found = read_by(path, layout, options, device=device, lines=_unlabelled if labelled else _tidied)
    found, level_notes = _levels(found, options)
    oddities = (layout.sentence(), *notes, *level_notes, *found.notes)
    return Recording(
        path, "myoware", device, found.start, (found.stream,), oddities=oddities, title="serial log"
    )


def _tidied(lines: list[str]) -> list[str]:
    """Take off what monitors and JSON put around the numbers."""
    if not any("->" in line or line.startswith("{") for line in lines):
        return lines
    return [
        line.strip("{} \t").replace('"', "") if line.startswith("{") else line.replace("->", ",", 1)
        for line in lines
    ]


def _is_labelled(lines: list[str]) -> bool:
    plain = [line for line in lines if line.strip()]
    return len(plain) > 1 and sum(bool(_LABELLED.match(line)) for line in plain) >= max(
        2, LEAST_SHARE * (len(plain) - 2)
    )


def _is_numeric(line: str) -> bool:
    fields = [field for field in re.split(r"[,;\t ]+", line.strip()) if field]
    if fields and CLOCK_TIME.match(fields[0]):
        fields.pop(0)
    return 0 < len(fields) <= MOST_COLUMNS and all(number(field, ".") is not None for field in fields)


def _unlabelled(lines: list[str]) -> list[str]:
    """Turn ``raw:512 env:30`` into ``512,30``; other lines stay, and are no rows."""
    return [
        re.sub(r"[,;\t ]+", ",", _LABEL.sub("", line).strip()).strip(",") if _LABELLED.match(line) else line
        for line in _tidied(lines)
    ]


def _layout(lines: list[str], *, labelled: bool) -> TableLayout | None:
    names: list[str] = []
    if labelled:
        first = next(line for line in lines if _LABELLED.match(line))
        names = _LABEL.findall(first)
        lines = [",".join(names), *_unlabelled([line for line in lines if _LABELLED.match(line)])]
    layout = guess_layout(lines)
    if layout is None:
        return None
    if labelled:
        return replace(layout, header_rows=0)
    return replace(layout, channels=LIBRARY_COLUMNS) if _is_library(lines, layout) else layout


def _is_library(lines: list[str], layout: TableLayout) -> bool:
    """Say whether rows without names are the library's: a level, a signal around 0, and its size."""
    grid = find_grid(lines)
    if grid is None or grid.width != len(LIBRARY_COLUMNS) or layout.time_column is not None:
        return False
    env, raw, rect = (grid.numbers(n) for n in range(3))
    unnamed = layout.channels[0].name == "channel 1"
    return unnamed and bool((raw < 0).any()) and not ((env < 0).any() or (rect < 0).any())


def _first_row_is_cut(lines: list[str], layout: TableLayout) -> bool:
    """Say whether the first row's stamp is so far off that its line must be the rest of a longer one."""
    if layout.time_column is None or layout.time_unit in {"clock", "iso"}:
        return False
    rows = [line.split(layout.delimiter) for line in lines[layout.header_rows :] if line.strip()]
    texts = [row[layout.time_column] for row in rows if len(row) == layout.n_fields]
    stamps = np.array([value for text in texts if (value := number(text, ".")) is not None])
    if stamps.size < 4:  # noqa: PLR2004 - too few to tell
        return False
    second = texts[1].strip()
    # "34,512" is what is left of "1200034,512": shorter than what follows, and far from it.
    shorter = len(texts[0].strip()) < len(second) and not second.startswith(texts[0].strip())
    usual = float(np.median(np.abs(np.diff(stamps[1:])))) or 1.0
    return bool(shorter and abs(stamps[1] - stamps[0]) > 100 * usual)


def _levels(found: Tabular, options: ReadOptions) -> tuple[Tabular, tuple[str, ...]]:
    """Take a bare value that comes slowly as the board's envelope output."""
    info = found.stream.info
    bare = [c for c in info.channels if c.unit == "adc" and c.name.lower() not in {"raw", "ref"}]
    if options.unit is not None or info.sampling_rate >= ENVELOPE_BELOW or not bare:
        return found, ()
    channels = tuple(replace(c, unit="envelope") if c in bare else c for c in info.channels)
    stream = replace(found.stream, info=replace(info, channels=channels))
    note = f"at {info.sampling_rate:.4g} Hz values are taken as an envelope; --unit adc says otherwise"
    return replace(found, stream=stream), (note,)

"""Read a text table by its layout: shared by all formats that are tables without a counter."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError
from emgdetect.formats.clock import Clock, clock_of
from emgdetect.formats.collecting import Collected, collect
from emgdetect.formats.rows import RowFormat
from emgdetect.formats.segments import Segments
from emgdetect.formats.stampcolumn import in_seconds
from emgdetect.formats.stamps import SECONDS_PER_DAY, day_seconds, epoch_scale, iso_seconds, start_of
from emgdetect.formats.textio import first_lines
from emgdetect.formats.timing import Timing, timing_of
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emgdetect.formats.table_layout import ColumnLayout, TableLayout
    from emgdetect.recording import ReadOptions, Stream
    from emgdetect.types import FloatArray

SCALES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
COUNTER_TURNS = {"ms": 2**32 * 1e-3, "us": 2**32 * 1e-6}
"""Where ``millis()`` and ``micros()`` of a microcontroller start again, in s."""

COUNTER_REACH = 0.02


@dataclass(frozen=True, slots=True)
class Tabular:
    """A table as a stream, with what was odd and where the channels came from."""

    stream: Stream
    start: datetime | None
    notes: tuple[str, ...]


def read_by(
    path: Path,
    layout: TableLayout,
    options: ReadOptions,
    *,
    device: str = "unknown",
    lines: Callable[[list[str]], list[str]] | None = None,
) -> Tabular:
    """Read the rows of a table.

    Parameters
    ----------
    path : Path
        The file.
    layout : TableLayout
        Where things are.
    options : ReadOptions
        A rate given here is taken as it is; a unit given here goes to all channels.
    device : str, optional
        What to call the device.
    lines : callable, optional
        Rewrites lines before they are parsed.

    Raises
    ------
    FormatError
        If there is no row, or neither a time column nor a rate.
    """
    rate = options.sampling_rate or layout.sampling_rate
    if layout.time_column is None and rate is None:
        raise FormatError(
            "there is no time column, so the sampling rate is unknown",
            where=path.name,
            hint="name it: --sampling-rate 500",
        )
    gathered = collect(
        path,
        _row_format(layout),
        0 if layout.time_column is None else 1,
        skip=layout.header_rows,
        lines=_rewriter(layout, lines),
    )
    # The rate written into a layout is for tables without a clock; the user's word is above both.
    fixed = options.sampling_rate if layout.time_column is not None else rate
    timing, start, notes = _timing(path, layout, gathered, fixed)
    channels = tuple(_channel(item, options) for item in layout.channels)
    info = StreamInfo(timing.sampling_rate, channels, device, start)
    stream = timing.segments.stream(info, gathered.fetch())
    return Tabular(stream, start, (*gathered.notes(), *timing.notes, *notes))


def _row_format(layout: TableLayout) -> RowFormat:
    marks = () if layout.time_column is None else (layout.time_column,)
    swaps = (('"', ""), (",", ".")) if layout.decimal == "," else (('"', ""),)
    return RowFormat(
        None if layout.delimiter == " " else layout.delimiter,
        (*marks, *(item.column for item in layout.channels)),
        layout.n_fields,
        layout.n_fields + 1,
        swaps=swaps,
        missing=True,
        comment=layout.comment,
    )


def _rewriter(
    layout: TableLayout, lines: Callable[[list[str]], list[str]] | None
) -> Callable[[list[str]], list[str]] | None:
    """Return what turns texts of time into seconds, so that every column is a number."""
    if layout.time_column is None or layout.time_unit not in {"clock", "iso"}:
        return lines
    column, sign = layout.time_column, None if layout.delimiter == " " else layout.delimiter

    dated = layout.time_unit == "iso"

    def rewrite(block: list[str]) -> list[str]:
        given = lines(block) if lines else block
        if sign is not None:
            quick = in_seconds(given, delimiter=sign, column=column, dated=dated)
            if quick is not None:
                return quick
        rows = [line.split(sign) for line in given]
        rows = [row for row in rows if len(row) > column]
        texts = [row[column].strip().strip('"') for row in rows]
        stamps = iso_seconds(texts) if dated else [_of_day(text) for text in texts]
        for row, stamp in zip(rows, stamps, strict=True):
            text = repr(float(stamp))
            row[column] = text.replace(".", ",") if layout.decimal == "," else text
        return [layout.delimiter.join(row) for row in rows]

    return rewrite


def _of_day(text: str) -> float:
    try:
        return day_seconds(text)
    except ValueError:
        return float("nan")


def _timing(
    path: Path, layout: TableLayout, gathered: Collected, fixed: float | None
) -> tuple[Timing, datetime | None, tuple[str, ...]]:
    if layout.time_column is None:
        return Timing(fixed or 0.0, Segments(gathered.n_samples)), None, ()
    first = float(gathered.marks.fetch(0, 1)[0, 0])
    clock, start, notes = _clock(path, layout, gathered, first)
    return timing_of(clock, fixed, path.name), start, notes


def _zone(path: Path, layout: TableLayout) -> tzinfo | None:
    """Return the offset from UTC that a table's times name; without one they are the recorder's own."""
    sign = None if layout.delimiter == " " else layout.delimiter
    for line in first_lines(path)[layout.header_rows :]:
        with suppress(ValueError, IndexError):
            text = line.split(sign)[layout.time_column or 0].strip().strip('"')
            return datetime.fromisoformat(text).tzinfo
    return None


def _clock(
    path: Path, layout: TableLayout, gathered: Collected, first: float
) -> tuple[Clock, datetime | None, tuple[str, ...]]:
    unit = layout.time_unit
    if unit == "clock":
        note = f"starts at {_day_text(first)} of a day the file does not name"
        return clock_of(gathered, lambda block: block[0], SECONDS_PER_DAY), None, (note,)
    scale = SCALES.get(unit, 1.0)

    def seconds(block: FloatArray) -> FloatArray:
        scaled: FloatArray = block[0] * scale
        return scaled

    since_1970 = unit == "iso" or epoch_scale(first) == scale
    start = start_of(first * scale) if since_1970 else None
    if unit == "iso" and start is not None:
        zone = _zone(path, layout)
        start = start.astimezone(zone) if zone else start.replace(tzinfo=None)
    turn = None if since_1970 else COUNTER_TURNS.get(unit)
    return clock_of(gathered, seconds, turn, COUNTER_REACH), start, ()


def _day_text(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{seconds - whole // 60 * 60:06.3f}"


def _channel(item: ColumnLayout, options: ReadOptions) -> Channel:
    unit = options.unit or item.unit
    return Channel(item.name, unit, item.gain if unit == item.unit else 1.0)

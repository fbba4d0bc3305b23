"""A summary as plain text for a terminal: 80 columns for usual names, 100 at most."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from emgdetect.summary.layout import (
    MINUTE,
    NONE,
    UNITS,
    length,
    median_iqr,
    moment,
    number,
    percent,
    shorten,
    span,
    table,
)
from emgdetect.summary.types import ALL_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emgdetect.summary.types import Coverage, Hour, Row, Summary

WIDTH = 92
NAME_WIDTH = 12
REASONS_SHOWN = 2
UNIT_COLUMN = 6
DAY_HOURS = 24
CHANNELS_ABREAST = 5
"""Channels whose hours fit beside each other."""


def to_text(summary: Summary) -> str:
    """Return the summary as lines of plain text, ending with a line feed.

    It says where every number comes from, what rates divide by, and what could not be judged. A channel
    without valid time has no rates; hours with too little valid time are blank.
    """
    sections = (
        _head(summary),
        _coverage(summary),
        _often(summary),
        _like(summary),
        *_hours(summary),
        _artefacts(summary),
        _remarks(summary),
        wrap(summary.disclaimer, WIDTH),
    )
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _head(summary: Summary) -> list[str]:
    start = "" if summary.start is None else f", started {summary.start:%Y-%m-%d %H:%M:%S}"
    device = "" if summary.device in {"", "unknown"} else f"{summary.device}, "
    return [
        summary.source or "Recording",
        f"  {device}{summary.sampling_rate:g} Hz, {length(summary.duration)}{start}",
        f"  profile {summary.profile}, version {summary.version}, configuration {summary.config_hash}",
    ]


def _coverage(summary: Summary) -> list[str]:
    if not summary.coverage:
        return ["No channels."]
    rows = [
        (
            _name(one.channel),
            length(one.recorded_hours * 3600),
            length(one.valid_hours * 3600),
            percent(one.valid_fraction),
            _why(one),
        )
        for one in summary.coverage
    ]
    header = ("channel", "recorded", "valid", "share", "why the rest is not")
    return ["Valid time", *table(header, rows, left=len(header))]


def _why(coverage: Coverage) -> str:
    named = coverage.invalid_seconds[:REASONS_SHOWN]
    others = sum(seconds for _, seconds in coverage.invalid_seconds[REASONS_SHOWN:])
    shown = (*named, ("others", others)) if others else named
    return ", ".join(f"{reason} {length(seconds)}" for reason, seconds in shown) or NONE


def _often(summary: Summary) -> list[str]:
    if not summary.rows:
        return []
    quiet = _quiet_channels(summary)
    shown = [row for row in summary.rows if row.kind == ALL_KINDS or row.channel not in quiet]
    outside = any(row.in_invalid for row in summary.rows)
    header = ["channel", "kind", "count", "per valid hour", "95 % interval", "active", "first", "last"]
    if outside:
        header.insert(3, "elsewhere")
    lines = table(header, [_often_cells(summary, row, outside=outside) for row in shown], left=2)
    note = ["  elsewhere: onset outside valid time, in no other number"] if outside else []
    return ["How often (exact Poisson interval; active is the share of valid time)", *lines, *note]


def _quiet_channels(summary: Summary) -> set[str]:
    """Name the channels without any event: one line says so, unless the recording has no other channel."""
    whole = [row for row in summary.rows if row.kind == ALL_KINDS]
    return {row.channel for row in whole if not row.count and not row.in_invalid} if len(whole) > 1 else set()


def _often_cells(summary: Summary, row: Row, *, outside: bool) -> list[str]:
    count = NONE if row.refused else str(row.count)
    rate, interval = (NONE, NONE) if row.rate is None else _rate_cells(row)
    times = [moment(summary.start, row.first), moment(summary.start, row.last)]
    elsewhere = [str(row.in_invalid)] if outside else []
    active = NONE if row.refused else percent(row.active_share)
    return [_name(row.channel), row.kind, count, *elsewhere, rate, interval, active, *times]


def _rate_cells(row: Row) -> tuple[str, str]:
    if row.rate is None:
        return NONE, NONE
    return number(row.rate.per_valid_hour), span(row.rate.low, row.rate.high)


def _like(summary: Summary) -> list[str]:
    rows = [row for row in summary.rows if row.count]
    if not rows:
        return ["No events in valid time."]
    units = {UNITS.get(row.unit, row.unit) for row in rows}
    # One unit goes into the header; several need a column.
    unit = f" {units.pop()}" if len(units) == 1 else ""
    header = ["channel", "kind", "duration s", "total", f"peak{unit}", f"RMS{unit}", "SNR dB", "interval s"]
    cells = [_like_cells(row) for row in rows]
    if not unit:
        header.insert(UNIT_COLUMN, "unit")
        for row, line in zip(rows, cells, strict=True):
            line.insert(UNIT_COLUMN, UNITS.get(row.unit, row.unit))
    truncated = sum(row.truncated for row in rows if row.kind == ALL_KINDS)
    note = [f"  {truncated} cut by a gap or an end: counted, but not in durations"] if truncated else []
    title = "What they are like (median, quartiles in brackets; interval from onset to onset)"
    return [title, *table(header, cells, left=2), *note]


def _like_cells(row: Row) -> list[str]:
    return [
        _name(row.channel),
        row.kind,
        median_iqr(row.duration),
        NONE if row.duration is None else length(row.total_duration),
        number(row.peak.median if row.peak else None),
        number(row.rms.median if row.rms else None),
        number(row.snr_db.median if row.snr_db else None),
        median_iqr(row.intervals.spread if row.intervals else None),
    ]


def _hours(summary: Summary) -> Iterator[list[str]]:
    rows = [row for row in summary.rows if row.kind == ALL_KINDS]
    for first in range(0, len(rows), CHANNELS_ABREAST):
        abreast = rows[first : first + CHANNELS_ABREAST]
        columns = [row.clock_hours or row.hours for row in abreast]
        if len(columns[0]) > 1:
            names = _hour_names(columns[0])
            counts = (_hour_cells(hours) for hours in zip(*columns, strict=True))
            cells = [(name, *count) for name, count in zip(names, counts, strict=True)]
            header = ("hour", *(_name(row.channel) for row in abreast))
            title = "Events by hour (valid minutes in brackets; blank: too little valid time)"
            yield [title, *table(header, cells)]


def _hour_names(hours: Sequence[Hour]) -> list[str]:
    pattern = "%d %b %H:00" if len(hours) > DAY_HOURS else "%H:00"
    return [f"{hour.index + 1}" if hour.clock is None else format(hour.clock, pattern) for hour in hours]


def _hour_cells(hours: Sequence[Hour]) -> list[str]:
    return [f"{hour.count} ({hour.valid_seconds / MINUTE:.0f})" if hour.enough else "" for hour in hours]


def _artefacts(summary: Summary) -> list[str]:
    if not summary.artefacts:
        return []
    header = ("channel", "cause", "count", "total")
    cells = [
        (_name(one.channel), one.cause, str(one.count), length(one.seconds)) for one in summary.artefacts
    ]
    return ["Artefacts (never counted as events)", *table(header, cells, left=2)]


def _remarks(summary: Summary) -> list[str]:
    remarks = dict.fromkeys((*_little_valid(summary), *_not_looked_for(summary), *summary.notices))
    return [line for remark in remarks for line in wrap(remark, WIDTH, subsequent_indent="  ")]


def _little_valid(summary: Summary) -> Iterator[str]:
    low = [(_name(one.channel), percent(one.valid_fraction)) for one in summary.coverage if one.low]
    if len(low) == 1:
        yield f"Only {low[0][1]} of {low[0][0]} is valid: its numbers say little."
    elif low:
        shares = ", ".join(f"{name} ({share})" for name, share in low)
        yield f"Only part of the time is valid in {shares}: their numbers say little."


def _not_looked_for(summary: Summary) -> Iterator[str]:
    """Give one line for each reason, however many channels share it."""
    channels: dict[tuple[str, str], list[str]] = {}
    for one in summary.refused:
        channels.setdefault((one.kind, one.reason), []).append(one.channel)
    for (kind, reason), names in channels.items():
        yield f"{', '.join(names)}: {kind} not looked for: {reason}"


def _name(channel: str) -> str:
    return shorten(channel, NAME_WIDTH)

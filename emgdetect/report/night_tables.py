"""The tables of a report over many nights, as rows of finished text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.report import words
from emgdetect.report.document import Cell, Group, Line, Table, Text, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.evaluate import Estimate
    from emgdetect.report.document import Block
    from emgdetect.trends import Contrast, NightValue, Series, Trends

CONTRAST_HEADS = (
    "Compared",
    "Nights",
    "Rates per valid hour",
    "Ratio",
    "Difference of medians",
    "Cliff's delta",
)
CONTRAST_WORDS = (
    "Nights: without (or before) and with (or after). Below each number its 95 % interval from "
    "resampling whole nights. Cliff's delta (1993): how much more often a night with has the "
    "higher rate than the lower, from -1 to 1. Many words compared bring some differences by "
    "chance."
)


def numbers(found: Trends, starts: Sequence[str]) -> tuple[Block, ...]:
    """Return kinds by channel, and every night; ``starts`` say when each began."""
    heads = ("Kind", "Nights", "Per valid hour", "Median of nights", "Lowest to highest")
    channels = dict.fromkeys(one.channel for one in found.series)
    groups = tuple(
        Group(channel, "", tuple(_kind_line(one) for one in found.series if one.channel == channel))
        for channel in channels
    )
    if not groups:
        return (Text("There is nothing to count."),)
    return (Table(heads, groups), *(_nights_table(found, channel, starts) for channel in channels))


def _kind_line(one: Series) -> Line:
    name = "all kinds" if one.kind == "all" else one.kind
    both = words.NOTHING
    if one.lowest is not None and one.highest is not None:
        both = f"{words.per_hour(one.lowest)} to {words.per_hour(one.highest)}"
    cells = (Cell(str(one.n_used)), _cell(one.pooled), _cell(one.median), Cell(both))
    return Line(name, cells, one.kind)


def _nights_table(found: Trends, channel: str, starts: Sequence[str]) -> Table:
    series = next(one for one in found.series if one.channel == channel)
    lines = [
        _night_line(night.name, start, value)
        for night, start, value in zip(found.nights, starts, series.nights, strict=True)
    ]
    heads = (
        "Night",
        "Start",
        "Valid",
        "Valid part",
        "Events",
        f"Per valid hour (95{words.FIXED}% interval)",
        "Left out because",
    )
    return Table(heads, plain(lines), (0, 5), fold=f"Every night in {channel}")


def _night_line(name: str, start: str, value: NightValue) -> Line:
    rate = Cell(words.NOTHING)
    if value.rate is not None:
        rate = Cell(f"{words.per_hour(value.rate.per_valid_hour)} ({words.interval(value.rate)})")
    cells = (
        Cell(start),
        Cell(words.hours(value.valid_hours) if value.valid_hours else words.NOTHING),
        Cell(words.percent(value.share) if value.valid_hours else words.NOTHING),
        Cell(words.NOTHING if value.count is None else f"{value.count:,}"),
        rate,
        Cell(value.reason),
    )
    return Line(name, cells, "" if value.used else "low")


def contrasts(every: Sequence[Contrast]) -> list[Line]:
    """Return a line for each comparison; one that was not made says why."""
    return [_contrast_line(one) for one in every]


def contrast_name(one: Contrast) -> str:
    """Write what is compared: "after: magnesium", "with trigger: long walk"."""
    if one.since is not None:
        return f"after: {one.what}"
    return f"with {one.kind}: {one.what}"


def _contrast_line(one: Contrast) -> Line:
    sides = Cell(f"{one.n_without} and {one.n_with}")
    if one.reason or one.rate_without is None or one.rate_with is None:
        nothing = (Cell(words.NOTHING),) * 3
        return Line(contrast_name(one), (sides, Cell(one.reason), *nothing), "low")
    rates = f"{words.per_hour(one.rate_without)} and {words.per_hour(one.rate_with)}"
    cells = (
        sides,
        Cell(rates),
        _cell(one.ratio),
        _cell(one.difference, signed=True),
        _cell(one.dominance, signed=True),
    )
    return Line(contrast_name(one), cells)


def _cell(value: Estimate, *, signed: bool = False) -> Cell:
    if value.value is None:
        return Cell(words.NOTHING)
    low_to_high = (
        "" if value.low is None or value.high is None else _span(value.low, value.high, signed=signed)
    )
    return Cell(_number(value.value, signed=signed), low_to_high)


def estimate(value: Estimate, *, signed: bool = False) -> str:
    """Write an estimate with its interval in brackets."""
    if value.value is None:
        return words.NOTHING
    number = _number(value.value, signed=signed)
    if value.low is None or value.high is None:
        return number
    percent = f"95{words.FIXED}%{words.FIXED}interval"
    return f"{number} ({percent} {_span(value.low, value.high, signed=signed)})"


def _span(low: float, high: float, *, signed: bool) -> str:
    return f"{_number(low, signed=signed)} to {_number(high, signed=signed)}"


def _number(value: float, *, signed: bool) -> str:
    text = words.per_hour(abs(value))
    if value < 0:
        return f"\u2212{text}"
    return f"+{text}" if signed and value > 0 else text

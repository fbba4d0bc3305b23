"""Trends over nights, as text for a terminal and as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from emgdetect.cli.words import plural
from emgdetect.summary.layout import NONE, length, number, percent, shorten, span, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from emgdetect.evaluate import Estimate
    from emgdetect.trends import Contrast, Night, NightValue, Series, Trends

FORMAT = 1
"""Rises when a key changes its meaning or goes."""

WIDTH = 92
NAME_WIDTH, LONG_NAME = 24, 40
ALL = "all"


def to_json(found: Trends) -> dict[str, Any]:
    """Return the trends as plain values; ``docs/command-line.md`` says what the keys mean."""
    tree: dict[str, Any] = {"format": FORMAT, "what": "emgdetect trends", **asdict(found)}
    for night in tree["nights"]:
        # By hour and kind it stands in the series, put together.
        night.pop("channels")
    for series, plain in zip(found.series, tree["series"], strict=True):
        for value, record in zip(series.nights, plain["nights"], strict=True):
            record["used"] = value.used
    return tree


def to_text(found: Trends) -> str:
    """Return the trends as lines for people."""
    return "\n".join(_lines(found)).rstrip("\n")


def _lines(found: Trends) -> Iterator[str]:
    yield from _head(found)
    if not found.series:
        yield "No channel was searched in any night."
    for channel in dict.fromkeys(series.channel for series in found.series):
        yield ""
        yield from _channel(found, [series for series in found.series if series.channel == channel])
    yield ""
    for remark in (*found.notices, *_resampling(found)):
        yield from wrap(remark, WIDTH)
    yield ""
    yield from wrap(found.disclaimer, WIDTH)


def _resampling(found: Trends) -> Iterator[str]:
    if any(series.pooled.low is not None for series in found.series):
        yield f"Brackets of nights: exact Poisson intervals; of several nights: {found.resampled}."


def _head(found: Trends) -> Iterator[str]:
    dates = [night.start for night in found.nights if night.start is not None]
    when = f", {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}" if dates else ""
    yield f"{plural(len(found.nights), 'night')}{when}"
    rules = sorted({f"{night.rules}, version {night.version}" for night in found.nights if not night.problem})
    for one in rules:
        yield f"  profile {one}"


def _channel(found: Trends, kinds: Sequence[Series]) -> Iterator[str]:
    """Give a channel's nights, rates, hours and comparisons; all but the rates of its first kind only."""
    first = kinds[0]
    yield first.channel if first.kind == ALL else f"{first.channel}, {first.kind}"
    rows = [_night_row(night, value) for night, value in zip(found.nights, first.nights, strict=True)]
    header = ("night", "start", "valid", "share", "events", "per valid hour", "")
    yield from table(header, rows, left=2)
    yield ""
    yield from table(
        ("kind", "nights", "per valid hour", "median of nights", "lowest to highest", "first seen"),
        [_kind_row(found, one) for one in kinds],
    )
    yield from _profile(found, first)
    if first.changes:
        yield from ("", "Before and after", *_contrasts(first.changes))
    if first.associations:
        yield from ("", "Without and with, by the words of the diary", *_contrasts(first.associations))


def _night_row(night: Night, value: NightValue) -> tuple[str, ...]:
    start = NONE if night.start is None else f"{night.start:%Y-%m-%d %H:%M}"
    cells = (
        length(value.valid_hours * 3600) if value.valid_hours else NONE,
        percent(value.share) if value.valid_hours else NONE,
        NONE if value.count is None else str(value.count),
        NONE
        if value.rate is None
        else f"{number(value.rate.per_valid_hour)} ({span(value.rate.low, value.rate.high)})",
    )
    if not value.used:
        # Grey, on a terminal: the numbers are there, and do not count.
        cells = tuple(cell if cell == NONE else f"[{cell}]" for cell in cells)  # type: ignore[assignment]
    return (
        shorten(night.name, NAME_WIDTH),
        start,
        *cells,
        f"left out: {value.reason}" if value.reason else "",
    )


def _kind_row(found: Trends, series: Series) -> tuple[str, ...]:
    seen = NONE
    if series.first_seen is not None:
        moment = series.first_seen.time
        night = found.nights[series.first_seen.night]
        seen = shorten(night.name, NAME_WIDTH) if moment is None else f"{moment:%Y-%m-%d %H:%M}"
    both = NONE if series.lowest is None or series.highest is None else span(series.lowest, series.highest)
    return (series.kind, str(series.n_used), _estimate(series.pooled), _estimate(series.median), both, seen)


def _profile(found: Trends, series: Series) -> Iterator[str]:
    shown = [one for one in series.profile if one.count or one.enough]
    if not shown:
        return
    yield ""
    yield f"By hour of the {'clock' if found.by_clock else 'night'} (blank: too little valid time)"
    yield from table(
        ("hour", "nights", "valid", "events", "per valid hour"),
        [
            (
                f"{one.hour:02d}:00" if found.by_clock else str(one.hour + 1),
                str(one.nights),
                length(one.valid_hours * 3600),
                str(one.count),
                _estimate(one.rate) if one.enough else "",
            )
            for one in series.profile
        ],
    )


def _contrasts(contrasts: Sequence[Contrast]) -> list[str]:
    header = ("", "nights", "per valid hour", "ratio", "median difference", "Cliff's delta")
    return table(header, [_contrast_row(one) for one in contrasts])


def _contrast_row(one: Contrast) -> tuple[str, ...]:
    what = shorten(one.what if one.kind == "date" else f"{one.kind}: {one.what}", LONG_NAME)
    nights = f"{one.n_without} and {one.n_with}"
    if one.reason:
        return (what, nights, one.reason, NONE, NONE, NONE)
    rates = f"{number(one.rate_without)} and {number(one.rate_with)}"
    return (what, nights, rates, *map(_estimate, (one.ratio, one.difference, one.dominance)))


def _estimate(estimate: Estimate) -> str:
    if estimate.value is None:
        return NONE
    if estimate.low is None or estimate.high is None:
        return number(estimate.value)
    return f"{number(estimate.value)} ({span(estimate.low, estimate.high)})"

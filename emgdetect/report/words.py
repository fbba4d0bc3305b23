"""Numbers and times as people say them."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.summary import Rate, Spread
    from emgdetect.types import Unit

NOTHING = "–"
"""Stands where there is no number."""

PLURALS = {"twitch": "twitches"}

UNITS: dict[str, str] = {"uV": "µV", "adc": "counts", "envelope": "envelope units"}

HOUR = 3600.0
MINUTE = 60.0
TEN_SECONDS = 10.0


def number(value: float | None, digits: int = 3) -> str:
    """Write a number with so many significant digits, never with an exponent; "–" for none."""
    if value is None or not isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - floor(log10(abs(value))))
    return f"{value:,.{decimals}f}"


def several(count: int, noun: str) -> str:
    """Write a count with its noun: "1 twitch", "2 twitches"."""
    plural = PLURALS.get(noun, f"{noun}s")
    return f"{count:,} {noun if count == 1 else plural}"


def span(seconds: float | None) -> str:
    """Write a stretch of time in the two units that fit it: "7 h 42 min", "3 min 5 s", "12.4 s", "85 ms"."""
    if seconds is None or not isfinite(seconds):
        return NOTHING
    if seconds < 1:
        return f"{number(seconds * 1000, 2 if seconds < TEN_SECONDS / 1000 else 3)} ms" if seconds else "0 s"
    if seconds < MINUTE - 0.05:
        return f"{seconds:.2f} s" if seconds < TEN_SECONDS else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < HOUR:
        minutes, rest = divmod(whole, 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / MINUTE), 60)
    return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"


def hours(value: float) -> str:
    """Write hours as a stretch of time."""
    return span(value * HOUR)


def percent(fraction: float | None) -> str:
    """Write a part of one as per cent; what is not quite nothing or all never reads as 0 or 100."""
    if fraction is None or not isfinite(fraction):
        return NOTHING
    value = 100 * fraction
    if 0 < value < 0.1:  # noqa: PLR2004 - the first decimal
        return "< 0.1 %"
    if 99.9 < value < 100:  # noqa: PLR2004 - the last decimal
        return "> 99.9 %"
    return f"{value:.1f} %" if value % 100 else f"{value:.0f} %"


def rate(value: Rate | None) -> str:
    """Write a rate with its interval: "40.5 (36.2 to 45.3)"."""
    if value is None:
        return NOTHING
    return f"{number(value.per_valid_hour)} ({interval(value)})"


def interval(value: Rate) -> str:
    """Write the 95 % interval of a rate: "36.2 to 45.3"."""
    return f"{number(value.low)} to {number(value.high)}"


def spread_of_times(value: Spread | None) -> str:
    """Write median and quartiles of times: "85.0 ms (40.0 ms to 110 ms)"."""
    if value is None:
        return NOTHING
    return f"{span(value.median)} ({span(value.q1)} to {span(value.q3)})"


def spread_of_numbers(value: Spread | None) -> str:
    """Write median and quartiles of numbers: "40.5 (36.2 to 45.3)"."""
    if value is None:
        return NOTHING
    return f"{number(value.median)} ({number(value.q1)} to {number(value.q3)})"


def unit(name: Unit | str) -> str:
    """Write a unit the way it is printed."""
    return UNITS.get(name, name)


def listed(items: Sequence[str]) -> str:
    """Join words: "a", "a and b", "a, b and c"."""
    if len(items) < 2:  # noqa: PLR2004 - a single item has nothing to be joined to
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def shortened(text: str, length: int) -> str:
    """Cut a name that does not fit a figure; the tables keep it whole."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"

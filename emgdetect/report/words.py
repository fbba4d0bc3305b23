"""Numbers and times as people say them."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emgdetect.sequences import Index
    from emgdetect.summary import Rate, Spread
    from emgdetect.types import Unit

NOTHING = "\u2013"
"""Stands where there is no number."""

PLURALS = {"twitch": "twitches"}

UNITS: dict[str, str] = {"uV": "µV", "adc": "counts", "envelope": "envelope units"}

FIXED = "\u00a0"
"""A space that does not break: a number stays with its unit."""

HOUR = 3600.0
MINUTE = 60.0
TEN_SECONDS = 10.0


def number(value: float | None, digits: int = 3) -> str:
    """Write a number with so many significant digits, never with an exponent; a dash for none."""
    if value is None or not isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - floor(log10(abs(value))))
    return f"{value:,.{decimals}f}"


def several(count: int, noun: str) -> str:
    """Write a count with its noun: "1 twitch", "2 twitches"."""
    plural = PLURALS.get(noun, f"{noun}s")
    return f"{count:,}{FIXED}{noun if count == 1 else plural}"


def span(seconds: float | None) -> str:
    """Write a stretch of time in the two units that fit it: "7 h 42 min", "3 min 5 s", "12.4 s", "85 ms"."""
    if seconds is None or not isfinite(seconds):
        return NOTHING
    if seconds < 0.9995:  # noqa: PLR2004 - which is not 1,000 ms
        # Tenths of a millisecond are less than a sample of most recordings.
        value = number(seconds * 1000, 2) if seconds < 0.01 else f"{seconds * 1000:.0f}"  # noqa: PLR2004 - 10 ms
        return _with_unit(value, "ms") if seconds else "0 s"
    if seconds < MINUTE - 0.05:
        return _with_unit(f"{seconds:.2f}" if seconds < TEN_SECONDS else f"{seconds:.1f}", "s")
    whole = round(seconds)
    if whole < HOUR:
        minutes, rest = divmod(whole, 60)
        return _two(_with_unit(str(minutes), "min"), _with_unit(str(rest), "s") if rest else "")
    hours, minutes = divmod(round(seconds / MINUTE), 60)
    return _two(_with_unit(f"{hours:,}", "h"), _with_unit(str(minutes), "min") if minutes else "")


def _with_unit(value: str, name: str) -> str:
    return f"{value}{FIXED}{name}"


def _two(large: str, small: str) -> str:
    return f"{large} {small}".strip()


def hours(value: float) -> str:
    """Write hours as a stretch of time."""
    return span(value * HOUR)


def percent(fraction: float | None) -> str:
    """Write a part of one as per cent; what is not quite nothing or all never reads as 0 or 100."""
    if fraction is None or not isfinite(fraction):
        return NOTHING
    value = 100 * fraction
    if 0 < value < 0.1:  # noqa: PLR2004 - the first decimal
        return _with_unit(f"<{FIXED}0.1", "%")
    if 99.9 < value < 100:  # noqa: PLR2004 - the last decimal
        return _with_unit(f">{FIXED}99.9", "%")
    return _with_unit(f"{value:.1f}" if value % 100 else f"{value:.0f}", "%")


def chance(value: float) -> str:
    """Write a probability; what is not quite none or certain never reads as such."""
    if 0 < value < 0.005:  # noqa: PLR2004 - the second decimal
        return f"<{FIXED}0.01"
    if 0.995 <= value < 1:  # noqa: PLR2004 - the second decimal
        return f">{FIXED}0.99"
    return f"{value:.2f}"


def per_hour(value: float) -> str:
    """Write a rate: three digits, but never more than two decimals; what is not nothing never reads as 0."""
    if 0 < value < 0.005:  # noqa: PLR2004 - the second decimal
        return f"<{FIXED}0.01"
    return f"{value:.2f}" if 0 < value < 10 else number(value)  # noqa: PLR2004 - two decimals make three digits


def interval(value: Rate) -> str:
    """Write the 95 % interval of a rate: "36.2 to 45.3"."""
    return f"{per_hour(value.low)} to {per_hour(value.high)}"


def quartiles(value: Spread | None, write: Callable[[float], str]) -> str:
    """Write the quartiles of a spread: "18 ms to 34 ms"; nothing where all values are one."""
    if value is None or value.n < 2:  # noqa: PLR2004 - one value has no spread
        return ""
    return f"{write(value.q1)} to {write(value.q3)}"


def tick(value: float) -> str:
    """Write a round number at an axis."""
    text = f"{value:,.10g}" if abs(value) < 1e15 else f"{value:g}"  # noqa: PLR2004 - beyond, no one counts zeros
    return text.replace("-", "\u2212")


def unit(name: Unit | str) -> str:
    """Write a unit the way it is printed."""
    return UNITS.get(name, name)


def listed(items: Sequence[str]) -> str:
    """Join words: "a", "a and b", "a, b and c"."""
    if len(items) < 2:  # noqa: PLR2004 - a single item has nothing to be joined to
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def index(value: Index) -> str:
    """Write the value of an index with its unit and what was divided by."""
    if value.value is None:
        return NOTHING
    if value.unit == "1/h":
        return f"{per_hour(value.value)} {value.per}"
    return index_value(value)


def index_value(value: Index) -> str:
    """Write the value of an index with a short unit."""
    if value.value is None:
        return NOTHING
    if value.unit in UNIT_WRITERS:
        return UNIT_WRITERS[value.unit](value.value)
    return _with_unit(number(value.value), value.unit)


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, unless the first word may be a name."""
    first = text.split(" ", 1)[0].rstrip(",;")
    start = text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text
    return start if start.endswith((".", "!", "?")) else f"{start}."


def shortened(text: str, length: int) -> str:
    """Cut a name that does not fit a figure; the tables keep it whole."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


UNIT_WRITERS: dict[str, Callable[[float], str]] = {
    "1/h": lambda value: f"{per_hour(value)}/h",
    "s": span,
    "%": lambda value: percent(value / 100),
    "ln s": lambda value: f"{value:.2f}",
    "factor": lambda value: f"{value:.2f}",
    "": number,
}
"""How the units of an index are written; any other stands behind its number."""

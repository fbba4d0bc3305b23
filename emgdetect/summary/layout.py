"""Numbers, times and tables as fixed-width text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.summary.hours import clock_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from emgdetect.summary.types import Spread

NONE = "-"
"""Stands where there is no number."""

UNITS = {"uV": "µV", "adc": "counts", "envelope": "envelope"}
"""How units are written for people."""

SEPARATOR = "  "

MINUTE, HOUR = 60, 3600

LEAST_SHARE, WHOLE_PERCENT = 0.0005, 0.1
"""Shares below the first round to nothing; those below the second get a decimal."""


def number(value: float | None) -> str:
    """Return about three significant digits, without an exponent where one would be silly."""
    if value is None:
        return NONE
    size = abs(value)
    for limit, digits in ((99.95, 0), (9.995, 1), (0.9995, 2), (0.09995, 3)):
        if size >= limit:
            return f"{value:.{digits}f}"
    return "0" if value == 0 else f"{value:.2g}"


def span(low: float, high: float) -> str:
    """Return a range, as in "1.2 to 3.4"."""
    return f"{number(low)} to {number(high)}"


def median_iqr(spread: Spread | None) -> str:
    """Return median and quartiles, as in "1.2 (0.9 to 2.0)"; a single value has no quartiles."""
    if spread is None:
        return NONE
    alone = number(spread.median)
    return alone if spread.n == 1 else f"{alone} ({span(spread.q1, spread.q3)})"


def percent(share: float | None) -> str:
    """Return a share of 1 in percent, with a decimal where it matters."""
    if share is None:
        return NONE
    if 0 < share < LEAST_SHARE:
        return "< 0.1 %"
    return f"{100 * share:.{0 if share >= WHOLE_PERCENT or share == 0 else 1}f} %"


def length(seconds: float) -> str:
    """Return a duration in the two largest units that matter, as in "7 h 58 min"."""
    whole = round(seconds)
    if whole < MINUTE:
        return f"{seconds:.3g} s"
    if whole < HOUR:
        minutes, rest = divmod(whole, MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / MINUTE), MINUTE)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def moment(start: datetime | None, seconds: float | None) -> str:
    """Return the clock time when the start is known, else time since the first sample."""
    if seconds is None:
        return NONE
    if start is not None:
        return f"{clock_time(start, seconds):%H:%M:%S}"
    minutes, rest = divmod(int(seconds), MINUTE)
    return f"{minutes // MINUTE}:{minutes % MINUTE:02d}:{rest:02d}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> list[str]:
    """Lay out columns, the first ``left`` of them flush left and the others right."""
    lines = [list(header), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return [SEPARATOR + _line(line, widths, left) for line in lines]


def _line(cells: Sequence[str], widths: Sequence[int], left: int) -> str:
    padded = (
        cell.ljust(width) if column < left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return SEPARATOR.join(padded).rstrip()


def shorten(text: str, limit: int) -> str:
    """Return the text, or its beginning and an ellipsis when it is longer than ``limit``."""
    return text if len(text) <= limit else text[: limit - 1] + "…"

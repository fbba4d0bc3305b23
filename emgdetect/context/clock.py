"""Dates and times of day as scoring programs write them, and seconds out of times of day."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

DAY_S = 86_400.0
HALF_DAY_S = DAY_S / 2
EARLY_S = 3600.0
"""A first mark may lie so long before the stated start; more looks like the next day."""

UNDATED = date(2000, 1, 1)

_TIME = re.compile(
    r"(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?:[:.m](?P<s>\d{2})(?:[.,:](?P<f>\d{1,9}))?)?s?\s*"
    r"(?P<half>[AaPp]\.?[Mm]\.?)?"
)
_DATE = re.compile(r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})[./-](?P<c>\d{2,4})")
_MOST_MONTHS = 12


def seconds_of_day(text: str) -> float | None:
    """Return seconds since midnight of ``22:19:06``, ``22.19.06,250`` or ``10:19 PM``, else ``None``.

    Hours beyond 23 are taken too: some programs count ``24:10:00`` after midnight.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = (int(found[name] or 0) for name in ("h", "m", "s"))
    if minutes >= 60 or seconds > 60:  # noqa: PLR2004 - a leap second is a second
        return None
    half = (found["half"] or "").replace(".", "").casefold()
    if half:
        if not 1 <= hours <= _MOST_MONTHS:
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    fraction = float(f"0.{found['f']}") if found["f"] else 0.0
    return hours * 3600 + minutes * 60 + seconds + fraction


def seconds_in(text: str) -> float | None:
    """Return a finite number of seconds, ``None`` for anything else; a comma may stand for the point."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def parse_date(text: str, *, month_first: bool = False) -> tuple[date | None, bool]:
    """Return a date, and whether day and month could be the other way round.

    ``23.09.2020`` and ``2020-09-23`` are clear. With slashes the day comes first, unless ``month_first`` is
    set or the numbers say otherwise.
    """
    found = _DATE.search(text)
    if found is None:
        return None, False
    first, second, third = (int(found[name]) for name in "abc")
    if len(found["a"]) == len("2020"):
        return _date(first, second, third), False
    year = third if len(found["c"]) > len("20") else 2000 + third
    if found["sep"] == ".":
        return _date(year, second, first), False
    doubtful = first <= _MOST_MONTHS and second <= _MOST_MONTHS and first != second
    if second > _MOST_MONTHS or (month_first and first <= _MOST_MONTHS):
        first, second = second, first
    return _date(year, second, first), doubtful and not month_first


def parse_moment(text: str) -> tuple[datetime | None, bool]:
    """Return date and time of day, and whether day and month could be the other way round.

    ``9/23/2020 01:00:00 PM`` has the month first: who writes AM and PM writes dates so.
    """
    bare = text.strip()
    try:
        return datetime.fromisoformat(bare), False
    except ValueError:
        pass
    head, _, tail = bare.partition(" ")
    seconds = seconds_of_day(tail)
    day, doubtful = parse_date(head, month_first=bare.casefold().endswith("m"))
    if seconds is None or day is None:
        return None, False
    return datetime.combine(day, time()) + timedelta(seconds=seconds), doubtful


def moment_at(day: date | None, seconds: float) -> datetime:
    """Return a moment of the recorder's clock, on a day that means nothing where none is known."""
    return datetime.combine(day or UNDATED, time()) + timedelta(seconds=seconds)


def since_midnight(moment: datetime) -> float:
    """Return the seconds of the clock since midnight."""
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def unwrap(times: list[float], start: float | None) -> list[float]:
    """Return seconds since ``start`` for times of day in the order of their file.

    Parameters
    ----------
    times : list of float
        Seconds since midnight.
    start : float or None
        That of second 0; ``None`` takes the first of ``times``.

    Returns
    -------
    list of float
        The first lies in the day after ``start``, or up to an hour before it. Each further one is on the day
        that puts it nearest to the one before, so that order within a file need not be strict, and more than
        a day is fine.
    """
    if not times:
        return []
    zero = times[0] if start is None else start
    first = (times[0] - zero) % DAY_S
    if first > DAY_S - EARLY_S:
        first -= DAY_S
    unwrapped = [first]
    for before, now in pairwise(times):
        step = math.remainder(now - before, DAY_S)
        unwrapped.append(unwrapped[-1] + step)
    return unwrapped


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

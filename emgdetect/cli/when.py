"""Times and time spans as people type them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from emgdetect.errors import UsageError

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(h|min|m|s)")
_SECONDS = {"h": 3600.0, "min": 60.0, "m": 60.0, "s": 1.0}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def span(text: str) -> float:
    """Return the seconds of ``8h``, ``30 min``, ``1h30min`` or ``90s``.

    Raises
    ------
    UsageError
        If it is none of them, or nothing.
    """
    bare = text.strip().lower()
    parts = _PART.findall(bare)
    if not parts or _PART.sub("", bare).strip():
        raise UsageError(f"{text!r} is no time span", hint="write it as in 8h, 30min, 1h30min or 90s")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if seconds <= 0:
        raise UsageError(f"{text!r} is no time at all")
    return seconds


def moment(text: str, after: datetime) -> datetime:
    """Return a time: the next ``07:00`` after ``after``, or one with a date, ``2026-11-21 07:00``.

    Without an offset it is this computer's.

    Raises
    ------
    UsageError
        If it cannot be read, or has a date and is over.
    """
    bare = text.strip()
    here = after.astimezone()
    if found := _CLOCK.fullmatch(bare):
        hour, minute, second = (int(part or 0) for part in found.groups())
        # From the wall's time, so that the night in which clocks are changed ends when the clock says so.
        naive = here.replace(tzinfo=None, hour=hour, minute=minute, second=second, microsecond=0)
        for days in (0, 1):
            then = (naive + timedelta(days=days)).astimezone()
            if then > here:
                return then
    try:
        then = datetime.fromisoformat(bare).astimezone()
    except ValueError:
        hint = "write it as in 07:00 or '2026-11-21 07:00'"
        raise UsageError(f"{text!r} is no time", hint=hint) from None
    if then <= here:
        raise UsageError(f"{text} is over", hint=f"it is {here:%Y-%m-%d %H:%M} now")
    return then

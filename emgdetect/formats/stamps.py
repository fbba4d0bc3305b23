"""Clock times as people and programs write them in tables."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

CLOCK_TIME = re.compile(r"\s*\d{1,2}:\d{2}:\d{2}(?:[.,:]\d{1,9})?\s*$")
"""A time of day, with a fraction after a point, a comma, or (Chords) a colon."""

SECONDS_PER_DAY = 86400.0

# Numbers since 1970 for the years 2001 to 2286, by unit; smaller ones count from some start of their own.
_EPOCH = ((1e18, 1e19, 1e-9), (1e15, 1e16, 1e-6), (1e12, 1e13, 1e-3), (1e9, 1e10, 1.0))
_EARLY_MS = (9e11, 1e12, 1e-3)


def epoch_scale(stamp: float) -> float | None:
    """Return the factor to seconds if ``stamp`` counts from 1970 in s, ms, µs or ns, else ``None``."""
    for low, high, scale in (*_EPOCH, _EARLY_MS):
        if low <= stamp < high:
            return scale
    return None


def start_of(seconds: float, local: str | None = None) -> datetime | None:
    """Return the wall-clock time of ``seconds`` since 1970.

    Parameters
    ----------
    seconds : float
        Since 1970-01-01 UTC.
    local : str, optional
        The same moment as a local clock time, which tells the recorder's offset from UTC.
    """
    try:
        moment = datetime.fromtimestamp(round(seconds, 6), tz=UTC)
    except (OverflowError, ValueError, OSError):
        return None
    if local is None or not CLOCK_TIME.match(local):
        return moment
    shift = day_seconds(local) - (seconds % SECONDS_PER_DAY)
    quarters = round(shift / 900)
    if abs(shift - quarters * 900) > 60:  # noqa: PLR2004 - s; a stamp and its text agree to much less
        return moment
    # Offsets run from -12 h to +14 h; the text has no date, so the day is chosen to fit.
    hours = (quarters / 4 + 10) % 24 - 10
    return moment.astimezone(timezone(timedelta(hours=hours)))


def day_seconds(text: str) -> float:
    """Return a time of day such as ``11:02:46.251`` in seconds since midnight."""
    hours, minutes, rest = text.strip().replace(",", ".").split(":", 2)
    whole, _, fraction = rest.replace(":", ".").partition(".")
    return int(hours) * 3600 + int(minutes) * 60 + int(whole) + (float(f"0.{fraction}") if fraction else 0.0)


def iso_seconds(texts: list[str]) -> FloatArray:
    """Return ISO 8601 times as seconds since 1970; NaN for what is none. A UTC offset is applied."""
    together = " ".join(texts)
    # numpy reads texts of one length without an offset, and is an order of magnitude faster.
    if "+" not in together and "Z" not in together and all(_plain(text) for text in texts):
        with suppress(ValueError):
            moments = np.array(texts, dtype="datetime64[us]")
            return np.where(np.isnat(moments), np.nan, moments.astype(np.float64) * 1e-6)
    return np.array([_iso_second(text) for text in texts])


def _plain(text: str) -> bool:
    return text[19:20] in {"", "."} and "-" not in text[19:]


def _iso_second(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

"""Numbers in words, the same in every command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = 60
HOUR = 3600


def duration(seconds: float) -> str:
    """Say a time span: ``0.25 s``, ``1 min 5 s``, ``8 h``, ``7 h 59 min``."""
    if seconds < MINUTE:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), MINUTE)
    hours, minutes = divmod(minutes, HOUR // MINUTE)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def rate(hertz: float) -> str:
    """Say a sampling rate without zeros that mean nothing."""
    return f"{hertz:.6g} Hz"


def plural(count: int, noun: str) -> str:
    """Say how many: ``1 gap``, ``2 gaps``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def clock_time(start: datetime | None) -> str:
    """Say a start, or that the file does not."""
    return "not known" if start is None else start.isoformat(sep=" ", timespec="milliseconds")

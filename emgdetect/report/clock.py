"""Time along an axis: the clock where the start is known, else time since the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

STEPS: tuple[float, ...] = (
    0.5, 1, 2, 5, 10, 15, 30,
    60, 120, 300, 600, 900, 1800,
    3600, 7200, 10800, 14400, 21600, 43200, 86400,
)  # fmt: skip
"""Distances between ticks in seconds that read well on a clock."""

IN_SECONDS = 120
"""Up to here time since the start is in plain seconds."""

MINUTE = 60
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns seconds since the first sample into what is printed; ``start`` is the time of that sample."""

    start: datetime | None

    def at(self, seconds: float) -> datetime | None:
        """Return the wall time of a moment, right also over a change of the clocks."""
        if self.start is None or self.start.tzinfo is None:
            return None if self.start is None else self.start + timedelta(seconds=seconds)
        return (self.start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(self.start.tzinfo)

    def text(self, seconds: float, *, fine: bool = False) -> str:
        """Write a moment as 02:13:05, or as 2:13:05 since the start; ``fine`` adds milliseconds."""
        moment = self.at(seconds)
        if moment is None:
            return elapsed(seconds, fine=fine)
        if not fine:
            return (moment + timedelta(milliseconds=500)).strftime("%H:%M:%S")
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"

    def minutes(self, seconds: float) -> str:
        """Write a moment to the minute: 02:13, or 2:13 h since the start."""
        moment = self.at(seconds)
        if moment is not None:
            return (moment + timedelta(seconds=30)).strftime("%H:%M")
        whole = round(seconds / MINUTE)
        return f"{whole // 60}:{whole % 60:02d} h"

    def ticks(self, start: float, stop: float, at_most: int) -> list[tuple[float, str]]:
        """Return round moments between two, in seconds, with their labels."""
        step = next((s for s in STEPS if (stop - start) / s <= at_most), STEPS[-1])
        shift = self._since_midnight()
        first = -(-(start + shift) // step) * step - shift
        n_ticks = int((stop - first) // step) + 1
        return [
            (first + i * step, self._tick_text(first + i * step, step, stop)) for i in range(max(n_ticks, 0))
        ]

    def axis_label(self, stop: float) -> str:
        """Name a time axis from 0 to ``stop`` seconds."""
        if self.start is None:
            return f"time since the recording began ({'s' if stop <= IN_SECONDS else 'h:mm:ss'})"
        if self.start.tzinfo is None:
            return "clock time (as the recorder had it)"
        return f"clock time ({zone(self.start)})"

    def _since_midnight(self) -> float:
        if self.start is None:
            return 0.0
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        return (self.start - midnight).total_seconds()

    def _tick_text(self, seconds: float, step: float, stop: float) -> str:
        moment = self.at(seconds)
        if moment is None:
            return f"{seconds:g}" if stop <= IN_SECONDS else elapsed(seconds)
        if step < 1:
            return f"{moment:%H:%M:%S}.{moment.microsecond // 100_000}"
        return f"{moment:%H:%M}" if step >= MINUTE else f"{moment:%H:%M:%S}"


def zone(moment: datetime) -> str:
    """Write the offset from UTC: "UTC+02:00"; "no time zone" when there is none."""
    offset = moment.utcoffset()
    if offset is None:
        return "no time zone"
    minutes = round(offset.total_seconds() / MINUTE)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def elapsed(seconds: float, *, fine: bool = False) -> str:
    """Write time since the start as h:mm:ss, with milliseconds if ``fine``."""
    thousandths = round(seconds * 1000) if fine else round(seconds) * 1000
    whole, rest = divmod(thousandths, 1000)
    text = f"{whole // HOUR}:{whole % HOUR // MINUTE:02d}:{whole % MINUTE:02d}"
    return f"{text}.{rest:03d}" if fine else text

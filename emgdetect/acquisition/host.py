"""What the computer's own clocks tell: that it slept, or that somebody set the time of day."""

from __future__ import annotations

from dataclasses import dataclass

STILL_S = 10.0
"""A loop that was not run for so long did not just wait for a disk: the computer slept."""

SET_S = 0.5
"""Smaller steps of the wall clock are corrections by a time server."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks at one moment, in seconds.

    ``monotonic`` is the clock of the arrivals. ``wall`` is the time of day since 1970 (UTC). ``boot`` goes on
    while the computer sleeps; ``None`` where there is no such clock, or where ``monotonic`` is one.
    """

    monotonic: float
    wall: float
    boot: float | None = None


@dataclass(frozen=True, slots=True)
class Slept:
    """The computer slept for about so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class WallClockSet:
    """The time of day was set forward (or back, negative) by so many seconds."""

    seconds: float


class HostClock:
    """Compares each reading with the one before.

    Attributes
    ----------
    uncounted : float
        Seconds of sleep that the monotonic clock has left out since the beginning. Added to it they make a
        clock that the sensor's samples agree with.
    """

    def __init__(self, first: Reading) -> None:
        self._last = first
        self.uncounted = 0.0

    @property
    def last(self) -> Reading:
        """The newest reading."""
        return self._last

    def read(self, reading: Reading) -> tuple[Slept | WallClockSet, ...]:
        """Take the next reading, to be made a few times a second, and say what it shows."""
        before, self._last = self._last, reading
        ran = reading.monotonic - before.monotonic
        left_out = 0.0
        if reading.boot is not None and before.boot is not None:
            left_out = max(0.0, reading.boot - before.boot - ran)
        facts: list[Slept | WallClockSet] = []
        if left_out > SET_S:
            self.uncounted += left_out
            facts.append(Slept(left_out))
        else:
            left_out = 0.0
            if ran > STILL_S:
                facts.append(Slept(ran))
        step = reading.wall - before.wall - ran - left_out
        if abs(step) > SET_S:
            facts.append(WallClockSet(step))
        return tuple(facts)

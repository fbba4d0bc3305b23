"""What the computer's own clocks tell: that it slept, or that somebody set the time of day."""

from __future__ import annotations

from dataclasses import dataclass

STILL_S = 10.0
"""A loop that was not run for so long did not just wait for a disk: the computer slept."""

STEP_S = 0.5
"""Smaller differences are a busy computer, or corrections by a time server."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks at one moment, in seconds.

    ``now`` is the clock of the arrivals, which goes on while the computer sleeps. ``wall`` is the time of day
    since 1970 (UTC). ``awake`` stands still in sleep; ``None`` where there is no such clock.
    """

    now: float
    wall: float
    awake: float | None = None


@dataclass(frozen=True, slots=True)
class Slept:
    """The computer slept (or the program was stopped) for about so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class WallClockSet:
    """The time of day was set forward (or back, negative) by so many seconds."""

    seconds: float


HostFact = Slept | WallClockSet
"""What a reading may show."""


class HostClock:
    """Compares each reading with the one before."""

    def __init__(self, first: Reading) -> None:
        self.last = first

    def read(self, reading: Reading) -> tuple[HostFact, ...]:
        """Take the next reading, to be made a few times a second, and say what it shows."""
        before, self.last = self.last, reading
        passed = reading.now - before.now
        facts: list[HostFact] = []
        if reading.awake is not None and before.awake is not None:
            asleep = passed - (reading.awake - before.awake)
            if asleep > STEP_S:
                facts.append(Slept(asleep))
        if not facts and passed > STILL_S:
            facts.append(Slept(passed))
        step = reading.wall - before.wall - passed
        if abs(step) > STEP_S:
            facts.append(WallClockSet(step))
        return tuple(facts)

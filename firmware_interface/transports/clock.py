"""The clock of the arrivals: monotonic, and it goes on while the computer sleeps.

``time.monotonic`` stands still during sleep on Linux and macOS, so that a sensor would seem to have sent
twenty minutes of samples in no time. The difference between a clock that stops and one that does not is also
the one sure sign that the computer slept.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_SLEEP = 1.0
"""Shorter ones, in seconds, are left to the data watchdog."""


if sys.platform == "win32":

    def now() -> float:
        """Return seconds of a clock that never stops or jumps, whatever the wall clock is set to."""
        return time.monotonic()

    def awake() -> float:
        """Return seconds of a clock that stops while the computer sleeps."""
        import ctypes

        ticks = ctypes.c_ulonglong()
        ctypes.windll.kernel32.QueryUnbiasedInterruptTime(ctypes.byref(ticks))
        return ticks.value * 1e-7

else:
    # The two systems mean opposite things by CLOCK_MONOTONIC.
    _WHOLE = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    _AWAKE = getattr(time, "CLOCK_UPTIME_RAW", time.CLOCK_MONOTONIC)

    def now() -> float:
        """Return seconds of a clock that never stops or jumps, whatever the wall clock is set to."""
        return time.clock_gettime(_WHOLE)

    def awake() -> float:
        """Return seconds of a clock that stops while the computer sleeps."""
        return time.clock_gettime(_AWAKE)


class SleepWatch:
    """Tells how long the computer slept since it was last asked."""

    def __init__(self, whole: Callable[[], float] = now, running: Callable[[], float] = awake) -> None:
        self._whole = whole
        self._running = running
        self._difference = whole() - running()

    def slept(self) -> float:
        """Return the seconds slept since the last call; 0.0 if less than :data:`LEAST_SLEEP`."""
        difference = self._whole() - self._running()
        slept = difference - self._difference
        if slept < LEAST_SLEEP:
            return 0.0
        self._difference = difference
        return slept

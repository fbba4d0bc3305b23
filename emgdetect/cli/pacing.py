"""A computer whose time is that of sensors that are not there, at a pace of one's own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from emgdetect.recorder import VirtualHost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emgdetect.acquisition import Reading
    from firmware_interface.link import Transport


_LONGEST_S = 2.0


class PacedHost(VirtualHost):
    """Let virtual time pass ``speed`` times as fast as real time at most, as fast as possible for 0.

    Time that the computer does not keep up with takes longer and is not lost.

    Parameters
    ----------
    transports : sequence of Transport
        Whose time passes only as they are read.
    speed : float
        Virtual seconds in a real one.
    wall : float, optional
        Time of day at virtual second 0, in seconds since 1970; now if not given.
    clock, sleep : callable
        The real time.
    """

    def __init__(
        self,
        transports: Sequence[Transport],
        speed: float,
        *,
        wall: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(transports, wall)
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._began = clock()

    @property
    def every(self) -> float:
        """Seconds of virtual time after which there is something new to see: a fiftieth of a real one."""
        return min(_LONGEST_S, 0.02 * self._speed) if self._speed else _LONGEST_S

    def read(self) -> Reading:
        """Read the sensors' clock, when it is time to."""
        reading = super().read()
        if self._speed:
            ahead = reading.now / self._speed - (self._clock() - self._began)
            if ahead > 0:
                self._sleep(ahead)
        return reading

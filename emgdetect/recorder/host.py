"""The computer the recorder runs on: its clocks and its disk, so that a test can put others there."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Protocol

from emgdetect.acquisition import Reading
from firmware_interface.transports import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from firmware_interface.link import Transport


class Host(Protocol):
    """What the recorder asks of the computer."""

    def read(self) -> Reading:
        """Read the clocks."""

    def wait(self, seconds: float) -> None:
        """Let time pass."""

    def free_bytes(self, folder: Path) -> int:
        """Return how much may still be written to the disk of a folder."""


class RealHost:
    """The computer this runs on."""

    def read(self) -> Reading:
        """Read the clocks."""
        return Reading(clock.now(), time.time(), clock.awake())

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def free_bytes(self, folder: Path) -> int:
        """Return the free space in bytes; a disk that does not tell has room for a year."""
        try:
            return shutil.disk_usage(folder).free
        except OSError:
            return 1 << 60


class VirtualHost(RealHost):
    """A computer whose time is that of virtual sensors, however fast it runs.

    Parameters
    ----------
    transports : sequence of Transport
        All of one time; the one that is furthest behind says what time it is.
    wall : float, optional
        Time of day at their second 0, in seconds since 1970; now if not given.
    """

    def __init__(self, transports: Sequence[Transport], wall: float | None = None) -> None:
        self._transports = tuple(transports)
        self._wall = time.time() if wall is None else wall
        self._waited = 0.0

    def read(self) -> Reading:
        """Read the sensors' clock."""
        now = min(transport.now() for transport in self._transports)
        return Reading(now, self._wall + self._waited + now)

    def wait(self, seconds: float) -> None:
        """Let the time go on at once."""
        self._waited += seconds

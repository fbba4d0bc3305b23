"""The contract of every transport: what arrived, and when.

Threads and event loops stop here. A transport runs whatever it needs behind a bounded queue; everything
after it is plain single-threaded code that takes one :data:`Arrival` after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Down = Literal["disconnect", "silent", "unplugged", "sleep", "closed"]
"""Why a link is gone: it said so, it sent nothing for too long, its port vanished, the computer slept."""


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes from the device, read at ``time``; ``source`` as in ``Decoder.feed``."""

    time: float
    data: bytes
    source: str = ""


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The device is there and was told to start; ``detail`` says where, as in "COM7" or "MyoW1 (C4:…)"."""

    time: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """The device is gone and is being looked for; ``detail`` is for people.

    It may come before any :class:`LinkUp` (nothing found yet), and again with the same cause and another
    ``detail`` while the device is still gone (the adapter is off now). After "closed" nothing comes any more.
    """

    time: float
    cause: Down
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Overflow:
    """The queue was full and ``n_bytes`` had to be thrown away, here in the order of arrivals."""

    time: float
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Battery:
    """The device's battery, in percent."""

    time: float
    percent: float


Arrival = Received | LinkUp | LinkDown | Overflow | Battery
"""What a transport hands over; ``time`` is seconds of a monotonic clock, never of the wall clock."""


class Transport(Protocol):
    """A link that is kept up for as long as it is open."""

    def open(self) -> None:
        """Begin to look for the device; returns at once.

        Raises
        ------
        DeviceError
            What no waiting will mend: no adapter, no permission, a port that another program holds.
        """

    def read(self, timeout: float) -> list[Arrival]:
        """Return what has arrived, in order, waiting at most ``timeout`` seconds for the first.

        Raises
        ------
        DeviceError
            As for :meth:`open`, when it turns out later.
        """

    def now(self) -> float:
        """Say what time it is on the clock of the arrivals."""

    def close(self) -> None:
        """Say the device's stop steps and let go of it; further calls do nothing."""

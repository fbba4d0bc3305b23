"""The bounded queue between the thread that listens and the code that reads."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from firmware_interface.link import Battery, Overflow, Received

if TYPE_CHECKING:
    from emgdetect.errors import DeviceError
    from firmware_interface.link import Arrival

BOUND = 1 << 23
"""Bytes that may wait: a minute of the fastest device, hours of a slow one."""

OVERHEAD = 200
"""What an arrival weighs beside its bytes, so that many small ones are bounded too."""


class ArrivalQueue:
    """Arrivals in the order they were put in, from any thread to one reader.

    When the reader is too slow the newest bytes are thrown away; they are counted and handed out as one
    :class:`Overflow` in their place. That a link came or went is never thrown away.

    Parameters
    ----------
    bound : int, default 8 MiB
        How many bytes may wait, each arrival weighing :data:`OVERHEAD` more than its data.
    """

    def __init__(self, bound: int = BOUND) -> None:
        self._bound = bound
        self._waiting: deque[Arrival] = deque()
        self._weight = 0
        self._error: DeviceError | None = None
        self._changed = threading.Condition()

    def put(self, arrival: Arrival) -> None:
        """Add an arrival; never waits."""
        with self._changed:
            if isinstance(arrival, Received):
                self._put_bytes(arrival)
            elif not isinstance(arrival, Battery) or self._weight < self._bound:
                self._weight += OVERHEAD
                self._waiting.append(arrival)
            self._changed.notify()

    def fail(self, error: DeviceError) -> None:
        """Let ``take`` raise ``error`` once everything before it was taken, and ever after."""
        with self._changed:
            self._error = error
            self._changed.notify()

    def take(self, timeout: float) -> list[Arrival]:
        """Return everything that waits, in order, waiting at most ``timeout`` seconds for the first.

        Raises
        ------
        DeviceError
            The one given to :meth:`fail`.
        """
        with self._changed:
            if not self._waiting and self._error is None:
                self._changed.wait(timeout)
            if not self._waiting and self._error is not None:
                raise self._error
            taken = list(self._waiting)
            self._waiting.clear()
            self._weight = 0
            return taken

    def _put_bytes(self, arrival: Received) -> None:
        weight = len(arrival.data) + OVERHEAD
        if self._weight + weight <= self._bound:
            self._weight += weight
            self._waiting.append(arrival)
            return
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, Overflow):
            self._waiting[-1] = Overflow(last.time, last.n_bytes + len(arrival.data))
        else:
            self._waiting.append(Overflow(arrival.time, len(arrival.data)))

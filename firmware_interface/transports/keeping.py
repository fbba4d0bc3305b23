"""What all real links have in common: a thread that keeps the link up, and a queue to whoever reads."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from emgdetect.errors import DeviceError
from firmware_interface.transports import clock as host
from firmware_interface.transports.policy import Patience, Reconnect
from firmware_interface.transports.queueing import ArrivalQueue

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_interface.link import Arrival, Down, Received

TICK = 0.1
"""Seconds between two looks at the clock."""


class KeptLink(ABC):
    """A :class:`~firmware_interface.link.Transport` whose thread follows the reconnect policy.

    Parameters
    ----------
    name : str
        What the thread is called.
    patience : Patience
        How long each thing may take.
    clock : callable, optional
        The clock of the arrivals.
    at_first : str, optional
        The cause of being down before the first link.
    """

    GOODBYE = 15.0
    """Seconds that closing may take; after them the thread is left to end with the program."""

    def __init__(
        self,
        name: str,
        patience: Patience,
        *,
        clock: Callable[[], float] = host.now,
        at_first: Down = "disconnect",
    ) -> None:
        self._queue = ArrivalQueue()
        self._policy = Reconnect(patience, self._queue.put, at_first=at_first)
        self._sleeps = host.SleepWatch()
        self._clock = clock
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def open(self) -> None:
        """Begin to look for the device; returns at once.

        Raises
        ------
        MissingExtraError
            The library for this kind of link is not installed.
        """
        self._require()
        self._thread.start()

    def now(self) -> float:
        """Return the time on the clock of the arrivals."""
        return self._clock()

    def read(self, timeout: float) -> list[Arrival]:
        """Return what has arrived; see :class:`~firmware_interface.link.Transport`."""
        return self._queue.take(timeout)

    def close(self) -> None:
        """Say the device's stop steps and let go of it; further calls do nothing."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(self.GOODBYE)

    @abstractmethod
    def _require(self) -> None:
        """Raise ``MissingExtraError`` if the library for this kind of link is missing."""

    @abstractmethod
    def _serve(self) -> None:
        """Keep the link up until :attr:`_over`; runs in the thread."""

    @property
    def _over(self) -> bool:
        return self._closing.is_set() or self._policy.fatal is not None

    @property
    def _is_up(self) -> bool:
        """Look at the clocks, and say whether the link still is to be read."""
        self._check_sleep()
        self._policy.tick(self.now())
        return self._policy.state == "streaming" and not self._closing.is_set()

    @property
    def _pause(self) -> float:
        """How long there is nothing to do."""
        return min(TICK, max(0.0, self._policy.deadline - self.now()))

    def _run(self) -> None:
        self._policy.begin(self.now())
        try:
            self._serve()
        except Exception as error:  # noqa: BLE001  a thread that died silently would look like a silent sensor
            self._queue.fail(DeviceError(f"the link stopped working: {error!r:.200}", hint="start again"))
            return
        self._policy.close(self.now())
        if self._policy.fatal is not None:
            self._queue.fail(self._policy.fatal)

    def _started(self, since: float | None = None) -> None:
        """Report that the link is up; a sleep on the way to it did not happen to it."""
        self._sleeps.slept()
        self._policy.started(self.now(), since=since)

    def _hand_over(self, received: Received) -> None:
        self._queue.put(received)
        self._policy.received(self.now())

    def _check_sleep(self) -> None:
        slept = self._sleeps.slept()
        if slept:
            self._policy.slept(self.now(), slept)


class BlockingLink(KeptLink):
    """A link over a library that blocks; one attempt lasts as long as the link does."""

    def _serve(self) -> None:
        while not self._over:
            self._check_sleep()
            if self._policy.state == "looking":
                self._attempt()
            else:
                self._closing.wait(self._pause)
                self._policy.tick(self.now())

    @abstractmethod
    def _attempt(self) -> None:
        """Look for the device and stay with it; every trouble is told to the policy."""

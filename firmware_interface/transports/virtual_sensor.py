"""The far side of a virtual link: an emulated sensor that takes samples whether anyone listens or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import RawArray
    from firmware_interface.device import Emulator, Message
    from firmware_interface.transports.faults import SensorClock
    from firmware_interface.transports.signals import Signal


@dataclass(frozen=True, slots=True)
class Took:
    """Samples the sensor took, from ``index`` on: what a recording has to be compared with."""

    index: int
    data: RawArray


@dataclass(frozen=True, slots=True)
class Struck:
    """A fault and what it cost.

    ``n_samples`` samples from ``index`` on did not reach the host, or not unharmed; for a device whose
    messages carry no samples, none. ``kind`` is a :data:`~firmware_interface.transports.faults.Fault`, or
    "drop", "corrupt" or "boot".
    """

    time: float
    kind: str
    index: int
    n_samples: int


Truth = Took | Struck
"""What only the virtual side knows."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message on the wire: when it was sent, and the index of its first sample."""

    time: float
    index: int
    message: Message


class VirtualSensor:
    """Feeds an emulator with the samples that time brings, and says when each message left it.

    Samples are counted from the moment the sensor was switched on, with those it did not take while it
    was restarting: ``signal`` is asked for each index once at most.
    """

    def __init__(
        self, emulator: Emulator, signal: Signal, clock: SensorClock, truth: Callable[[Truth], None]
    ) -> None:
        self._emulator = emulator
        self._signal = signal
        self._clock = clock
        self._truth = truth
        self._time = 0.0
        self._taken = 0
        self._held = 0
        self._producing = False
        self._off_until = 0.0
        self._to_say: list[Message] = emulator.restart()

    def until(self, time: float) -> list[Sent]:
        """Let time pass up to ``time`` and return what was sent meanwhile."""
        begin, self._time = self._time, max(self._time, time)
        stop = self._clock.samples(self._time)
        sent: list[Sent] = []
        if self._off_until > begin:
            if self._time < self._off_until:
                return self._miss(stop)
            self._miss(self._clock.samples(self._off_until))
            begin = self._off_until
        sent += [Sent(begin, self._taken, message) for message in self._to_say]
        self._to_say = []
        n_samples = stop - self._taken
        if n_samples > 0:
            data = self._signal(self._taken, n_samples)
            self._truth(Took(self._taken, data))
            sent += self._timed(begin, n_samples, self._emulator.send(data))
        return sent

    def hear(self, data: bytes, to: str = "") -> list[Sent]:
        """Take what the host says; a sensor that is restarting does not listen."""
        if self._time < self._off_until:
            return []
        if not self._producing:
            self._held = 0
        return [Sent(self._time, self._taken, answer) for answer in self._emulator.hear(data, to)]

    def restart(self, seconds: float, kind: str) -> None:
        """Restart now and be off for ``seconds``."""
        self._off_until = self._time + seconds
        self._to_say = self._emulator.restart()
        self._producing = False
        self._truth(Struck(self._time, kind, self._taken - self._held, self._held))
        self._held = 0

    def _miss(self, stop: int) -> list[Sent]:
        if stop > self._taken:
            self._truth(Struck(self._time, "boot", self._taken, stop - self._taken))
            self._taken = stop
        return []

    def _timed(self, begin: float, n_samples: int, messages: list[Message]) -> list[Sent]:
        """Give each message the moment its last sample was taken, and the index of its first."""
        first = self._taken
        self._taken += n_samples
        self._held += n_samples
        carried = sum(message.n_samples for message in messages)
        if carried and not self._producing:
            # It has just begun: what it was given before it was told to is in no message.
            longest = max(message.n_samples for message in messages)
            self._held = carried + (self._held - carried) % longest
        self._producing = carried > 0 or self._producing
        index = self._taken - self._held
        pace = (self._time - begin) / n_samples
        sent = []
        for message in messages:
            stop = index + message.n_samples
            when = begin + (stop - first) * pace
            sent.append(Sent(min(max(when, begin), self._time), index, message))
            index = stop
        self._held -= carried
        return sent

"""Arrivals to chunks and gaps: every sample at its index, every hole of its right length."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from emgdetect.acquisition import judging
from emgdetect.acquisition.clock import StreamClock
from emgdetect.acquisition.holding import Hold
from emgdetect.acquisition.items import Begin
from emgdetect.errors import DeviceError
from emgdetect.types import Chunk, Gap
from firmware_interface.decoder import Described, Loss, Notice, Samples
from firmware_interface.link import LinkDown, LinkUp, Overflow, Received

if TYPE_CHECKING:
    from emgdetect.acquisition.items import Item
    from emgdetect.types import StreamInfo
    from firmware_interface.decoder import Decoder, Packet
    from firmware_interface.device import LossesSeen
    from firmware_interface.link import Arrival

TOLD_BEHIND_S = 30.0
"""While a link is down its gap is told bit by bit, this far behind the time: what is told must be true."""

TOLD_EVERY_S = 30.0
PAUSE_TOLD_S = 10.0


class Assembler:
    """Put the packets of one device in their places, in constant memory.

    Counters give the length of gaps, to the sample. Where a counter wraps or there is none, the clock says
    how many turns, or how many samples. Arrivals may be late and are never early, so what the clock finds
    missing is an upper limit, and one that falls as further samples come: in doubt the samples after a gap
    are held for half a second and placed by the earliest of them.

    Parameters
    ----------
    decoder : Decoder
        Of the device; no other bytes may have been fed to it.
    losses_seen : {"counter", "rotation", "timing", "nothing"}
        What shows that samples were lost, as the device says.

    Attributes
    ----------
    clock : StreamClock
        Of the stream that goes on.
    position : int
        Index of its next sample.
    """

    def __init__(self, decoder: Decoder, *, losses_seen: LossesSeen = "counter") -> None:
        self.clock = StreamClock()
        self.position = 0
        self._decoder = decoder
        self._counted = losses_seen in {"counter", "rotation"}
        self._info: StreamInfo | None = None
        self._dtype: str | None = None
        self._begun = False
        self._hold: Hold | None = None
        self._after: str | None = None
        self._down = False
        self._told = 0
        self._last = (-math.inf, 0.0)
        self._modulus: int | None = None
        self._pausing = False
        self._paused = 0
        self._trusting = False
        self._resumed = False

    @property
    def begun(self) -> bool:
        """Whether the stream has had its first samples."""
        return self._begun

    def resume(self, info: StreamInfo, position: int, time: float, dtype: str) -> None:
        """Go on with a stream of an earlier recording, before the first arrival.

        Parameters
        ----------
        info : StreamInfo
            As it was stored, with a rate that is known.
        position : int
            Index of its next sample.
        time : float
            When that sample was due, on the clock of the arrivals.
        dtype : str
            Type of its samples, by numpy's name.
        """
        self._info, self._dtype = info, dtype
        self.clock = StreamClock(info.sampling_rate)
        self.clock.observe(position, time)
        self.position = position
        self._begun = self._resumed = True
        self._after = "restart"

    def take(self, arrival: Arrival) -> list[Item]:
        """Take the next arrival and return what it completes.

        Raises
        ------
        DeviceError
            When the bytes cannot come from this device at all.
        """
        if isinstance(arrival, Received):
            items = self.tick(arrival.time)
            for packet in self._decoder.feed(arrival.data, arrival.source):
                items += self._packet(packet, arrival.time)
            return items
        items = self._settled() if isinstance(arrival, LinkDown) else []
        items.append(arrival)
        if isinstance(arrival, LinkDown):
            # A link that was closed is nobody's loss.
            self._down = arrival.cause != "closed"
            self._after = "sleep" if arrival.cause == "sleep" else self._after or "disconnect"
        elif isinstance(arrival, LinkUp):
            relinked = self._down or self._begun
            self._down = False
            if relinked:
                items += self._relinked(arrival.time)
        elif isinstance(arrival, Overflow):
            self._after = self._after or "overflow"
            items += self._relinked(arrival.time)
        return items

    def tick(self, now: float) -> list[Item]:
        """Take note of the time, also when nothing arrives, and return what has become certain."""
        items: list[Item] = []
        if self._hold is not None and self._hold.is_over(now):
            items += self._settled()
        if self._down and self._hold is None:
            items += self._tell(now - TOLD_BEHIND_S, TOLD_EVERY_S)
        return items

    def pause(self) -> list[Item]:
        """Put a gap of cause "pause" in the place of the samples from now on."""
        items = self._settled()
        self._pausing = True
        return items

    def go_on(self) -> list[Item]:
        """End the pause."""
        items = self._settled() + self._told_pause()
        self._pausing = False
        return items

    def finish(self, now: float) -> list[Item]:
        """End the stream: nothing is held back any more, and a link that is down leaves a gap until now."""
        items = self._settled() + self._told_pause()
        if self._down:
            items += self._tell(now, 0.0)
        return items

    def _relinked(self, time: float) -> list[Item]:
        items = self._settled()
        for packet in self._decoder.relink():
            items += self._packet(packet, time)
        return items

    def _packet(self, packet: Packet, time: float) -> list[Item]:
        if isinstance(packet, Notice):
            return [packet]
        if isinstance(packet, Described):
            return self._described(packet.info)
        if isinstance(packet, Loss):
            return self._lost(packet, time)
        return self._sampled(packet, time) if packet.data.shape[1] else []

    def _described(self, info: StreamInfo) -> list[Item]:
        known = self._info
        if known is not None and (info.device, info.channels) == (known.device, known.channels):
            same_rate = info.sampling_rate == known.sampling_rate
            both_unknown = math.isnan(info.sampling_rate) and math.isnan(known.sampling_rate)
            if same_rate or both_unknown or self._resumed:
                # An earlier recording may have measured what the device says wrongly, each time anew.
                self._info, self._resumed = info, False
                return []
        items = self._settled()
        self._info = info
        self._start_anew()
        return items

    def _start_anew(self) -> None:
        self.clock = StreamClock() if self._info is None else StreamClock(self._info.sampling_rate)
        self.position = self._told = 0
        self._begun = self._resumed = False
        self._dtype = self._after = None

    def _lost(self, loss: Loss, time: float) -> list[Item]:
        if not self._begun:
            return []
        if self._hold is not None and loss.n_samples is not None and loss.cause != "restart":
            self._hold.add(loss, time, None)
            return []
        items = self._settled()
        self._modulus = loss.modulus or self._modulus
        cause = self._cause(loss.cause)
        number = None if loss.n_samples is None else loss.n_samples - self._told
        if number is not None and judging.is_certain(self._here(time), number, loss.modulus):
            return items + self._skip(number, cause)
        doubtful = self._after is not None or cause == "restart"
        self._hold = Hold(number, loss.modulus, cause, self.clock.rate, doubtful=doubtful)
        return items

    def _cause(self, said: str) -> str:
        """Say why samples are missing: first comes what the link did, for opening it resets some boards."""
        return said if self._after is None else self._after

    def _here(self, time: float) -> judging.Here:
        return judging.Here(self.clock, self.position, time, unbroken=self._after is None)

    def _sampled(self, packet: Samples, time: float) -> list[Item]:
        items: list[Item] = []
        if self._hold is None and self._begun:
            items += self._doubt(packet, time)
        if self._hold is not None:
            expected = self.clock.expected(time)
            self._hold.add(packet, time, None if expected is None else expected - self.position)
            return items
        return items + self._place(packet, time)

    def _doubt(self, packet: Samples, time: float) -> list[Item]:
        """Begin to hold samples that follow a silence nobody has explained; or a new stream."""
        if packet.data.dtype.name != self._dtype and self._dtype is not None:
            self._start_anew()
        elif self._after is not None:
            self._hold = Hold(None, None, self._after, self.clock.rate, doubtful=True)
        elif not self._trusting and time - self._last[0] > judging.LATE_S:
            turn = self._modulus if self._counted else 0
            self._hold = judging.suspicion(self._here(time), packet.data.shape[1], turn, self._last[1])
        return []

    def _place(self, packet: Samples, time: float) -> list[Item]:
        if self._info is None:
            raise DeviceError("samples came before the device had been described")
        items: list[Item] = []
        if not self._begun:
            self._paused = 0
            self._begun, self._after = True, None
            self._dtype = packet.data.dtype.name
            items.append(Begin(self._info))
        start, count = self.position, int(packet.data.shape[1])
        self.position += count
        self.clock.observe(self.position, time)
        expected = self.clock.expected(time)
        self._last = (time, 0.0 if expected is None else expected - self.position)
        if self._pausing:
            self._paused += count
            return items + (
                self._told_pause() if self._paused >= PAUSE_TOLD_S * (self.clock.rate or 0.0) else []
            )
        items.append(Chunk(packet.data, start))
        return items

    def _told_pause(self) -> list[Item]:
        count, self._paused = self._paused, 0
        return [Gap(self.position - count, count, "pause")] if count else []

    def _skip(self, count: int, cause: str) -> list[Item]:
        self._after = None
        self._told = 0
        if count <= 0:
            return []
        items = self._told_pause()
        self.position += count
        items.append(Gap(self.position - count, count, cause))
        return items

    def _settled(self) -> list[Item]:
        """Place all that is held."""
        items: list[Item] = []
        while self._hold is not None:
            items += self._settle(self._hold)
        return items

    def _settle(self, hold: Hold) -> list[Item]:
        self._hold = None
        if hold.is_empty:
            self._after = hold.cause
            return []
        items: list[Item] = []
        if hold.rate is None:
            # Nobody can say how long the gap was: what follows is a stream of its own.
            self._start_anew()
        else:
            count = hold.by_counter(judging.reset_tolerance(self.clock))
            if count is None:
                cause = "restart" if hold.n_samples is not None else hold.cause
                items += self._skip(hold.by_clock(), cause)
                if hold.doubtful or hold.n_samples is not None:
                    self.clock.set_anew()
            else:
                items += self._skip(count, hold.cause)
        self._trusting = True
        for packet, time in hold.packets:
            items += self._packet(packet, time)
        self._trusting = False
        return items

    def _tell(self, until: float, least: float) -> list[Item]:
        """Tell the part of a gap before ``until``, if it is longer than ``least`` seconds."""
        expected, rate = self.clock.expected(until), self.clock.rate
        if expected is None or rate is None or not self._begun:
            return []
        count = int(expected) - self.position
        if count < 1 or count < least * rate:
            return []
        told, after, cause = self._told, self._after, self._after or "unknown"
        items = self._skip(count, cause)
        self._told, self._after = told + count, after
        return items

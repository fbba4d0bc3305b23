"""A sensor with a counter, a link with faults, and what the computer gets of it."""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from emgdetect.acquisition import Assembler, Begin
from emgdetect.types import Channel, Chunk, Gap, StreamInfo
from firmware_interface.counting import Counter
from firmware_interface.decoder import Described, Loss, Samples
from firmware_interface.link import LinkDown, LinkUp, Received

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.acquisition import Item
    from emgdetect.types import RawArray
    from firmware_interface.decoder import Packet
    from firmware_interface.link import Arrival

INFO = StreamInfo(1000.0, (Channel("emg", "adc"), Channel("emg 2", "adc")), device="made up")
PACKET = struct.Struct("<I")
PER_PACKET = 10


def sent(start: int, stop: int) -> RawArray:
    """What the sensor sends: something that tells the index."""
    index = np.arange(start, stop)
    return np.stack([index % 30011, (index // 30011) % 30011]).astype(np.int16)


class MadeUpDecoder:
    """Reads packets of a made-up device: the number of the packet, 10 samples long, in 4 bytes.

    Parameters
    ----------
    modulus : int or None
        Where the counter it shows wraps; ``None`` for a device without one.
    info : StreamInfo
        What it describes itself as.
    """

    def __init__(self, modulus: int | None, info: StreamInfo = INFO) -> None:
        self.info = info
        self._counter = None if modulus is None else Counter(modulus, PER_PACKET)
        self._modulus = modulus
        self._described = False

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        assert not source
        packets: list[Packet] = []
        if not self._described:
            self._described = True
            packets.append(Described(self.info))
        for (number,) in PACKET.iter_unpack(data):
            if self._counter is not None and self._modulus is not None:
                loss = self._counter.step(number % self._modulus)
                packets += [] if loss is None else [loss]
            packets.append(Samples(sent(number * PER_PACKET, (number + 1) * PER_PACKET)))
        return packets

    def relink(self) -> list[Packet]:
        if self._counter is None:
            return [Loss(None, "disconnect")]
        self._counter.relink()
        return []


@dataclass(slots=True)
class Wire:
    """A night on the wire: the sensor's true rate, how late packets are, what happens to them.

    ``faults`` are (packet, kind, amount): "lose" packets, "stall" for seconds and then all at once, "drop"
    the link for seconds.
    """

    rate: float = 1000.0
    jitter: float = 0.004
    faults: Sequence[tuple[int, str, float]] = ()
    seed: int = 0
    boot: float = 100.0
    arrivals: list[Arrival] = field(default_factory=list)

    def run(self, n_packets: int) -> list[Arrival]:
        """Return what arrives of so many packets."""
        rng = random.Random(self.seed)  # noqa: S311 - no secret
        faults = {packet: (kind, amount) for packet, kind, amount in self.faults}
        self.arrivals = [LinkUp(self.boot)]
        earliest, skip_until = 0.0, -1.0
        for number in range(n_packets):
            made = self.boot + (number + 1) * PER_PACKET / self.rate
            kind, amount = faults.get(number, ("", 0.0))
            if made < skip_until:
                continue
            if skip_until > 0:
                self.arrivals.append(LinkUp(skip_until))
                skip_until = -1.0
            if kind == "lose":
                skip_until = -1.0
                faults |= {number + step: ("lost", 0.0) for step in range(int(amount))}
            if faults.get(number, ("", 0.0))[0] == "lost":
                continue
            if kind == "stall":
                earliest = made + amount
            time = max(made + rng.expovariate(1 / self.jitter), earliest)
            earliest = time
            self.arrivals.append(Received(time, PACKET.pack(number)))
            if kind == "drop":
                self.arrivals.append(LinkDown(time + 0.1, "disconnect"))
                skip_until = time + max(amount, 0.2)
        return self.arrivals


@dataclass(slots=True)
class Placed:
    """What an assembler made of the arrivals."""

    items: list[Item]
    assembler: Assembler

    @property
    def gaps(self) -> list[Gap]:
        """The gaps, touching ones joined."""
        joined: list[Gap] = []
        for item in self.items:
            if isinstance(item, Gap):
                if joined and joined[-1].stop == item.start:
                    joined[-1] = replace(joined[-1], n_samples=joined[-1].n_samples + item.n_samples)
                else:
                    joined.append(item)
        return joined

    @property
    def streams(self) -> int:
        """How many streams were begun."""
        return sum(isinstance(item, Begin) for item in self.items)

    def check_order(self) -> None:
        """Chunks and gaps follow on each other without a hole."""
        position = 0
        for item in self.items:
            if isinstance(item, Begin):
                position = 0
            elif isinstance(item, Chunk | Gap):
                assert item.start == position
                position = item.stop

    def wrong(self) -> int:
        """How many samples do not stand where they were taken."""
        chunks = [item for item in self.items if isinstance(item, Chunk)]
        return sum(int((chunk.data != sent(chunk.start, chunk.stop)).any(axis=0).sum()) for chunk in chunks)


class Night(Protocol):
    """Send packets over a wire with faults, and place what arrives."""

    def __call__(
        self,
        *faults: tuple[int, str, float],
        n_packets: int = 2000,
        modulus: int | None = 256,
        rate: float = 1000.0,
        jitter: float = 0.004,
        seed: int = 0,
        info: StreamInfo = INFO,
    ) -> Placed: ...


def _place(arrivals: Sequence[Arrival], assembler: Assembler) -> Placed:
    """Take arrivals, looking at the clock ten times a second."""
    items: list[Item] = []
    now = arrivals[0].time
    for arrival in arrivals:
        while now + 0.1 < arrival.time:
            now += 0.1
            items += assembler.tick(now)
        items += assembler.take(arrival)
    items += assembler.finish(arrivals[-1].time)
    placed = Placed(items, assembler)
    placed.check_order()
    return placed


@pytest.fixture(scope="session")
def night() -> Night:
    def run(
        *faults: tuple[int, str, float],
        n_packets: int = 2000,
        modulus: int | None = 256,
        rate: float = 1000.0,
        jitter: float = 0.004,
        seed: int = 0,
        info: StreamInfo = INFO,
    ) -> Placed:
        decoder = MadeUpDecoder(modulus, info)
        assembler = Assembler(decoder, losses_seen="nothing" if modulus is None else "counter")
        return _place(Wire(rate, jitter, faults, seed).run(n_packets), assembler)

    return run


class Scripted:
    """A decoder that says what it was told to, one list for each call."""

    def __init__(self, *script: list[Packet]) -> None:
        self._script = list(script)
        self.relinked: list[Packet] = []

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        del data, source
        return self._script.pop(0) if self._script else []

    def relink(self) -> list[Packet]:
        return self.relinked


@pytest.fixture(scope="session")
def scripted() -> type[Scripted]:
    return Scripted

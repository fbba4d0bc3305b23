"""A sensor small enough to check by eye: a counter, five samples of two channels, a checksum."""

from __future__ import annotations

import struct
import time
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.types import Channel, RawArray, StreamInfo
from firmware_interface.decoder import Described, Loss, Packet, Samples
from firmware_interface.device import BleLink, Device, Message, Send, SerialLink
from firmware_interface.link import LinkDown, LinkUp, Received

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from firmware_interface.link import Arrival, Transport

SERVICE = "0000feed-0000-1000-8000-00805f9b34fb"
DATA = "0000f00d-0000-1000-8000-00805f9b34fb"
CONTROL = "0000c0de-0000-1000-8000-00805f9b34fb"
BATTERY = "00002a19-0000-1000-8000-00805f9b34fb"

INFO = StreamInfo(
    sampling_rate=1000.0,
    channels=tuple(Channel(name, "adc", raw_low=-2048.0, raw_high=2047.0) for name in ("left", "right")),
    device="toy",
)
MARK = b"\xa5\x5a"
N_SAMPLES = 5
N_BYTES = len(MARK) + 4 + 2 * 2 * N_SAMPLES + 4


def frame(counter: int, data: RawArray) -> bytes:
    body = MARK + struct.pack("<I", counter) + data.astype("<i2").T.tobytes()
    return body + struct.pack("<I", zlib.crc32(body))


class ToyDecoder:
    """Finds frames, checks them, and says how many samples the counter missed."""

    def __init__(self) -> None:
        self._buffer = b""
        self._next: int | None = None

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        del source
        self._buffer += data
        packets: list[Packet] = []
        while (place := self._buffer.find(MARK)) >= 0 and len(self._buffer) >= place + N_BYTES:
            whole = self._buffer[place : place + N_BYTES]
            good = zlib.crc32(whole[:-4]) == struct.unpack("<I", whole[-4:])[0]
            self._buffer = self._buffer[place + (N_BYTES if good else 1) :]
            if good:
                packets += self._packets(whole)
        return packets

    def _packets(self, whole: bytes) -> list[Packet]:
        (counter,) = struct.unpack("<I", whole[2:6])
        packets: list[Packet] = [Described(INFO)] if self._next is None else []
        if self._next is not None and counter != self._next:
            missing = counter - self._next
            packets.append(
                Loss(missing if missing > 0 else None, "lost packets" if missing > 0 else "restart")
            )
        self._next = counter + N_SAMPLES
        packets.append(Samples(np.frombuffer(whole[6:-4], dtype="<i2").reshape(-1, 2).T))
        return packets

    def relink(self) -> list[Packet]:
        self._buffer = b""
        return []


@dataclass
class ToyEmulator:
    """Streams from power-up, or waits to be told ``go``."""

    waits: bool = False
    boot_text: bytes = b"toy 1\r\n"
    heard: list[bytes] = field(default_factory=list)
    _going: bool = False
    _counter: int = 0
    _held: RawArray = field(default_factory=lambda: np.empty((2, 0), dtype=np.int16))

    @property
    def info(self) -> StreamInfo:
        return INFO

    def restart(self) -> list[Message]:
        self._going, self._counter = not self.waits, 0
        self._held = self._held[:, :0]
        return [Message(self.boot_text)]

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        del to
        self.heard.append(data)
        self._going = {b"go": True, b"stop": False}.get(data, self._going)
        return []

    def send(self, data: RawArray) -> list[Message]:
        if not self._going:
            return []
        self._held = np.concatenate([self._held, data], axis=1)
        messages = []
        while self._held.shape[1] >= N_SAMPLES:
            piece, self._held = self._held[:, :N_SAMPLES], self._held[:, N_SAMPLES:]
            messages.append(Message(frame(self._counter, piece), N_SAMPLES, DATA))
            self._counter += N_SAMPLES
        return messages


def _decoder(options: Mapping[str, str]) -> ToyDecoder:
    del options
    return ToyDecoder()


@dataclass
class Toys:
    """The toy with one kind of link, and every emulator that was made of it."""

    emulators: list[ToyEmulator] = field(default_factory=list)
    frame: Callable[[int, RawArray], bytes] = frame
    decoder: Callable[[], ToyDecoder] = ToyDecoder
    info: StreamInfo = INFO

    @staticmethod
    def frames(first: int, stop: int) -> list[bytes]:
        """Frames whose samples are their own index."""
        return [
            frame(start, np.vstack([np.arange(start, start + N_SAMPLES)] * 2).astype(np.int16))
            for start in range(first, stop, N_SAMPLES)
        ]

    @staticmethod
    def values(arrivals: list[Arrival]) -> list[int]:
        """The samples of the first channel."""
        decoder = ToyDecoder()
        frames = [each for each in arrivals if isinstance(each, Received)]
        packets = [packet for each in frames for packet in decoder.feed(each.data)]
        return [int(value) for packet in packets if isinstance(packet, Samples) for value in packet.data[0]]

    @staticmethod
    def zeros(n_samples: int) -> RawArray:
        return np.zeros((2, n_samples), dtype=np.int16)

    def _emulator(self, options: Mapping[str, str]) -> ToyEmulator:
        self.emulators.append(ToyEmulator(waits=options.get("waits") == "yes"))
        return self.emulators[-1]

    def _device(self, link: BleLink | SerialLink) -> Device:
        return Device(
            "toy", "Toy", (link,), _decoder, self._emulator, options={"waits": "yes to wait for a command"}
        )

    def serial(self, *, boot: float = 0.0, baud_rates: tuple[int, ...] = (115200,)) -> Device:
        return self._device(
            SerialLink(
                baud_rates,
                usb_ids=((0x2341, 0x0043),),
                boot=boot,
                start=(Send(b"go"),),
                keep_alive=(Send(b"?"),),
                keep_alive_every=1.0,
                stop=(Send(b"stop"),),
            )
        )

    def ble(self) -> Device:
        link = BleLink(
            names=("Toy",),
            notify=(DATA,),
            service=SERVICE,
            battery=BATTERY,
            start=(Send(b"go", CONTROL),),
            stop=(Send(b"stop", CONTROL),),
        )
        return replace(self._device(link), framing="message")


class Watch:
    """Reads a transport, and picks what a test asks for."""

    @staticmethod
    def until(transport: Transport, done: Callable[[list[Arrival]], object]) -> list[Arrival]:
        """Read until what came is enough; half a minute is too long for anything here."""
        arrivals: list[Arrival] = []
        give_up = time.monotonic() + 30.0
        while not done(arrivals):
            assert time.monotonic() < give_up, arrivals[-5:]
            arrivals += transport.read(0.5)
        return arrivals

    @staticmethod
    def ups(arrivals: list[Arrival]) -> list[LinkUp]:
        return [each for each in arrivals if isinstance(each, LinkUp)]

    @staticmethod
    def downs(arrivals: list[Arrival]) -> list[LinkDown]:
        return [each for each in arrivals if isinstance(each, LinkDown)]

    @staticmethod
    def n_bytes(arrivals: list[Arrival]) -> int:
        return sum(len(each.data) for each in arrivals if isinstance(each, Received))


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def toys() -> Toys:
    return Toys()

"""BITalino (r)evolution over serial Bluetooth and Bluetooth Low Energy (README, section 2.12)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel, StreamInfo
from firmware_interface.counting import Counter, with_losses
from firmware_interface.decoder import Described, Loss, Packet
from firmware_interface.device import BleLink, Device, Message, Pause, Send, SerialLink
from firmware_interface.frames import FrameFinder, FrameFormat
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from emgdetect.types import RawArray
    from firmware_interface.device import Step
    from firmware_interface.frames import Bytes, Counts

SERVICE = "c566488a-0882-4e1b-a6d0-0b717e652234"
COMMANDS = "4051eb11-bf0a-4c74-8730-a48f4193fcea"
FRAMES = "40fdba6b-672e-47c4-808a-e529adff3633"

LENGTHS = {1: 3, 2: 4, 3: 6, 4: 7, 5: 8, 6: 8}
RATES = {1: 0x03, 10: 0x43, 100: 0x83, 1000: 0xC3}
IDLE, STOP, LIVE, VERSION, STATE = 0xFF, 0x00, 0x01, 0x07, 0x0B
ALL_PORTS = (1, 2, 3, 4, 5, 6)
N_FINE = 4
FINE_BITS, COARSE_BITS = 10, 6
COUNTS = 16
SUPPLY_UV = 3.3e6
EMG_GAIN = 1009.0
BETWEEN_COMMANDS = 0.2

# What a sum of x^4 + x + 1 becomes when four more bits pass, without those bits.
NEXT_SUM = np.array([0, 3, 6, 5, 12, 15, 10, 9, 11, 8, 13, 14, 7, 4, 1, 2], dtype=np.uint8)


def describe(ports: tuple[int, ...], rate: int) -> StreamInfo:
    """Return what the stream is with EMG sensors plugged in; a fifth and a sixth port have coarse steps."""
    span = SUPPLY_UV / EMG_GAIN
    channels = []
    for place, port in enumerate(ports):
        steps = 2 ** (FINE_BITS if place < N_FINE else COARSE_BITS)
        channels.append(
            Channel(
                f"A{port}", "uV", gain=span / steps, offset=-span / 2, raw_low=0.0, raw_high=float(steps - 1)
            )
        )
    return StreamInfo(float(rate), tuple(channels), device="BITalino (r)evolution")


def sums_by_place(length: int) -> Bytes:
    """Return what each byte in each place adds to a frame's checksum, shape ``(length, 256)``.

    The checksum is linear, so that a frame's is the exclusive or of these. The last four bits of a frame are
    the checksum itself and count as zeros.
    """
    sums = np.empty((length, 256), dtype=np.uint8)
    every = np.arange(256, dtype=np.uint8)
    for place in range(length):
        byte = every if place < length - 1 else every & 0xF0
        passed = NEXT_SUM[byte >> 4] ^ (byte & 15)
        for _ in range(2 * (length - 1 - place)):
            passed = NEXT_SUM[passed]
        sums[place] = passed
    return sums


def is_sound(frames: Bytes, sums: Bytes) -> NDArray[np.bool_]:
    """Say which frames have the right checksum."""
    found = np.bitwise_xor.reduce(sums[np.arange(len(sums)), frames], axis=1)
    right: NDArray[np.bool_] = found == frames[:, -1] & 15
    return right


def count(frames: Bytes) -> Counts:
    """Return the frames' counters."""
    return (frames[:, -1] >> 4).astype(np.int64)


def frame_format(n_channels: int) -> FrameFormat:
    """Return what frames of so many channels are like; nothing but their checksum shows where they begin."""
    length = LENGTHS[n_channels]
    return FrameFormat(length, b"", partial(is_sound, sums=sums_by_place(length)), count, COUNTS, run=5)


def channels_of(frames: Bytes, n_channels: int) -> NDArray[np.uint16]:
    """Return the numbers of each frame, shape ``(n_channels, n)``; they lie in it from the end backwards."""
    b = frames[:, ::-1].T.astype(np.uint16)
    numbers = [(b[1] & 15) << 6 | b[2] >> 2]
    if n_channels > 1:
        numbers.append((b[2] & 3) << 8 | b[3])
    if n_channels > 2:  # noqa: PLR2004 - numbers of channels, here and below
        numbers.append(b[4] << 2 | b[5] >> 6)
    if n_channels > 3:  # noqa: PLR2004
        numbers.append((b[5] & 63) << 4 | b[6] >> 4)
    if n_channels > 4:  # noqa: PLR2004
        numbers.append((b[6] & 15) << 2 | b[7] >> 6)
    if n_channels > 5:  # noqa: PLR2004
        numbers.append(b[7] & 63)
    return np.stack(numbers)


class BitalinoDecoder:
    """Reads frames of ports that were asked for; how many they are is not in the frames.

    Four bits of checksum let one in sixteen frames through that are damaged in more than one bit.
    """

    def __init__(self, ports: tuple[int, ...] = ALL_PORTS, rate: int = 1000) -> None:
        self._info = describe(ports, rate)
        self._described = False
        self._finder = FrameFinder(frame_format(len(ports)))
        self._counter = Counter(COUNTS, 1)
        self._n_skipped = 0

    def feed(self, data: bytes, source: str = "") -> list[Packet]:  # noqa: ARG002 - only frames are notified
        """Take the next bytes as they arrived and return every packet they complete."""
        packets: list[Packet] = []
        for piece in self._finder.feed(data):
            if isinstance(piece, bytes):
                self._n_skipped += len(piece)
                continue
            if not self._described:
                self._described = True
                packets.append(Described(self._info))
            numbers = channels_of(piece, len(self._info.channels))
            damaged = self._n_skipped / piece.shape[1]
            self._n_skipped = 0
            packets += with_losses(numbers, self._counter.steps(count(piece), damaged))
        return packets

    def relink(self) -> list[Packet]:
        """Take note that the link was lost: the board is started anew and counts from 0 again."""
        self._finder.forget()
        self._n_skipped = 0
        seen = self._counter.expected is not None
        self._counter = Counter(COUNTS, 1)
        return [Loss(None, "disconnect")] if seen else []


class BitalinoEmulator:
    """A board that waits for the command to send just these ports."""

    def __init__(self, ports: tuple[int, ...] = ALL_PORTS, rate: int = 1000) -> None:
        self._ports = ports
        self._rate = rate
        self._running = False
        self._count = 0
        self._sums = sums_by_place(LENGTHS[len(ports)])

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return describe(self._ports, self._rate)

    def restart(self) -> list[Message]:
        """Power up: the Bluetooth module is greeted, and the board waits."""
        self._running = False
        return [Message(b"AT")]

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Take one-byte commands: start, stop, version and state; rates are taken in silence."""
        if to not in ("", COMMANDS):
            return []
        said: list[Message] = []
        for command in data:
            if command == mask_of(self._ports) << 2 | LIVE and not self._running:
                self._running, self._count = True, 0
            elif command in (STOP, IDLE):
                self._running = False
            elif command == VERSION and not self._running:
                said.append(Message(b"BITalino_v5.2\n"))
            elif command == STATE and not self._running:
                said.append(Message(bytes.fromhex("3601d1016c020703a203ff03ff030000c1")))
        return said

    def send(self, data: RawArray) -> list[Message]:
        """Put samples on the wire, a frame for each."""
        return [Message(self._frame(column), 1) for column in data.T.tolist()] if self._running else []

    def _frame(self, numbers: list[int]) -> bytes:
        a1, a2, a3, a4, a5, a6 = (*numbers, 0, 0, 0, 0, 0)[:6]
        backwards = [
            self._count << 4,
            a1 >> 6,
            (a1 & 63) << 2 | a2 >> 8,
            a2 & 255,
            a3 >> 2,
            (a3 & 3) << 6 | a4 >> 4,
            (a4 & 15) << 4 | a5 >> 2,
            (a5 & 3) << 6 | a6,
        ]
        frame = np.array(backwards[: len(self._sums)][::-1], dtype=np.uint8)
        frame[-1] |= np.bitwise_xor.reduce(self._sums[np.arange(len(frame)), frame])
        self._count = (self._count + 1) % COUNTS
        return frame.tobytes()


def mask_of(ports: tuple[int, ...]) -> int:
    """Return the bits that ask for ports."""
    return sum(1 << port - 1 for port in ports)


def start_steps(ports: tuple[int, ...], rate: int, to: str) -> tuple[Step, ...]:
    """Return what is said to start: be idle, the rate, and these ports."""
    commands = (IDLE, RATES[rate], mask_of(ports) << 2 | LIVE)
    idle, speed, live = (Send(bytes([command]), to) for command in commands)
    return (idle, Pause(BETWEEN_COMMANDS), speed, Pause(BETWEEN_COMMANDS), live)


def make_device(key: str, ports: tuple[int, ...], rate: int = 1000) -> Device:
    """Return the board as a device that sends some of its ports.

    Parameters
    ----------
    key : str
        What people type.
    ports : tuple of int
        Ports 1 to 6, rising; the first four of them come in ten bits, the others in six.
    rate : {1, 10, 100, 1000}
        Samples a second.
    """

    def decoder(options: Mapping[str, str]) -> BitalinoDecoder:
        Given(key, options, ())
        return BitalinoDecoder(ports, rate)

    def emulator(options: Mapping[str, str]) -> BitalinoEmulator:
        Given(key, options, ())
        return BitalinoEmulator(ports, rate)

    serial = SerialLink(baud_rates=(115200,), start=start_steps(ports, rate, ""), stop=(Send(bytes([STOP])),))
    ble = BleLink(
        names=("BITalino", "BiTalino"),
        notify=(FRAMES,),
        service=SERVICE,
        start=start_steps(ports, rate, COMMANDS),
        stop=(Send(bytes([STOP]), COMMANDS),),
    )
    names = ", ".join(f"A{port}" for port in ports)
    remarks = (
        f"It sends {names} at {rate} Hz; A1 is the EMG socket of the board.",
        "The µV hold for its EMG sensors only.",
        "Losses are seen only modulo 16 samples; the clock has to tell the rest.",
    )
    return Device(key, "BITalino (r)evolution", (serial, ble), decoder, emulator, remarks=remarks)


DEVICES = (
    make_device("bitalino", (1,)),
    make_device("bitalino-2", (1, 2)),
    make_device("bitalino-4", (1, 2, 3, 4)),
    make_device("bitalino-6", ALL_PORTS),
)

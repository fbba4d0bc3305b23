"""OpenBCI Cyton, with or without the Daisy board, through its USB dongle (README, section 2.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel, StreamInfo
from firmware_interface.counting import Counter, with_losses
from firmware_interface.decoder import Described, Loss, Notice, Packet
from firmware_interface.device import Device, Message, Pause, Send, SerialLink
from firmware_interface.frames import FrameFinder, FrameFormat
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from emgdetect.types import RawArray
    from firmware_interface.frames import Bytes, Counts

LENGTH = 33
HEAD = 0xA0
FOOT = 0xC0
N_CHANNELS = 8
COUNTS = 256
FULL_SCALE = 2**23 - 1
REFERENCE_UV = 4.5e6
RATE = 250.0
END_OF_TEXT = b"$$$"
LONGEST_TEXT = 1000
GAINS = ("1", "2", "4", "6", "8", "12", "24")
OPTIONS = {
    "gain": "what the channels amplify by, 24 unless the board was set otherwise: 1, 2, 4, 6, 8, 12 or 24",
    "daisy": "yes or no: whether 16 channels come; without it the board's own words tell",
}


def describe(gain: int, *, daisy: bool) -> StreamInfo:
    """Return what the stream is: 8 channels at 250 Hz, with a Daisy 16 at 125 Hz."""
    uv = REFERENCE_UV / gain / FULL_SCALE
    low, high = float(-FULL_SCALE - 1), float(FULL_SCALE)
    names = [f"ch{number + 1}" for number in range(2 * N_CHANNELS if daisy else N_CHANNELS)]
    channels = tuple(Channel(name, "uV", gain=uv, raw_low=low, raw_high=high) for name in names)
    return StreamInfo(RATE / 2 if daisy else RATE, channels, device="OpenBCI Cyton")


def is_sound(frames: Bytes) -> NDArray[np.bool_]:
    """Say which frames have the head and one of the feet."""
    marks: NDArray[np.bool_] = (frames[:, 0] == HEAD) & (frames[:, -1] & 0xF0 == FOOT)
    return marks


def count(frames: Bytes) -> Counts:
    """Return the frames' sample numbers."""
    return frames[:, 1].astype(np.int64)


def channels_of(frames: Bytes) -> NDArray[np.int32]:
    """Return the eight 24-bit numbers of each frame, shape ``(8, n)``."""
    three = frames[:, 2 : 2 + 3 * N_CHANNELS].reshape(-1, N_CHANNELS, 3).astype(np.int32)
    high = (three[..., 0] ^ 0x80) - 0x80
    numbers: NDArray[np.int32] = high << 16 | three[..., 1] << 8 | three[..., 2]
    return numbers.T


FORMAT = FrameFormat(LENGTH, bytes([HEAD]), is_sound, count, COUNTS, run=2)


class CytonDecoder:
    """Reads the dongle's frames and the board's texts.

    With a Daisy, two frames are one sample: an odd one of the board, then an even one of the Daisy. Where one
    of them is lost, so is the sample.
    """

    def __init__(self, gain: int = 24, *, daisy: bool | None = None) -> None:
        self._gain = gain
        self._told = daisy
        self._daisy = bool(daisy)
        self._described: StreamInfo | None = None
        self._finder = FrameFinder(FORMAT)
        self._text = b""
        self._start_counting()

    def feed(self, data: bytes, source: str = "") -> list[Packet]:  # noqa: ARG002 - one port, one source
        """Take the next bytes as they arrived and return every packet they complete."""
        packets: list[Packet] = []
        for piece in self._finder.feed(data):
            packets += self._hear(piece) if isinstance(piece, bytes) else self._decode(piece)
        return packets

    def relink(self) -> list[Packet]:
        """Take note that the link was lost: the board is started anew and counts from 0 again."""
        self._finder.forget()
        self._text = b""
        seen = self._counter.expected is not None
        self._start_counting()
        return [Loss(None, "disconnect")] if seen else []

    def _start_counting(self) -> None:
        self._counter = Counter(COUNTS // 2 if self._daisy else COUNTS, 1)
        self._n_skipped = 0
        self._half = np.empty((0, LENGTH), dtype=np.uint8)

    def _hear(self, between: bytes) -> list[Packet]:
        """Take bytes that are no frames; the board ends what it says with three dollar signs."""
        self._n_skipped += len(between)
        *said, rest = (self._text + between).split(END_OF_TEXT)
        self._text = rest[-LONGEST_TEXT:]
        return [notice for text in said for notice in self._understand(text[-LONGEST_TEXT:])]

    def _understand(self, text: bytes) -> list[Packet]:
        words = "; ".join(line for line in map(printable, text.splitlines()) if line)
        if "OpenBCI V" in words:
            self._restarted(daisy="Daisy" in words)
        name = "failure" if "Failure" in words else "text"
        return [Notice(name, words)] if words else []

    def _restarted(self, *, daisy: bool) -> None:
        """Take note that the board has come up, with or without a Daisy."""
        self._half = self._half[:0]
        self._counter.restart()
        if self._told is None and daisy != self._daisy:
            seen = self._counter.expected
            self._daisy = daisy
            self._counter = Counter(COUNTS // 2 if daisy else COUNTS, 1, start=seen)
            self._counter.restart()

    def _decode(self, frames: Bytes) -> list[Packet]:
        self._text = b""
        if self._daisy:
            data, counts = self._pair(frames)
        else:
            data, counts = channels_of(frames), count(frames)
        if not counts.size:
            return []
        damaged = self._n_skipped / (2 * LENGTH if self._daisy else LENGTH)
        self._n_skipped = 0
        return [*self._describe(), *with_losses(data, self._counter.steps(counts, damaged))]

    def _pair(self, frames: Bytes) -> tuple[NDArray[np.int32], Counts]:
        """Join each odd frame to the even one that follows it; number the pairs."""
        frames = np.concatenate([self._half, frames])
        numbers = count(frames)
        first = np.flatnonzero((numbers[:-1] % 2 == 1) & (numbers[1:] == (numbers[:-1] + 1) % COUNTS))
        self._half = frames[-1:][numbers[-1:] % 2 == 1].copy()
        both = np.concatenate([channels_of(frames[first]), channels_of(frames[first + 1])])
        return both, numbers[first] // 2

    def _describe(self) -> list[Packet]:
        info = describe(self._gain, daisy=self._daisy)
        if info == self._described:
            return []
        self._described = info
        return [Described(info)]


def printable(line: bytes) -> str:
    """Return a line's readable characters."""
    return "".join(chr(byte) for byte in line if 32 <= byte < 127).strip()  # noqa: PLR2004 - ASCII


class CytonEmulator:
    """A board behind its dongle: silent until told to start, numbering from 0 at each start."""

    def __init__(self, gain: int = 24, *, daisy: bool = False) -> None:
        self._gain = gain
        self._daisy = daisy
        self._running = False
        self._number = 0

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return describe(self._gain, daisy=self._daisy)

    def restart(self) -> list[Message]:
        """Power up: the board says what it is and waits."""
        self._running = False
        lines = ["OpenBCI V3 8-16 channel", "On Board ADS1299 Device ID: 0x3E"]
        lines += ["On Daisy ADS1299 Device ID: 0x3E"] if self._daisy else []
        lines += ["LIS3DH Device ID: 0x33", "Firmware: v3.1.2", "$$$"]
        return [Message("\n".join(lines).encode())]

    def hear(self, data: bytes, to: str = "") -> list[Message]:  # noqa: ARG002 - one port
        """Answer to ``v`` and ``d``, start at ``b`` and stop at ``s``."""
        said: list[Message] = []
        for command in data.decode("latin-1"):
            if command == "v":
                said += self.restart()
            elif command == "d":
                said.append(Message(b"updating channel settings to default$$$"))
            elif command == "s":
                self._running = False
            elif command == "b":
                said += self._start()
        return said

    def send(self, data: RawArray) -> list[Message]:
        """Put samples on the wire: a frame for each, with a Daisy two."""
        if not self._running:
            return []
        columns = data.T.astype(np.int32)
        if not self._daisy:
            return [Message(self._frame(column), 1) for column in columns]
        return [
            Message(self._frame(column[:N_CHANNELS]) + self._frame(column[N_CHANNELS:]), 1)
            for column in columns
        ]

    def _start(self) -> list[Message]:
        self._running = True
        self._number = 0
        # Number 0 is even, so with a Daisy the first frame is the second half of nothing.
        return [Message(self._frame(np.zeros(N_CHANNELS, dtype=np.int32)))] if self._daisy else []

    def _frame(self, column: NDArray[np.int32]) -> bytes:
        numbers = b"".join(int(value).to_bytes(3, "big", signed=True) for value in column)
        frame = bytes([HEAD, self._number]) + numbers + bytes(6) + bytes([FOOT])
        self._number = (self._number + 1) % COUNTS
        return frame


def given(options: Mapping[str, str]) -> tuple[int, bool | None]:
    """Read the options: the gain, and whether there is a Daisy if that was said."""
    checked = Given("cyton", options, OPTIONS)
    daisy = checked.choice("daisy", "", ("", "yes", "no"))
    return int(checked.choice("gain", "24", GAINS)), (daisy == "yes") if daisy else None


def decoder(options: Mapping[str, str]) -> CytonDecoder:
    """Make a decoder; raises ``UsageError`` for options it does not know."""
    gain, daisy = given(options)
    return CytonDecoder(gain, daisy=daisy)


def emulator(options: Mapping[str, str]) -> CytonEmulator:
    """Make an emulator from the same options; without ``daisy`` it has none."""
    gain, daisy = given(options)
    return CytonEmulator(gain, daisy=bool(daisy))


DEVICES = (
    Device(
        key="cyton",
        name="OpenBCI Cyton",
        links=(
            SerialLink(
                baud_rates=(115200,),
                usb_ids=((0x0403, 0x6015),),
                start=(Send(b"s"), Pause(0.3), Send(b"v"), Pause(1.5), Send(b"b")),
                stop=(Send(b"s"),),
            ),
        ),
        decoder=decoder,
        emulator=emulator,
        options=OPTIONS,
        remarks=(
            "Starting resets the board to its default settings, a gain of 24 on all channels.",
            "A loss of exactly 256 frames cannot be told by the counter; the clock has to.",
        ),
    ),
)

"""Olimex SHIELD-EKG-EMG and its kin, "packet version 2" on a serial port (README, section 2.14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel, StreamInfo
from firmware_interface.counting import Counter, with_losses
from firmware_interface.decoder import Described, Packet
from firmware_interface.device import Device, Message, SerialLink
from firmware_interface.frames import FrameFinder, FrameFormat
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from emgdetect.types import RawArray
    from firmware_interface.frames import Bytes, Counts

HEAD = bytes([0xA5, 0x5A, 2])
LENGTH = 17
N_CHANNELS = 6
COUNTS = 256
LARGEST = 1023
SWITCHES = 0x01
RESET = 0x02
MIDDLE = (LARGEST + 1) // 2
RESET_FRAME = np.frombuffer(HEAD + b"\0" + MIDDLE.to_bytes(2, "big") * N_CHANNELS + bytes([RESET]), np.uint8)


@dataclass(frozen=True, slots=True)
class Variant:
    """A sketch: its true rate in Hz, whether its last byte is free, and how many packets mark a reset."""

    rate: float
    has_switches: bool = False
    reset_packets: int = 0


VARIANTS = {
    # The demo is labelled 256 Hz, but its timer counts whole milliseconds: 1024 / 256 = 4 of them.
    "demo": Variant(250.0),
    "logger": Variant(125.0, reset_packets=125),
    "modular": Variant(256.0, has_switches=True),
}
OPTIONS = {
    "variant": "the sketch on the board: demo (Olimex' own, 250 Hz), logger (Logston's, 125 Hz) or modular"
    " (ModularEEG, 256 Hz); demo if not said"
}


def describe(variant: str) -> StreamInfo:
    """Return what the stream is; the gain is set with a screw, so its numbers have no unit."""
    names = [f"ch{number + 1}" for number in range(N_CHANNELS)]
    channels = tuple(Channel(name, "adc", raw_low=0.0, raw_high=float(LARGEST)) for name in names)
    return StreamInfo(VARIANTS[variant].rate, channels, device="Olimex SHIELD-EKG-EMG")


def is_sound(frames: Bytes) -> NDArray[np.bool_]:
    """Say which frames have the head and ten-bit numbers."""
    head = (frames[:, :3] == np.frombuffer(HEAD, dtype=np.uint8)).all(axis=1)
    sound: NDArray[np.bool_] = head & (frames[:, 4:16:2] <= LARGEST >> 8).all(axis=1)
    return sound


def count(frames: Bytes) -> Counts:
    """Return the frames' counters."""
    return frames[:, 3].astype(np.int64)


def is_reset(frames: Bytes) -> NDArray[np.bool_]:
    """Say which frames only tell that the board was reset: they stand still and hold no samples."""
    marks: NDArray[np.bool_] = (frames[:, 3:] == RESET_FRAME[3:]).all(axis=1)
    return marks


# Neither head byte can be a high byte of ten-bit numbers, so that one frame is enough to begin with.
FORMAT = FrameFormat(LENGTH, HEAD, is_sound, count, COUNTS, run=1)


class OlimexDecoder:
    """Reads the frames of one of the sketches."""

    def __init__(self, variant: str = "demo") -> None:
        self._info = describe(variant)
        self._marks_resets = not VARIANTS[variant].has_switches
        self._described = False
        self._finder = FrameFinder(FORMAT)
        self._counter = Counter(COUNTS, 1)
        self._n_skipped = 0

    def feed(self, data: bytes, source: str = "") -> list[Packet]:  # noqa: ARG002 - one port, one source
        """Take the next bytes as they arrived and return every packet they complete."""
        packets: list[Packet] = []
        for piece in self._finder.feed(data):
            if isinstance(piece, bytes):
                self._n_skipped += len(piece)
            else:
                packets += self._decode(piece)
        return packets

    def relink(self) -> list[Packet]:
        """Take note that the link was lost; opening the port resets most boards, but not all."""
        self._finder.forget()
        self._n_skipped = 0
        self._counter.relink()
        return []

    def _decode(self, frames: Bytes) -> list[Packet]:
        packets: list[Packet] = []
        resets = is_reset(frames) if self._marks_resets else np.zeros(len(frames), dtype=np.bool_)
        edges = np.flatnonzero(np.diff(resets)) + 1
        for part, reset in zip(np.split(frames, edges), resets[[0, *edges]], strict=True):
            if reset:
                self._counter.restart()
                continue
            if not self._described:
                self._described = True
                packets.append(Described(self._info))
            numbers = part[:, 4:16].copy().view(">u2").astype(np.uint16).T
            damaged = self._n_skipped / LENGTH
            self._n_skipped = 0
            packets += with_losses(numbers, self._counter.steps(count(part), damaged))
        return packets


class OlimexEmulator:
    """A board that streams from its reset on."""

    def __init__(self, variant: str = "demo") -> None:
        self._variant = variant
        self._count = 0

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return describe(self._variant)

    def restart(self) -> list[Message]:
        """Reset: counts from 0, and marks it for a second if the sketch does that."""
        self._count = 0
        return [Message(RESET_FRAME.tobytes())] * VARIANTS[self._variant].reset_packets

    def hear(self, data: bytes, to: str = "") -> list[Message]:  # noqa: ARG002 - it does not listen
        """Hear nothing: these sketches take no commands."""
        return []

    def send(self, data: RawArray) -> list[Message]:
        """Put samples on the wire, a frame for each."""
        messages = []
        for column in data.T:
            numbers = column.astype(">u2").tobytes()
            messages.append(Message(HEAD + bytes([self._count]) + numbers + bytes([SWITCHES]), 1))
            self._count = (self._count + 1) % COUNTS
        return messages


def given(options: Mapping[str, str]) -> str:
    """Read the variant."""
    return Given("olimex", options, OPTIONS).choice("variant", "demo", VARIANTS)


def decoder(options: Mapping[str, str]) -> OlimexDecoder:
    """Make a decoder; raises ``UsageError`` for options it does not know."""
    return OlimexDecoder(given(options))


def emulator(options: Mapping[str, str]) -> OlimexEmulator:
    """Make an emulator from the same options."""
    return OlimexEmulator(given(options))


DEVICES = (
    Device(
        key="olimex",
        name="Olimex SHIELD-EKG-EMG",
        links=(SerialLink(baud_rates=(57600, 115200), boot=2.0),),
        decoder=decoder,
        emulator=emulator,
        options=OPTIONS,
        remarks=(
            "The demo sketch is labelled 256 Hz and sends 250.",
            "A shield carries one channel, set by its jumper; the other five are open inputs.",
            "The gain is set with a screw, so there are counts and no µV.",
        ),
    ),
)

"""The wire of our own boards: frames, description, status (README, section 2.1).

The other half of ``firmware/emgdetect_wire``, which is what boards run.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from emgdetect.errors import DeviceError
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from emgdetect.types import RawArray, Unit

SYNC = b"\xe3\x47"
VERSION = 1
SAMPLES, DESCRIPTION, STATUS = 1, 2, 3
HEADER = struct.Struct("<2sBBBB")
CHECKSUM = struct.Struct("<I")
SAMPLES_HEADER = struct.Struct("<IIHBB")
DESCRIPTION_HEADER = struct.Struct("<BBIBBHBB")
CHANNEL = struct.Struct("<BI")
STATUS_PAYLOAD = struct.Struct("<BBH")
MAX_PAYLOAD = 234
MAX_CHANNELS = 8
MAX_NAME = 31
MAX_BITS = 16
MIN_RATE, MAX_RATE = 1.0, 100_000.0
MAX_GAIN = 4e6
FULL_BATTERY, UNKNOWN_BATTERY = 100, 255
OTHER, RAW, ENV, REF = 0, 1, 2, 3
ROLES = {OTHER: "ADC", RAW: "RAW", ENV: "ENV", REF: "REF"}
FIRMWARE = (1, 0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame whose checksum is right."""

    version: int
    kind: int
    boot: int
    payload: bytes

    def encode(self) -> bytes:
        """Return the frame as it is sent."""
        head = HEADER.pack(SYNC, self.version, self.kind, self.boot, len(self.payload))
        return head + self.payload + CHECKSUM.pack(crc32(self.payload, crc32(head[2:])))


class FrameReader:
    """Cuts a byte stream into frames; keeps less than one frame."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept = b""

    def forget(self) -> None:
        """Throw away the beginning of a frame."""
        self._kept = b""

    def take(self, data: bytes) -> list[Frame]:
        """Return the frames that the next bytes complete, in order; what is no frame is passed over."""
        stream = self._kept + data
        frames: list[Frame] = []
        at = 0
        while True:
            found = stream.find(SYNC, at)
            if found < 0:
                at = max(at, len(stream) - 1)  # the last byte may be the first of the next mark
                break
            at = found
            if len(stream) < at + HEADER.size:
                break
            length = stream[at + HEADER.size - 1]
            end = at + HEADER.size + length
            if length <= MAX_PAYLOAD and len(stream) < end + CHECKSUM.size:
                break
            if length <= MAX_PAYLOAD and crc32(stream[at + 2 : end]) == CHECKSUM.unpack_from(stream, end)[0]:
                _, version, kind, boot, _ = HEADER.unpack_from(stream, at)
                frames.append(Frame(version, kind, boot, stream[at + HEADER.size : end]))
                at = end + CHECKSUM.size
            else:
                at += len(SYNC)
        self._kept = stream[at:]
        return frames


@dataclass(frozen=True, slots=True)
class Description:
    """What a board says of its stream, rows 2.1.20 to 2.1.31.

    ``vref_millivolt`` is what all of the converter's steps span together, 0 if unknown. ``channels`` are
    pairs of role and gain, in thousandths and 0 if unknown. Bit i of ``watched`` tells that the
    hardware notices when the electrodes of channel i come off.
    """

    rate_millihertz: int
    bits: int
    vref_millivolt: int
    channels: tuple[tuple[int, int], ...]
    name: str = ""
    signed: bool = False
    watched: int = 0
    firmware: tuple[int, int] = FIRMWARE

    def encode(self) -> bytes:
        """Return the payload of a description frame."""
        head = DESCRIPTION_HEADER.pack(
            *self.firmware,
            self.rate_millihertz,
            self.bits,
            self.signed,
            self.vref_millivolt,
            self.watched,
            len(self.channels),
        )
        name = self.name.encode()[:MAX_NAME]
        return (
            head + b"".join(CHANNEL.pack(*channel) for channel in self.channels) + bytes([len(name)]) + name
        )

    @property
    def names(self) -> tuple[str, ...]:
        """What the channels are called: their roles, numbered where one comes more than once."""
        roles = [ROLES.get(role, ROLES[OTHER]) for role, _ in self.channels]
        return tuple(
            f"{role}{roles[: place + 1].count(role)}" if roles.count(role) > 1 else role
            for place, role in enumerate(roles)
        )

    @property
    def info(self) -> StreamInfo:
        """What the samples mean (row 2.1.42)."""
        channels = map(self._channel, self.names, self.channels)
        return StreamInfo(
            self.rate_millihertz / 1000.0, tuple(channels), device=self.name or "emgdetect board"
        )

    def _channel(self, name: str, channel: tuple[int, int]) -> Channel:
        role, gain_milli = channel
        middle = 0 if self.signed else 2 ** (self.bits - 1)
        low = middle - 2 ** (self.bits - 1)
        unit: Unit = "envelope" if role == ENV else "adc"
        step, offset = 1.0, 0.0
        if gain_milli and self.vref_millivolt and role in {RAW, ENV}:
            step = self.vref_millivolt * 1e6 / 2**self.bits / gain_milli
        if step != 1.0 and role == RAW:
            unit, offset = "uV", -middle * step
        return Channel(name, unit, step, offset, float(low), float(low + 2**self.bits - 1))


def read_description(payload: bytes) -> Description:
    """Read the payload of a description frame; bytes beyond what is known are passed over.

    Raises
    ------
    DeviceError
        The board says something that no board can be: its firmware has a mistake.
    """
    try:
        *firmware, rate, bits, signed, vref, watched, n_channels = DESCRIPTION_HEADER.unpack_from(payload)
        channels = tuple(
            CHANNEL.unpack_from(payload, DESCRIPTION_HEADER.size + place * CHANNEL.size)
            for place in range(n_channels)
        )
        at = DESCRIPTION_HEADER.size + n_channels * CHANNEL.size
        name = payload[at + 1 : at + 1 + payload[at]].decode(errors="replace")
    except (struct.error, IndexError):
        raise _mistake("is too short") from None
    if not rate or not 1 <= bits <= MAX_BITS or not 1 <= n_channels <= MAX_CHANNELS:
        raise _mistake(f"says {n_channels} channels of {bits} bits at {rate / 1000:g} Hz")
    return Description(
        rate, bits, vref, channels, name, bool(signed), watched, (int(firmware[0]), int(firmware[1]))
    )


def _mistake(what: str) -> DeviceError:
    hint = "upload the firmware again, with the settings of its config.h as they were"
    return DeviceError(f"the board's description of itself {what}", hint=hint)


def tag_of(payload: bytes) -> int:
    """Return the number by which frames of samples refer to a description (row 2.1.12)."""
    return crc32(payload) & 0xFFFF


def pack_samples(counter: int, clock: int, tag: int, off: int, data: RawArray) -> bytes:
    """Return the payload of a frame of samples, ``data`` of shape ``(n_channels, n_samples)``."""
    head = SAMPLES_HEADER.pack(counter % 2**32, clock % 2**32, tag, off, data.shape[0])
    return head + (data.T.astype(np.int64) & 0xFFFF).astype("<u2").tobytes()

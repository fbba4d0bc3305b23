"""Streams of the Lab Streaming Layer, in frames between their transport and a decoder (README, section 4.3).

LSL is a way and not a product: its stream says itself what it is. So there is no line for it in the table
of devices; ``lsl://NAME`` brings this one along.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import DeviceError
from emgdetect.types import Channel, StreamInfo
from firmware_interface.decoder import Described, Loss, Packet, Samples
from firmware_interface.device import Device, Message
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emgdetect.types import RawArray, Unit

DESCRIPTION = b"I"
SAMPLES = b"S"

NUMBERS = {b"f": "<f4", b"d": "<f8", b"l": "<i4", b"h": "<i2", b"b": "<i1", b"q": "<i8"}
"""Letters of the number types, as in Python's ``struct``."""

MICROVOLTS = {
    "uv": 1.0, "µv": 1.0, "μv": 1.0, "microvolt": 1.0, "microvolts": 1.0,
    "mv": 1e3, "millivolt": 1e3, "millivolts": 1e3,
    "v": 1e6, "volt": 1e6, "volts": 1e6,
}  # fmt: skip
"""What one of a unit is in µV; both signs for micro are in use."""


def encode_description(name: str, rate: float, channels: list[tuple[str, str]]) -> bytes:
    """Return the frame that describes a stream; ``channels`` are labels and units as they were sent."""
    return DESCRIPTION + json.dumps({"name": name, "rate": rate, "channels": channels}).encode()


def encode_samples(data: RawArray) -> bytes:
    """Return the frame of samples of shape ``(n_channels, n_samples)``, in their own number type."""
    kind = data.dtype.newbyteorder("<")
    letter = next(letter for letter, code in NUMBERS.items() if np.dtype(code) == kind)
    return SAMPLES + letter + np.ascontiguousarray(data.T, dtype=kind).tobytes()


class LslDecoder:
    """Reads the frames; their order and completeness are LSL's business."""

    def __init__(self) -> None:
        self._info: StreamInfo | None = None

    def feed(self, data: bytes, source: str = "") -> list[Packet]:  # noqa: ARG002 - one stream, one source
        """Take one frame; anything that is none is passed over."""
        if data[:1] == DESCRIPTION:
            return self._describe(data[1:])
        if data[:1] == SAMPLES and self._info is not None:
            return self._samples(data[1:2], data[2:], len(self._info.channels))
        return []

    def relink(self) -> list[Packet]:
        """Say that nothing counts what was missed."""
        return [] if self._info is None else [Loss(None, "disconnect")]

    def _describe(self, text: bytes) -> list[Packet]:
        try:
            info = _info(json.loads(text))
        except (ValueError, TypeError, KeyError, RecursionError):
            return []
        if not (math.isfinite(info.sampling_rate) and info.sampling_rate > 0 and info.channels):
            raise DeviceError(
                "this LSL stream has no rate or no channels: it holds marks, not a signal",
                where=info.device,
                hint="choose another stream by its name: lsl://NAME",
            )
        changed = info != self._info
        self._info = info
        return [Described(info)] if changed else []

    @staticmethod
    def _samples(letter: bytes, numbers: bytes, n_channels: int) -> list[Packet]:
        kind = NUMBERS.get(letter)
        if kind is None or not numbers or len(numbers) % (np.dtype(kind).itemsize * n_channels):
            return []
        return [Samples(np.frombuffer(numbers, dtype=kind).reshape(-1, n_channels).T)]


def _info(told: dict[str, Any]) -> StreamInfo:
    channels = []
    for k, (label, unit) in enumerate(told["channels"]):
        gain = MICROVOLTS.get(str(unit).strip().lower())
        kind: Unit = "adc" if gain is None else "uV"
        channels.append(Channel(str(label) or f"ch{k + 1}", kind, gain=1.0 if gain is None else gain))
    return StreamInfo(float(told["rate"]), tuple(channels), device=f"LSL {told['name']}")


class LslEmulator:
    """An outlet of two channels in µV at 1 kHz."""

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return _info({"name": "virtual", "rate": 1000.0, "channels": [("left", "uV"), ("right", "uV")]})

    def restart(self) -> list[Message]:
        """Describe the stream."""
        return [Message(encode_description("virtual", 1000.0, [("left", "uV"), ("right", "uV")]))]

    def hear(self, data: bytes, to: str = "") -> list[Message]:  # noqa: ARG002 - it does not listen
        """Hear nothing: outlets only send."""
        return []

    def send(self, data: RawArray) -> list[Message]:
        """Put samples on the wire as one chunk."""
        return [Message(encode_samples(data.astype(np.float32)), data.shape[1])] if data.shape[1] else []


def decoder(options: Mapping[str, str]) -> LslDecoder:
    """Make a decoder; raises ``UsageError`` for options, as there are none."""
    Given("lsl", options, {})
    return LslDecoder()


def emulator(options: Mapping[str, str]) -> LslEmulator:
    """Make an emulator; raises ``UsageError`` for options, as there are none."""
    Given("lsl", options, {})
    return LslEmulator()


DEVICE = Device(
    key="lsl",
    name="Lab Streaming Layer",
    links=(),
    decoder=decoder,
    emulator=emulator,
    framing="message",
    losses_seen="timing",
    remarks=("What the sender lost before it is not known; what the network lost shows as missing time.",),
)

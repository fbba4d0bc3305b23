"""What may stand in a description: every key with its type, range and meaning.

pydantic is imported at the top, so this module is loaded only for devices that are described.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from emgdetect.types import Unit  # noqa: TC001 - pydantic reads it when the class is made

MOST_CHANNELS = 64
LONGEST_FRAME = 4096
FORBIDDEN = b">BL<"
"""Starts the bootloader of some boards."""

_HEX = re.compile(r"[0-9a-fA-F]{2}([ ]?[0-9a-fA-F]{2})*|")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHORT_UUID = re.compile(r"[0-9a-f]{4}")
_USB = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")

Number = Literal["u8", "i8", "u16", "i16", "u24", "i24", "u32", "i32", "f32"]
Endian = Literal["little", "big"]
ChecksumKind = Literal["sum8", "xor8", "crc16-ccitt", "crc16-xmodem", "crc16-modbus"]

SIZES: dict[Number, int] = {
    "u8": 1, "i8": 1, "u16": 2, "i16": 2, "u24": 3, "i24": 3, "u32": 4, "i32": 4, "f32": 4,
}  # fmt: skip


def _from_hex(text: object) -> object:
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise ValueError('must be bytes in hexadecimal, such as "A5 5A"')
    return bytes.fromhex(text)


def _full_uuid(text: str) -> str:
    lower = text.lower()
    if _SHORT_UUID.fullmatch(lower):
        return f"0000{lower}-0000-1000-8000-00805f9b34fb"
    if not _UUID.fullmatch(lower):
        raise ValueError("must be a UUID, in full or of four digits")
    return lower


def _usb_pair(text: object) -> object:
    found = _USB.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError('must be vendor and product in hexadecimal, such as "2341:0043"')
    return int(found[1], 16), int(found[2], 16)


Bytes = Annotated[bytes, BeforeValidator(_from_hex)]
Uuid = Annotated[str, AfterValidator(_full_uuid)]
UsbId = Annotated[tuple[int, int], BeforeValidator(_usb_pair)]
Place = Annotated[int, Field(ge=0, lt=LONGEST_FRAME)]
Seconds = Annotated[float, Field(gt=0, le=3600)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


class Table(BaseModel):
    """A table of a description: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class StepTable(Table):
    """One thing to do: bytes to send, as text or in hexadecimal, or a pause."""

    text: str | None = Field(None, description="Text to send")
    hex: Bytes | None = Field(None, description="Bytes to send")
    pause: Seconds | None = Field(None, description="Seconds to wait")
    to: Uuid | None = Field(None, description="Characteristic to write, over BLE")

    @model_validator(mode="after")
    def _one(self) -> StepTable:
        if sum(value is not None for value in (self.text, self.hex, self.pause)) != 1:
            raise ValueError("must have one of text, hex and pause")
        if FORBIDDEN in self.data:
            raise ValueError("would start the bootloader of some boards")
        return self

    @property
    def data(self) -> bytes:
        """What is sent."""
        return self.hex if self.hex is not None else (self.text or "").encode()


class SerialTable(Table):
    """How it is reached on a serial port."""

    baud: tuple[Annotated[int, Field(ge=300, le=4_000_000)], ...] = Field(min_length=1)
    usb: tuple[UsbId, ...] = ()
    boot: Annotated[float, Field(ge=0, le=60)] = 0.0
    start: tuple[StepTable, ...] = ()
    stop: tuple[StepTable, ...] = ()


class BleTable(Table):
    """How it is reached over Bluetooth Low Energy."""

    notify: tuple[Uuid, ...] = Field(min_length=1)
    names: tuple[Name, ...] = ()
    service: Uuid | None = None
    battery: Uuid | None = None
    start: tuple[StepTable, ...] = ()
    stop: tuple[StepTable, ...] = ()

    @model_validator(mode="after")
    def _can_be_found(self) -> BleTable:
        if not self.names and self.service is None:
            raise ValueError("must have names or service, to be found by")
        if any(step.to is None for step in (*self.start, *self.stop) if step.pause is None):
            raise ValueError("what start and stop send needs the characteristic it goes to (to = ...)")
        return self


class ChannelTable(Table):
    """What a channel's numbers mean: ``value = raw * gain + offset``."""

    name: Name
    unit: Unit = "adc"
    gain: float = 1.0
    offset: float = 0.0
    low: float | None = Field(None, description="Lower rail of the converter, in raw numbers")
    high: float | None = Field(None, description="Upper rail of the converter, in raw numbers")

    @model_validator(mode="after")
    def _makes_sense(self) -> ChannelTable:
        if self.gain == 0:
            raise ValueError("gain must not be 0")
        if self.unit == "uV" and "gain" not in self.model_fields_set:
            raise ValueError("µV need a gain")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low must be below high")
        return self


class LineChannel(ChannelTable):
    """A channel of a line: which of its numbers, counted from 0."""

    field: Annotated[int, Field(ge=0, lt=MOST_CHANNELS)]


class FrameChannel(ChannelTable):
    """A channel of a frame: where its first byte is, and how its number is written."""

    at: Place
    type: Number
    endian: Endian = "little"


class LineCounter(Table):
    """Which number of a line counts the lines, and how far."""

    field: Annotated[int, Field(ge=0, lt=MOST_CHANNELS)]
    modulus: Annotated[int, Field(ge=2, le=2**32)]


class LineClock(Table):
    """Which number of a line is the time, and in what unit."""

    field: Annotated[int, Field(ge=0, lt=MOST_CHANNELS)]
    unit: Literal["us", "ms", "s"]


class FrameCounter(Table):
    """Where the counter of a frame is, how far it counts, and how much from frame to frame."""

    at: Place
    type: Literal["u8", "u16", "u24", "u32"] = "u8"
    endian: Endian = "little"
    modulus: Annotated[int, Field(ge=2, le=2**32)] | None = None
    step: Annotated[int, Field(ge=1, le=65_536)] = 1

    @property
    def counts(self) -> int:
        """How many counts there are; without a modulus, all that fit the bytes."""
        return self.modulus or 1 << 8 * SIZES[self.type]

    @model_validator(mode="after")
    def _turns_evenly(self) -> FrameCounter:
        if self.counts > 1 << 8 * SIZES[self.type]:
            raise ValueError(f"modulus is more than {self.type} can count")
        if self.counts % self.step or self.counts // self.step < 2:  # noqa: PLR2004 - one count tells nothing
            raise ValueError("modulus must be a multiple of step, twice it at least")
        return self


class Checksum(Table):
    """Where the checksum is, of what kind, and which bytes it is over: ``start`` to before ``stop``."""

    at: Place
    kind: ChecksumKind
    endian: Endian = "little"
    start: Place | None = None
    stop: Place | None = None

    @property
    def size(self) -> int:
        """Bytes of the checksum itself."""
        return 2 if self.kind.startswith("crc16") else 1

"""What a Ganglion's notifications are made of (README, section 2.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVICE = "0000fe84-0000-1000-8000-00805f9b34fb"
NOTIFY = "2d30c082-f39f-4ce6-923f-3484ea480596"
WRITE = "2d30c083-f39f-4ce6-923f-3484ea480596"

LENGTH = 20
N_CHANNELS = 4
RATE = 200.0
UV_PER_COUNT = 1.2e6 / (8388607 * 1.5 * 51)
COUNTS_PER_STEP = 64
TOP = 2**23

LAST_18_BIT = {2: 100, 3: 99}
LAST_SAMPLES = {2: 200, 3: 199}
IMPEDANCES = {201: "1", 202: "2", 203: "3", 204: "4", 205: "reference"}
TEXT_PART, TEXT_END = 206, 207
RAW_PADDING = b"ABCDEFG"


def describe(firmware: int) -> StreamInfo:
    """Return what the stream is; firmware 3 sends only the upper 18 bits of 24, so its step is 64 counts."""
    step = COUNTS_PER_STEP if firmware == 3 else 1  # noqa: PLR2004 - the version
    channels = tuple(
        Channel(
            f"ch{number + 1}",
            "uV",
            gain=step * UV_PER_COUNT,
            raw_low=-float(TOP // step),
            raw_high=float(TOP // step - 1),
        )
        for number in range(N_CHANNELS)
    )
    return StreamInfo(RATE, channels, device=f"OpenBCI Ganglion, firmware {firmware}")


def unpack(payload: bytes, width: int) -> list[int]:
    """Return the eight unsigned fields of ``width`` bits that ``width`` bytes hold, first one first."""
    bits = int.from_bytes(payload[:width], "big")
    mask = (1 << width) - 1
    return [bits >> place & mask for place in range(7 * width, -1, -width)]


def pack(values: Sequence[int], width: int) -> bytes:
    """Put eight fields into ``width`` bytes, as :func:`unpack` reads them; higher bits are cut off."""
    mask = (1 << width) - 1
    bits = 0
    for value in values:
        bits = bits << width | value & mask
    return bits.to_bytes(width, "big")


def absolute(field: int, width: int) -> int:
    """Return firmware 3's number in steps of 64 counts; its lowest bit only repeats the sign."""
    signed = field - (field >> width - 1 << width)
    return signed >> 1 if width == 19 else signed & ~1  # noqa: PLR2004 - bits, of which 18 are used


def delta(field: int, width: int) -> int:
    """Return firmware 2's difference in counts; the lowest bit is the sign."""
    return field - ((field & 1) << width)


def signed_24(three: bytes) -> int:
    """Return one of firmware 2's whole numbers."""
    return int.from_bytes(three, "big", signed=True)

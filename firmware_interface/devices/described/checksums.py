"""Checksums of many frames at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from firmware_interface.devices.described.schema import ChecksumKind

    Bytes = NDArray[np.uint8]

CCITT = 0x1021
MODBUS = 0xA001
ALL = 0xFFFF


def checksums(kind: ChecksumKind, covered: Bytes) -> NDArray[np.uint16]:
    """Return the checksum of each row of bytes.

    ``sum8`` is the sum modulo 256, ``xor8`` all bytes combined by exclusive or. ``crc16-ccitt`` begins with
    FFFF and ``crc16-xmodem`` with 0, both with the polynomial 1021; ``crc16-modbus`` begins with FFFF and has
    the polynomial 8005, lowest bit first.
    """
    wide = covered.astype(np.uint16)
    found: NDArray[np.uint16]
    match kind:
        case "sum8":
            found = wide.sum(axis=1, dtype=np.uint16) & np.uint16(0xFF)
        case "xor8":
            found = np.bitwise_xor.reduce(wide, axis=1)
        case "crc16-modbus":
            found = _lowest_first(wide)
        case _:
            found = _highest_first(wide, 0 if kind == "crc16-xmodem" else ALL)
    return found


def _highest_first(rows: NDArray[np.uint16], start: int) -> NDArray[np.uint16]:
    crc = np.full(len(rows), start, dtype=np.uint16)
    table = _table(lowest_first=False)
    for column in rows.T:
        crc = (crc << 8) ^ table[(crc >> 8) ^ column]
    return crc


def _lowest_first(rows: NDArray[np.uint16]) -> NDArray[np.uint16]:
    crc = np.full(len(rows), ALL, dtype=np.uint16)
    table = _table(lowest_first=True)
    for column in rows.T:
        crc = (crc >> 8) ^ table[(crc ^ column) & 0xFF]
    return crc


@cache
def _table(*, lowest_first: bool) -> NDArray[np.uint16]:
    values = np.arange(256)
    if lowest_first:
        for _ in range(8):
            values = values >> 1 ^ (values & 1) * MODBUS
    else:
        values = values << 8
        for _ in range(8):
            values = (values << 1 ^ (values >> 15) * CCITT) & ALL
    return values.astype(np.uint16)

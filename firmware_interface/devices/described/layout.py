"""Described frames to numbers, and numbers to frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.devices.described.checksums import checksums
from firmware_interface.devices.described.schema import SIZES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import RawArray
    from firmware_interface.devices.described.description import FrameTable
    from firmware_interface.devices.described.schema import Endian, Number

    Bytes = NDArray[np.uint8]

DTYPES: dict[Number, str] = {
    "u8": "uint8", "i8": "int8", "u16": "uint16", "i16": "int16", "u24": "int32", "i24": "int32",
    "u32": "uint32", "i32": "int32", "f32": "float32",
}  # fmt: skip
"""The smallest type that holds a number."""


class FrameLayout:
    """Reads and writes frames of one description, many at once; frames have shape ``(n, length)``."""

    __slots__ = ("_table", "dtype")

    def __init__(self, table: FrameTable) -> None:
        self._table = table
        self.dtype = np.result_type(*(DTYPES[channel.type] for channel in table.channel))

    def is_sound(self, frames: Bytes) -> NDArray[np.bool_]:
        """Say which frames have all marks that the description names."""
        table = self._table
        n_sync, n_footer = len(table.sync), len(table.footer)
        marks: NDArray[np.bool_] = (frames[:, :n_sync] == list(table.sync)).all(axis=1)
        if n_footer:
            marks &= (frames[:, -n_footer:] == list(table.footer)).all(axis=1)
        if table.checksum is not None:
            check = table.checksum
            told = _integers(frames[:, check.at : check.at + check.size], check.endian)
            marks &= told == checksums(check.kind, frames[:, slice(*table.covered)])
        return marks

    def count(self, frames: Bytes) -> NDArray[np.int64]:
        """Return the frames' counters in steps of one; zeros where there are none."""
        counter = self._table.counter
        if counter is None:
            return np.zeros(len(frames), dtype=np.int64)
        stop = counter.at + SIZES[counter.type]
        numbers = _integers(frames[:, counter.at : stop], counter.endian)
        return numbers % counter.counts // counter.step

    def numbers(self, frames: Bytes) -> RawArray:
        """Return the samples, shape ``(n_channels, n * samples)``."""
        table = self._table
        data = np.empty((len(table.channel), len(frames), table.samples), dtype=self.dtype)
        for row, channel in enumerate(table.channel):
            for n in range(table.samples):
                at = channel.at + n * table.stride
                field = frames[:, at : at + SIZES[channel.type]]
                data[row, :, n] = _read(field, channel.type, channel.endian)
        return data.reshape(len(table.channel), -1)

    def write(self, samples: RawArray, step: int) -> bytes:
        """Return the frame that carries ``samples``, shape ``(n_channels, samples)``, counted ``step``."""
        table = self._table
        frame = np.zeros((1, table.length), dtype=np.uint8)
        for row, channel in enumerate(table.channel):
            for n, value in enumerate(samples[row].tolist()):
                at = channel.at + n * table.stride
                field = _written(value, channel.type, channel.endian)
                frame[0, at : at + len(field)] = list(field)
        self._mark(frame, step)
        return frame.tobytes()

    def _mark(self, frame: Bytes, step: int) -> None:
        table = self._table
        frame[0, : len(table.sync)] = list(table.sync)
        if table.footer:
            frame[0, -len(table.footer) :] = list(table.footer)
        if table.counter is not None:
            counter = table.counter
            field = _written(step * counter.step % counter.counts, counter.type, counter.endian)
            frame[0, counter.at : counter.at + len(field)] = list(field)
        if table.checksum is not None:
            check = table.checksum
            value = int(checksums(check.kind, frame[:, slice(*table.covered)])[0])
            frame[0, check.at : check.at + check.size] = list(value.to_bytes(check.size, check.endian))


def _integers(field: Bytes, endian: Endian) -> NDArray[np.int64]:
    columns = field.T if endian == "big" else field.T[::-1]
    numbers = np.zeros(len(field), dtype=np.int64)
    for column in columns:
        numbers = numbers << 8 | column
    return numbers


def _read(field: Bytes, kind: Number, endian: Endian) -> RawArray:
    if kind == "f32":
        floats: RawArray = np.ascontiguousarray(field).view(">f4" if endian == "big" else "<f4")[:, 0]
        return floats
    numbers = _integers(field, endian)
    if kind.startswith("i"):
        sign = 1 << (8 * SIZES[kind] - 1)
        numbers = (numbers ^ sign) - sign
    return numbers


def _written(value: float, kind: Number, endian: Endian) -> bytes:
    if kind == "f32":
        return np.array([value], dtype=">f4" if endian == "big" else "<f4").tobytes()
    return int(value).to_bytes(SIZES[kind], endian, signed=kind.startswith("i"))

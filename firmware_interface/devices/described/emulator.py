"""A described device without the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.device import Message
from firmware_interface.devices.described.layout import FrameLayout
from firmware_interface.devices.described.lines import TICKS
from firmware_interface.text.stamps import WRAP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.types import RawArray, StreamInfo
    from firmware_interface.devices.described.description import FrameTable, LinesTable
    from firmware_interface.text.parsing import Number


class _Emulator:
    """What both have in common: a description does not say what the device answers, so it is silent."""

    __slots__ = ("_info", "_n_sent", "_source")

    def __init__(self, info: StreamInfo, source: str) -> None:
        self._info = info
        self._source = source
        self._n_sent = 0

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return self._info

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Take no notice."""
        del data, to
        return []


class FramesEmulator(_Emulator):
    """Sends a frame as soon as its samples are there."""

    __slots__ = ("_layout", "_n_each", "_waiting")

    def __init__(self, table: FrameTable, info: StreamInfo, source: str) -> None:
        super().__init__(info, source)
        self._layout = FrameLayout(table)
        self._n_each = table.samples
        self.restart()

    def restart(self) -> list[Message]:
        """Begin to count at 0."""
        self._n_sent = 0
        self._waiting = np.empty((len(self._info.channels), 0), dtype=self._layout.dtype)
        return []

    def send(self, data: RawArray) -> list[Message]:
        """Send the frames that samples fill."""
        waiting = np.concatenate([self._waiting, data.astype(self._layout.dtype)], axis=1)
        n_frames = waiting.shape[1] // self._n_each
        self._waiting = waiting[:, n_frames * self._n_each :]
        return [self._message(waiting[:, k * self._n_each : (k + 1) * self._n_each]) for k in range(n_frames)]

    def _message(self, samples: RawArray) -> Message:
        frame = self._layout.write(samples, self._n_sent)
        self._n_sent += 1
        return Message(frame, self._n_each, self._source)


class LinesEmulator(_Emulator):
    """Prints a line for each sample; fields that mean nothing are 0."""

    __slots__ = ("_between", "_table")

    def __init__(self, table: LinesTable, info: StreamInfo, source: str) -> None:
        super().__init__(info, source)
        self._table = table
        self._between = {"any": ",", "tab": "\t", "space": " "}.get(table.separator, table.separator)

    def restart(self) -> list[Message]:
        """Begin anew, with the end of the line that was going out."""
        self._n_sent = 0
        return [Message(b"\r\n", source=self._source)]

    def send(self, data: RawArray) -> list[Message]:
        """Print a line for each sample."""
        return [self._message(row) for row in data.T.tolist()]

    def _message(self, row: Sequence[Number]) -> Message:
        table = self._table
        numbers: list[Number] = [0] * table.fields
        for channel, value in zip(table.channel, row, strict=True):
            numbers[channel.field] = value
        if table.counter is not None:
            numbers[table.counter.field] = self._n_sent % table.counter.modulus
        if table.clock is not None:
            ticks = self._n_sent / self._info.sampling_rate / TICKS[table.clock.unit]
            numbers[table.clock.field] = round(ticks, 6) if table.clock.unit == "s" else round(ticks) % WRAP
        self._n_sent += 1
        line = self._between.join(map(str, numbers)) + "\r\n"
        return Message(line.encode("ascii"), 1, self._source)

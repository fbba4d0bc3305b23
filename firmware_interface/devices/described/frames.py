"""Described frames to packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.counting import Counter, with_losses
from firmware_interface.decoder import Described, Loss
from firmware_interface.devices.described.finding import MarkFinder
from firmware_interface.devices.described.layout import FrameLayout
from firmware_interface.frames import FrameFinder, FrameFormat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import StreamInfo
    from firmware_interface.decoder import Packet
    from firmware_interface.devices.described.description import FrameTable

    Bytes = NDArray[np.uint8]

STRONG_MARKS = 2
"""Bytes of sync, footer and checksum from which two frames in a row make a beginning, else three."""


class FramesDecoder:
    """Reads frames of one length, from a stream or in whole notifications.

    Without a counter, what a broken place cost is left to the clock. So is what was missed over a new
    connection, because most devices begin to count anew with it.
    """

    __slots__ = ("_begun", "_counter", "_finder", "_fresh", "_info", "_layout", "_n_skipped", "_table")

    def __init__(self, table: FrameTable, info: StreamInfo) -> None:
        self._table = table
        self._info = info
        self._layout = FrameLayout(table)
        self._finder = None if table.whole_notifications else _finder(table, self._layout)
        self._begun = False
        self._start_counting()

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take the next bytes; see :class:`firmware_interface.decoder.Decoder`."""
        del source
        packets: list[Packet] = []
        for piece in self._split(data) if self._finder is None else self._finder.feed(data):
            if isinstance(piece, bytes):
                self._n_skipped += len(piece)
            else:
                packets += self._read(piece)
        return packets

    def relink(self) -> list[Packet]:
        """Forget half a frame, and the counter."""
        if self._finder is not None:
            self._finder.forget()
        self._start_counting()
        return [Loss(None, "disconnect")] if self._begun else []

    def _start_counting(self) -> None:
        counter = self._table.counter
        counts = 0 if counter is None else counter.counts // counter.step
        self._counter = Counter(counts, self._table.samples) if counts else None
        self._fresh = True
        self._n_skipped = 0

    def _split(self, notification: bytes) -> list[Bytes | bytes]:
        length = self._table.length
        n = len(notification) // length
        frames = np.frombuffer(notification, dtype=np.uint8, count=n * length).reshape(n, length)
        sound = self._layout.is_sound(frames)
        rest = notification[n * length :]
        found: list[Bytes | bytes] = [
            frames[k : k + 1] if sound[k] else frames[k].tobytes() for k in range(n)
        ]
        return [*found, rest] if rest else found

    def _read(self, frames: Bytes) -> list[Packet]:
        data = self._layout.numbers(frames)
        losses = self._losses(frames)
        packets: list[Packet] = [] if self._begun else [Described(self._info)]
        self._begun, self._fresh, self._n_skipped = True, False, 0
        return [*packets, *with_losses(data, losses)]

    def _losses(self, frames: Bytes) -> list[tuple[int, Loss]]:
        if self._counter is None:
            return [(0, Loss(None, "lost packets"))] if self._n_skipped and not self._fresh else []
        found = self._counter.steps(self._layout.count(frames), self._n_skipped / self._table.length)
        return [(place * self._table.samples, loss) for place, loss in found]


def _finder(table: FrameTable, layout: FrameLayout) -> FrameFinder | MarkFinder:
    check = table.checksum
    if table.counter is None:
        return MarkFinder(table.length, table.sync, layout.is_sound, sure=check is not None)
    marks = len(table.sync) + len(table.footer) + (check.size if check is not None else 0)
    run = 2 if marks >= STRONG_MARKS else 3
    counts = table.counter.counts // table.counter.step
    return FrameFinder(FrameFormat(table.length, table.sync, layout.is_sound, layout.count, counts, run=run))

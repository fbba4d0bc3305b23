"""Rows of values on their way to packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.decoder import Described, Loss, Samples

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from emgdetect.types import StreamInfo
    from firmware_interface.decoder import Packet
    from firmware_interface.text.parsing import Number


class RowGatherer:
    """Gathers rows between two calls of a decoder, in stream order with what was lost between them."""

    __slots__ = ("_described", "_dtype", "_info", "_packets", "_rows", "_time")

    def __init__(self) -> None:
        self._info: StreamInfo | None = None
        self._described: StreamInfo | None = None
        self._dtype: DTypeLike = np.float64
        self._rows: list[tuple[Number, ...]] = []
        self._time: float | None = None
        self._packets: list[Packet] = []

    @property
    def begun(self) -> bool:
        """Whether there ever was a row."""
        return self._described is not None

    def describe(self, info: StreamInfo, dtype: DTypeLike) -> None:
        """Say what the rows from here on are."""
        self._close()
        self._info, self._dtype = info, dtype

    def add(self, row: tuple[Number, ...], time: float | None = None) -> None:
        """Put a row behind the others; ``time`` is the device's, in seconds."""
        if self._info != self._described and self._info is not None:
            self._described = self._info
            self._packets.append(Described(self._info))
        if not self._rows:
            self._time = time
        self._rows.append(row)

    def put(self, packet: Packet) -> None:
        """Put anything else behind them; a loss before the first row tells nothing and is left out."""
        if isinstance(packet, Loss) and not self.begun:
            return
        self._close()
        self._packets.append(packet)

    def flush(self) -> list[Packet]:
        """Return what has gathered."""
        self._close()
        packets, self._packets = self._packets, []
        return packets

    def _close(self) -> None:
        if self._rows:
            self._packets.append(Samples(np.array(self._rows, dtype=self._dtype).T, self._time))
            self._rows = []

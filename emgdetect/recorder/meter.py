"""The last second of a stream, for people to look at; nothing is decided by it."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.grid import Grid
from emgdetect.conditioning.level import LevelAboveRest

if TYPE_CHECKING:
    from emgdetect.types import Channel, Chunk, FloatArray, RawArray, StreamInfo

_SECONDS = 1.0
_CLIPPED = 0.02


class Meter:
    """Keeps the newest second of raw samples.

    Parameters
    ----------
    info : StreamInfo
        The stream.
    rate : float
        In Hz, as well as it is known.
    """

    def __init__(self, info: StreamInfo, rate: float) -> None:
        self._info = info
        self._wanted = max(2, int(rate * _SECONDS))
        self._chunks: deque[Chunk] = deque()
        self._held = 0
        self._heights = {
            row: _Height(channel, rate, self._wanted)
            for row, channel in enumerate(info.channels)
            if channel.unit == "envelope"
        }

    def add(self, chunk: Chunk) -> None:
        """Take the next samples."""
        self._chunks.append(chunk)
        self._held += chunk.data.shape[1]
        while self._held - self._chunks[0].data.shape[1] >= self._wanted:
            self._held -= self._chunks.popleft().data.shape[1]
        for row, height in self._heights.items():
            height.add(chunk.data[row])

    def clear(self) -> None:
        """Forget what is old; where an envelope rests is no older than before."""
        self._chunks.clear()
        self._held = 0
        for height in self._heights.values():
            height.clear()

    def read(self) -> list[tuple[float, str]]:
        """Return the level of each channel, in its unit, and what is wrong with it, if anything."""
        if not self._chunks:
            return [(math.nan, "no data")] * len(self._info.channels)
        rows = np.concatenate([chunk.data for chunk in self._chunks], axis=1)[:, -self._wanted :]
        judged = [
            _judged(np.asarray(row, np.float64), channel)
            for row, channel in zip(rows, self._info.channels, strict=True)
        ]
        for row, height in self._heights.items():
            judged[row] = (height.read(), judged[row][1])
        return judged


class _Height:
    """How far an envelope stands above where it rests, as detection measures it.

    About its own mean an envelope hardly moves while a muscle is tensed: it is the height that counts.
    """

    def __init__(self, channel: Channel, rate: float, wanted: int) -> None:
        grid = Grid.of(rate)
        self._channel = channel
        self._hop = grid.raw_per_hop
        self._wanted = wanted
        self._rest = LevelAboveRest(grid)
        self._waiting = np.empty(0)
        self._newest = np.empty(0)

    def add(self, row: RawArray) -> None:
        values = np.asarray(row, np.float64) * self._channel.gain + self._channel.offset
        joined = np.concatenate([self._waiting, values])
        whole = len(joined) // self._hop * self._hop
        self._waiting = joined[whole:]
        if whole:
            above = self._rest.process(joined[:whole])
            self._newest = np.concatenate([self._newest, above])[-self._wanted :]

    def clear(self) -> None:
        self._waiting = self._newest = np.empty(0)

    def read(self) -> float:
        return float(np.sqrt(np.mean(self._newest**2))) if len(self._newest) else math.nan


def _judged(row: FloatArray, channel: Channel) -> tuple[float, str]:
    known = row[np.isfinite(row)]
    if not known.size:
        return math.nan, "missing values"
    low = -math.inf if channel.raw_low is None else channel.raw_low
    high = math.inf if channel.raw_high is None else channel.raw_high
    level = float(np.std(known)) * abs(channel.gain)
    if known.size > 1 and known.min() == known.max():
        return level, "saturated" if known[0] in {low, high} else "flat"
    clipped = float(np.mean((known <= low) | (known >= high)))
    return level, "saturated" if clipped > _CLIPPED else ""

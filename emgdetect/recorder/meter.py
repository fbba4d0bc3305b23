"""The last second of a stream, for people to look at; nothing is decided by it."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import Channel, Chunk, FloatArray, StreamInfo

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

    def add(self, chunk: Chunk) -> None:
        """Take the next samples."""
        self._chunks.append(chunk)
        self._held += chunk.data.shape[1]
        while self._held - self._chunks[0].data.shape[1] >= self._wanted:
            self._held -= self._chunks.popleft().data.shape[1]

    def clear(self) -> None:
        """Forget what is old."""
        self._chunks.clear()
        self._held = 0

    def read(self) -> list[tuple[float, str]]:
        """Return the level of each channel, in its unit, and what is wrong with it, if anything."""
        if not self._chunks:
            return [(math.nan, "no data")] * len(self._info.channels)
        rows = np.concatenate([chunk.data for chunk in self._chunks], axis=1)[:, -self._wanted :]
        return [
            _judged(np.asarray(row, np.float64), channel)
            for row, channel in zip(rows, self._info.channels, strict=True)
        ]


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

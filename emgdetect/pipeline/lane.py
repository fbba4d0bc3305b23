"""One channel's way through the pipeline: whatever comes is cut into whole hops, a slab at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.detection.channel import ChannelDetector
    from emgdetect.types import Channel, Event, FloatArray, RawArray, StreamInfo

_LARGEST_SLAB = 800_000
_SMALLEST_SLAB = 100_000
_SLABS_TOGETHER = 1_200_000
"""So many samples of all channels pass through the stages at once: each call costs, and so does memory."""


def slab_of(info: StreamInfo) -> int:
    """Return how many samples of each channel pass through the stages at once."""
    return max(_SMALLEST_SLAB, min(_LARGEST_SLAB, _SLABS_TOGETHER // max(len(info.channels), 1)))


class Lane:
    """One channel: collects samples until whole hops can go through its detector.

    Parameters
    ----------
    channel : Channel
        How raw numbers become values.
    detector : ChannelDetector
        All that comes after.
    slab : int
        At most so many samples go through it at once.
    """

    def __init__(self, channel: Channel, detector: ChannelDetector, slab: int) -> None:
        self._channel = channel
        self._slab = slab
        self.detector = detector
        self._hop, self._look = detector.hop, detector.look
        self._waiting = np.empty(0)
        self._peeked = 0
        self._in_gap = False

    def push(self, raw: RawArray) -> list[Event]:
        """Take samples as the sensor sent them and return the events that became final."""
        joined, values = self._extended(len(raw))
        # Damaged numbers may overflow here; the conditioner takes what is not finite as missing.
        with np.errstate(over="ignore", invalid="ignore"):
            np.multiply(raw, self._channel.gain, out=values, dtype=np.float64)
            if self._channel.offset:
                values += self._channel.offset
        return self._take(joined, gap=False)

    def skip(self, count: int) -> list[Event]:
        """Take so many samples that never came."""
        events = []
        # What never came need not go fast.
        slab = min(self._slab, _SMALLEST_SLAB)
        for first in range(0, count, slab):
            events += self._fill(min(slab, count - first), gap=True)
        return events

    def finish(self, end: int) -> list[Event]:
        """Take the end of the stream and return the events still open."""
        events = []
        if len(self._waiting):
            events = self._fill(self._hop - len(self._waiting), gap=self._in_gap)
        return events + self.detector.finish(end)

    def _fill(self, count: int, *, gap: bool) -> list[Event]:
        joined, values = self._extended(count)
        values[:] = np.nan
        return self._take(joined, gap=gap)

    def _extended(self, count: int) -> tuple[FloatArray, FloatArray]:
        """Return what waits with room for more behind it, and that room."""
        waiting = len(self._waiting)
        joined = np.empty(waiting + count)
        joined[:waiting] = self._waiting
        return joined, joined[waiting:]

    def _take(self, joined: FloatArray, *, gap: bool) -> list[Event]:
        self._in_gap = gap
        hop = self._hop
        whole = len(joined) // hop * hop
        self._waiting = joined[whole:].copy()
        events: list[Event] = []
        slab = max(hop, self._slab // hop * hop)
        for first in range(0, whole, slab):
            events += self.detector.process(joined[first : min(first + slab, whole)], gap=gap)
        if whole:
            self._peeked = 0
        if not gap:
            self._peek()
        return events

    def _peek(self) -> None:
        """Show what waits to who announces, in whole looks: at any chunking these are the same."""
        place = len(self._waiting) // self._look * self._look
        if place > self._peeked:
            self._peeked = place
            self.detector.peek(self._waiting[:place])

"""Where the energy passes its thresholds: hits of every scale, joined into islands of activity.

A hit at a scale of ``length`` frames speaks of its whole window, so it reaches back by ``length - 1``
frames. Islands are complete stretches with quiet on both sides; whatever happens inside is decided at once,
so that chunking cannot matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Hits:
    """Stretches of frames above a threshold, sorted by start.

    ``start`` and ``stop`` are half-open frame indices.
    """

    start: NDArray[np.int64]
    stop: NDArray[np.int64]

    @classmethod
    def none(cls) -> Hits:
        """Return an empty list."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64))

    @classmethod
    def joined(cls, parts: list[Hits]) -> Hits:
        """Return all hits of several lists, sorted by start."""
        if not parts:
            return cls.none()
        start = np.concatenate([part.start for part in parts])
        order = np.argsort(start, kind="stable")
        return cls(start[order], np.concatenate([part.stop for part in parts])[order])

    def part(self, chosen: NDArray[np.bool_]) -> Hits:
        """Return the hits chosen by a mask."""
        return Hits(self.start[chosen], self.stop[chosen])


def find_hits(above: NDArray[np.bool_], numbers: NDArray[np.int64], length: int) -> Hits:
    """Return the runs of frames above a threshold, parted at block borders.

    Parameters
    ----------
    above : ndarray of bool, shape (n_blocks, block)
        Where the energy exceeds the threshold. Runs never cross a row, so that they do not depend on how
        many blocks come at once.
    numbers : ndarray of int, shape (n_blocks,)
        Which blocks of the stream these are, rising.
    length : int
        Scale in frames: each hit reaches back ``length - 1`` frames.
    """
    blocks, block = above.shape
    padded = np.zeros((blocks, block + 1), bool)
    padded[:, 1:] = above
    flat = np.concatenate([padded.ravel(), [False]])
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if not len(edges):
        return Hits.none()
    starts, stops = edges[::2], edges[1::2]
    rows, columns = np.divmod(starts, block + 1)
    begin = numbers[rows] * block + columns - 1
    return Hits(np.maximum(begin - (length - 1), 0), begin + (stops - starts))


@dataclass(frozen=True, slots=True)
class Island:
    """Frames ``start:stop`` with activity inside and quiet at both ends."""

    start: int
    stop: int


class Islands:
    """Join hits into islands and hand out those that nothing to come can touch.

    Parameters
    ----------
    pad : int
        Frames of quiet that belong to an island on either side; islands are at least two pads apart.
    longest : int
        An island of more frames is cut, which bounds memory.
    """

    def __init__(self, pad: int, longest: int) -> None:
        self._pad = pad
        self._longest = longest
        self._waiting = Hits.none()
        self._consumed = 0

    def add(self, hits: list[Hits]) -> None:
        """Add newly found hits, in any order."""
        self._waiting = Hits.joined([self._waiting, *hits])

    def needed_from(self, settled: int) -> int:
        """Return the first frame that an island still to be closed may need."""
        first = int(self._waiting.start[0]) if len(self._waiting.start) else settled
        return max(self._consumed, min(first, settled) - self._pad)

    def closed(self, settled: int) -> list[Island]:
        """Return the islands that are complete, given that every later hit starts at ``settled`` or after."""
        done: list[Island] = []
        while (island := self._next(settled)) is not None:
            done.append(island)
        return done

    def _next(self, settled: int) -> Island | None:
        hits = self._waiting
        if not len(hits.start):
            return None
        first = int(hits.start[0])
        reach = np.maximum.accumulate(hits.stop)
        apart = hits.start[1:] - reach[:-1] > 2 * self._pad
        too_long = hits.start[1:] - first > self._longest
        breaks = np.flatnonzero(apart | too_long)
        count = int(breaks[0]) + 1 if len(breaks) else len(hits.start)
        stop = int(reach[count - 1]) + self._pad
        if len(breaks) and too_long[breaks[0]]:
            following = int(hits.start[count])
            if following >= settled:
                return None
            stop = min(stop, following)
        elif stop + self._pad >= settled:
            return None
        chosen = np.arange(len(hits.start)) < count
        self._waiting = hits.part(~chosen)
        island = Island(max(first - self._pad, self._consumed), stop)
        self._consumed = stop
        return island

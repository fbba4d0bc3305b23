"""Finds the frames of a SpikerBox by the mark in their first byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from firmware_interface.devices.spikerbox.models import MOST_CHANNELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

MARK = 0x80
"""Set in the first byte of a frame and in no other."""

LONGEST_FRAME = 2 * MOST_CHANNELS
FRAMES_TO_LEARN = 8
BAD_TO_FORGET = 32
"""Broken places in a row after which frames must have another length than was learned."""

LONGEST_STRAY = 64


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where something is missing, and bytes there that belong to no frame."""

    stray: bytes


class FrameCutter:
    """Cuts bytes into frames; it keeps half a frame, or the few from which their length is learned.

    Parameters
    ----------
    n_channels : int, optional
        How many samples are in a frame; without it, frames in a row have to agree on it.
    """

    __slots__ = ("_bad", "_fixed", "_good", "_is_broken", "_length", "_rest", "_stray")

    def __init__(self, n_channels: int | None = None) -> None:
        self._length = 2 * n_channels if n_channels else 0
        self._fixed = bool(n_channels)
        self._bad = self._good = 0
        self.forget()

    def forget(self) -> None:
        """Throw away half a frame whose rest will not come."""
        self._rest = b""
        self._stray = b""
        self._is_broken = False

    def interrupt(self) -> None:
        """Note that something else began here: half a frame has lost its rest."""
        self._is_broken |= bool(self._rest)
        self._rest = b""

    def feed(self, data: bytes) -> list[Bytes | Broken]:
        """Return whole frames, shape ``(n, 2 * n_channels)``, and places that are broken, in order."""
        stream = self._rest + data
        parts: list[Bytes | Broken] = []
        going = True
        while going:
            if not self._length:
                stream = self._learn(stream)
            going = bool(self._length)
            if going:
                stream = self._cut(stream, parts)
                going = not self._length
        self._rest = stream
        return parts

    def _learn(self, stream: bytes) -> bytes:
        """Look for frames in a row of one length; return the bytes from the first that can be one of them."""
        marks = np.flatnonzero(np.frombuffer(stream, dtype=np.uint8) & MARK)
        lengths = np.diff(marks, append=len(stream))
        n_rows = max(0, marks.size - FRAMES_TO_LEARN)
        if n_rows:
            rows = sliding_window_view(lengths[:-1], FRAMES_TO_LEARN)
            same = (rows == rows[:, :1]).all(axis=1) & (rows[:, 0] % 2 == 0) & (rows[:, 0] <= LONGEST_FRAME)
            if same.any():
                row = int(np.argmax(same))
                self._length = int(rows[row, 0])
                self._break(stream[: marks[row]])
                return stream[marks[row] :]
        too_long = np.flatnonzero(lengths > LONGEST_FRAME)
        first = max(n_rows, int(too_long[-1]) + 1 if too_long.size else 0)
        kept = int(marks[first]) if first < marks.size else len(stream)
        self._break(stream[:kept])
        return stream[kept:]

    def _cut(self, stream: bytes, parts: list[Bytes | Broken]) -> bytes:
        """Cut frames of the known length; return what is left, all of it once the length is given up."""
        array = np.frombuffer(stream, dtype=np.uint8)
        marks = np.flatnonzero(array & MARK)
        lengths = np.diff(marks, append=len(stream))
        self._break(stream[: marks[0]] if marks.size else stream)
        whole = marks.size
        if whole and lengths[-1] < self._length:
            whole -= 1
        done = 0
        for odd in np.flatnonzero(lengths[:whole] != self._length).tolist():
            is_short = bool(lengths[odd] < self._length)
            if not self._give(array, marks[done : odd if is_short else odd + 1], parts):
                return stream[marks[done] :]
            end = int(marks[odd] + lengths[odd])
            self._break(b"" if is_short else stream[marks[odd] + self._length : end], short=is_short)
            if not self._length:
                return stream[end:]
            done = odd + 1
        if not self._give(array, marks[done:whole], parts):
            return stream[marks[done] :]
        return stream[marks[whole] :] if whole < marks.size else b""

    def _give(self, array: Bytes, marks: NDArray[np.intp], parts: list[Bytes | Broken]) -> bool:
        """Put frames that follow each other behind the parts; ``False`` once their length is given up."""
        if not marks.size:
            return True
        if self._is_broken:
            self._count_bad()
            if not self._length:
                return False
            parts.append(Broken(self._stray))
            self._stray, self._is_broken = b"", False
        self._good += marks.size
        parts.append(array[marks[0] : marks[0] + marks.size * self._length].reshape(-1, self._length))
        return True

    def _break(self, stray: bytes, *, short: bool = False) -> None:
        if stray or short:
            self._stray = (self._stray + stray)[-LONGEST_STRAY:]
            self._is_broken = True
        if short:
            self._count_bad()

    def _count_bad(self) -> None:
        self._bad = 0 if self._good > 1 else self._bad + 1
        self._good = 0
        if self._bad >= BAD_TO_FORGET and not self._fixed:
            self._length = self._bad = 0

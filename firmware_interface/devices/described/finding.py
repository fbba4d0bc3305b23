"""Finds frames that have no counter, by their marks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]

MOST_FRAMES = 256


class MarkFinder:
    """Cuts a byte stream into frames and what is none; it keeps a frame and a half at most.

    Parameters
    ----------
    length : int
        Bytes of a frame.
    sync : bytes
        What each begins with, not empty.
    is_sound : callable
        Says of frames, shape ``(n, length)``, which have all their marks.
    sure : bool
        Whether one frame is a beginning, as with a checksum; else the next must follow with its sync.
    """

    __slots__ = ("_ahead", "_is_sound", "_kept", "_length", "_placed", "_sync")

    def __init__(
        self, length: int, sync: bytes, is_sound: Callable[[Bytes], NDArray[np.bool_]], *, sure: bool
    ) -> None:
        self._length = length
        self._sync = sync
        self._is_sound = is_sound
        self._ahead = b"" if sure else sync
        self.forget()

    def forget(self) -> None:
        """Throw away what is kept and look for a beginning anew."""
        self._kept = b""
        self._placed = False

    def feed(self, data: bytes) -> list[Bytes | bytes]:
        """Return what the next bytes complete: frames as an array, and what belongs to none as bytes."""
        stream = self._kept + data
        found: list[Bytes | bytes] = []
        at, going = 0, True
        while going:
            if self._placed:
                at, going = self._read(stream, at, found)
            else:
                begin = self._search(stream, at)
                if begin > at:
                    found.append(stream[at:begin])
                at, going = begin, self._placed
        self._kept = stream[at:]
        return found

    def _read(self, stream: bytes, at: int, found: list[Bytes | bytes]) -> tuple[int, bool]:
        """Take frames from the known place on; says where it stands and whether there is more to do."""
        n = min((len(stream) - at) // self._length, MOST_FRAMES)
        array = np.frombuffer(stream, dtype=np.uint8, count=n * self._length, offset=at)
        frames = array.reshape(n, self._length)
        sound = self._is_sound(frames)
        n_sound = n if sound.all() else int(np.argmin(sound))
        if n_sound:
            found.append(frames[:n_sound])
        self._placed = n_sound == n
        at += n_sound * self._length
        return at, not self._placed or len(stream) - at >= self._length

    def _search(self, stream: bytes, at: int) -> int:
        """Return where frames begin, or where they might once more bytes are there."""
        while (begin := stream.find(self._sync, at)) >= 0:
            stop = begin + self._length
            if len(stream) < stop + len(self._ahead):
                return begin
            frame = np.frombuffer(stream, dtype=np.uint8, count=self._length, offset=begin)[None]
            if stream.startswith(self._ahead, stop) and self._is_sound(frame)[0]:
                self._placed = True
                return begin
            at = begin + 1
        return max(at, len(stream) - len(self._sync) + 1)

"""Finds frames of one length in a byte stream, where the format's own marks are weak.

A head, a foot or a four-bit checksum turns up by chance in other bytes, too. What never does so for long is
a counter that goes up. So a frame is judged by its place and its count together:

- in its place, right behind the last one, and counting on: taken;
- in its place after a jump of the counter: taken if the next is sound; one whose count lies before the jump's
  shows that this was a damaged counter byte;
- damaged: passed over if two of the next five places have sound frames with just the counts due there;
- place lost, and at the beginning: searched byte by byte for ``run`` sound frames in a row that count up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Counts = NDArray[np.int64]

PLACES_TRIED = 5
MOST_FRAMES = 256
MOST_OFFSETS = 4096


@dataclass(frozen=True, slots=True)
class FrameFormat:
    """What is known of a format's frames.

    Parameters
    ----------
    length : int
        Bytes of a frame.
    head : bytes
        What every frame begins with; may be empty.
    is_sound : callable
        Says of frames, shape ``(n, length)``, which carry all marks of one.
    count : callable
        Gives their counters.
    modulus : int
        How many counts there are.
    run : int
        How many frames in a row make a beginning.
    """

    length: int
    head: bytes
    is_sound: Callable[[Bytes], NDArray[np.bool_]]
    count: Callable[[Bytes], Counts]
    modulus: int
    run: int


class FrameFinder:
    """Cuts a byte stream into frames and what is none.

    It keeps at most the bytes of a few frames; how the stream is cut makes no difference.
    """

    __slots__ = ("_expected", "_format", "_kept", "_placed")

    def __init__(self, frame_format: FrameFormat) -> None:
        self._format = frame_format
        self.forget()

    def forget(self) -> None:
        """Throw away what is kept and look for a beginning anew."""
        self._kept = b""
        self._placed = False
        self._expected = 0

    def feed(self, data: bytes) -> list[Bytes | bytes]:
        """Return what the next bytes complete, in stream order.

        Returns
        -------
        list of (array, shape (n, length)) or bytes
            Frames as an array; bytes that belong to no sound frame as they are.
        """
        stream = np.frombuffer(self._kept + data, dtype=np.uint8)
        found: list[Bytes | bytes] = []
        at, going = 0, True
        while going:
            before = at
            at, going = self._read(stream, at, found) if self._placed else self._search(stream, at, found)
            going = going or at > before
        self._kept = stream[at:].tobytes()
        return found

    def _read(self, stream: Bytes, at: int, found: list[Bytes | bytes]) -> tuple[int, bool]:
        """Take frames from the known place on; says where it stands and whether there is more to do."""
        length = self._format.length
        n = min((stream.size - at) // length, MOST_FRAMES)
        frames = stream[at : at + n * length].reshape(n, length)
        sound = self._format.is_sound(frames)
        n_sound = n if sound.all() else int(np.argmin(sound))
        counts = self._format.count(frames[:n_sound])
        n_taken, damaged = self._judge(counts, has_next=n_sound < n)
        if n_taken:
            found.append(frames[:n_taken])
            self._expected = (int(counts[n_taken - 1]) + 1) % self._format.modulus
            at += n_taken * length
        return self._step_over(stream, at, found) if damaged else (at, False)

    def _judge(self, counts: Counts, *, has_next: bool) -> tuple[int, bool]:
        """Say how many of some sound frames to take and whether the one behind them is damaged.

        ``has_next`` tells that after the last of them came one that is not sound.
        """
        modulus = self._format.modulus
        expected = (counts + 1) % modulus
        expected[1:] = expected[:-1].copy()
        expected[:1] = self._expected
        for jump in np.flatnonzero(counts != expected).tolist():
            if jump + 1 == counts.size:
                return jump, has_next
            ahead = (counts[jump : jump + 2] - expected[jump]) % modulus
            if 0 < ahead[1] < ahead[0]:
                return jump, True
        return counts.size, has_next

    def _step_over(self, stream: Bytes, at: int, found: list[Bytes | bytes]) -> tuple[int, bool]:
        """Look whether frames go on in their places behind a damaged one."""
        length, modulus = self._format.length, self._format.modulus
        ahead = stream[at + length : at + (1 + PLACES_TRIED) * length]
        frames = ahead[: ahead.size // length * length].reshape(-1, length)
        due = (self._expected + 1 + np.arange(len(frames))) % modulus
        fitting = np.flatnonzero(self._format.is_sound(frames) & (self._format.count(frames) == due))
        if fitting.size > 1:
            place = int(fitting[0])
            self._expected = int(due[place])
            return self._skip(stream, at, (1 + place) * length, found), True
        if len(frames) < PLACES_TRIED:
            return at, False
        self._placed = False
        return self._skip(stream, at, 1, found), True

    def _search(self, stream: Bytes, at: int, found: list[Bytes | bytes]) -> tuple[int, bool]:
        """Look for a beginning at every byte; says where it stands and whether there is more to do."""
        needed = self._format.run * self._format.length
        window = stream[at : at + needed + MOST_OFFSETS]
        starts = self._possible_starts(window)
        whole = starts[starts + needed <= window.size]
        if whole.size:
            sound, counts = self._count_up(sliding_window_view(window, needed)[whole])
            if sound.any():
                first = int(np.argmax(sound))
                self._placed, self._expected = True, int(counts[first])
                return self._skip(stream, at, int(whole[first]), found), True
        undecided = starts[whole.size :]
        passed = int(undecided[0]) if undecided.size else window.size
        return self._skip(stream, at, passed, found), False

    def _possible_starts(self, window: Bytes) -> NDArray[np.intp]:
        """Return where the head is, or the beginning of one that is cut off."""
        fits = np.ones(window.size, dtype=np.bool_)
        for position, byte in enumerate(self._format.head[: window.size]):
            fits[: window.size - position] &= window[position:] == byte
        return np.flatnonzero(fits)

    def _count_up(self, blocks: Bytes) -> tuple[NDArray[np.bool_], Counts]:
        """Say of blocks of frames, one a row, which are sound and count up, and where they begin to count."""
        length = self._format.length
        frames = blocks.reshape(-1, length)
        n_blocks, per_block = blocks.shape[0], blocks.shape[1] // length
        sound = self._format.is_sound(frames).reshape(n_blocks, per_block).all(axis=1)
        counts = self._format.count(frames).reshape(n_blocks, per_block)
        rising = (np.diff(counts, axis=1) - 1) % self._format.modulus == 0
        return sound & rising.all(axis=1), counts[:, 0]

    @staticmethod
    def _skip(stream: Bytes, at: int, n_bytes: int, found: list[Bytes | bytes]) -> int:
        if n_bytes:
            found.append(stream[at : at + n_bytes].tobytes())
        return at + n_bytes

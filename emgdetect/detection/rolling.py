"""Numbers that come in at one end and are forgotten at the other, addressed by absolute index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Rolling:
    """The latest part of an endless row, or of several of the same length.

    Parameters
    ----------
    dtype : numpy dtype
        Of the numbers kept.
    rows : int, optional
        With it, arrays have the shape ``(rows, n)``, else ``(n,)``.
    """

    def __init__(self, dtype: type[np.generic] = np.float64, *, rows: int | None = None) -> None:
        self._store: NDArray[Any] = np.empty(1024 if rows is None else (rows, 1024), dtype)
        self._begin = 0
        self._end = 0
        self.start = 0

    @property
    def stop(self) -> int:
        """Index after the last number kept."""
        return self.start + self._end - self._begin

    def append(self, numbers: NDArray[Any]) -> None:
        """Add numbers at the end."""
        self.grow(numbers.shape[-1])[...] = numbers

    def grow(self, count: int) -> NDArray[Any]:
        """Add so many numbers at the end and return the place to write them to."""
        if self._end + count > self._store.shape[-1]:
            self._make_room(count)
        self._end += count
        return self._store[..., self._end - count : self._end]

    def _make_room(self, count: int) -> None:
        kept = self._store[..., self._begin : self._end]
        size = kept.shape[-1]
        if size + count > self._store.shape[-1] // 2:
            grown = np.empty((*kept.shape[:-1], 2 * (size + count)), self._store.dtype)
            grown[..., :size] = kept
            self._store = grown
        else:
            # What is kept lies in the second half: the two do not overlap.
            self._store[..., :size] = kept
        self._begin, self._end = 0, size

    def get(self, start: int, stop: int) -> NDArray[Any]:
        """Return a view of ``start:stop``, clipped to what is kept."""
        first = self._begin + max(start, self.start) - self.start
        last = self._begin + min(stop, self.stop) - self.start
        return self._store[..., first : max(first, last)]

    def forget(self, before: int) -> None:
        """Drop everything before an index."""
        before = min(before, self.stop)
        if before > self.start:
            self._begin += before - self.start
            self.start = before

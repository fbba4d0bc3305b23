"""Numbers that lie plainly in a file, read piece by piece by their place."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from emgdetect.recording import Fetch
    from emgdetect.types import RawArray


class StoredMatrix:
    """Samples of one type at a known place of a file; ``fetch`` is a :class:`~emgdetect.recording.Fetch`.

    Parameters
    ----------
    source : Path or binary file
        A path is opened for each read; an open file is kept and closed with this object.
    offset : int
        Place of the first number, in bytes.
    dtype : DTypeLike
        Type of the numbers as stored, in either byte order. What is read has the machine's order.
    shape : tuple of int
        Channels and samples.
    interleaved : bool
        Whether the channels of one sample lie side by side (else all samples of one channel do).
    """

    def __init__(
        self,
        source: Path | BinaryIO,
        *,
        offset: int,
        dtype: DTypeLike,
        shape: tuple[int, int],
        interleaved: bool,
    ) -> None:
        self._source = source
        self._offset = offset
        self._stored = np.dtype(dtype)
        self.dtype = self._stored.newbyteorder("=")
        self.n_channels, self.n_samples = shape
        self._interleaved = interleaved
        if not isinstance(source, Path):
            weakref.finalize(self, source.close)

    def fetch(self, start: int, stop: int, /) -> RawArray:
        """Return samples ``start:stop`` as a new array of shape ``(n_channels, stop - start)``.

        Raises
        ------
        FormatError
            If the range is not stored, or the file has become shorter since it was opened.
        """
        if not 0 <= start <= stop <= self.n_samples:
            raise FormatError(f"samples {start} to {stop} were asked for, {self.n_samples} are stored")
        if isinstance(self._source, Path):
            with self._source.open("rb") as file:
                return self._read(file, start, stop)
        return self._read(self._source, start, stop)

    def _read(self, file: BinaryIO, start: int, stop: int) -> RawArray:
        count = stop - start
        if self._interleaved:
            rows = np.empty((count, self.n_channels), dtype=self._stored)
            self._fill(file, rows, start * self.n_channels)
            return np.ascontiguousarray(rows.T, dtype=self.dtype)
        columns = np.empty((self.n_channels, count), dtype=self._stored)
        for channel in range(self.n_channels):
            self._fill(file, columns[channel], channel * self.n_samples + start)
        return columns.astype(self.dtype, copy=False)

    def _fill(self, file: BinaryIO, target: RawArray, first: int) -> None:
        if target.size == 0:
            return
        file.seek(self._offset + first * self._stored.itemsize)
        # readinto of BinaryIO is not in the type stubs, though every binary file has it.
        got: int = file.readinto(target.view(np.uint8).reshape(-1))  # type: ignore[attr-defined]
        if got != target.nbytes:
            raise FormatError(
                "the file has become shorter while it was read", where=getattr(file, "name", None)
            )


def held(rows: RawArray) -> Fetch:
    """Return a fetch over an array in memory, shape ``(n_channels, n_samples)``."""

    def fetch(start: int, stop: int, /) -> RawArray:
        if not 0 <= start <= stop <= rows.shape[1]:
            raise FormatError(f"samples {start} to {stop} were asked for, {rows.shape[1]} are stored")
        return np.array(rows[:, start:stop], order="C")

    return fetch

"""Samples parked outside memory: for files that can only be read from front to back, such as text.

::

    spool = Spool(n_channels=2, dtype=np.int16)
    for block in blocks:            # arrays (2, n), any n
        spool.append(block)
    spool.fetch(1000, 2000)         # a Fetch: stored samples 1000 to 1999, shape (2, 1000)

Up to :data:`IN_MEMORY_BYTES` stay in memory; beyond that everything is in a temporary file without a name,
which the system removes when the last reference to the spool goes.
"""

from __future__ import annotations

import tempfile
import weakref
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

    from emgdetect.types import RawArray

IN_MEMORY_BYTES = 16 << 20


class Spool:
    """An append-only store of samples of one type, read back in any order.

    Parameters
    ----------
    n_channels : int
        Rows of every block; at least 1.
    dtype : DTypeLike
        Type the samples are stored and given back in. Values must fit: nothing is checked or clipped.
    """

    def __init__(self, n_channels: int, dtype: DTypeLike) -> None:
        self.dtype = np.dtype(dtype)
        self.n_channels = n_channels
        self.n_samples = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - lives as long as self
        weakref.finalize(self, self._file.close)

    def append(self, block: RawArray) -> None:
        """Store more samples, shape ``(n_channels, n)``.

        Raises
        ------
        OSError
            If the temporary folder is full.
        """
        # One sample after the other on disk, so that any range of samples is one read.
        rows = np.ascontiguousarray(block.T, dtype=self.dtype)
        self._file.seek(self.n_samples * self._sample_bytes)
        self._file.write(rows.tobytes())
        self.n_samples += rows.shape[0]

    def fetch(self, start: int, stop: int, /) -> RawArray:
        """Return stored samples ``start:stop``, a new array of shape ``(n_channels, stop - start)``.

        Raises
        ------
        FormatError
            If the range is not stored.
        """
        if not 0 <= start <= stop <= self.n_samples:
            raise FormatError(f"samples {start} to {stop} were asked for, {self.n_samples} are stored")
        self._file.seek(start * self._sample_bytes)
        data = self._file.read((stop - start) * self._sample_bytes)
        rows = np.frombuffer(data, dtype=self.dtype).reshape(stop - start, self.n_channels)
        return rows.T.copy(order="C")

    @property
    def _sample_bytes(self) -> int:
        return self.n_channels * self.dtype.itemsize

"""MATLAB files up to version 7 (``save -v6``, ``-v7``) through scipy.

scipy loads what it reads as a whole, in a process of its own (see ``isolated``); the samples are then read
piece by piece from a temporary file. Which variables are the recording, its rate and its unit is said in
``variables``.
"""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from emgdetect.formats import isolated
from emgdetect.formats.matlab import Contents, Kind, build
from emgdetect.formats.matrix import StoredMatrix
from emgdetect.formats.variables import Described

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Fetch, Head, ReadOptions, Recording
    from emgdetect.types import RawArray

KIND = Kind("mat", "MATLAB")
_SIGN = b"MATLAB 5.0 MAT-file"


def sniff(head: Head) -> bool:
    """Tell whether a file starts with the line MATLAB writes."""
    return head.data.startswith(_SIGN)


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a MATLAB file of version 5 to 7.

    Raises
    ------
    FormatError
        If it is damaged, or holds no array that could be a recording.
    """
    answered, file, offset = isolated.run("emgdetect.formats.mat_child", path, what="MATLAB file")
    store = _Store(file, offset, answered["arrays"])
    return build(path, KIND, Contents(store.described, answered["values"], store.fetch_of), options)


class _Store:
    """The arrays of the answer by name; the file is closed with the last reference to this."""

    def __init__(self, file: BinaryIO, offset: int, arrays: list[list[Any]]) -> None:
        self._file = file
        weakref.finalize(self, file.close)
        self._offsets: dict[str, int] = {}
        self.described: list[Described] = []
        for name, shape, dtype in arrays:
            self._offsets[name] = offset
            self.described.append(Described(name, tuple(shape), dtype))
            offset += math.prod(shape) * np.dtype(dtype).itemsize

    def fetch_of(self, chosen: list[Described]) -> Fetch:
        """Return a fetch over arrays of one length and type, their channels one after the other."""
        matrices = [self._matrix(array) for array in chosen]

        def fetch(start: int, stop: int, /) -> RawArray:
            # The reference to self keeps the file open.
            _ = self
            return np.concatenate([matrix.fetch(start, stop) for matrix in matrices])

        return fetch

    def _matrix(self, array: Described) -> StoredMatrix:
        rows, columns = array.shape if len(array.shape) > 1 else (1, array.shape[0])
        # What is longer is time.
        turned = rows > columns
        return StoredMatrix(
            self._file,
            offset=self._offsets[array.name],
            dtype=array.dtype,
            shape=(columns, rows) if turned else (rows, columns),
            interleaved=turned,
        )

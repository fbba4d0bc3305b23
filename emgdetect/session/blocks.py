"""Samples as they stand in the file: blocks of raw numbers, channel after channel, low byte first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import SessionError
from emgdetect.session.checks import blob, integer
from emgdetect.session.database import DamagedError, session_errors

if TYPE_CHECKING:
    from emgdetect.session.database import Database
    from emgdetect.types import RawArray

DTYPES = frozenset(
    ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64")
)
"""Number types a block may have, by numpy's name."""

BLOCK_BYTES = 1 << 18
"""A block is not made larger than this; while recording it is as long as the time between commits."""

_MAX_READ_BYTES = 1 << 30
"""More than this in one block was not written by us."""

_FIND = """SELECT start, n_samples, dtype, CASE WHEN length(data) <= ? THEN data END
    FROM block WHERE stream_id = ? AND start <= ? ORDER BY start DESC LIMIT 1"""


def encode(data: RawArray) -> bytes:
    """Return the bytes of an array of shape ``(n_channels, n_samples)``."""
    return np.ascontiguousarray(data, dtype=data.dtype.newbyteorder("<")).tobytes()


def decode(data: bytes, dtype: str, n_channels: int, n_samples: int) -> RawArray:
    """Return the array of :func:`encode`, read-only."""
    if dtype not in DTYPES:
        raise DamagedError(f"samples of an unknown type {dtype!r}")
    kind = np.dtype(dtype).newbyteorder("<")
    if len(data) != n_channels * n_samples * kind.itemsize:
        raise DamagedError("a block of samples has the wrong length")
    return np.frombuffer(data, dtype=kind).reshape(n_channels, n_samples)


class BlockReader:
    """Fetch samples of one stream; keeps one block in memory, whatever the length of the stream.

    An instance is a :class:`emgdetect.recording.Fetch`. It keeps the database open as long as it lives.
    """

    def __init__(self, database: Database, stream_id: int, n_channels: int) -> None:
        self._database = database
        self._stream_id = stream_id
        self._n_channels = n_channels
        self._dtype = self._first_dtype()
        self._start = 0
        self._block: RawArray = np.empty((n_channels, 0), dtype=self._dtype)

    def __call__(self, start: int, stop: int, /) -> RawArray:
        """Return samples ``start:stop`` in the numbers the sensor sent.

        Returns
        -------
        ndarray of shape ``(n_channels, stop - start)``
            A new array, in the type the samples were stored with.

        Raises
        ------
        SessionError
            If not all of them are stored (there is a gap, or the stream is shorter), or the file is damaged.
        """
        pieces: list[RawArray] = []
        position = start
        while position < stop:
            if not self._start <= position < self._start + self._block.shape[1]:
                self._load(position)
            first = position - self._start
            pieces.append(self._block[:, first : stop - self._start])
            position += pieces[-1].shape[1]
        if not pieces:
            return np.empty((self._n_channels, 0), dtype=self._dtype)
        return np.concatenate(pieces, axis=1, dtype=self._dtype)

    def _first_dtype(self) -> np.dtype[Any]:
        sql = "SELECT dtype FROM block WHERE stream_id = ? ORDER BY start LIMIT 1"
        rows = self._database.rows(sql, self._stream_id)
        name = rows[0][0] if rows else "float64"
        if name not in DTYPES:
            raise DamagedError(f"samples of an unknown type {name!r}")
        return np.dtype(name)

    def _load(self, position: int) -> None:
        path = self._database.path
        with session_errors(path, writing=False):
            # Straight from the connection: this is done for every block of a recording.
            row = self._database.connection.execute(
                _FIND, (_MAX_READ_BYTES, self._stream_id, position)
            ).fetchone()
            start = 0 if row is None else integer(row[0], "start of a block")
            n_samples = 0 if row is None else integer(row[1], "length of a block", low=1)
            if row is None or start + n_samples <= position:
                raise SessionError(f"sample {position} is not stored", where=path)
            if row[2] != self._dtype.name:
                raise DamagedError(f"the samples change their type from {self._dtype.name} to {row[2]!r:.40}")
            self._block = decode(blob(row[3], "samples"), self._dtype.name, self._n_channels, n_samples)
            self._start = start

"""HDF5 files through h5py: opened once, read piece by piece, closed with the last reference."""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.extras import require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.types import RawArray

SIGN = b"\x89HDF\r\n\x1a\n"
_SMALL = 1 << 20


class Hdf5File:
    """An open HDF5 file."""

    def __init__(self, path: Path, *, purpose: str) -> None:
        h5py = require("h5py", extra="hdf5", purpose=purpose)
        self.path = path
        self.h5py = h5py
        with self.damage_named():
            # Without a lock, files on read-only media and files still open elsewhere can be read.
            self.root = h5py.File(path, "r", locking=False)
        weakref.finalize(self, self.root.close)

    @contextmanager
    def damage_named(self) -> Iterator[None]:
        """Turn what the library raises on a damaged file into a :class:`~emgdetect.errors.FormatError`."""
        try:
            yield
        except (FormatError, PermissionError, FileNotFoundError):
            raise
        except (OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise FormatError("the HDF5 file is damaged or cut off", where=self.path) from error

    def small(self, dataset: Any) -> RawArray | None:  # noqa: ANN401 - h5py has no types
        """Return all of a small numeric dataset, ``None`` if it is not small or not numeric."""
        if dataset.shape is None or dataset.size > _SMALL or dataset.dtype.kind not in "iufb":
            return None
        return np.asarray(dataset[()])


class Rows:
    """Datasets of one file as the channels of a stream; ``fetch`` is a Fetch.

    ``datasets`` are pairs of a dataset and the axis that is time. Other axes are channels.
    """

    def __init__(self, file: Hdf5File, datasets: list[tuple[Any, int]]) -> None:
        self._file = file
        self._datasets = datasets

    def fetch(self, start: int, stop: int, /) -> RawArray:
        """Return samples ``start:stop`` of all channels, shape ``(n_channels, stop - start)``."""
        rows = []
        with self._file.damage_named():
            for dataset, axis in self._datasets:
                if not 0 <= start <= stop <= dataset.shape[axis]:
                    raise FormatError(f"samples {start} to {stop} are not stored", where=self._file.path)
                place = tuple(slice(start, stop) if a == axis else slice(None) for a in range(dataset.ndim))
                n_channels = dataset.size // dataset.shape[axis]
                block = np.moveaxis(np.asarray(dataset[place]), axis, -1)
                rows.append(block.reshape(n_channels, stop - start))
        joined = np.concatenate(rows)
        return np.ascontiguousarray(joined, dtype=joined.dtype.newbyteorder("="))

"""The header of NumPy's array files, read without ever loading Python objects."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from numpy.lib import format as npy_format

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from typing import Any

    import numpy as np

_READERS = {(1, 0): npy_format.read_array_header_1_0, (2, 0): npy_format.read_array_header_2_0}
_NUMBERS = "iuf"
_MOST_CHANNELS = 512


@dataclass(frozen=True, slots=True)
class ArrayHeader:
    """Shape, type and order of an array, and at which byte after the start of its file it begins."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]
    offset: int

    @property
    def n_bytes(self) -> int:
        """Bytes of all elements."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_array_header(file: BinaryIO, *, where: object) -> ArrayHeader:
    """Read a header from the current place, which must be the start of the array file.

    Raises
    ------
    FormatError
        If it is damaged, or promises Python objects.
    """
    start = file.tell()
    try:
        shape, fortran_order, dtype = _READERS[npy_format.read_magic(file)](file)
    except Exception as error:  # numpy evaluates the header as a literal: anything can go wrong in there
        raise FormatError(
            "the header of the array is damaged, or of an unknown version", where=where
        ) from error
    if dtype.hasobject:
        raise FormatError("the array holds Python objects, which are never loaded", where=where)
    if any(length < 0 for length in shape):
        raise FormatError("the header of the array gives a negative length", where=where)
    return ArrayHeader(tuple(shape), fortran_order, dtype, file.tell() - start)


@dataclass(frozen=True, slots=True)
class Orientation:
    """How an array holds channels and samples.

    ``interleaved``: the channels of one sample lie side by side. ``turned``: the rows are samples.
    """

    n_channels: int
    n_samples: int
    interleaved: bool
    turned: bool


def orient(header: ArrayHeader, *, n_names: int, where: object) -> Orientation:
    """Decide which axis is time.

    Rows are channels, unless the number of names says otherwise or there are more rows than any sensor has
    channels and still fewer columns.

    Raises
    ------
    FormatError
        If the array is not one of numbers with one or two axes and at least one sample.
    """
    if header.dtype.kind not in _NUMBERS:
        raise FormatError(f"the array holds {header.dtype}, not real numbers", where=where)
    if len(header.shape) not in (1, 2) or math.prod(header.shape) == 0:
        raise FormatError(
            f"the array has shape {header.shape}",
            where=where,
            hint="samples of one channel, or channels by samples, are needed",
        )
    if len(header.shape) == 1:
        return Orientation(1, header.shape[0], interleaved=False, turned=False)
    rows, columns = header.shape
    by_name = n_names not in (0, rows) and n_names == columns
    turned = by_name or (n_names != rows and rows > max(columns, _MOST_CHANNELS))
    if turned:
        return Orientation(columns, rows, interleaved=not header.fortran_order, turned=True)
    return Orientation(rows, columns, interleaved=header.fortran_order, turned=False)

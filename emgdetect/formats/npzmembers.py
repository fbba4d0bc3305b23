"""The arrays inside a NumPy archive, without ever loading Python objects."""

from __future__ import annotations

import io
import math
import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.matrix import StoredMatrix
from emgdetect.formats.npyheader import ArrayHeader, Orientation, orient, read_array_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.types import RawArray

_DEFLATE_LIMIT = 1100
"""Deflate makes at most 1032 bytes of one: a header that promises more lies."""

_SMALL_BYTES = 64 << 20
_LOCAL_HEADER_BYTES = 30
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class Members:
    """The arrays of one archive, by name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._damage_named(), zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
        self._entries = {entry.filename.removesuffix(".npy"): entry for entry in entries}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all arrays."""
        return tuple(self._entries)

    def small(self, name: str) -> RawArray | None:
        """Return an array that is small by nature (a rate, names, gaps), ``None`` if there is none.

        Raises
        ------
        FormatError
            If it is damaged or absurdly large.
        """
        entry = self._entries.get(name)
        if entry is None:
            return None
        if entry.file_size > min(_SMALL_BYTES, max(entry.compress_size, 1) * _DEFLATE_LIMIT):
            raise FormatError(f"{name} in the archive is absurdly large", where=self._path)
        with self._damage_named(name), zipfile.ZipFile(self._path) as archive:
            file = io.BytesIO(archive.read(entry))
            header = read_array_header(file, where=self._path)
            data = file.read()
        if len(data) < header.n_bytes or (header.dtype.itemsize == 0 and header.shape):
            raise FormatError(f"{name} in the archive is cut off", where=self._path)
        flat = np.frombuffer(data, dtype=header.dtype, count=math.prod(header.shape))
        return flat.reshape(header.shape, order="F" if header.fortran_order else "C")

    def matrix(self, name: str, *, n_names: int) -> tuple[StoredMatrix, Orientation]:
        """Return an array as samples to be read piece by piece, and how it lies.

        A stored array is read in the archive itself; a compressed one is unpacked to a temporary file.

        Raises
        ------
        FormatError
            If it is damaged, or not one of samples.
        """
        entry = self._entries[name]
        if entry.compress_type == zipfile.ZIP_STORED and not entry.flag_bits & 1:
            with self._path.open("rb") as file:
                file.seek(self._stored_at(name, entry))
                header, place = self._header(file, name, entry, n_names)
                return _matrix(self._path, file.tell(), header, place), place
        unpacked = self._unpacked(name, entry)
        try:
            unpacked.seek(0)
            header, place = self._header(unpacked, name, entry, n_names)
            return _matrix(unpacked, unpacked.tell(), header, place), place
        except FormatError:
            unpacked.close()
            raise

    def _header(
        self, file: BinaryIO, name: str, entry: zipfile.ZipInfo, n_names: int
    ) -> tuple[ArrayHeader, Orientation]:
        header = read_array_header(file, where=self._path)
        if header.offset + header.n_bytes > entry.file_size:
            raise FormatError(f"{name} in the archive is cut off", where=self._path)
        return header, orient(header, n_names=n_names, where=self._path)

    def _stored_at(self, name: str, entry: zipfile.ZipInfo) -> int:
        with self._path.open("rb") as file:
            file.seek(entry.header_offset)
            local = file.read(_LOCAL_HEADER_BYTES)
        if len(local) < _LOCAL_HEADER_BYTES or not local.startswith(b"PK\x03\x04"):
            raise FormatError(f"{name} in the archive is damaged", where=self._path)
        # The lengths of name and extra field may differ from those in the archive's directory.
        lengths = int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
        start = entry.header_offset + _LOCAL_HEADER_BYTES + lengths
        if start + entry.file_size > self._path.stat().st_size:
            raise FormatError(f"{name} in the archive is cut off", where=self._path)
        return start

    def _unpacked(self, name: str, entry: zipfile.ZipInfo) -> BinaryIO:
        if entry.file_size > max(entry.compress_size, 1) * _DEFLATE_LIMIT:
            raise FormatError(f"{name} in the archive promises more than it can hold", where=self._path)
        target = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the stream that reads it
        try:
            with (
                self._damage_named(name),
                zipfile.ZipFile(self._path) as archive,
                archive.open(entry) as packed,
            ):
                shutil.copyfileobj(packed, target, 1 << 20)
        except BaseException:
            target.close()
            raise
        return target

    @contextmanager
    def _damage_named(self, name: str = "") -> Iterator[None]:
        try:
            yield
        except FormatError:
            raise
        except _DAMAGE as error:
            what = f"{name} in the archive is damaged" if name else "the archive is damaged or cut off"
            raise FormatError(what, where=self._path) from error


def _matrix(source: Path | BinaryIO, offset: int, header: ArrayHeader, place: Orientation) -> StoredMatrix:
    return StoredMatrix(
        source,
        offset=offset,
        dtype=header.dtype,
        shape=(place.n_channels, place.n_samples),
        interleaved=place.interleaved,
    )

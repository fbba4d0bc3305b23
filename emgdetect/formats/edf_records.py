"""Data records of EDF and BDF files, read in blocks through edfio.

edfio maps a whole EDF into memory (pages that were read count as memory used) and reads a whole BDF at
once. A night must not cost that, so edfio is handed a header and a few megabytes of data records at a
time, as if each block were a small file. Two fields of that header are written anew: the number of records,
and the label of annotation signals, so that edfio gives these too as the numbers that are stored: it
reads what they say about time only as far as a recording without gaps needs it.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.types import RawArray

BLOCK_BYTES = 1 << 19
"""How much of the file is decoded at a time: more would be taken from the system anew for every block."""

ANNOTATION_LABELS = (b"EDF Annotations", b"BDF Annotations")
_MASKED_LABEL = b"Annotations".ljust(16)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is in one file.

    ``signals`` are edfio's, annotation signals among them (``is_annotation``); ``first_byte`` and
    ``n_bytes`` say where each lies in a record. ``n_records`` is how many the file really holds.
    """

    path: Path
    is_bdf: bool
    header: bytes
    record_duration: float
    record_bytes: int
    n_records: int
    signals: tuple[Any, ...]
    is_annotation: tuple[bool, ...]
    first_byte: tuple[int, ...]
    n_bytes: tuple[int, ...]
    edf: Any

    def raw_records(self) -> Iterator[RawArray]:
        """Give the records' bytes in blocks of shape ``(n, record_bytes)``, in order."""
        per_block = self.records_per_block
        for first in range(0, self.n_records, per_block):
            data = self.read_records(first, min(per_block, self.n_records - first))
            yield np.frombuffer(data, dtype=np.uint8).reshape(-1, self.record_bytes)

    @property
    def records_per_block(self) -> int:
        """How many records are decoded at a time; at least one."""
        return max(1, BLOCK_BYTES // self.record_bytes)

    def read_records(self, first: int, count: int) -> bytes:
        """Return the bytes of ``count`` records.

        Raises
        ------
        FormatError
            If the file has become shorter since it was opened.
        """
        with self.path.open("rb") as file:
            file.seek(len(self.header) + first * self.record_bytes)
            data = file.read(count * self.record_bytes)
        if len(data) != count * self.record_bytes:
            raise FormatError("the file has become shorter while it was read", where=self.path)
        return data

    def decode(self, first: int, count: int, signals: tuple[int, ...]) -> RawArray:
        """Return digital values of ``signals``, which share one rate: shape ``(n, count * per record)``."""
        edf = parse(self.header, self.read_records(first, count), count)
        # An annotation signal of a record is no signal to edfio here either: its label is masked.
        return np.stack([edf.signals[index].digital for index in signals])


def parse(header: bytes, records: bytes, n_records: int) -> Any:  # noqa: ANN401 - edfio's own Edf or Bdf
    """Hand a header and some whole records to edfio."""
    from edfio import read_bdf, read_edf

    read = read_bdf if header[:1] == b"\xff" else read_edf
    counted = header[:184] + b"%-8d" % len(header) + header[192:236] + b"%-8d" % n_records + header[244:]
    return read(b"".join((counted, records)), header_encoding="latin-1")


def read_layout(path: Path) -> tuple[Layout, list[str]]:
    """Read a file's header and compare it with the file.

    Returns
    -------
    Layout
        What is there, whatever the header says.
    list of str
        Oddities: where the header and the file disagree.

    Raises
    ------
    FormatError
        If the header cannot be read or there is not one whole data record.
    """
    header = _read_header(path)
    masked, is_annotation = _masked(header)
    try:
        duration = _duration(header, path)
        edf = parse(masked, b"", 0)
        counts = [signal.samples_per_data_record for signal in edf.signals]
    except FormatError:
        raise
    except (ValueError, ArithmeticError, LookupError) as error:
        raise FormatError(
            "a field of the EDF/BDF header that should be a number is none", where=path
        ) from error
    if min(counts) < 0:
        raise FormatError("the header says a negative number of samples per record", where=path)
    width = 3 if header[:1] == b"\xff" else 2
    n_bytes = tuple(count * width for count in counts)
    record_bytes = sum(n_bytes)
    data_bytes = path.stat().st_size - len(header)
    if record_bytes == 0 or data_bytes < record_bytes:
        raise FormatError("the file holds a header but not one whole data record", where=path)
    layout = Layout(
        path=path,
        is_bdf=width == 3,  # noqa: PLR2004 - bytes per sample
        header=masked,
        record_duration=duration,
        record_bytes=record_bytes,
        n_records=data_bytes // record_bytes,
        signals=tuple(edf.signals),
        is_annotation=is_annotation,
        first_byte=tuple(sum(n_bytes[:index]) for index in range(len(n_bytes))),
        n_bytes=n_bytes,
        edf=edf,
    )
    return layout, _disagreements(header, layout, data_bytes % record_bytes)


def _read_header(path: Path) -> bytes:
    with path.open("rb") as file:
        main = file.read(256)
        try:
            n_signals = int(main[252:256])
        except ValueError as error:
            raise FormatError("the EDF/BDF header ends early or is damaged", where=path) from error
        if n_signals <= 0:
            raise FormatError("the file holds no signals", where=path)
        header = main + file.read(256 * n_signals)
    if len(header) < 256 * (n_signals + 1):
        raise FormatError(f"the file ends inside the header of its {n_signals} signals", where=path)
    return header


def _duration(header: bytes, path: Path) -> float:
    """Return the length of a data record in s, which edfio would divide by whatever it is."""
    duration = float(header[244:252])
    if not (math.isfinite(duration) and duration > 0):
        raise FormatError(f"data records of {duration:g} s hold no samples", where=path)
    return duration


def _masked(header: bytes) -> tuple[bytes, tuple[bool, ...]]:
    """Rename annotation signals, and say which they are; labels stand 16 bytes each from byte 256 on."""
    n_signals = len(header) // 256 - 1
    labels = [header[256 + 16 * index : 272 + 16 * index] for index in range(n_signals)]
    is_annotation = tuple(label.rstrip() in ANNOTATION_LABELS for label in labels)
    renamed = (_MASKED_LABEL if skip else label for label, skip in zip(labels, is_annotation, strict=True))
    return header[:256] + b"".join(renamed) + header[256 + 16 * n_signals :], is_annotation


def _disagreements(header: bytes, layout: Layout, bytes_over: int) -> list[str]:
    oddities = []
    said, there = header[236:244].decode("latin-1").strip(), layout.n_records
    if said == "-1":
        oddities.append(f"the header leaves the number of data records open; {there} are there")
    elif said != str(there):
        oddities.append(f"the header says {said} data records, {there} are there")
    if bytes_over:
        oddities.append(f"the last data record is cut off; its {bytes_over} bytes are left out")
    if header[184:192].decode("latin-1").strip() != str(len(header)):
        oddities.append("the header states a wrong length of itself")
    return oddities


class RecordReader:
    """Reads signals of one rate by their stored positions, keeping the block last decoded.

    ``fetch`` is a :class:`~emgdetect.recording.Fetch` over stored positions.
    """

    def __init__(self, layout: Layout, signals: tuple[int, ...]) -> None:
        self._layout = layout
        self._signals = signals
        self._per_record: int = layout.signals[signals[0]].samples_per_data_record
        self.n_samples = self._per_record * layout.n_records
        self._dtype = np.int32 if layout.is_bdf else np.int16
        self._kept: tuple[int, RawArray] = (0, np.empty((len(signals), 0), dtype=self._dtype))

    def fetch(self, start: int, stop: int, /) -> RawArray:
        """Return digital values ``start:stop``, shape ``(n_channels, stop - start)``, int16 or int32.

        Raises
        ------
        FormatError
            If the range is not stored, or the file has become shorter.
        """
        if not 0 <= start <= stop <= self.n_samples:
            raise FormatError(f"samples {start} to {stop} were asked for, {self.n_samples} are stored")
        out = np.empty((len(self._signals), stop - start), dtype=self._dtype)
        done = start
        while done < stop:
            first, block = self._block(done)
            last = min(stop, first + block.shape[1])
            out[:, done - start : last - start] = block[:, done - first : last - first]
            done = last
        return out

    def _block(self, position: int) -> tuple[int, RawArray]:
        first, block = self._kept
        if first <= position < first + block.shape[1]:
            return self._kept
        size = self._layout.records_per_block
        record = position // self._per_record // size * size
        count = min(size, self._layout.n_records - record)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            block = self._layout.decode(record, count, self._signals)
        self._kept = (record * self._per_record, block)
        return self._kept

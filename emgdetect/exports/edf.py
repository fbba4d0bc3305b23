"""A copy of a recording as EDF+ or BDF+, with the events as annotations of their channels.

edfio builds and checks the header; data records are written one block at a time, so that memory does not
grow with the length of the recording. The file is continuous (EDF+C): where nothing was recorded it
holds the digital minimum, and an annotation says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import UnsuitableSignalError, UsageError
from emgdetect.exports.edf_marks import (
    MarkTable,
    labels_for,
    lay_out,
    marks_of_absence,
    marks_of_detection,
    marks_of_recording,
)
from emgdetect.exports.edf_plan import ChannelPlan, fits, plan_channel, scan
from emgdetect.exports.edf_records import RecordPlan, plan_records
from emgdetect.writing import atomic_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from emgdetect.recording import Recording, Stream
    from emgdetect.types import Detection

BYTES = {".edf": 2, ".bdf": 3}
FORMS = {2: "EDF+", 3: "BDF+"}
BLOCK_SAMPLES = 1 << 18
YEARS = range(1985, 2085)
"""Years that an EDF header can say."""

_COUNT_FIELD = slice(236, 244)
EQUIPMENT = 40


@dataclass(frozen=True, slots=True)
class EdfCopy:
    """What was written: "EDF+" or "BDF+", whether every raw number stands in it as it was, labels, records.

    ``padding`` is the number of samples added to fill the last record, marked "gap: end of recording".
    """

    path: Path
    format: str
    exact: bool
    labels: tuple[str, ...]
    record_duration: float
    n_records: int
    padding: int


def edf_suffix(stream: Stream) -> str:
    """Return ".edf" when 16 bits hold every raw number of the stream exactly, else ".bdf". Reads it once."""
    return ".edf" if fits(scan(stream), BYTES[".edf"]) else ".bdf"


def write_edf(
    recording: Recording,
    path: Path,
    *,
    detection: Detection | None = None,
    stream: int = 0,
    artefacts: bool = False,
    force: bool = False,
) -> EdfCopy:
    """Write one stream of a recording with its marks and, if given, the events found in it.

    Whole raw numbers are stored as they are, with gain and offset in the header (rounded there to eight
    characters; the description of the transducer has them in full). Other numbers are rounded to
    one part in 16 million of their range, in BDF+ only.

    Parameters
    ----------
    path : Path
        Ends in ``.edf`` (16 bits) or ``.bdf`` (24 bits).
    detection : Detection, optional
        Its events become annotations ``kind@@label``, artefacts when asked for.
    stream : int, default 0
        Which stream of the recording.

    Returns
    -------
    EdfCopy
        What the file is like.

    Raises
    ------
    UsageError
        If the suffix is neither, or there is no such stream.
    UnsuitableSignalError
        If 16 bits do not hold the numbers, there are no samples, or the header cannot say rate or range.
    OutputError
        If the file exists already (without ``force``) or cannot be written.
    """
    source = _stream(recording, stream)
    n_bytes = BYTES.get(path.suffix.lower())
    if n_bytes is None:
        raise UsageError("the name must end in .edf or .bdf", where=path, hint=".bdf holds every recording")
    scans = scan(source)
    if n_bytes == BYTES[".edf"] and not fits(scans, n_bytes):
        raise UnsuitableSignalError(
            "EDF's 16 bits do not hold these numbers", where=path, hint="name it .bdf"
        )
    labels = labels_for(source.info.ch_names)
    records = plan_records(source.info.sampling_rate, source.n_samples, n_bytes * len(labels))
    described = zip(source.info.channels, scans, labels, strict=True)
    channels = tuple(plan_channel(channel, found, label, n_bytes) for channel, found, label in described)
    by_name = dict(zip(source.info.ch_names, labels, strict=True))
    marks = [
        *marks_of_recording(recording, by_name),
        *marks_of_absence(source, scans, labels, records),
    ]
    if detection is not None:
        marks += marks_of_detection(detection, by_name, artefacts=artefacts)
    start = source.info.start or recording.start
    table = lay_out(marks, records, microsecond=start.microsecond if start else 0, n_bytes=n_bytes)
    copy = _Copy(source, n_bytes, channels, records, table)
    with atomic_target(path, force=force) as partial, partial.open("wb") as file:
        file.write(copy.header(start))
        for block in copy.blocks():
            file.write(block)
    exact = all(channel.exact for channel in channels)
    return EdfCopy(path, FORMS[n_bytes], exact, labels, records.duration, records.count, records.padding)


def _stream(recording: Recording, index: int) -> Stream:
    if not 0 <= index < len(recording.streams):
        raise UsageError(f"there is no stream {index}", where=recording.path)
    source = recording.streams[index]
    if not source.info.channels:
        raise UnsuitableSignalError("there are no channels to write", where=recording.path)
    return source


@dataclass(frozen=True, slots=True)
class _Copy:
    """Everything decided about the file; gives its bytes from the first to the last."""

    source: Stream
    n_bytes: int
    channels: tuple[ChannelPlan, ...]
    records: RecordPlan
    table: MarkTable

    def header(self, start: datetime | None) -> bytes:
        """Let edfio make a file of one record; take its header and put in the true number of records."""
        import edfio

        signal_class, file_class = (
            (edfio.EdfSignal, edfio.Edf) if self.n_bytes == BYTES[".edf"] else (edfio.BdfSignal, edfio.Bdf)
        )
        signals = [self._signal(channel, signal_class) for channel in self.channels]
        dated = start is not None and start.year in YEARS
        # The two records of time and text that edfio puts around this text are 10 bytes long.
        filler = edfio.EdfAnnotation(0, None, "x" * (self.table.width - 10))
        model = file_class(
            signals,
            recording=edfio.Recording(
                startdate=start.date() if start is not None and dated else None,
                equipment_code=_equipment(self.source.info.device),
            ),
            starttime=start.time().replace(microsecond=0) if start is not None else None,
            data_record_duration=self.records.duration,
            annotations=[filler],
        )
        made = BytesIO()
        model.write(made)
        header = bytearray(made.getvalue()[: 256 * (len(signals) + 2)])
        header[_COUNT_FIELD] = f"{self.records.count:<8d}".encode()
        return bytes(header)

    def _signal(self, channel: ChannelPlan, signal_class: Any) -> Any:  # noqa: ANN401 - either of edfio's two
        silent = np.full(self.records.n_samples, channel.digital_range[0])
        return signal_class.from_digital(
            silent.astype(np.int16 if self.n_bytes == BYTES[".edf"] else np.int32),
            self.records.n_samples / self.records.duration,
            label=channel.label,
            transducer_type=channel.note,
            physical_dimension=channel.dimension,
            physical_range=channel.physical_range,
            digital_range=channel.digital_range,
        )

    def blocks(self) -> Iterator[bytes]:
        """Give the data records' bytes, some records at a time."""
        per_record = self.records.n_samples
        at_once = max(1, BLOCK_SAMPLES // (per_record * len(self.channels)))
        for first in range(0, self.records.count, at_once):
            last = min(first + at_once, self.records.count)
            digital = self._digital(first * per_record, last * per_record)
            texts = b"".join(self.table.record(index) for index in range(first, last))
            told = np.frombuffer(texts, dtype=np.uint8).reshape(last - first, -1)
            yield np.concatenate((self._bytes(digital, last - first), told), axis=1).tobytes()

    def _digital(self, start: int, stop: int) -> NDArray[np.int32]:
        """Return digital values, the digital minimum where nothing was recorded."""
        lows = [channel.digital_range[0] for channel in self.channels]
        digital = np.repeat(np.array(lows, dtype=np.int32)[:, np.newaxis], stop - start, axis=1)
        for first, last in self.source.runs():
            low, high = max(first, start), min(last, stop)
            if low < high:
                raw = self.source.fetch(low, high)
                for row, channel in enumerate(self.channels):
                    digital[row, low - start : high - start] = channel.digital(raw[row])
        return digital

    def _bytes(self, digital: NDArray[np.int32], n_records: int) -> NDArray[np.uint8]:
        """Return little-endian bytes, one line per record: all samples of one channel after the other."""
        by_record = digital.reshape(len(self.channels), n_records, -1).transpose(1, 0, 2)
        split = np.ascontiguousarray(by_record, dtype="<i4").view(np.uint8).reshape(n_records, -1, 4)
        return split[:, :, : self.n_bytes].reshape(n_records, -1)


def _equipment(device: str) -> str:
    plain = "_".join(device.encode("ascii", "ignore").decode().split())[:EQUIPMENT]
    return plain if plain and plain.isprintable() and device != "unknown" else "X"

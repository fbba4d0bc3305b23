"""When the data records of an EDF+ or BDF+ file were recorded, and what is noted beside them.

Each record holds time-stamped annotation lists (TALs); the first one of the first annotation signal says
when the record starts (EDF+ specification, 2.2.4). They are read from their bytes here because edfio gives
annotations relative to the start only, and takes records of an interrupted recording (EDF+D) as one
uninterrupted stretch.
"""

from __future__ import annotations

import math
import re
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.formats.gaps import is_believable
from emgdetect.formats.segments import SegmentBuilder, Segments
from emgdetect.types import Annotation

if TYPE_CHECKING:
    from emgdetect.formats.edf_records import Layout
    from emgdetect.types import RawArray

_TAL = re.compile(rb"([+-]\d+(?:\.\d*)?)(?:\x15(\d+(?:\.\d*)?))?\x14([^\x00]*?)\x14?\x00")
_ONLY_TIME = b"\x14\x14\x00"
_MARKED_CHANNEL = "@@"


@dataclass(slots=True)
class RecordTimes:
    """``starts``: seconds from the header's start time, one per record, NaN where the file does not say.

    ``decimals`` is how finely they are written; ``annotations`` count from the first record.
    """

    starts: array[float] = field(default_factory=lambda: array("d"))
    decimals: int = 0
    annotations: list[Annotation] = field(default_factory=list)

    @property
    def first(self) -> float:
        """Seconds from the header's start time to the first sample; 0 where the file does not say."""
        return self.starts[0] if self.starts and math.isfinite(self.starts[0]) else 0.0


def read_times(layout: Layout) -> RecordTimes:
    """Read all time stamps and annotations; without an annotation signal, both are empty."""
    times = RecordTimes()
    places = [
        slice(first, first + n)
        for skip, first, n in zip(layout.is_annotation, layout.first_byte, layout.n_bytes, strict=True)
        if skip and n
    ]
    if not places:
        return times
    for block in layout.raw_records():
        for record in _texts(block[:, places[0]]):
            if not _read_time_alone(record, times):
                _read_timekeeping(record, times)
        for place in places[1:]:
            for record in block[:, place]:
                _read_tals(record.tobytes(), times.annotations)
    _count_from_first_sample(times)
    return times


def segments_of(layout: Layout, times: RecordTimes, per_record: int) -> tuple[Segments, list[str]]:
    """Find where records do not follow on each other.

    Parameters
    ----------
    layout, times
        The file and when its records start.
    per_record : int
        Samples of the stream in one record.

    Returns
    -------
    Segments
        Gaps where records start later than the one before ends, at the sample that is nearest.
    list of str
        Oddities, such as records that start before the one before ends.
    """
    builder = SegmentBuilder()
    oddities: list[str] = []
    done = 0
    for record in _jumps(layout, times):
        builder.add((record - done) * per_record)
        done = record
        elapsed = times.starts[record] - times.first
        rate = per_record / layout.record_duration
        lost = round(elapsed * rate) - builder.n_samples
        if lost < 0 or not is_believable(lost, rate):
            oddities = [f"the time of data record {record + 1} makes no sense; taken as following on"]
            continue
        builder.skip(lost, "unknown")
    builder.add((layout.n_records - done) * per_record)
    return builder.finish(), oddities


def _jumps(layout: Layout, times: RecordTimes) -> list[int]:
    """Give the records that do not start where the one before ends."""
    starts = np.asarray(times.starts)
    if starts.size < 2:  # noqa: PLR2004 - a jump needs two records
        return []
    # A record without a time stamp follows on the one before it.
    known = np.flatnonzero(np.isfinite(starts))
    off = np.diff(starts[known]) - np.diff(known) * layout.record_duration
    fastest = max(signal.samples_per_data_record for signal in layout.signals) / layout.record_duration
    return [int(record) for record in known[1:][np.abs(off) > _tolerance(layout, times, fastest)]]


def _tolerance(layout: Layout, times: RecordTimes, rate: float) -> float:
    """Half a sample; where the stamps' decimals cannot express a record's length, their rounding too."""
    written = layout.record_duration * 10.0**times.decimals
    rounding = 0.0 if times.decimals == 0 or abs(written - round(written)) < 1e-6 else 10.0**-times.decimals  # noqa: PLR2004 - float noise
    return max(0.5 / rate, rounding)


def _texts(column: RawArray) -> list[bytes]:
    """Return each record's bytes, of the zeros at its end only the first."""
    width = column.shape[1]
    padded = np.zeros((len(column), width + 1), np.uint8)
    padded[:, :width] = column
    return [record + b"\x00" for record in padded.view(f"S{width + 1}")[:, 0].tolist()]


def _read_time_alone(record: bytes, times: RecordTimes) -> bool:
    """Read what nearly all of a night's records say: their own time and nothing else."""
    stamp = record[: -len(_ONLY_TIME)]
    if not record.endswith(_ONLY_TIME) or b"\x14" in stamp or b"\x00" in stamp:
        return False
    try:
        times.starts.append(float(stamp))
    except ValueError:
        return False
    _note_decimals(stamp, times)
    return True


def _note_decimals(stamp: bytes, times: RecordTimes) -> None:
    point = stamp.find(b".")
    if point >= 0:
        times.decimals = max(times.decimals, len(stamp) - point - 1)


def _read_timekeeping(record: bytes, times: RecordTimes) -> None:
    stamp, mark, rest = record.partition(_ONLY_TIME)
    if mark and b"\x00" not in stamp and b"\x14" not in stamp:
        texts: list[bytes] = []
    else:
        tal = _TAL.match(record)
        if tal is None:
            times.starts.append(float("nan"))
            _read_tals(record, times.annotations)
            return
        stamp, rest = tal[1], record[tal.end() :]
        texts = [text for text in tal[3].split(b"\x14") if text]
    try:
        start = float(stamp)
    except ValueError:
        start = float("nan")
    times.starts.append(start)
    _note_decimals(stamp, times)
    times.annotations.extend(_annotation(start, 0.0, text) for text in texts)
    if rest.strip(b"\x00"):
        _read_tals(rest, times.annotations)


def _read_tals(record: bytes, annotations: list[Annotation]) -> None:
    for onset, duration, texts in _TAL.findall(record):
        annotations.extend(
            _annotation(float(onset), float(duration or 0), text) for text in texts.split(b"\x14") if text
        )


def _annotation(onset: float, duration: float, text: bytes) -> Annotation:
    words = text.decode("utf-8", "replace")
    what, mark, channel = words.rpartition(_MARKED_CHANNEL)
    if mark and what and channel:
        return Annotation(onset, duration, what, channel)
    return Annotation(onset, duration, words)


def _count_from_first_sample(times: RecordTimes) -> None:
    first = times.first
    counted = (
        Annotation(round(mark.onset - first, 9), mark.duration, mark.text, mark.channel)
        for mark in times.annotations
    )
    usable = (mark for mark in counted if math.isfinite(mark.onset))
    times.annotations = sorted(usable, key=lambda mark: (mark.onset, mark.duration))

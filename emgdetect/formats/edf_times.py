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
    from numpy.typing import NDArray

    from emgdetect.formats.edf_records import Layout
    from emgdetect.types import FloatArray, RawArray

_TAL = re.compile(rb"([+-]\d+(?:\.\d*)?)(?:\x15(\d+(?:\.\d*)?))?\x14([^\x00]*?)\x14?\x00")
_ONLY_TIME = b"\x14\x14\x00"
_MARK = 0x14
_MARKS_ALONE = 2
"""So many marks end a time stamp; another one would end a text."""
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
        _read_block(block[:, places[0]], times)
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


def _read_block(column: RawArray, times: RecordTimes) -> None:
    """Read the first annotation signal of a block of records, shape ``(n, bytes)``."""
    starts = np.full(len(column), np.nan)
    alone = _time_alone(column)
    try:
        starts[alone] = _stamps(column[alone], times)
    except ValueError:
        alone[:] = False
    for record in np.flatnonzero(~alone).tolist():
        # A text may fill its record to the last byte.
        starts[record] = _read_timekeeping(column[record].tobytes() + b"\x00", times)
    times.starts.extend(starts.tolist())


def _time_alone(column: RawArray) -> NDArray[np.bool_]:
    """Return which records say their own time and nothing else, as nearly all of a night's do."""
    length = np.count_nonzero(column, axis=1)
    rows, marked = np.arange(len(column)), column == _MARK
    at_end = marked[rows, length - 1] & marked[rows, length - 2]
    alone = at_end & (np.count_nonzero(marked, axis=1) == _MARKS_ALONE) & (length < column.shape[1])
    in_one_piece = ~((column[:, :-1] == 0) & (column[:, 1:] != 0)).any(axis=1)
    return np.asarray(alone & in_one_piece)


def _stamps(column: RawArray, times: RecordTimes) -> FloatArray:
    """Return the times of records that say nothing else; ValueError if one of them is no number."""
    stamps = np.where(column == _MARK, 0, column).astype(np.uint8)
    points = stamps == ord(".")
    behind = np.count_nonzero(stamps, axis=1) - points.argmax(axis=1) - 1
    starts = stamps.view(f"S{stamps.shape[1]}")[:, 0].astype(float)
    times.decimals = max(times.decimals, int(behind[points.any(axis=1)].max(initial=0)))
    return np.asarray(starts)


def _read_timekeeping(record: bytes, times: RecordTimes) -> float:
    """Read a record that may say more than its time, and return that time; NaN where it does not say."""
    stamp, mark, rest = record.partition(_ONLY_TIME)
    texts = b""
    if not mark or b"\x00" in stamp or b"\x14" in stamp:
        tal = _TAL.match(record)
        if tal is None:
            _read_tals(record, times.annotations)
            return math.nan
        stamp, texts, rest = tal[1], tal[3], record[tal.end() :]
    try:
        start = float(stamp)
    except ValueError:
        start = math.nan
    times.decimals = max(times.decimals, len(stamp.partition(b".")[2]))
    times.annotations.extend(_annotation(start, 0.0, text) for text in texts.split(b"\x14") if text)
    if rest.strip(b"\x00"):
        _read_tals(rest, times.annotations)
    return start


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

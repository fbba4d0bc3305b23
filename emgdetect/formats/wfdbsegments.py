"""WFDB records of several segments: one after the other, with gaps where nothing was recorded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.gaps import is_believable, runs_of
from emgdetect.formats.matrix import held
from emgdetect.formats.segments import SegmentBuilder
from emgdetect.formats.units import microvolts
from emgdetect.formats.wfdbfiles import check_names, frames_there
from emgdetect.types import Channel

if TYPE_CHECKING:
    from emgdetect.recording import Stream
    from emgdetect.types import FloatArray, StreamInfo


def read_segments(wfdb: Any, record: str, described: Any, blank: StreamInfo) -> Stream:  # noqa: ANN401 - no types
    """Read all segments as physical values, in µV where they are voltages.

    Raises
    ------
    FormatError
        If a segment is missing, of another rate, or shorter than the header says.
    """
    folder = Path(record).parent
    names: list[str] = []
    units: dict[str, bool] = {}
    parts: list[tuple[int, dict[str, FloatArray] | None]] = []
    for name, length in zip(described.seg_name, described.seg_len, strict=True):
        if name == "~" or length == 0:
            parts.append((length or 0, None))
            continue
        part = _read_one(wfdb, folder / name, length, blank.sampling_rate)
        parts.append((length, _in_microvolts(part, units)))
        names.extend(label for label in part.sig_name if label not in names)
    if not names:
        raise FormatError("the record holds no samples", where=record)
    builder, rows = SegmentBuilder(), []
    for length, part_rows in parts:
        if part_rows is None:
            if not is_believable(length, blank.sampling_rate):
                raise FormatError("the header leaves out more than a year between segments", where=record)
            builder.skip(length, "unknown")
            continue
        nothing = np.full(length, np.nan)
        block = np.stack([part_rows.get(label, nothing) for label in names])
        rows.append(_without_gaps(block, builder))
    channels = tuple(Channel(label, "uV" if units[label] else "adc") for label in names)
    return builder.finish().stream(replace(blank, channels=channels), held(np.concatenate(rows, axis=1)))


def _read_one(wfdb: Any, place: Path, length: int, rate: float) -> Any:  # noqa: ANN401 - wfdb's record
    check_names(place.with_name(place.name + ".hea"))
    header = wfdb.rdheader(str(place))
    there = frames_there(str(place), header)
    if float(header.fs or 0) != rate or any((count or 1) != 1 for count in header.samps_per_frame):
        raise FormatError(f"the segment {place.name} has another sampling rate than the record", where=place)
    if there is not None and there < length:
        raise FormatError(f"the segment {place.name} is shorter than the record says", where=place)
    return wfdb.rdrecord(str(place), sampto=length, physical=True)


def _in_microvolts(part: Any, units: dict[str, bool]) -> dict[str, FloatArray]:  # noqa: ANN401 - wfdb's record
    rows = {}
    for index, label in enumerate(part.sig_name):
        factor = microvolts(part.units[index] or "")
        units.setdefault(label, factor is not None)
        rows[label] = part.p_signal[:, index] * (1.0 if factor is None else factor)
    return rows


def _without_gaps(block: FloatArray, builder: SegmentBuilder) -> FloatArray:
    """Note stretches without any channel as gaps, and return the rest."""
    missing = np.asarray(np.isnan(block).all(axis=0))
    done = 0
    for start, stop in runs_of(missing):
        builder.add(start - done)
        builder.skip(stop - start, "unknown")
        done = stop
    builder.add(block.shape[1] - done)
    return block[:, ~missing]

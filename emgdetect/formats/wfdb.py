"""WFDB records (PhysioNet): a header ``.hea`` and the files it names, through wfdb, which loads them whole.

Samples that the format marks as missing become NaN, and gaps where they are missing in all channels.
Multi-segment records are read as physical values, for their segments may be calibrated differently; what lies
between segments is a gap. The samples stay in memory.
"""

from __future__ import annotations

import math
import re
import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.extras import require
from emgdetect.formats.gaps import runs_of, tidy
from emgdetect.formats.matrix import held
from emgdetect.formats.overrides import with_overrides
from emgdetect.formats.units import microvolts
from emgdetect.formats.wfdbfiles import check_names, frames_there
from emgdetect.formats.wfdbsegments import read_segments
from emgdetect.recording import Recording, Stream
from emgdetect.types import Annotation, Channel, StreamInfo

if TYPE_CHECKING:
    from emgdetect.recording import Head, ReadOptions
    from emgdetect.types import RawArray

_RECORD_LINE = re.compile(rb"^(?:#[^\n]*\n|\s*\n)*[\w.-]+(?:/\d+)?[ \t]+\d+(?:[ \t]+[\d.][^\n]*)?(?:\n|$)")
_MOST_BITS = 32
_MISSING = {
    "8": -128,
    "16": -32768,
    "24": -8388608,
    "32": -2147483648,
    "61": -32768,
    "80": -128,
    "160": -32768,
    "212": -2048,
    "310": -512,
    "311": -512,
    "508": -128,
    "516": -32768,
    "524": -8388608,
}
"""What each storage format writes for a sample that is missing (WFDB signal(5))."""


def sniff(head: Head) -> bool:
    """Tell whether a file is a WFDB header, or a data file that has one of the same name beside it."""
    suffix = head.path.suffix.lower()
    if suffix == ".hea":
        return _RECORD_LINE.match(head.data) is not None
    return suffix == ".dat" and head.path.with_suffix(".hea").is_file()


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a WFDB record by its header or by a data file of the same name.

    Raises
    ------
    FormatError
        If the header makes no sense, or a file it names is missing or elsewhere.
    MissingExtraError
        If wfdb is not installed.
    """
    wfdb = require("wfdb", extra="wfdb", purpose="reading WFDB records")
    header = path.with_suffix(".hea")
    check_names(header)
    with warnings.catch_warnings():
        # The library warns about what its own libraries will drop one day.
        warnings.simplefilter("ignore")
        return with_overrides(_read(wfdb, path, str(header.resolve().with_suffix(""))), options)


def _read(wfdb: Any, path: Path, record: str) -> Recording:  # noqa: ANN401 - a module
    oddities: list[str] = []
    described = wfdb.rdheader(record)
    rate = float(described.fs or 0)
    if not (math.isfinite(rate) and rate > 0) or not described.n_sig:
        raise FormatError("the record has no signals or no sampling rate", where=path)
    start = _start(described)
    streams: tuple[Stream, ...]
    if hasattr(described, "seg_name"):
        streams = (read_segments(wfdb, record, described, StreamInfo(rate, (), "unknown", start)),)
    else:
        streams = _single(wfdb, record, described, StreamInfo(rate, (), "unknown", start), oddities)
    marks = _marks(wfdb, record, rate, oddities)
    return Recording(path, "wfdb", "unknown", start, streams, marks, tuple(oddities), title="WFDB")


def _marks(wfdb: Any, record: str, rate: float, oddities: list[str]) -> tuple[Annotation, ...]:  # noqa: ANN401 - a module
    """Read the reference annotations (``.atr``) beside the record, if there are any."""
    file = Path(record + ".atr")
    if not file.is_file():
        return ()
    try:
        found = wfdb.rdann(record, "atr")
        words = [
            (note or "").strip("\0 ") or mark for note, mark in zip(found.aux_note, found.symbol, strict=True)
        ]
        onsets = [float(sample) / rate for sample in found.sample]
    except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, OSError):
        oddities.append(f"the marks in {file.name} cannot be read")
        return ()
    return tuple(Annotation(onset, 0.0, text) for onset, text in zip(onsets, words, strict=True))


def _single(
    wfdb: Any,  # noqa: ANN401 - a module
    record: str,
    described: Any,  # noqa: ANN401 - wfdb's record
    blank: StreamInfo,
    oddities: list[str],
) -> tuple[Stream, ...]:
    """Read a record of one segment: one stream per number of samples per frame, the fastest first."""
    there = frames_there(record, described)
    said = described.sig_len
    n_frames = said if said is not None and (there is None or said <= there) else there
    if said is not None and n_frames != said:
        oddities.append(f"the header says {said} samples, {n_frames} are there")
    if not n_frames:
        raise FormatError("the record holds no samples", where=record)
    full = wfdb.rdrecord(record, sampto=n_frames, physical=False, smooth_frames=False, return_res=32)
    by_count: dict[int, list[int]] = {}
    for index, count in enumerate(full.samps_per_frame):
        by_count.setdefault(count or 1, []).append(index)
    streams = []
    for count in sorted(by_count, reverse=True):
        rows, gaps = _with_missing(
            [full.e_d_signal[i] for i in by_count[count]], [full.fmt[i] for i in by_count[count]]
        )
        channels = tuple(_channel(full, index) for index in by_count[count])
        info = StreamInfo(blank.sampling_rate * count, channels, blank.device, blank.start)
        found, _ = tidy(gaps, rows.shape[1], "unknown")
        streams.append(Stream(info, rows.shape[1], found, held(rows)))
    return tuple(streams)


def _with_missing(signals: list[RawArray], formats: list[str]) -> tuple[RawArray, list[tuple[int, int]]]:
    """Stack signals; where samples are missing, as floats with NaN, and give where all are."""
    rows: RawArray = np.stack(signals)
    codes = np.array([[_MISSING.get(str(name), np.iinfo(np.int32).min)] for name in formats])
    missing = rows == codes
    if not missing.any():
        return rows, []
    # 32-bit integers are exact in float64.
    return np.where(missing, np.nan, rows.astype(np.float64)), runs_of(missing.all(axis=0))


def _channel(record: Any, index: int) -> Channel:  # noqa: ANN401 - wfdb's record
    name = (record.sig_name[index] or "").strip() or f"ch{index + 1}"
    gain, baseline = float(record.adc_gain[index] or 0), float(record.baseline[index] or 0)
    factor = microvolts(record.units[index] or "")
    bits, zero = record.adc_res[index] or 0, record.adc_zero[index] or 0
    half = 1 << (bits - 1) if 0 < bits <= _MOST_BITS else 0
    rails = (float(zero - half), float(zero + half - 1)) if half else (None, None)
    if not math.isfinite(gain) or gain == 0:
        return Channel(name, "adc", 1.0, 0.0, *rails)
    scale = (1.0 if factor is None else factor) / gain
    return Channel(name, "adc" if factor is None else "uV", scale, -baseline * scale, *rails)


def _start(record: Any) -> datetime | None:  # noqa: ANN401 - wfdb's record
    if record.base_date is None or record.base_time is None:
        return None
    return datetime.combine(record.base_date, record.base_time)

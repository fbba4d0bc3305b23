"""EDF, EDF+, BDF and BDF+ (edfplus.info, biosemi.com) through edfio.

Signals of one rate make one stream; the stream that most likely holds EMG comes first. What is stored
stays as it is (int16, or int32 for BDF's 24 bits), with the header's calibration as gain and offset. Gaps of
an interrupted recording (EDF+D) become gaps. Memory does not grow with the file.
"""

from __future__ import annotations

import math
import warnings
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from emgdetect.choosing import named_after_muscle
from emgdetect.errors import FormatError
from emgdetect.formats.edf_copies import Calibration, calibration, is_copy, restored
from emgdetect.formats.edf_records import Layout, RecordReader, parse, read_layout
from emgdetect.formats.edf_times import RecordTimes, read_times, segments_of
from emgdetect.formats.overrides import with_overrides
from emgdetect.formats.units import meaning
from emgdetect.recording import Recording
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions, Stream

_EDF = b"0       "
_BDF = b"\xffBIOSEMI"
_NO_TIME = b"00.00.00"
ROUNDING = 1e-12


def sniff(head: Head) -> bool:
    """Tell whether a file starts as EDF or BDF do."""
    if head.data.startswith(_BDF):
        return True
    return head.data.startswith(_EDF) and b"\n" not in head.data[:256]


def read(path: Path, options: ReadOptions) -> Recording:
    """Read an EDF or BDF file.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        ``sampling_rate`` is taken for files with one rate only.

    Returns
    -------
    Recording
        Streams by rate. Voltages are in µV; other dimensions keep their numbers as ``adc``.

    Raises
    ------
    FormatError
        If the header cannot be understood or no whole data record is there.
    """
    layout, oddities = read_layout(path)
    times = read_times(layout)
    start = _start(layout, times, oddities)
    device = _device(layout)
    streams = _restored(layout, times, _streams(layout, times, StreamInfo(1.0, (), device, start), oddities))
    kind = "BDF" if layout.is_bdf else "EDF"
    plus = layout.header[192:196] in (b"EDF+", b"BDF+")
    recording = Recording(
        path=path,
        format=kind.lower(),
        device=device,
        start=start,
        streams=streams,
        annotations=tuple(times.annotations),
        oddities=tuple(oddities),
        title=f"{kind}+" if plus else kind,
    )
    return with_overrides(recording, options)


def _streams(
    layout: Layout, times: RecordTimes, blank: StreamInfo, oddities: list[str]
) -> tuple[Stream, ...]:
    by_count: dict[int, list[int]] = {}
    for index, signal in enumerate(layout.signals):
        if not layout.is_annotation[index]:
            by_count.setdefault(signal.samples_per_data_record, []).append(index)
    oddities.extend(
        f"signal {layout.signals[index].label} has no samples; left out" for index in by_count.pop(0, [])
    )
    if not by_count:
        raise FormatError("the file holds annotations but no signals", where=layout.path)
    ranked = []
    for per_record, indices in by_count.items():
        segments, said = segments_of(layout, times, per_record)
        oddities.extend(line for line in said if line not in oddities)
        channels = tuple(_channel(layout, index, oddities) for index in indices)
        info = StreamInfo(_rate(layout, per_record), channels, blank.device, blank.start)
        ranked.append(segments.stream(info, RecordReader(layout, tuple(indices)).fetch))
    _compare_with_claim(layout, ranked, oddities)
    return tuple(sorted(ranked, key=_likelihood, reverse=True))


def _rate(layout: Layout, per_record: int) -> float:
    """Return samples per second, without what dividing 562 by 2.248 leaves beyond 250."""
    rate = per_record / layout.record_duration
    plain = round(rate, 6)
    return plain if abs(rate - plain) < ROUNDING * rate else rate


def _likelihood(stream: Stream) -> tuple[bool, bool, float]:
    """Rank streams: named after EMG or a muscle, then voltages, then the faster."""
    voltages = [channel for channel in stream.info.channels if channel.unit == "uV"]
    named = any(named_after_muscle(channel.name) for channel in stream.info.channels)
    return named, bool(voltages), stream.info.sampling_rate


def _restored(layout: Layout, times: RecordTimes, streams: tuple[Stream, ...]) -> tuple[Stream, ...]:
    """Undo what this program does to a recording to put it into EDF; other files stay as they are."""
    if not is_copy(layout) or len(streams) != 1 or streams[0].gaps:
        return streams
    signals = (one for one, skip in zip(layout.signals, layout.is_annotation, strict=True) if not skip)
    lows = {signal.label.strip() or "unnamed": min(signal.digital_range) for signal in signals}
    stream, told = restored(streams[0], times.annotations, lows)
    times.annotations = [mark for index, mark in enumerate(times.annotations) if index not in told]
    return (stream,)


def _channel(layout: Layout, index: int, oddities: list[str]) -> Channel:
    signal = layout.signals[index]
    name = signal.label.strip() or "unnamed"
    try:
        (low, high), (bottom, top) = signal.digital_range, signal.physical_range
        usable = low != high and bottom != top and math.isfinite(bottom) and math.isfinite(top)
    except ValueError:
        usable = False
    if not usable:
        oddities.append(f"{name}: the header's calibration makes no sense; read as counts")
        return Channel(name, "adc")
    unit, factor = meaning(signal.physical_dimension)
    gain = (top - bottom) / (high - low)
    stated = Calibration(gain, bottom - low * gain, float(min(low, high)), float(max(low, high)))
    found = calibration(layout, index, stated) or stated
    scaled = found.gain * factor, found.offset * factor
    return Channel(name, unit, *scaled, raw_low=found.raw_low, raw_high=found.raw_high)


def _compare_with_claim(layout: Layout, streams: list[Stream], oddities: list[str]) -> None:
    claim = layout.header[196:197]
    interrupted = any(stream.gaps for stream in streams)
    if claim == b"C" and interrupted:
        oddities.append("the header says continuous, but the records' times leave gaps")
    if claim == b"D" and not any(layout.is_annotation):
        oddities.append("the header says interrupted, but no signal keeps the time; read as one stretch")


def _start(layout: Layout, times: RecordTimes, oddities: list[str]) -> datetime | None:
    """Wall-clock time of the first sample, or ``None`` where the header's is no date."""
    from edfio import AnonymizedDateError

    with warnings.catch_warnings():
        # The two dates of a header may differ: edfio warns and takes the one of EDF+.
        warnings.simplefilter("ignore")
        try:
            date = layout.edf.startdate
        except AnonymizedDateError:
            if is_copy(layout) and layout.header[176:184] == _NO_TIME:
                # A copy of a recording whose start was not known.
                return None
            oddities.append("the start date was removed from the file")
            # Without the EDF+ field edfio gives the plain one, which keeps the time of day.
            blank = layout.header[:88] + b" " * 80 + layout.header[168:]
            date = _or_none(lambda: parse(blank, b"", 0).startdate)
        except ValueError:
            date = None
        time = _or_none(lambda: layout.edf.starttime)
    if date is None or time is None:
        oddities.append("the start time in the header is no date and time")
        return None
    try:
        return datetime.combine(date, time) + timedelta(seconds=times.first)
    except OverflowError:
        return None


def _or_none(getter: Any) -> Any:  # noqa: ANN401 - whatever edfio's property gives
    try:
        return getter()
    except ValueError:
        return None


def _device(layout: Layout) -> str:
    """Name of the recorder as the EDF+ recording field has it."""
    words = layout.header[88:168].decode("latin-1").split()
    equipment = words[4] if len(words) > 4 and words[0] == "Startdate" else ""  # noqa: PLR2004 - EDF+ 2.1.3.3
    if equipment in ("", "X"):
        return "BioSemi" if layout.is_bdf and layout.header[192:197] == b"24BIT" else "unknown"
    return equipment.replace("_", " ")

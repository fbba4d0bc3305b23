"""XDF files, as LabRecorder writes them from Lab Streaming Layer, through pyxdf.

pyxdf loads the whole file, synchronises the clocks and smooths the time stamps; the samples stay in memory.
Streams of type EMG or ExG are read; if there are none, all regular numeric ones. Where a stream's time jumps
(an interruption, a restarted clock) there is a gap. Streams of texts become annotations.
"""

from __future__ import annotations

import logging
import math
import warnings
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.extras import require
from emgdetect.formats.gaps import is_believable
from emgdetect.formats.matrix import held
from emgdetect.formats.overrides import with_overrides
from emgdetect.formats.segments import SegmentBuilder, Segments
from emgdetect.formats.units import meaning
from emgdetect.formats.xdfchunks import MAGIC, sound_copy
from emgdetect.recording import Recording
from emgdetect.types import Annotation, Channel, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.recording import Head, ReadOptions, Stream
    from emgdetect.types import RawArray

_MUSCLE_TYPES = ("EMG", "EXG")
_RATE_TOLERANCE = 0.01
"""A measured rate this much off the promised one is believed: the clock is the sample index."""

_WORTH_SAYING = 0.001


def sniff(head: Head) -> bool:
    """Tell whether a file starts with XDF's four letters."""
    return head.data.startswith(MAGIC)


def read(path: Path, options: ReadOptions) -> Recording:
    """Read an XDF file.

    Raises
    ------
    FormatError
        If no regular numeric stream with samples is in it.
    MissingExtraError
        If pyxdf is not installed.
    """
    oddities: list[str] = []
    loaded, header = _load(path, oddities)
    start = _start(header)
    usable, marks = _sorted_out(loaded, oddities)
    if not usable:
        raise FormatError("no stream in the file has samples at a regular rate", where=path)
    streams = tuple(_stream(one, start, oddities) for one in usable)
    first = float(usable[0]["time_stamps"][0])
    annotations = sorted(
        (mark for one in marks for mark in _annotations(one, first)), key=lambda mark: mark.onset
    )
    recording = Recording(
        path, "xdf", streams[0].info.device, start, streams, tuple(annotations), tuple(oddities), "XDF"
    )
    return with_overrides(recording, options)


def _load(path: Path, oddities: list[str]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    pyxdf = require("pyxdf", extra="xdf", purpose="reading XDF files")
    sound, n_damaged = sound_copy(path)
    if n_damaged:
        oddities.append(f"damaged or cut off at {n_damaged} places; what is there was left out")
    try:
        with _quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            streams, header = pyxdf.load_xdf(path if sound is None else sound)
    finally:
        if sound is not None:
            sound.close()
    return streams, header or {}


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pyxdf's log away from the terminal; what matters is said as oddities."""
    logger = logging.getLogger("pyxdf.pyxdf")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _sorted_out(
    loaded: list[dict[str, Any]], oddities: list[str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the streams to read, the fastest first, and those that hold marks."""
    usable, marks = [], []
    for one in loaded:
        name, n_samples = _of(one["info"], "name"), len(one["time_stamps"])
        if isinstance(one["time_series"], list):
            marks.append(one)
        elif n_samples < 2:  # noqa: PLR2004 - one sample has no rate
            oddities.append(f"stream {name} has {n_samples} samples; left out")
        elif not (_nominal(one) > 0 and math.isfinite(_nominal(one))):
            oddities.append(f"stream {name} has no regular rate; left out")
        elif not np.isfinite(one["time_stamps"]).all():
            oddities.append(f"stream {name} has time stamps that are no numbers; left out")
        else:
            usable.append(one)
    muscles = [one for one in usable if _of(one["info"], "type").upper() in _MUSCLE_TYPES]
    if muscles:
        oddities.extend(
            f"stream {_of(one['info'], 'name')} of type {_of(one['info'], 'type')} left out"
            for one in usable
            if one not in muscles
        )
    return sorted(muscles or usable, key=_nominal, reverse=True), marks


def _stream(one: dict[str, Any], start: datetime | None, oddities: list[str]) -> Stream:
    rate = _rate(one, oddities)
    rows: RawArray = np.ascontiguousarray(one["time_series"].T)
    segments = _segments(one, rate, oddities)
    info = StreamInfo(rate, _channels(one["info"], rows.shape[0]), _device(one["info"]), start)
    return segments.stream(info, held(rows))


def _rate(one: dict[str, Any], oddities: list[str]) -> float:
    """Return the promised rate, or the measured one where they differ by more than 1 %."""
    nominal, measured = _nominal(one), float(one["info"]["effective_srate"])
    if not (math.isfinite(measured) and measured > 0):
        return nominal
    off = abs(measured - nominal) / nominal
    taken = measured if off > _RATE_TOLERANCE else nominal
    if off > _WORTH_SAYING:
        name = _of(one["info"], "name")
        oddities.append(
            f"stream {name} promises {nominal:g} Hz, its stamps say {measured:.2f} Hz; {taken:.2f} Hz taken"
        )
    return taken


def _segments(one: dict[str, Any], rate: float, oddities: list[str]) -> Segments:
    stamps, builder = one["time_stamps"], SegmentBuilder()
    name = _of(one["info"], "name")
    restarts = {first for first, _ in one["info"]["clock_segments"]}
    previous: float | None = None
    for first, last in one["info"]["segments"]:
        if previous is not None:
            lost = round((float(stamps[first]) - previous) * rate) - 1
            if lost < 0 or not is_believable(lost, rate):
                oddities.append(
                    f"stream {name}: the time at sample {first} makes no sense; taken as following on"
                )
                lost = 0
            builder.skip(lost, "restart" if first in restarts else "unknown")
        builder.add(last - first + 1)
        previous = float(stamps[last])
    resets = len(one["info"]["clock_segments"]) - 1
    if resets > 0:
        times = "once" if resets == 1 else f"{resets} times"
        oddities.append(f"stream {name}: its clock was set anew {times} during the recording")
    return builder.finish()


def _channels(info: dict[str, Any], n_channels: int) -> tuple[Channel, ...]:
    described = _below(_below(info, "desc"), "channels").get("channel") or []
    channels = []
    for number in range(n_channels):
        entry = described[number] if len(described) == n_channels else None
        entry = entry if isinstance(entry, dict) else {}
        unit, factor = meaning(_of(entry, "unit"))
        channels.append(Channel(_of(entry, "label") or f"ch{number + 1}", unit, factor))
    return tuple(channels)


def _device(info: dict[str, Any]) -> str:
    maker = _of(_below(info, "desc"), "manufacturer")
    return f"{maker} {_of(info, 'name')}".strip() or "unknown"


def _annotations(one: dict[str, Any], first: float) -> list[Annotation]:
    stamps = one["time_stamps"]
    pairs = zip(stamps, one["time_series"], strict=False)
    return [
        Annotation(round(float(stamp) - first, 6), 0.0, "; ".join(texts))
        for stamp, texts in pairs
        if math.isfinite(float(stamp))
    ]


def _start(header: dict[str, Any]) -> datetime | None:
    text = _of(header.get("info") or {}, "datetime")
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None


def _nominal(one: dict[str, Any]) -> float:
    return float(_of(one["info"], "nominal_srate"))


def _below(info: dict[str, Any], key: str) -> dict[str, Any]:
    inner = (info.get(key) or [None])[0]
    return inner if isinstance(inner, dict) else {}


def _of(info: dict[str, Any], key: str) -> str:
    """Return a text of pyxdf's dictionaries, in which everything is a list."""
    inner = (info.get(key) or [None])[0]
    return inner.strip() if isinstance(inner, str) else ""

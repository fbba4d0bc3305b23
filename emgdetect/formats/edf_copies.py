"""EDF+ and BDF+ files that this program wrote, read back as what they were written from.

Such a file tells more than the format can (``docs/outputs.md``): the transducer field holds gain, offset and
rails in full, annotations say where the digital minimum stands for nothing recorded. What is not borne out by
the header or the samples is left as any other program would read it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.types import Gap

if TYPE_CHECKING:
    from emgdetect.formats.edf_records import Layout
    from emgdetect.recording import Stream
    from emgdetect.types import Annotation, RawArray

_NOTE = re.compile(
    r"(?P<rounded>rounded )?raw x (?P<gain>\S+) \+ (?P<offset>\S+)(?: in (?P<low>\S+) to (?P<high>\S+))?$"
)
_GAP = "gap: "
_END = "gap: end of recording"
_MISSING = "missing values"
_LOOKED_AT = 1 << 16
_PHYSICAL_MIN, _FIELD = 104, 8
"""Bytes of a signal's header before its physical minimum, and of a number in it."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """value = stored * gain + offset, and the converter's rails in stored numbers if known."""

    gain: float
    offset: float
    raw_low: float | None
    raw_high: float | None


@dataclass(frozen=True, slots=True)
class _Note:
    """What a transducer field says; ``rounded`` numbers are not stored as they were, but scaled."""

    told: Calibration
    rounded: bool


def calibration(layout: Layout, index: int, stated: Calibration) -> Calibration | None:
    """Return what a signal's transducer field says, ``None`` where it says nothing or contradicts the header.

    Parameters
    ----------
    layout, index
        The file and the signal.
    stated : Calibration
        What the header says. It has eight characters for the values at both ends; they must be those of the
        calibration told, rounded. Numbers that were rounded themselves have the header's calibration and
        the rails told.
    """
    note = _note(layout.signals[index])
    if note is None:
        return None
    told = note.told
    if note.rounded:
        return replace(
            stated, raw_low=_moved(told.raw_low, told, stated), raw_high=_moved(told.raw_high, told, stated)
        )
    ends = zip(layout.signals[index].digital_range, _stated_ends(layout, index), strict=True)
    agrees = (abs(digital * told.gain + told.offset - value) <= step for digital, (value, step) in ends)
    return told if all(agrees) else None


def _moved(rail: float | None, told: Calibration, stated: Calibration) -> float | None:
    return None if rail is None else (rail * told.gain + told.offset - stated.offset) / stated.gain


def is_copy(layout: Layout) -> bool:
    """Tell whether every signal has a transducer field as this program writes it."""
    notes = [
        _note(signal) for signal, skip in zip(layout.signals, layout.is_annotation, strict=True) if not skip
    ]
    return bool(notes) and None not in notes


def _note(signal: Any) -> _Note | None:  # noqa: ANN401 - edfio's own signal
    found = _NOTE.match(signal.transducer_type.strip())
    if found is None:
        return None
    try:
        gain, offset = float(found["gain"]), float(found["offset"])
        low, high = (None if found[name] is None else float(found[name]) for name in ("low", "high"))
    except ValueError:
        return None
    usable = math.isfinite(gain) and math.isfinite(offset) and gain != 0
    return _Note(Calibration(gain, offset, low, high), bool(found["rounded"])) if usable else None


def _stated_ends(layout: Layout, index: int) -> list[tuple[float, float]]:
    """Return the physical minimum and maximum of the header, each with what its last digit is worth."""
    n_signals = len(layout.signals)
    ends = []
    for number in range(2):
        first = 256 + n_signals * (_PHYSICAL_MIN + number * _FIELD) + index * _FIELD
        text = layout.header[first : first + _FIELD].decode("latin-1").strip()
        ends.append((float(text), 10.0 ** -len(text.partition(".")[2])))
    return ends


def restored(stream: Stream, marks: list[Annotation], lows: dict[str, int]) -> tuple[Stream, set[int]]:
    """Put the gaps and missing values that ``marks`` tell of back into a stream.

    Parameters
    ----------
    stream : Stream
        As it is stored, without gaps.
    marks : list of Annotation
        All marks of the file.
    lows : dict of str to int
        The digital minimum of each channel.

    Returns
    -------
    Stream
        With gaps, without what fills its last data record, and, where a channel lacks values, as float64
        with NaN.
    set of int
        Which of the marks are told by the stream now.
    """
    bottom = np.array([lows[name] for name in stream.info.ch_names])[:, np.newaxis]
    gaps: list[Gap] = []
    used: set[int] = set()
    end = stream.n_samples
    holes: dict[str, list[tuple[int, int]]] = {}
    for index, mark in enumerate(marks):
        start, stop = _span(mark, stream)
        if mark.channel is None and mark.text.startswith(_GAP) and _is_blank(stream, start, stop, bottom):
            used.add(index)
            if mark.text == _END and stop == stream.n_samples:
                end = min(end, start)
            else:
                gaps.append(Gap(start, stop - start, mark.text.removeprefix(_GAP)))
        elif mark.text == _MISSING and mark.channel in lows and start < stop:
            used.add(index)
            holes.setdefault(mark.channel, []).append((start, stop))
    found = replace(stream, n_samples=end, gaps=_apart(gaps, end))
    return (_with_holes(found, holes, bottom) if holes else found), used


def _span(mark: Annotation, stream: Stream) -> tuple[int, int]:
    rate = stream.info.sampling_rate
    start, stop = round(mark.onset * rate), round((mark.onset + mark.duration) * rate)
    return max(start, 0), min(stop, stream.n_samples)


def _is_blank(stream: Stream, start: int, stop: int, bottom: RawArray) -> bool:
    """Tell whether nothing but the digital minimum stands there: a person may have written such a mark."""
    edges = range(start, stop, _LOOKED_AT)
    return start < stop and all(
        bool((stream.fetch(first, min(first + _LOOKED_AT, stop)) == bottom).all()) for first in edges
    )


def _apart(gaps: list[Gap], end: int) -> tuple[Gap, ...]:
    """Return gaps sorted, inside the stream, and without overlap; those that touch are one."""
    kept: list[Gap] = []
    for gap in sorted(gaps, key=lambda gap: gap.start):
        stop = min(gap.stop, end)
        if kept and gap.start <= kept[-1].stop:
            last = kept.pop()
            gap = Gap(last.start, max(stop, last.stop) - last.start, last.cause)  # noqa: PLW2901 - joined
        elif gap.start < stop:
            gap = Gap(gap.start, stop - gap.start, gap.cause)  # noqa: PLW2901 - cut
        else:
            continue
        kept.append(gap)
    return tuple(kept)


def _with_holes(stream: Stream, holes: dict[str, list[tuple[int, int]]], bottom: RawArray) -> Stream:
    """Return NaN for the digital minimum within the stretches that hold missing values."""
    stored = stream.fetch

    def fetch(start: int, stop: int, /) -> RawArray:
        raw = stored(start, stop)
        values = raw.astype(np.float64)
        for row, name in enumerate(stream.info.ch_names):
            for first, last in holes.get(name, ()):
                lo, hi = max(first, start) - start, min(last, stop) - start
                if lo < hi:
                    values[row, lo:hi][raw[row, lo:hi] == bottom[row, 0]] = np.nan
        return values

    return replace(stream, fetch=fetch)

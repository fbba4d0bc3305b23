"""OpenBCI GUI text recordings, versions 3 to 6: Cyton, Cyton with Daisy, Ganglion.

Header lines begin with ``%``. Up to version 5 the meaning of the columns follows from their number:
sample index, channels in µV, acceleration and other inputs, stamps. Version 6 names them in a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.clock import Clock, clock_of
from emgdetect.formats.collecting import Collected, collect
from emgdetect.formats.counters import count_through, learn_cycle
from emgdetect.formats.rates import stated_rate
from emgdetect.formats.rows import RowFormat
from emgdetect.formats.stamps import CLOCK_TIME, SECONDS_PER_DAY, epoch_scale, start_of
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.recording import Head, ReadOptions, Recording
from emgdetect.types import Annotation, Channel, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.formats.segments import Segments
    from emgdetect.types import FloatArray

TITLE = "OpenBCI GUI text"
CHANNELS_BY_FIELDS = {9: 4, 13: 8, 21: 16}
"""Index, channels, three axes and one stamp: what files without a channel count hold."""

GANGLION_RAIL = 15686.0
CYTON_RAIL = 187500.0
MOST_ANNOTATIONS = 10_000
RATES_AGREE = 0.02


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the head of a file says; columns are counted before clock times are split at their colons."""

    rate: float
    board: str
    n_header: int
    n_fields: int
    channels: tuple[int, ...]
    names: tuple[str, ...]
    stamp: int | None
    clock_text: int | None
    marker: int | None
    first: list[str]


def sniff(head: Head) -> bool:
    """Say whether a file begins like an OpenBCI GUI recording."""
    lines = head_lines(head)
    return bool(lines) and lines[0].lstrip('"').startswith("%OpenBCI Raw E")


def read(path: Path, options: ReadOptions) -> Recording:
    """Read an OpenBCI GUI recording: the EXG channels, in µV as the file has them."""
    layout = _understand(path, options)
    split = layout.stamp is None and layout.clock_text is not None
    gathered = collect(
        path,
        _row_format(layout, split=split),
        _n_marks(layout, split=split),
        skip=layout.n_header,
        keep=_samples,
    )
    clock, scale = _clock(layout, gathered, split=split)
    cycle = learn_cycle(_index_blocks(gathered), 200 if len(layout.channels) == 4 else 255)  # noqa: PLR2004
    counted = count_through(lambda: _index_blocks(gathered), cycle, 1 / layout.rate, clock)
    oddities = [*_oddities(layout, gathered, cycle.top), *counted.notes]
    oddities += _slow_clock(layout, clock)
    start = None
    if clock is not None and layout.stamp is not None and scale:
        text = layout.first[layout.clock_text] if layout.clock_text is not None else None
        start = start_of(float(clock.at(0, 1)[0]), text)
    elif layout.clock_text is not None:
        oddities.append(
            f"starts at {layout.first[layout.clock_text].strip()} of a day the file does not name"
        )
    info = StreamInfo(layout.rate, _channels(layout, gathered, options), layout.board, start)
    stream = counted.segments.stream(info, gathered.fetch())
    marks = _annotations(layout, gathered, counted.segments)
    return Recording(path, "openbci", layout.board, start, (stream,), marks, tuple(oddities), TITLE)


def _understand(path: Path, options: ReadOptions) -> _Layout:
    lines = first_lines(path)
    n_header = next((n for n, line in enumerate(lines) if not line.lstrip('"').startswith("%")), len(lines))
    header = "\n".join(lines[:n_header])
    names: list[str] = []
    if n_header < len(lines) and lines[n_header].strip().lower().startswith("sample index"):
        names = [name.strip() for name in lines[n_header].split(",")]
        n_header += 1
    # Version 5 writes a row of zeros before the first sample; what comes after it is like the rest.
    rows = [line.split(",") for line in lines[n_header:] if line.strip()]
    first = next((row for row in rows if any(_is_time(field) for field in row)), rows[0] if rows else [])
    if not first:
        raise FormatError("there is a header but no sample", where=path.name)
    return _assemble(path, header, names, (n_header, first, options.sampling_rate))


def _assemble(
    path: Path, header: str, names: list[str], rest: tuple[int, list[str], float | None]
) -> _Layout:
    n_header, first, given_rate = rest
    rate = given_rate or stated_rate(_number(r"Sample Rate\s*=\s*([\d.]+)", header))
    if rate is None:
        raise FormatError("the header names no sample rate", where=path.name, hint="try --sampling-rate 250")
    stamp = next((n for n, field in enumerate(first) if n and _is_unix(field)), None)
    clock_text = next((n for n, field in enumerate(first) if CLOCK_TIME.match(field)), None)
    if names:
        channels = [n for n, name in enumerate(names) if name.startswith("EXG Channel")]
    else:
        count = _number(r"Number of channels\s*=\s*(\d+)", header) or CHANNELS_BY_FIELDS.get(len(first), 0)
        channels = list(range(1, int(count) + 1))
    if not channels or channels[-1] >= len(first):
        raise FormatError(f"a row has {len(first)} fields, which does not fit the header", where=path.name)
    board = _board(header, len(channels))
    return _Layout(
        rate=rate,
        board=board,
        n_header=n_header,
        n_fields=len(first),
        channels=tuple(channels),
        names=tuple(f"EXG {n}" for n in range(1, len(channels) + 1)),
        stamp=stamp,
        clock_text=clock_text,
        marker=names.index("Marker Channel") if "Marker Channel" in names else None,
        first=first,
    )


def _number(pattern: str, text: str) -> float | None:
    found = re.search(pattern, text)
    try:
        return float(found[1]) if found else None
    except ValueError:
        return None


def _board(header: str, n_channels: int) -> str:
    named = re.search(r"Board\s*=\s*(?:OpenBCI_GUI\$)?Board(\w+)", header)
    if named:
        return f"OpenBCI {named[1]}"
    return {4: "OpenBCI Ganglion", 8: "OpenBCI Cyton", 16: "OpenBCI CytonDaisy"}.get(n_channels, "OpenBCI")


def _is_unix(field: str) -> bool:
    try:
        return epoch_scale(float(field)) is not None
    except ValueError:
        return False


def _is_time(field: str) -> bool:
    return _is_unix(field) or ":" in field


def _n_marks(layout: _Layout, *, split: bool) -> int:
    return 1 + (3 if split else 0) + (layout.stamp is not None) + (layout.marker is not None)


def _row_format(layout: _Layout, *, split: bool) -> RowFormat:
    marks = [0]
    if split:
        marks += [layout.clock_text or 0, (layout.clock_text or 0) + 1, (layout.clock_text or 0) + 2]
    if layout.stamp is not None:
        marks.append(layout.stamp)
    if layout.marker is not None:
        marks.append(layout.marker)
    extra = 2 if split else 0
    columns = [
        n + (extra if split and layout.clock_text is not None and n > layout.clock_text else 0)
        for n in layout.channels
    ]
    fields = layout.n_fields + extra
    return RowFormat(
        ",", (*marks, *columns), fields, fields, swaps=((":", ","),) if split else (), comment="%"
    )


def _samples(rows: FloatArray) -> FloatArray:
    """Leave out rows of zeros only: version 5 begins with one."""
    return rows[rows.any(axis=1)] if rows.shape[0] and not rows[0].any() else rows


def _index_blocks(gathered: Collected) -> Iterator[FloatArray]:
    return (block[0] for block in gathered.mark_blocks())


def _clock(layout: _Layout, gathered: Collected, *, split: bool) -> tuple[Clock | None, float | None]:
    if split:

        def day(marks: FloatArray) -> FloatArray:
            seconds: FloatArray = marks[1] * 3600 + marks[2] * 60 + marks[3]
            return seconds

        return clock_of(gathered, day, SECONDS_PER_DAY), None
    if layout.stamp is None:
        return None, None
    scale = epoch_scale(float(layout.first[layout.stamp])) or 1.0
    return clock_of(gathered, lambda marks: marks[1] * scale), scale


def _channels(layout: _Layout, gathered: Collected, options: ReadOptions) -> tuple[Channel, ...]:
    extreme = float(np.max(np.abs([gathered.lowest, gathered.highest])))
    # The gain is not in the file; values beyond the rail of the usual one mean that another was set.
    rail = GANGLION_RAIL if "Ganglion" in layout.board else CYTON_RAIL
    known = rail if extreme <= rail + 1 else None
    low = None if known is None else -known
    return tuple(Channel(name, options.unit or "uV", raw_low=low, raw_high=known) for name in layout.names)


def _annotations(layout: _Layout, gathered: Collected, segments: Segments) -> tuple[Annotation, ...]:
    if layout.marker is None:
        return ()
    found: list[Annotation] = []
    stored = 0
    for block in gathered.mark_blocks():
        for row in np.flatnonzero(block[-1])[: MOST_ANNOTATIONS - len(found)]:
            onset = segments.index(stored + int(row)) / layout.rate
            found.append(Annotation(onset, 0.0, f"marker {block[-1][row]:g}"))
        stored += block.shape[1]
    return tuple(found)


def _slow_clock(layout: _Layout, clock: Clock | None) -> list[str]:
    """Say so if the stamps contradict the header's rate."""
    period = clock.period() if clock is not None and clock.n_samples > 10 * layout.rate else None
    if period is None or abs(period * layout.rate - 1) < RATES_AGREE:
        return []
    return [f"the header says {layout.rate:g} Hz, the time stamps about {1 / period:.4g} Hz"]


def _oddities(layout: _Layout, gathered: Collected, top: int) -> list[str]:
    found = list(gathered.notes())
    if gathered.n_dropped:
        found.append("the row of zeros before the first sample is left out")
    if top != 255:  # noqa: PLR2004 - a byte
        found.append(f"the sample index wraps after {top}, not after 255")
    idle = (gathered.lowest == 0) & (gathered.highest == 0)
    if idle.any():
        names = ", ".join(name for name, flat in zip(layout.names, idle, strict=True) if flat)
        found.append(f"always zero, so nothing is connected: {names}")
    return found

"""Chords CSV of Upside Down Labs' BioAmp boards: ``Timestamp,Counter,Channel1,...``.

The counter is a byte; stamps are clock times with the microseconds after a third colon.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from emgdetect.errors import FormatError
from emgdetect.formats.adc import bits_for, count_channels
from emgdetect.formats.clock import Clock, clock_of
from emgdetect.formats.collecting import Collected, collect
from emgdetect.formats.counters import Cycle, count_through
from emgdetect.formats.rows import RowFormat
from emgdetect.formats.stamps import CLOCK_TIME, SECONDS_PER_DAY
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.formats.timing import timing_of
from emgdetect.recording import Head, ReadOptions, Recording
from emgdetect.types import StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.types import FloatArray

DEVICE = "Upside Down Labs BioAmp"
NOMINAL = (500.0, 250.0)
WITHIN = 0.02
BITS = (10, 12, 14, 16)
"""Converters of the boards the firmware knows."""

_HEADER = re.compile(r"(timestamp\s*,\s*)?counter(\s*,\s*channel\s*\d+)+\s*,?$", re.IGNORECASE)
_BYTE = Cycle(0, 255)


def sniff(head: Head) -> bool:
    """Say whether the first line is the header Chords writes."""
    lines = head_lines(head)
    if not lines or not _HEADER.match(lines[0].strip()):
        return False
    first = _first_row(lines)
    return not _has_stamps(lines) or bool(first and CLOCK_TIME.match(first[0]))


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a Chords recording: counts of the board's converter; gaps from counter and clock."""
    lines = first_lines(path)
    header = [name.strip() for name in lines[0].strip().strip(",").split(",")]
    stamped = _has_stamps(lines)
    names = header[2:] if stamped else header[1:]
    gathered = _collect(path, len(header), stamped=stamped)
    clock = clock_of(gathered, _seconds, SECONDS_PER_DAY) if stamped else None
    rate = options.sampling_rate or _rate(path, clock)
    counted = count_through(lambda: _counters(gathered), _BYTE, 1 / rate, clock)
    oddities = [*gathered.notes(), *counted.notes]
    if stamped:
        oddities.append(f"starts at {(_first_row(lines) or ['?'])[0]} of a day the file does not name")
    bits = bits_for(gathered.highest, gathered.lowest, BITS)
    info = StreamInfo(rate, count_channels(names, bits, options), DEVICE)
    stream = counted.segments.stream(info, gathered.fetch())
    return Recording(path, "chords", DEVICE, None, (stream,), oddities=tuple(oddities), title="Chords CSV")


def _has_stamps(lines: list[str]) -> bool:
    return lines[0].strip().lower().startswith("timestamp")


def _first_row(lines: list[str]) -> list[str] | None:
    return next((line.split(",") for line in lines[1:] if line.strip()), None)


def _collect(path: Path, n_columns: int, *, stamped: bool) -> Collected:
    # With its colons turned into commas a stamp is four columns, and the counter is the fifth.
    extra = 3 if stamped else 0
    counter = 4 if stamped else 0
    clock = (0, 1, 2, 3) if stamped else ()
    fields = n_columns + extra
    wanted = RowFormat(
        ",",
        (counter, *clock, *range(counter + 1, fields)),
        least=fields,
        most=fields,
        swaps=((":", ","),) if stamped else (),
    )
    return collect(path, wanted, 1 + len(clock), skip=1)


def _seconds(marks: FloatArray) -> FloatArray:
    seconds: FloatArray = marks[1] * 3600 + marks[2] * 60 + marks[3] + marks[4] * 1e-6
    return seconds


def _counters(gathered: Collected) -> Iterator[FloatArray]:
    return (block[0] for block in gathered.mark_blocks())


def _rate(path: Path, clock: Clock | None) -> float:
    if clock is None:
        raise FormatError(
            "the file has no time stamps, so its rate is unknown",
            where=path.name,
            hint="boards send 250 or 500 samples a second: --sampling-rate 500",
        )
    typical = clock.period()
    near = [rate for rate in NOMINAL if typical and abs(1 / typical - rate) <= WITHIN * rate]
    return near[0] if near else timing_of(clock, None, path.name).sampling_rate

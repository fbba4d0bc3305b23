"""ScientISST Sense CSV: ``NSeq, I1, I2, O1, O2, AI1, ...``, with or without a line of metadata.

The sequence number has four bits, so losses of exactly 16 samples cannot be seen.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from emgdetect.errors import FormatError
from emgdetect.formats.collecting import collect
from emgdetect.formats.counters import Cycle, count_through
from emgdetect.formats.rates import stated_rate
from emgdetect.formats.rows import RowFormat
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.recording import Head, ReadOptions, Recording
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

DEVICE = "ScientISST Sense"
DEFAULT_RATE = 1000.0
_ANALOG = re.compile(r"(AI|AX)\d+(_raw)?$")
_HEADER = re.compile(r"#?\s*NSeq\s*[,\t]\s*I1\s*[,\t]\s*I2\b")
MOST_HEADER_LINES = 5


def sniff(head: Head) -> bool:
    """Say whether a header line names the sequence number and the digital lines of a Sense."""
    return any(_HEADER.match(line) for line in head_lines(head)[:MOST_HEADER_LINES])


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a Sense recording: the raw analog channels, in counts."""
    lines = first_lines(path)[:MOST_HEADER_LINES]
    at = next(n for n, line in enumerate(lines) if _HEADER.match(line))
    delimiter = "\t" if "\t" in lines[at] else ","
    header = [name.strip() for name in lines[at].lstrip("# ").strip().strip(delimiter).split(delimiter)]
    columns = [n for n, name in enumerate(header) if _ANALOG.match(name)]
    if not columns:
        raise FormatError("the header names no analog channel (AI or AX)", where=path.name)
    wanted = RowFormat(delimiter, (0, *columns), len(header), len(header) + 1)
    gathered = collect(path, wanted, 1, skip=at + 1)
    facts = _facts(lines[:at])
    oddities = list(gathered.notes())
    rate = options.sampling_rate or stated_rate(facts.get("Sampling rate (Hz)"))
    if not rate:
        rate = DEFAULT_RATE
        oddities.append("the file does not say its rate; 1000 Hz, the device's default, is taken")
    counted = count_through(
        lambda: (block[0] for block in gathered.mark_blocks()), Cycle(0, 15), 1 / rate, None
    )
    start = _start(facts.get("ISO 8601"))
    channels = tuple(_channel(header[n], options) for n in columns)
    stream = counted.segments.stream(StreamInfo(rate, channels, DEVICE, start), gathered.fetch())
    notes = (*oddities, *counted.notes)
    return Recording(path, "scientisst", DEVICE, start, (stream,), oddities=notes, title="ScientISST CSV")


def _channel(name: str, options: ReadOptions) -> Channel:
    # Two external channels have 24 bits, the others 12.
    bits = 24 if name.startswith("AX") else 12
    return Channel(
        name.removesuffix("_raw"), options.unit or "adc", raw_low=0.0, raw_high=float((1 << bits) - 1)
    )


def _facts(lines: list[str]) -> dict[str, Any]:
    for line in lines:
        with suppress(json.JSONDecodeError):
            found = json.loads(line.lstrip("# "))
            if isinstance(found, dict):
                return found
    return {}


def _start(text: object) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    return None

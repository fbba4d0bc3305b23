"""BioSPPy's "Simple Text Format": a few ``# name:= value`` lines, then one column per channel."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.adc import count_channels
from emgdetect.formats.collecting import Collected, collect
from emgdetect.formats.rates import stated_rate
from emgdetect.formats.rows import RowFormat
from emgdetect.formats.segments import Segments
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.recording import Head, ReadOptions, Recording
from emgdetect.types import StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = "# Simple Text Format"
MOST_BITS = 32


def sniff(head: Head) -> bool:
    """Say whether the first line is the format's name."""
    lines = head_lines(head)
    return bool(lines) and lines[0].strip() == MAGIC


def read(path: Path, options: ReadOptions) -> Recording:
    """Read a recording in the Simple Text Format: counts, without gaps."""
    lines = first_lines(path)
    header = [line for line in lines if line.startswith("#")]
    facts = dict(line.lstrip("# ").split(":=", 1) for line in header if ":=" in line)
    facts = {name.strip().lower(): value.strip() for name, value in facts.items()}
    rate = options.sampling_rate or stated_rate(facts.get("sampling rate (hz)", ""))
    if rate is None:
        raise FormatError(
            "the header names no sampling rate", where=path.name, hint="name it: --sampling-rate 1000"
        )
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    delimiter = next((sign for sign in "\t," if rows and sign in rows[0]), None)
    width = len(rows[0].strip().split(delimiter)) if rows else 1
    gathered = collect(
        path, RowFormat(delimiter, tuple(range(width)), width, width, comment="#"), 0, skip=len(header)
    )
    start = _start(facts.get("date", ""))
    bits, oddities = _bits(facts.get("resolution", ""), gathered)
    names = _names(facts.get("labels", ""), width)
    info = StreamInfo(rate, count_channels(names, bits, options), "unknown", start)
    stream = Segments(gathered.n_samples).stream(info, gathered.fetch())
    notes = (*gathered.notes(), *oddities)
    return Recording(path, "biosppy", "unknown", start, (stream,), oddities=notes, title="BioSPPy text")


def _bits(text: str, gathered: Collected) -> tuple[int | None, tuple[str, ...]]:
    bits = int(text) if text.isdecimal() else 0
    if not 0 < bits <= MOST_BITS:
        return None, ()
    if float(np.max(gathered.highest)) >= 2**bits or float(np.min(gathered.lowest)) < 0:
        return None, (f"the header says {bits} bits, and there are values beyond",)
    return bits, ()


def _names(text: str, width: int) -> list[str]:
    names = [name.strip() for name in text.replace(",", "\t").split("\t") if name.strip()]
    return names if len(names) == width else [f"channel {n}" for n in range(1, width + 1)]


def _start(text: str) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text) if text else None
    return None

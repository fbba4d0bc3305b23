"""Myo armband text: eight EMG columns of one signed byte each, often a ninth with the prompted gesture.

Without a header the numbers themselves must be beyond doubt; with one, ``emg1`` to ``emg8`` name them, and a
time stamp may stand in front. The armband sends 200 samples a second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.clock import clock_of
from emgdetect.formats.collecting import Collected, collect
from emgdetect.formats.rows import RowFormat
from emgdetect.formats.segments import Segments
from emgdetect.formats.stamps import epoch_scale, start_of
from emgdetect.formats.textio import first_lines, head_lines
from emgdetect.formats.timing import timing_of
from emgdetect.recording import Head, ReadOptions, Recording
from emgdetect.types import Annotation, Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

DEVICE = "Myo armband"
RATE = 200.0
N_CHANNELS = 8
LOWEST, HIGHEST = -128, 127
RAIL_LOW, RAIL_HIGH = -127.0, 127.0
"""Where the armband clips: some write the lower rail as -127, some as -128."""
MOST_PROMPT = 99
LEAST_ROWS = 5
LOOKED_AT = 500
MOST_BAD_ROWS = 0.02
MOST_ANNOTATIONS = 10_000

_NAME = re.compile(r'"?(?:emg|ch(?:annel)?)[ _]?([0-8])"?$', re.IGNORECASE)
_TIME = re.compile(r'"?(?:time.*|t|ts|timestamp.*)"?$', re.IGNORECASE)
_PROMPT = re.compile(r'"?(?:label|gesture|class|prompt|pose|movement)s?"?$', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Columns:
    n_header: int
    n_fields: int
    emg: tuple[int, ...]
    time: int | None
    prompt: int | None


def sniff(head: Head) -> bool:
    """Say whether these can only be an armband's numbers."""
    return _understand(head_lines(head)) is not None


def read(path: Path, options: ReadOptions) -> Recording:
    """Read an armband's recording: counts, runs of a prompt as annotations."""
    columns = _understand(first_lines(path))
    if columns is None:
        raise FormatError("the rows are not an armband's", where=path.name)
    marks = [column for column in (columns.time, columns.prompt) if column is not None]
    wanted = RowFormat(",", (*marks, *columns.emg), columns.n_fields, columns.n_fields)
    gathered = collect(path, wanted, len(marks), skip=columns.n_header)
    rate = options.sampling_rate or RATE
    segments, start = Segments(gathered.n_samples), None
    notes: tuple[str, ...] = ()
    if columns.time is not None:
        first = float(gathered.marks.fetch(0, 1)[0, 0])
        scale = epoch_scale(first)
        if scale is not None:
            start = start_of(first * scale)
            timing = timing_of(clock_of(gathered, lambda block: block[0] * scale), rate, path.name)
            segments, notes = timing.segments, timing.notes
    annotations = () if columns.prompt is None else _annotations(gathered, segments, rate)
    channels = tuple(
        Channel(f"EMG {n}", options.unit or "adc", raw_low=RAIL_LOW, raw_high=RAIL_HIGH)
        for n in range(1, N_CHANNELS + 1)
    )
    stream = segments.stream(StreamInfo(rate, channels, DEVICE, start), gathered.fetch())
    notes = (*gathered.notes(), *notes)
    return Recording(path, "myo", DEVICE, start, (stream,), annotations, notes, title="Myo armband CSV")


def _understand(lines: list[str]) -> _Columns | None:
    rows = [line.split(",") for line in lines[: LOOKED_AT + 1] if line.strip()]
    if len(rows) < LEAST_ROWS:
        return None
    columns = _named(rows[0]) or _unnamed(rows)
    if columns is None:
        return None
    body = rows[columns.n_header :]
    good = sum(_fits(row, columns) for row in body)
    signs = {row[n].strip()[:1] == "-" for row in body if _fits(row, columns) for n in columns.emg}
    # Counts around zero go both ways; a table of ratings or codes does not.
    few_are_bad = len(body) - good <= max(MOST_BAD_ROWS * len(body), len(body) > LOOKED_AT // 20)
    return columns if few_are_bad and signs == {True, False} else None


def _named(header: list[str]) -> _Columns | None:
    names = [name.strip() for name in header]
    emg = [n for n, name in enumerate(names) if _NAME.match(name)]
    if len(emg) != N_CHANNELS or not any("emg" in name.lower() for name in names):
        return None
    time = next((n for n, name in enumerate(names) if _TIME.match(name)), None)
    prompt = next((n for n, name in enumerate(names) if _PROMPT.match(name)), None)
    return _Columns(1, len(names), tuple(emg), time, prompt)


def _unnamed(rows: list[list[str]]) -> _Columns | None:
    width = len(rows[len(rows) // 2])
    if width == N_CHANNELS + 1:
        return _Columns(0, width, tuple(range(N_CHANNELS)), None, N_CHANNELS)
    return _Columns(0, width, tuple(range(N_CHANNELS)), None, None) if width == N_CHANNELS else None


def _fits(row: list[str], columns: _Columns) -> bool:
    if len(row) != columns.n_fields:
        return False
    try:
        values = [int(row[n]) for n in columns.emg]
        prompt = int(float(row[columns.prompt])) if columns.prompt is not None else 0
    except (ValueError, OverflowError):
        return False
    return all(LOWEST <= value <= HIGHEST for value in values) and 0 <= prompt <= MOST_PROMPT


def _annotations(gathered: Collected, segments: Segments, rate: float) -> tuple[Annotation, ...]:
    """Turn runs of the same prompt other than 0 into annotations."""
    found: list[Annotation] = []
    done, last, since = 0, 0.0, 0
    for block in gathered.mark_blocks():
        prompts = block[-1]
        for row in np.flatnonzero(np.diff(prompts, prepend=last)):
            if last:
                found.append(_prompt(segments, (since, done + int(row)), last, rate))
            last, since = float(prompts[row]), done + int(row)
        done += prompts.size
    if last:
        found.append(_prompt(segments, (since, done), last, rate))
    return tuple(found[:MOST_ANNOTATIONS])


def _prompt(segments: Segments, rows: tuple[int, int], value: float, rate: float) -> Annotation:
    start, stop = segments.index(rows[0]), segments.index(rows[1] - 1) + 1
    return Annotation(start / rate, (stop - start) / rate, f"prompt {value:g}")

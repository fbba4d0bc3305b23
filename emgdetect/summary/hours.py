"""A row's events by hour, with the valid time each hour had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.summary.types import Hour

if TYPE_CHECKING:
    from emgdetect.summary.valid import ValidTime
    from emgdetect.types import Detection, FloatArray

HOUR_S = 3600.0

ENOUGH_S = 600.0
"""Valid seconds from which on an hour is worth showing."""


def hour_tables(
    detection: Detection, valid: ValidTime, onsets: FloatArray
) -> tuple[tuple[Hour, ...], tuple[Hour, ...]]:
    """Count onsets by hour of the recording, and by hour of the clock when the start is known.

    Returns
    -------
    tuple of tuple of Hour
        The first starts its hours at the first sample; the second at full hours, and is empty without a
        start. Both are empty for a recording without samples.
    """
    start = detection.info.start
    by_recording = _table(detection, valid, onsets, into_hour=0.0)
    by_clock = () if start is None else _table(detection, valid, onsets, into_hour=_seconds_into_hour(start))
    return by_recording, by_clock


def clock_time(start: datetime, seconds: float) -> datetime:
    """Return the wall time ``seconds`` after ``start``, right also over a change of the clocks."""
    if start.tzinfo is None:
        return start + timedelta(seconds=seconds)
    return (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(start.tzinfo)


def _seconds_into_hour(start: datetime) -> float:
    return start.minute * 60 + start.second + start.microsecond / 1e6


def _table(
    detection: Detection, valid: ValidTime, onsets: FloatArray, *, into_hour: float
) -> tuple[Hour, ...]:
    length = detection.n_samples / detection.info.sampling_rate
    edges = np.arange(0.0 - into_hour, length + HOUR_S, HOUR_S)
    edges = np.concatenate((edges[:1], edges[1:-1][edges[1:-1] < length], [edges[-1]]))
    clipped = np.clip(edges, 0.0, length)
    recorded, seconds = np.diff(clipped), np.diff(valid.up_to(clipped))
    counts = np.histogram(onsets, bins=edges)[0]
    return tuple(
        _hour(index, detection.info.start, (float(edges[index]), float(clipped[index])), cells)
        for index, cells in enumerate(zip(recorded, seconds, counts, strict=True))
        if cells[0] > 0
    )


def _hour(
    index: int, start: datetime | None, begins: tuple[float, float], cells: tuple[float, float, int]
) -> Hour:
    recorded, valid_seconds, count = (float(cells[0]), float(cells[1]), int(cells[2]))
    full, first = begins
    return Hour(
        index=index,
        start=first,
        clock=None if start is None else clock_time(start, full),
        recorded_seconds=recorded,
        valid_seconds=valid_seconds,
        count=count if valid_seconds > 0 else None,
        enough=valid_seconds > 0 and valid_seconds >= min(ENOUGH_S, recorded / 2),
    )

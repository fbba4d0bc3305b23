"""Numbers with their words: rates, shares, durations, intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.limits import TICK
from emgdetect.sequences.results import Histogram, Index
from emgdetect.sequences.spans import holds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.sequences.material import Time
    from emgdetect.types import FloatArray

DECIMALS = 6
"""Intervals are rounded to a microsecond before they are sorted into bins, so that 10 s is 10 s."""


def onsets_in(onsets: Iterable[float], time: Time) -> int:
    """Count the onsets that lie in a time."""
    return int(np.sum(holds(time.spans, np.array(list(onsets), dtype=np.float64))))


def rate(name: str, onsets: Iterable[float], time: Time, note: str = "") -> Index:
    """Return onsets in a time by its hours; no value where there are no hours."""
    count, hours = onsets_in(onsets, time), time.hours
    return Index(name, count / hours if hours > 0 else None, "1/h", time.per, count, hours, note)


def share(name: str, part: int, whole: int, per: str, *, unit: str = "", note: str = "") -> Index:
    """Return a part of a whole: a fraction, or percent if ``unit`` is "%". No value if there is no whole."""
    scale = 100.0 if unit == "%" else 1.0
    return Index(name, scale * part / whole if whole else None, unit, per, part, float(whole), note)


def mean(name: str, values: Iterable[float], unit: str, per: str, note: str = "") -> Index:
    """Return the arithmetic mean; no value without values."""
    found = list(values)
    value = float(np.mean(found)) if found else None
    return Index(name, value, unit, per, len(found), float(len(found)), note)


def median(name: str, values: Iterable[float], unit: str, per: str, note: str = "") -> Index:
    """Return the median of the finite values; no value without any."""
    found = [value for value in values if np.isfinite(value)]
    value = float(np.median(found)) if found else None
    return Index(name, value, unit, per, len(found), float(len(found)), note)


def log_statistics(intervals: Iterable[float], low: float, high: float) -> tuple[Index, ...]:
    """Describe the natural logarithms of the intervals from ``low`` to ``high`` s, limits included.

    Both ways of writing them are given, as published programs differ: mean and SD of ln (SOMAS), and their
    exponentials, the geometric mean in s and the geometric SD as a factor (PLMScoRe, MATPLM).
    """
    chosen = [value for value in intervals if low - TICK <= value <= high + TICK]
    logs = np.log(np.array(chosen, dtype=np.float64))
    centre = float(np.mean(logs)) if logs.size else None
    width = float(np.std(logs, ddof=1)) if logs.size > 1 else None
    note = f"intervals from {low:g} to {high:g} s, limits included; SD with n - 1"
    per = "over intervals"
    n = int(logs.size)
    described = (
        ("mean ln interval", centre, "ln s"),
        ("SD of ln interval", width, "ln s"),
        ("geometric mean interval", None if centre is None else float(np.exp(centre)), "s"),
        ("geometric SD of interval", None if width is None else float(np.exp(width)), "factor"),
    )
    return tuple(Index(name, value, unit, per, n, float(n), note) for name, value, unit in described)


def interval_histograms(intervals: Iterable[float], longest: float) -> tuple[Histogram, ...]:
    """Sort intervals into 2 s bins up to ``longest``, and their ln into bins of 0.1 up to 4.5.

    Intervals above ``longest`` are in neither, as in PLMScoRe; they are counted as outside.
    """
    values: FloatArray = np.asarray(np.round(list(intervals), DECIMALS), dtype=np.float64)
    short: FloatArray = values[values <= longest]
    over = int(values.size - short.size)
    linear = np.arange(0.0, longest + 1.0, 2.0, dtype=np.float64)
    logarithmic = np.linspace(0.0, 4.5, 46).round(1)
    logs: FloatArray = np.asarray(np.round(np.log(short[short > 0]), DECIMALS), dtype=np.float64)
    return (
        _histogram("intervals", "s", short, linear, over),
        _histogram("ln of intervals", "ln s", logs, logarithmic, over + int(short.size - logs.size)),
    )


def _histogram(name: str, unit: str, values: FloatArray, edges: FloatArray, outside: int) -> Histogram:
    counts = np.histogram(values, bins=edges)[0]
    missed = outside + int(values.size - counts.sum())
    return Histogram(name, unit, tuple(edges.tolist()), tuple(int(count) for count in counts), missed)

"""What changed between nights, drawn into their rates: an upright line, its name above, medians beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report import palette, words
from emgdetect.report.canvas import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from emgdetect.trends import Contrast, Night, Series

BEFORE_AFTER = ((0, (1, 1.5)), (0, (6, 2)))
"""Dashes of the medians before and after, to be told apart without colour."""

ROW = 13.0
"""Height of a row of names, in pixels."""

ROWS = 4
"""More names than fit so many rows are left to the tables."""

LETTER = 5.7
"""Width of a letter of these names, in pixels; a little more than most are."""

LONGEST = 28

EDGE = 0.7
"""How many nights the axes are wider than from the first to the last, at either end."""


@dataclass(frozen=True, slots=True)
class Name:
    """A change by name: ``night`` is the first after it, ``middle`` in pixels of the axes, rows count up."""

    change: Contrast
    night: int
    text: str
    middle: float
    row: int


def names(series: Series, nights: Sequence[Night], width: float) -> tuple[Name, ...]:
    """Find a place for the name of each change above axes ``width`` pixels wide, so that none meets."""
    taken: list[list[tuple[float, float]]] = [[] for _ in range(ROWS)]
    found = []
    for change in series.changes:
        night = _first_after(change, nights)
        text = words.shortened(change.what, LONGEST)
        half = LETTER * len(text) / 2
        wanted = (night - 0.5 + EDGE) / (len(nights) + 2 * EDGE - 1) * width
        middle = min(max(wanted, half), max(width - half, half))
        span = middle - half, middle + half
        row = next((n for n in range(ROWS) if all(span[0] > b or span[1] < a for a, b in taken[n])), ROWS)
        if row < ROWS:
            taken[row].append(span)
        found.append(Name(change, night, text, middle, row))
    return tuple(found)


def height(found: Sequence[Name]) -> float:
    """Return how many pixels the names take above the axes."""
    return ROW * (1 + max((one.row for one in found if one.row < ROWS), default=-1))


def draw(axes: Axes, series: Series, n_nights: int, found: Sequence[Name]) -> None:
    """Draw when something changed, and the median rate on both sides where they were compared."""
    for one in found:
        edge = one.night - 0.5
        axes.axvline(edge, color=palette.INK, linewidth=1.0)
        if one.row < ROWS:
            at = one.middle / axes.bbox.width, 1 + (4 + ROW * one.row) / axes.bbox.height
            axes.text(*at, one.text, transform=axes.transAxes, ha="center", size=SMALL)
        if one.change.reason or len(found) > 1:
            continue
        sides = ((-0.5, edge), (edge, n_nights - 0.5))
        for (start, stop), dashes in zip(sides, BEFORE_AFTER, strict=True):
            own = [
                value.rate.per_valid_hour
                for value in series.nights
                if value.used and value.rate is not None and start < value.night < stop
            ]
            if own:
                level = [float(np.median(own))] * 2
                axes.plot([start, stop], level, color=palette.RMS, linewidth=1.6, linestyle=dashes)


def _first_after(change: Contrast, nights: Sequence[Night]) -> int:
    """Return the place of the first night that began at or after a change."""
    if change.since is None:
        return len(nights)
    moment = change.since.replace(tzinfo=None)
    zoned = change.since.tzinfo is not None
    for place, night in enumerate(nights):
        if night.start is None:
            continue
        both = zoned and night.start.tzinfo is not None
        if (night.start >= change.since) if both else (night.start.replace(tzinfo=None) >= moment):
            return place
    return len(nights)

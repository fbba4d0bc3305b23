"""When events came: counts by hour, or by shorter steps in a short recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report import axis, palette, words
from emgdetect.report.canvas import SMALL, TEXT, Canvas
from emgdetect.report.clock import HOUR, STEPS
from emgdetect.report.lost import lost_stretches, reasons
from emgdetect.report.shapes import boxes, full_height
from emgdetect.types import VALID

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from emgdetect.report.material import Material
    from emgdetect.report.overview import Layout
    from emgdetect.summary import Hour

BY_HOUR_FROM = 3 * HOUR
"""Shorter recordings are counted in shorter steps."""

STEPS_AT_MOST = 36

ROW_HEIGHTS = ((1, 150.0), (4, 96.0), (8, 72.0), (10_000, 56.0))
WIDEST_HIDDEN = 3
"""Pixels."""

TITLE = 24.0
FOOT = 36.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Part of a recording: ``start`` to ``stop`` in s, its valid part, events by kind; none if too little."""

    start: float
    stop: float
    valid_seconds: float
    counts: dict[str, int]
    enough: bool

    @property
    def valid_fraction(self) -> float:
        """Valid part of the bin, 0 to 1."""
        length = self.stop - self.start
        return min(self.valid_seconds / length, 1.0) if length > 0 else 0.0


def step_words(material: Material) -> str:
    """Say what one bar stands for: "hour of the clock", "hour", "10 min"."""
    if material.duration >= BY_HOUR_FROM:
        return "hour of the clock" if material.clock.start is not None else "hour of the recording"
    return axis.short_time(_step(material.duration))


def bins(material: Material, channel: str) -> list[Bin]:
    """Count the events of a channel over time; by hour the numbers are the summary's."""
    if material.duration >= BY_HOUR_FROM:
        rows = {kind: hours_of(material, channel, kind) for kind in palette.KINDS}
        return [_of_hour(index, rows) for index in range(len(rows[palette.KINDS[0]]))]
    return _fine(material, channel, _step(material.duration))


def hours_of(material: Material, channel: str, kind: str) -> tuple[Hour, ...]:
    """Return a row's hours: of the clock where the start is known."""
    row = material.summary.row(channel, kind)
    return row.clock_hours or row.hours


def _of_hour(index: int, rows: dict[str, tuple[Hour, ...]]) -> Bin:
    first = next(iter(rows.values()))[index]
    counts = {kind: rows[kind][index].count or 0 for kind in rows}
    stop = first.start + first.recorded_seconds
    return Bin(first.start, stop, first.valid_seconds, counts, first.enough)


def _step(duration: float) -> float:
    return next((step for step in STEPS if duration / step <= STEPS_AT_MOST), float(HOUR))


def _fine(material: Material, channel: str, step: float) -> list[Bin]:
    edges = np.arange(0, material.duration, step)
    edges = np.append(edges, material.duration)
    reason = reasons(material.detection, channel)
    upto = np.concatenate(([0.0], np.cumsum(reason == VALID)))
    valid = np.diff(np.interp(edges, np.arange(upto.size), upto))
    onsets = {kind: [event.onset for event in material.counted[channel, kind]] for kind in palette.KINDS}
    counts = {kind: np.histogram(values, bins=edges)[0] for kind, values in onsets.items()}
    return [
        Bin(
            float(edges[i]),
            float(edges[i + 1]),
            float(valid[i]),
            {kind: int(counts[kind][i]) for kind in palette.KINDS},
            bool(valid[i] > 0 and valid[i] >= (edges[i + 1] - edges[i]) / 6),
        )
        for i in range(edges.size - 1)
    ]


def hourly(material: Material, layout: Layout) -> str:
    """Draw one row of stacked bars per channel and return the SVG."""
    n_channels = max(len(material.channels), 1)
    height = next(pixels for upto, pixels in ROW_HEIGHTS if n_channels <= upto)
    canvas = Canvas(layout.width, n_channels * (height + TITLE) + FOOT)
    tables = {channel: bins(material, channel) for channel in material.channels}
    highest = max((sum(one.counts.values()) for table in tables.values() for one in table), default=0)
    for index, (channel, table) in enumerate(tables.items()):
        top = index * (height + TITLE) + TITLE
        axes = canvas.axes(layout.left, top, layout.width - layout.left - layout.right, height)
        axis.count_y(axes, highest)
        _bars(axes, table)
        # Over the bars: a count must not seem to cover time in which nothing could be counted.
        blank = _blank(material, channel, table, pixel=material.duration / layout.width)
        full_height(axes, blank, zorder=3, **palette.LOST_STYLE)
        last = index == n_channels - 1
        stop = material.duration
        axis.time_axis(axes, material.clock, stop=stop, at_most=layout.ticks, labels=last, grid=False)
        name = words.shortened(channel, layout.name_length)
        canvas.write(layout.left, top - 5, name, weight="bold", size=TEXT)
    return canvas.svg(f"hourly-{layout.name}", f"Events in each {step_words(material)}, by channel and kind")


def _bars(axes: Axes, table: list[Bin]) -> None:
    heights = [0] * len(table)
    for kind in palette.KINDS:
        counts = [one.counts[kind] if one.enough else 0 for one in table]
        places = [
            (one.start, one.stop, float(height), float(height + count))
            for one, height, count in zip(table, heights, counts, strict=True)
            if count
        ]
        hatch = palette.HATCHES.get(kind)
        boxes(axes, places, facecolor=palette.COLOURS[kind], edgecolor="white", linewidth=0.8, hatch=hatch)
        heights = [height + count for height, count in zip(heights, counts, strict=True)]
    if table and not any(one.enough for one in table):
        middle = (table[0].start + table[-1].stop) / 2
        style = {"facecolor": "white", "edgecolor": "none", "pad": 2}
        axes.text(middle, axes.get_ylim()[1] / 2, "no valid signal", ha="center", size=SMALL, bbox=style)


def _blank(material: Material, channel: str, table: list[Bin], *, pixel: float) -> list[tuple[float, float]]:
    """Return lost time where it lies, and the whole of every bin with too little valid time."""
    # A lost second inside an hour is a hair line here; it shows in the overview and in the coverage.
    stretches = lost_stretches(material.detection, channel, at_least=pixel)
    lost = [(one.start, one.stop) for one in stretches if one.stop - one.start >= WIDEST_HIDDEN * pixel]
    return lost + [(one.start, one.stop) for one in table if not one.enough]

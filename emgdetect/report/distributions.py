"""How long, how far apart, how large: three small drawings over logarithmic axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report import axis, palette, words
from emgdetect.report.canvas import SMALL, Canvas
from emgdetect.report.shapes import boxes
from emgdetect.report.ticks import title_x

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

    from emgdetect.report.material import Material
    from emgdetect.sequences import Histogram

WIDTH = 244.0
HEIGHT = 186.0
LEFT = 34.0
TOP = 26.0
RIGHT = 10.0
FOOT = 36.0

N_BINS = 24

TRUNCATED = "truncated"

GREY = "#5B7C99"
"""Bars that do not belong to a kind."""


def durations(material: Material, limits: Sequence[tuple[float, str]]) -> str:
    """Draw how long events lasted; those cut by a gap are left out, as in the summary.

    ``limits`` are the longest twitch and so on: seconds, and the name of the kind below that length.
    """
    values = {
        kind: [event.duration for event in material.of_kind(kind) if TRUNCATED not in event.flags]
        for kind in palette.KINDS
    }
    edges = [seconds for seconds, _ in limits]
    canvas, axes = _panel("duration")
    _stacked(axes, values, times=True, include=[edges[0] / 4, edges[-1] * 4] if edges else [])
    for seconds, _ in limits:
        axes.axvline(seconds, color=palette.INK, linewidth=1, linestyle=(0, (4, 2)))
    _name_ranges(axes, limits)
    return canvas.svg("durations", "Distribution of the durations of events, by kind")


def intervals(material: Material, band: tuple[float, float] | None = None) -> str:
    """Draw the time from onset to next onset within a channel, all channels together.

    ``band`` are the shortest and the longest interval in s that a rule counts as periodic.
    """
    values = np.concatenate([np.empty(0), *material.intervals.values()])
    canvas, axes = _panel("from one onset to the next")
    _stacked(
        axes,
        {"interval": values[values > 0].tolist()},
        times=True,
        colours={"interval": GREY},
        include=band or (),
    )
    if band is not None:
        axes.axvspan(*band, facecolor=palette.SHADE, linewidth=0, zorder=0.2)
    if values.size:
        median = float(np.median(values[values > 0])) if np.any(values > 0) else float("nan")
        axes.axvline(median, color=palette.RMS, linewidth=1.2)
        axes.text(
            median,
            1.02,
            f"median {words.span(median)}",
            transform=axes.get_xaxis_transform(),
            ha="center",
            size=SMALL,
        )
    return canvas.svg("intervals", "Distribution of the intervals between onsets")


def amplitudes(material: Material, unit: str) -> str:
    """Draw the peaks of the events in the channels of one unit."""
    own = {channel for channel in material.channels if material.unit(channel) == unit}
    values = {
        kind: [event.peak for event in material.of_kind(kind) if event.channel in own]
        for kind in palette.KINDS
    }
    canvas, axes = _panel(f"peak of the event ({words.unit(unit)})")
    _stacked(axes, values, times=False)
    return canvas.svg(
        f"amplitudes-{unit}", f"Distribution of the peaks of events in {words.unit(unit)}, by kind"
    )


def of_rule(histogram: Histogram, name: str, band: tuple[float, float]) -> str:
    """Draw the intervals as a rule measured them, on a linear axis or in natural logarithms."""
    logarithmic = histogram.unit.startswith("ln")
    canvas, axes = _panel("ln of the interval in s" if logarithmic else "interval (s)", left="intervals")
    edges, counts = np.array(histogram.edges), np.array(histogram.counts)
    bars = [(low, high, 0.0, count) for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)]
    boxes(axes, [bar for bar in bars if bar[3]], facecolor=GREY, edgecolor="white", linewidth=0.4)
    limits = tuple(np.log(band)) if logarithmic else band
    axes.axvspan(*limits, facecolor=palette.SHADE, linewidth=0, zorder=0.2)
    axes.set_xlim(min(edges[0], limits[0]), max(edges[-1], limits[1]))
    axis.plain_x(axes)
    axis.count_y(axes, float(counts.max(initial=0)))
    return canvas.svg(name, f"Distribution of the {histogram.name} of the rule")


def _panel(label: str, left: str = "events") -> tuple[Canvas, Axes]:
    canvas = Canvas(WIDTH, HEIGHT)
    axes = canvas.axes(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - FOOT)
    title_x(axes, label)
    canvas.write(0, 11, left, size=SMALL, color=palette.FAINT)
    return canvas, axes


def _stacked(
    axes: Axes,
    values: Mapping[str, Sequence[float]],
    *,
    times: bool,
    include: Sequence[float] = (),
    colours: Mapping[str, str] = palette.COLOURS,
) -> None:
    everything = [value for some in values.values() for value in some if value > 0]
    low, high = axis.limits([*everything, *include])
    edges = np.geomspace(low, high, N_BINS + 1)
    bottom = np.zeros(N_BINS)
    for kind, some in values.items():
        counts = np.histogram(some, bins=edges)[0]
        bars = [
            (edges[place], edges[place + 1], bottom[place], bottom[place] + counts[place])
            for place in np.flatnonzero(counts)
        ]
        hatch = palette.HATCHES.get(kind)
        boxes(axes, bars, facecolor=colours[kind], edgecolor="white", linewidth=0.6, hatch=hatch)
        bottom += counts
    axis.count_y(axes, float(bottom.max(initial=0)))
    axis.log_x(axes, low, high, times=times)
    if not everything:
        axes.text(0.5, 0.5, "nothing to show", transform=axes.transAxes, ha="center", color=palette.FAINT)


def _name_ranges(axes: Axes, limits: Sequence[tuple[float, str]]) -> None:
    """Write each kind's name over the range of durations that makes it one."""
    low, high = axes.get_xlim()
    edges = [low, *(min(max(seconds, low), high) for seconds, _ in limits), high]
    names = [*(name for _, name in limits), palette.KINDS[-1]]
    for left, right, name in zip(edges[:-1], edges[1:], names, strict=True):
        if right > left * 1.2:
            axes.text(
                (left * right) ** 0.5,
                1.02,
                name,
                transform=axes.get_xaxis_transform(),
                ha="center",
                size=SMALL,
            )

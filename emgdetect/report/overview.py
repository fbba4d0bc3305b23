"""The whole recording at a glance: background, events and lost time of every channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report import axis, hypnogram, palette, words
from emgdetect.report.canvas import SMALL, TEXT, Canvas
from emgdetect.report.lost import lost_stretches
from emgdetect.report.shapes import boxes, full_height
from emgdetect.types import VALID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

    from emgdetect.report.material import Material
    from emgdetect.types import Event, FloatArray

MARKS = 6000
"""Upper bound of event marks in one drawing, all channels and kinds together."""

SYMBOLS = 2400
"""Upper bound of the symbols on top of the marks in one drawing."""

WITH_SYMBOLS = 250
"""Up to so many marks of a kind in a channel each carries its symbol; more would only hide each other."""

FLOOR_POINTS = 2400
"""Upper bound of the points of all background traces in one drawing."""

STEPS_UP_TO = 60
"""So few points of a background trace are drawn as the seconds they stand for, more as a line."""

ROW_HEIGHTS = ((1, 170.0), (4, 92.0), (8, 80.0), (10_000, 64.0))
"""Up to so many channels: so many pixels for each."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide the drawing is, and how much fits."""

    name: str
    width: float
    ticks: int
    name_length: int
    left: float = 44.0
    right: float = 18.0
    brief: bool = False


WIDE = Layout("wide", 760.0, 11, 60)
NARROW = Layout("narrow", 358.0, 5, 26, brief=True)


def both(draw: Callable[[Layout], str], *, narrow: bool) -> tuple[str, str]:
    """Draw for paper and wide screens and, where wished, for a telephone; else that is empty."""
    return draw(WIDE), draw(NARROW) if narrow else ""


TITLE = 26.0
FOOT = 36.0


def overview(material: Material, layout: Layout) -> str:
    """Draw one row per channel and return the SVG."""
    n_channels = max(len(material.channels), 1)
    height = next(pixels for upto, pixels in ROW_HEIGHTS if n_channels <= upto)
    above = hypnogram.height(material)
    canvas = Canvas(layout.width, above + n_channels * (height + TITLE) + FOOT)
    hypnogram.draw(canvas, material, layout)
    width = layout.width - layout.left - layout.right
    for index, channel in enumerate(material.channels):
        top = above + index * (height + TITLE) + TITLE
        axes = canvas.axes(layout.left, top, width, height)
        _row(axes, material, channel, columns=int(width))
        last = index == n_channels - 1
        axis.time_axis(axes, material.clock, stop=material.duration, at_most=layout.ticks, labels=last)
        _heading(canvas, material, channel, layout=layout, top=top - 6)
    return canvas.svg(f"overview-{layout.name}", _description(material))


def _description(material: Material) -> str:
    return (
        f"Overview of {words.span(material.duration)} of recording: background level, events and lost time "
        f"in {words.several(len(material.channels), 'channel')}"
    )


def _heading(canvas: Canvas, material: Material, channel: str, *, layout: Layout, top: float) -> None:
    cover = next(one for one in material.summary.coverage if one.channel == channel)
    unit = words.unit(cover.unit)
    valid = f"{words.percent(cover.valid_fraction)} valid"
    count = material.summary.row(channel).count
    canvas.write(
        layout.left,
        top,
        words.shortened(channel, layout.name_length) + (f"  ({unit})" if unit else ""),
        weight="bold",
        size=TEXT,
    )
    canvas.write(
        layout.width - layout.right,
        top,
        valid if layout.brief else f"{words.several(count, 'event')} · {valid}",
        ha="right",
        size=SMALL,
        color=palette.FAINT,
    )


def _row(axes: Axes, material: Material, channel: str, *, columns: int) -> None:
    pixel = max(material.duration / max(columns, 1), 1e-9)
    budget = min(_budget(material), columns)
    seconds, low, middle, high = floor_trace(material, channel)
    events = {kind: thinned(material.counted[channel, kind], pixel, budget) for kind in palette.KINDS}
    peaks = [event.peak for chosen in events.values() for event in chosen]
    values = [*low[np.isfinite(low)], *high[np.isfinite(high)], *peaks]
    bottom, top = axis.limits(values)
    axis.log_y(axes, bottom, top, at_most=4 if values else 0)
    _lost(axes, material, channel, pixel=pixel)
    _floor(axes, seconds, middle, high)
    symbols = min(WITH_SYMBOLS, SYMBOLS // (len(palette.KINDS) * len(material.channels)))
    for kind in reversed(palette.KINDS):
        _marks(axes, events[kind], kind, pixel=pixel)
        if len(events[kind]) <= symbols:
            _symbols(axes, events[kind], kind)
    _uncounted(axes, material, channel, pixel=pixel, budget=budget)


def _floor(axes: Axes, seconds: FloatArray, middle: FloatArray, high: FloatArray) -> None:
    """Draw the background: few seconds as the steps they are, many as a line."""
    if not seconds.size:
        return
    steps = seconds.size <= STEPS_UP_TO
    if steps:
        seconds = np.append(seconds - 0.5, seconds[-1] + 0.5)
        middle, high = np.append(middle, middle[-1]), np.append(high, high[-1])
    bottom = axes.get_ylim()[0]
    axes.fill_between(
        seconds, bottom, high, color=palette.FLOOR_FILL, linewidth=0, step="post" if steps else None
    )
    style = "steps-post" if steps else "default"
    axes.plot(seconds, middle, color=palette.FLOOR, linewidth=0.9, drawstyle=style)


def floor_trace(material: Material, channel: str) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return times, and lowest, median and highest background RMS of the valid seconds around them.

    Times are the middles of seconds. At most 400 points and the channel's share of :data:`FLOOR_POINTS`;
    NaN where there is nothing valid.
    """
    parts = [one for one in material.detection.quality if one.channel == channel]
    if not parts:
        return (np.empty(0),) * 4
    floor = np.concatenate([np.where(one.reason == VALID, one.floor, np.nan) for one in parts]).astype(float)
    floor[~(floor > 0)] = np.nan
    time = np.concatenate([np.arange(one.start, one.stop) for one in parts]) + 0.5
    n_points = min(400, max(FLOOR_POINTS // len(material.channels), STEPS_UP_TO))
    size = max(1, -(-floor.size // n_points))
    groups = [floor[first : first + size] for first in range(0, floor.size, size)]
    filled = [group[np.isfinite(group)] for group in groups]
    rows = [(g.min(), np.median(g), g.max()) if g.size else (np.nan,) * 3 for g in filled]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    middles = np.array([time[first : first + size].mean() for first in range(0, floor.size, size)])
    return middles, table[:, 0], table[:, 1], table[:, 2]


def thinned(events: Sequence[Event], pixel: float, budget: int) -> list[Event]:
    """Keep the largest event of every pixel, or of wider columns where there are more than ``budget``."""
    if len(events) <= budget:
        return list(events)
    last = max(event.onset for event in events)
    column = max(pixel, last / budget)
    best: dict[int, Event] = {}
    for event in events:
        place = int(event.onset // column)
        if place not in best or event.peak > best[place].peak:
            best[place] = event
    return list(best.values())


def _budget(material: Material) -> int:
    return max(20, MARKS // (len(palette.KINDS) * max(len(material.channels), 1)))


def _marks(axes: Axes, events: Sequence[Event], kind: str, *, pixel: float) -> None:
    if not events:
        return
    bottom = axes.get_ylim()[0]
    places = [(e.onset, e.onset + max(e.duration, pixel), max(e.peak, bottom)) for e in events]
    colour = palette.COLOURS[kind]
    boxes(axes, [(left, right, bottom, top) for left, right, top in places], facecolor=colour, linewidth=0)


def _symbols(axes: Axes, events: Sequence[Event], kind: str) -> None:
    bottom = axes.get_ylim()[0]
    axes.plot(
        [event.onset + event.duration / 2 for event in events],
        [max(event.peak, bottom) for event in events],
        linestyle="none",
        marker=palette.MARKERS[kind],
        markersize=4.5,
        color=palette.COLOURS[kind],
        markeredgecolor="white",
        markeredgewidth=0.5,
        clip_on=False,
    )


def _uncounted(axes: Axes, material: Material, channel: str, *, pixel: float, budget: int) -> None:
    """Mark artefacts, and events outside valid time, with short grey strokes at the foot."""
    counted = {id(event) for kind in palette.KINDS for event in material.counted[channel, kind]}
    others = [e for e in material.detection.events if e.channel == channel and id(e) not in counted]
    kept = thinned(others, pixel, budget)
    bottom, top = axes.get_ylim()
    height = bottom * (top / bottom) ** 0.09
    places = [(e.onset, e.onset + max(e.duration, pixel), bottom, height) for e in kept]
    boxes(axes, places, facecolor=palette.COLOURS["artefact"], linewidth=0)


def _lost(axes: Axes, material: Material, channel: str, *, pixel: float) -> None:
    stretches = lost_stretches(material.detection, channel, at_least=1.5 * pixel)
    full_height(axes, [(one.start, one.stop) for one in stretches], zorder=0.4, **palette.LOST_STYLE)
    for stretch in stretches:
        if stretch.stop - stretch.start > 6.5 * len(stretch.cause) * pixel:
            axes.text(
                (stretch.start + stretch.stop) / 2,
                0.9,
                stretch.cause,
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="top",
                size=SMALL,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.9},
            )

"""Ticks, their labels and a grid, drawn as few pieces.

A tick of matplotlib is five pieces with transforms of their own, and an axis measures the text of all its
ticks each time it is drawn: nine tenths of the time a small drawing takes. Here the strokes of an axis are
one collection and its grid another; only labels are pieces of their own. The axes keep their scale and
their limits; set these before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.report import palette
from emgdetect.report.canvas import LINE, SMALL
from emgdetect.report.shapes import lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.transforms import Transform

    from emgdetect.report.shapes import Segment

Tick = tuple[float, str]
"""Where on the axis, and what is written there."""

LENGTH = 3.0
"""Of a stroke, in pixels."""

PAD = 3.0
"""Between a stroke and its label, in pixels."""

TITLE_AT = 21.0
"""Top of an axis' title below the axes, in pixels."""

BELOW = 0.5
"""Layer of the grid: over shaded ground, under everything else."""


def along_x(axes: Axes, ticks: Sequence[Tick], *, grid: bool = False) -> None:
    """Put ticks at the foot of the axes, with grid lines if wished."""
    if not ticks:
        return
    down = 1 / axes.bbox.height
    frame = axes.get_xaxis_transform()
    _strokes(axes, [((x, 0), (x, -LENGTH * down)) for x, _ in ticks], frame)
    if grid:
        _grid(axes, [((x, 0), (x, 1)) for x, _ in ticks], frame)
    at = -(LENGTH + PAD) * down
    for x, label in ticks:
        if label:
            axes.text(x, at, label, ha="center", va="top", size=SMALL, transform=frame)


def along_y(
    axes: Axes, ticks: Sequence[Tick], *, grid: bool = False, marks: bool = True, size: float = SMALL
) -> None:
    """Put ticks at the left of the axes, with grid lines if wished."""
    if not ticks:
        return
    left = 1 / axes.bbox.width
    frame = axes.get_yaxis_transform()
    if marks:
        _strokes(axes, [((0, y), (-LENGTH * left, y)) for y, _ in ticks], frame)
    if grid:
        _grid(axes, [((0, y), (1, y)) for y, _ in ticks], frame)
    at = -((LENGTH if marks else 0) + PAD) * left
    for y, label in ticks:
        axes.text(at, y, label, ha="right", va="center_baseline", size=size, transform=frame)


def title_x(axes: Axes, text: str) -> None:
    """Write below the labels what the axis is."""
    axes.text(0.5, -TITLE_AT / axes.bbox.height, text, transform=axes.transAxes, ha="center", va="top")


def _strokes(axes: Axes, segments: Sequence[Segment], frame: Transform) -> None:
    lines(axes, segments, transform=frame, color=palette.FAINT, linewidth=LINE, clip_on=False, zorder=2.01)


def _grid(axes: Axes, segments: Sequence[Segment], frame: Transform) -> None:
    lines(axes, segments, transform=frame, color=palette.RULE, linewidth=0.5, zorder=BELOW)

"""One picture: the trace as it came, the trace as filtered, and levels against thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report import palette
from emgdetect.report.canvas import LINE, Canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from accuracy.gallery.exhibits import Exhibit
    from accuracy.gallery.inside import View
    from accuracy.piece import Span
    from emgdetect.types import FloatArray

WIDTH, HEIGHT = 440.0, 288.0
LEFT, INNER = 46.0, 386.0
BARS = (6.0, 24.0)
RAW, FILTERED, LEVELS = (36.0, 58.0), (102.0, 58.0), (168.0, 82.0)
"""Top and height of each panel."""
COLUMNS = 300
TRUE, FOUND, TRAP = palette.COLOURS["burst"], palette.COLOURS["twitch"], palette.COLOURS["artefact"]
THRESHOLD, SHORT, SHADE = "#D55E00", "#9AA0A5", "#CDEBDD"
MARGIN, SILENCE = 1.15, 1e-9
"""Room above and below the levels; what is less has no logarithm worth drawing."""


def picture(exhibit: Exhibit, view: View, raw: FloatArray, rate: float) -> Canvas:
    """Draw an exhibit; ``raw`` are its values over ``exhibit.sight`` at ``rate`` Hz, NaN in gaps."""
    canvas = Canvas(WIDTH, HEIGHT)
    first, last = exhibit.sight
    # Reports draw their own ticks; these pictures keep matplotlib's.
    zero = exhibit.span[0]
    _bars(_axes(canvas, BARS), exhibit, zero)
    time = first + np.arange(raw.size) / rate - zero
    top = _axes(canvas, RAW)
    _trace(top, time, raw - np.nanmedian(raw) if np.isfinite(raw).any() else raw, palette.INK)
    middle = _axes(canvas, FILTERED)
    time = view.start + np.arange(view.filtered.size) / view.rate - zero
    inside = (time >= first - zero) & (time <= last - zero)
    _trace(middle, time[inside], view.filtered[inside], palette.INK)
    bottom = _axes(canvas, LEVELS)
    _levels(bottom, view, (first - zero, last - zero), zero)
    for panel, name in ((top, "raw"), (middle, "filtered"), (bottom, "RMS")):
        panel.set_xlim(first - zero, last - zero)
        for _, (start, stop) in exhibit.true:
            panel.axvspan(start - zero, stop - zero, color=SHADE, linewidth=0, zorder=0)
        panel.text(0.004, 0.86, name, transform=panel.transAxes, fontsize=9, color=palette.FAINT)
        if panel is not bottom:
            panel.set_xticklabels([])
            panel.locator_params(axis="y", nbins=3)
    bottom.set_xlabel("seconds", labelpad=1, fontsize=9)
    return canvas


def _axes(canvas: Canvas, place: tuple[float, float]) -> Axes:
    axes = canvas.axes(LEFT, place[0], INNER, place[1])
    for one in (axes.xaxis, axes.yaxis):
        one.set_visible(True)
    return axes


def _bars(axes: Axes, exhibit: Exhibit, zero: float) -> None:
    """Draw what is true, what was detected and what disturbed, as three rows of bars."""
    first, last = exhibit.sight
    rows = (
        ("true", exhibit.true, TRUE),
        ("found", exhibit.detected, FOUND),
        ("trap", exhibit.artefacts, TRAP),
    )
    least = (last - first) / COLUMNS * 2
    for row, (_, spans, colour) in enumerate(rows):
        for name, (start, stop) in spans:
            shown = "#FFFFFF" if name.startswith("artefact") else colour
            axes.barh(
                -row,
                max(stop - start, least),
                left=start - zero,
                height=0.8,
                color=shown,
                edgecolor=colour,
                linewidth=LINE,
            )
    axes.set_xlim(first - zero, last - zero)
    axes.set_ylim(-2.5, 0.5)
    axes.set_yticks([0, -1, -2], [name for name, _, _ in rows], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _trace(axes: Axes, time: FloatArray, values: FloatArray, colour: str) -> None:
    x, y = thinned(time, values, COLUMNS)
    axes.plot(x, y, color=colour, linewidth=0.6)


def thinned(time: FloatArray, values: FloatArray, columns: int) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest value of each column, so that no peak is lost in drawing."""
    size = values.size // columns
    if size <= 1:
        return time, values
    whole = values[: values.size // size * size].reshape(-1, size)
    empty = np.asarray(np.isnan(whole).all(axis=1))
    filled = np.where(empty[:, None], 0.0, whole)
    pair = np.stack([np.nanmin(filled, axis=1), np.nanmax(filled, axis=1)], axis=1)
    pair[empty] = np.nan
    return np.repeat(time[: whole.size : size], 2), pair.ravel()


def _levels(axes: Axes, view: View, shown: Span, zero: float) -> None:
    time = view.start + np.arange(view.level.size) / view.rate - zero
    inside = (time >= shown[0]) & (time <= shown[1])
    step = max(1, int(inside.sum()) // COLUMNS)
    for level, colour, width in ((view.short_level, SHORT, 0.5), (view.level, palette.INK, 1.0)):
        y = np.maximum(level[inside], SILENCE)[::step]
        axes.semilogy(time[inside][::step], y, color=colour, linewidth=width)
    frames = view.start + np.arange(view.floor.size) * view.frame_s - zero
    lines = ((view.limit, THRESHOLD, "-"), (view.short, THRESHOLD, ":"), (view.floor, palette.FLOOR, "--"))
    chosen = _steps(np.stack([line for line, _, _ in lines]))
    for line, colour, style in lines:
        axes.plot(
            frames[chosen], line[chosen], color=colour, linewidth=1.0, linestyle=style, drawstyle="steps-post"
        )
    kept = np.concatenate([view.level[inside], view.short_level[inside], view.limit, view.floor, view.short])
    kept = kept[np.isfinite(kept) & (kept > SILENCE)]
    if kept.size:
        axes.set_ylim(kept.min() / MARGIN, kept.max() * MARGIN)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_minor_formatter(lambda *_: "")


def _steps(lines: FloatArray) -> FloatArray:
    """Return where any of the lines changes, with both ends."""
    changed: NDArray[np.bool_] = (np.diff(lines, axis=1) != 0).any(axis=0)
    return np.unique(np.concatenate([[0], np.flatnonzero(changed) + 1, [lines.shape[1] - 1]]))

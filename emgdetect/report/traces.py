"""Drawing an event as it was recorded, with what was taken for it shaded."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report import axis, palette, words
from emgdetect.report.canvas import SMALL, Canvas
from emgdetect.report.ticks import title_x

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from emgdetect.recording import Stream
    from emgdetect.report.material import Material
    from emgdetect.report.thresholds import Passed
    from emgdetect.types import Event, FloatArray

WIDTH = 244.0
HEIGHT = 146.0
LEFT = 46.0
TOP = 20.0
RIGHT = 8.0
FOOT = 34.0

COLUMNS = 500
"""Longer stretches are drawn as the lowest and highest value of so many columns."""

PIECE = 1 << 16
"""Samples read at a time, so that an event of an hour takes no more memory than one of a minute."""

DRIFT_S = 0.4
"""Slower changes than about 2 Hz are electrode drift and sway, not muscle; they would hide a small event."""

IN_MILLISECONDS = 2.0
"""Shorter windows have their axis in ms."""

SHORTEST_RMS = 0.01
LONGEST_RMS = 0.5
"""Seconds over which the running level is taken."""

SHORTEST_MARGIN = 0.12
LONGEST_MARGIN = 10.0


@dataclass(frozen=True, slots=True)
class Trace:
    """A stretch of one channel: times in s from the event's onset, lowest and highest value around each.

    ``rms`` is the running level of what is shown, over a twentieth of the stretch's event at most.
    """

    times: FloatArray
    low: FloatArray
    high: FloatArray
    rms: FloatArray


def read(stream: Stream, event: Event, *, level: bool) -> Trace | None:
    """Read an event with some time on both sides, minus the median of what was read.

    Parameters
    ----------
    stream : Stream
        Where the samples are.
    event : Event
        What to read.
    level : bool
        Whether to take out slow drift as well: the moving average over :data:`DRIFT_S`.

    Returns
    -------
    Trace or None
        ``None`` if the stream has no such channel or no sample there.
    """
    if event.channel not in stream.info.ch_names:
        return None
    row = stream.info.ch_names.index(event.channel)
    rate = stream.info.sampling_rate
    margin = min(max(0.6 * event.duration, SHORTEST_MARGIN), LONGEST_MARGIN)
    start = event.sample - round(margin * rate)
    stop = event.sample + event.n_samples + round(margin * rate)
    size = max(1, -(-(stop - start) // COLUMNS))
    lows, highs, means = [np.empty(0)], [np.empty(0)], [np.empty(0)]
    piece = max(PIECE // size, 1) * size
    reach = round(DRIFT_S / 2 * rate) if level else 0
    for first in range(start, stop, piece):
        last = min(first + piece, stop)
        values = stream.window(first - reach, last + reach)[row]
        levelled = _levelled(values, reach)
        low, high = _columns(levelled, size)
        lows.append(low)
        highs.append(high)
        means.append(_squares(levelled, size))
    low, high = np.concatenate(lows), np.concatenate(highs)
    if not np.any(np.isfinite(low)):
        return None
    middle = float(np.nanmedian(np.concatenate((low, high))))
    times = (start - event.sample + np.arange(low.size) * size) / rate
    # The spread around the middle: what is left of the baseline is no activity.
    squares = np.maximum(np.concatenate(means) - middle**2, 0.0)
    width = max(1, round(min(max(event.duration / 20, SHORTEST_RMS), LONGEST_RMS) * rate / size))
    return Trace(times, low - middle, high - middle, np.sqrt(_smoothed(squares, width)))


def _squares(values: FloatArray, size: int) -> FloatArray:
    """Return the mean square of every ``size`` samples; NaN where there is none."""
    padded = np.concatenate((values, np.full(-values.size % size, np.nan))).reshape(-1, size)
    finite = np.isfinite(padded)
    sums = np.where(finite, padded, 0.0) ** 2
    counts = finite.sum(axis=1)
    return np.where(counts > 0, sums.sum(axis=1) / np.maximum(counts, 1), np.nan)


def _smoothed(values: FloatArray, width: int) -> FloatArray:
    """Return the mean of ``width`` values around each; missing ones do not count."""
    finite = np.isfinite(values)
    kernel = np.ones(min(width, values.size))
    sums = np.convolve(np.where(finite, values, 0.0), kernel, "same")
    counts = np.convolve(finite.astype(np.float64), kernel, "same")
    smooth: FloatArray = np.where(finite, sums / np.maximum(counts, 1.0), np.nan)
    return smooth


def _levelled(values: FloatArray, reach: int) -> FloatArray:
    """Subtract the mean of the ``2 * reach + 1`` samples around each; missing ones do not count."""
    if not reach:
        return values
    finite = np.isfinite(values)
    known = np.where(finite, values, 0.0)
    sums = np.cumsum(np.concatenate(([0.0], known)))
    counts = np.cumsum(np.concatenate(([0], finite)))
    width = 2 * reach + 1
    around = (sums[width:] - sums[:-width]) / np.maximum(counts[width:] - counts[:-width], 1)
    levelled: FloatArray = values[reach:-reach] - around
    return levelled


def _columns(values: FloatArray, size: int) -> tuple[FloatArray, FloatArray]:
    if size == 1:
        return values, values
    padded = np.concatenate((values, np.full(-values.size % size, np.nan))).reshape(-1, size)
    empty = ~np.isfinite(padded).any(axis=1)
    low = np.where(np.isfinite(padded), padded, np.inf).min(axis=1)
    high = np.where(np.isfinite(padded), padded, -np.inf).max(axis=1)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def is_levelled(material: Material, event: Event) -> bool:
    """Tell whether slow drift is taken out: not of an envelope, which is slow itself, nor of an artefact."""
    return event.kind != "artefact" and material.unit(event.channel) != "envelope"


def draw(material: Material, event: Event, name: str, found: Passed | None = None) -> str | None:
    """Return the SVG of one event with what it had to pass, or ``None`` when its samples are not at hand."""
    trace = (
        None if material.stream is None else read(material.stream, event, level=is_levelled(material, event))
    )
    if trace is None:
        return None
    canvas = Canvas(WIDTH, HEIGHT)
    axes = canvas.axes(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - FOOT)
    length = float(trace.times[-1] - trace.times[0])
    factor, unit = (1000.0, "ms") if length < IN_MILLISECONDS else (1.0, "s")
    axes.axvspan(0, event.duration * factor, facecolor=palette.SHADE, linewidth=0, zorder=0.2)
    for edge in (0.0, event.duration * factor):
        axes.axvline(edge, color=palette.FAINT, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0.3)
    if trace.low is trace.high or np.array_equal(trace.low, trace.high, equal_nan=True):
        axes.plot(trace.times * factor, trace.low, color=palette.INK, linewidth=0.7)
    else:
        axes.fill_between(trace.times * factor, trace.low, trace.high, color=palette.INK, linewidth=0.4)
    axes.set_xlim(trace.times[0] * factor, trace.times[-1] * factor)
    if is_levelled(material, event):
        times, level, limit = (trace.times, trace.rms, None) if found is None else _thinned(found, trace)
        # Pale edges keep lines apart from the dense black of the signal.
        for colour, width in (("white", 2.8), (palette.RMS, 1.4)):
            axes.plot(times * factor, level, color=colour, linewidth=width)
        if limit is not None:
            axes.plot(times * factor, limit, color="white", linewidth=2.4)
            blue = palette.COLOURS["twitch"]
            axes.plot(times * factor, limit, color=blue, linewidth=1.1, linestyle=(0, (5, 2)))
    _background(material, event, axes)
    axis.plain_x(axes)
    axis.plain_y(axes)
    title_x(axes, f"{unit} from the onset")
    canvas.write(0, 11, words.unit(material.unit(event.channel)), size=SMALL, color=palette.FAINT)
    return canvas.svg(name, f"A {event.kind} in {event.channel} lasting {words.span(event.duration)}")


def _thinned(found: Passed, trace: Trace) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return times, greatest RMS and threshold of so many columns at the most, within what is drawn."""
    inside = (found.times >= trace.times[0]) & (found.times <= trace.times[-1])
    times, level, limit = found.times[inside], found.rms[inside], found.limit[inside]
    size = max(1, -(-times.size // COLUMNS))
    starts = np.arange(0, times.size, size)
    if not starts.size:
        return times, level, limit
    limit = np.where(np.isfinite(limit), limit, np.nan)
    return times[starts], np.maximum.reduceat(level, starts), limit[starts]


def _background(material: Material, event: Event, axes: Axes) -> None:
    """Draw the background's level around zero as it was known when the event began."""
    level = floor_at(material, event)
    if not (isfinite(level) and is_levelled(material, event)):
        return
    for value in (-level, level):
        axes.axhline(value, color=palette.COLOURS["twitch"], linewidth=0.8, linestyle=(0, (1, 2)))


def floor_at(material: Material, event: Event) -> float:
    """Return the background's RMS in the second of the onset; NaN when unknown."""
    second = int(event.onset)
    for quality in material.detection.quality:
        if quality.channel == event.channel and quality.start <= second < quality.stop:
            return float(quality.floor[second - quality.start])
    return float("nan")

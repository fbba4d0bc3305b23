"""Drawings over many nights: rates night by night, by hour of the night, and what nights are compared by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.report import axis, changes, palette, words
from emgdetect.report.canvas import SMALL, TEXT, Canvas
from emgdetect.report.shapes import boxes, full_height, lines
from emgdetect.report.ticks import along_x, title_x

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from emgdetect.report.overview import Layout
    from emgdetect.trends import Contrast, HourRate, Night, NightValue, Series

HEIGHT = 150.0
TITLE = 26.0
FOOT = 38.0
ROW = 22.0
LABELS_AT_MOST = 16
NARROW_LABELS = 6


@dataclass(frozen=True, slots=True)
class Names:
    """How nights are called on an axis: ``labels`` in order, ``axis`` below them."""

    labels: tuple[str, ...]
    axis: str


def rates(series: Series, nights: Sequence[Night], names: Names, layout: Layout) -> str:
    """Draw one series night by night: filled dots count, open grey ones are left out.

    Bars are exact Poisson intervals; the band is the interval of the rate over all nights that count.
    """
    width = layout.width - layout.left - layout.right
    changed = changes.names(series, nights, width)
    top = TITLE + changes.height(changed)
    canvas = Canvas(layout.width, top + HEIGHT + FOOT)
    axes = canvas.axes(layout.left, top, width, HEIGHT)
    axes.set_xlim(-changes.EDGE, len(nights) - 1 + changes.EDGE)
    axis.rate_y(axes, max((v.rate.high for v in series.nights if v.rate is not None), default=0.0))
    if series.pooled.low is not None and series.pooled.high is not None:
        axes.axhspan(
            series.pooled.low, series.pooled.high, facecolor=palette.FLOOR_FILL, linewidth=0, zorder=0.2
        )
    for place, value in enumerate(series.nights):
        if value.rate is None:
            axes.text(place, axes.get_ylim()[1] * 0.02, words.NOTHING, ha="center", color=palette.FAINT)
    for used in (False, True):
        _dots(axes, [value for value in series.nights if value.used is used], used=used)
    changes.draw(axes, series, len(nights), changed)
    _night_axis(axes, names, NARROW_LABELS if layout.brief else LABELS_AT_MOST)
    canvas.write(layout.left, TITLE - 8, f"{series.channel}, {_kind(series.kind)}", weight="bold", size=TEXT)
    canvas.write(0, TITLE - 8, "per h", size=SMALL, color=palette.FAINT)
    about = f"Events per valid hour in {series.channel}, night by night"
    return canvas.svg(f"rates-{layout.name}-{_id(series)}", about)


def _dots(axes: Axes, values: Sequence[NightValue], *, used: bool) -> None:
    """Draw the rates of nights with their intervals; filled if they count, open if not."""
    colour = palette.COLOURS["twitch" if used else "artefact"]
    drawn = [(value.night, value.rate) for value in values if value.rate is not None]
    lines(axes, [((at, rate.low), (at, rate.high)) for at, rate in drawn], color=colour, linewidth=1.0)
    axes.plot(
        [at for at, _ in drawn],
        [rate.per_valid_hour for _, rate in drawn],
        linestyle="none",
        marker="o",
        markersize=6,
        markerfacecolor=colour if used else "white",
        markeredgecolor=colour,
    )


def profile(series: Series, layout: Layout, *, by_clock: bool) -> str:
    """Draw the rate by hour of the night; hours with too little valid time stay blank."""
    hours = series.profile
    canvas = Canvas(layout.width, TITLE + HEIGHT + FOOT)
    axes = canvas.axes(layout.left, TITLE, layout.width - layout.left - layout.right, HEIGHT)
    shown = [one for one in hours if one.enough and one.rate.value is not None]
    highs = [value for one in shown for value in (one.rate.high, one.rate.value) if value is not None]
    axis.rate_y(axes, max(highs, default=0.0))
    colour = palette.COLOURS["twitch"]
    bars = [(place, one.rate) for place, one in enumerate(hours) if one in shown]
    boxes(
        axes,
        [(place - 0.43, place + 0.43, 0.0, rate.value or 0.0) for place, rate in bars],
        facecolor=colour,
        linewidth=0,
    )
    spread = [((at, r.low), (at, r.high)) for at, r in bars if r.low is not None and r.high is not None]
    lines(axes, spread, color=palette.INK, linewidth=1.2)
    blank = [(place - 0.5, place + 0.5) for place, one in enumerate(hours) if one not in shown]
    full_height(axes, blank, **palette.LOST_STYLE)
    axes.set_xlim(-0.5, max(len(hours), 1) - 0.5)
    step = max(1, -(-len(hours) // (NARROW_LABELS if layout.brief else LABELS_AT_MOST)))
    ticks = range(0, len(hours), step)
    along_x(axes, [(place, _hour(hours[place], by_clock=by_clock)) for place in ticks])
    title_x(axes, "hour of the clock" if by_clock else "hour of the night")
    canvas.write(layout.left, TITLE - 8, f"{series.channel}, {_kind(series.kind)}", weight="bold", size=TEXT)
    canvas.write(0, TITLE - 8, "per h", size=SMALL, color=palette.FAINT)
    about = f"Events per valid hour in {series.channel} by hour"
    return canvas.svg(f"profile-{layout.name}-{_id(series)}", about)


def ratios(contrasts: Sequence[tuple[str, Contrast]], name: str, layout: Layout) -> str:
    """Draw how many times the rate with something is that without, with its interval, on a log scale."""
    canvas = Canvas(layout.width, TITLE + ROW * len(contrasts) + FOOT)
    left = layout.width * (0.5 if layout.brief else 0.42)
    axes = canvas.axes(left, TITLE, layout.width - left - layout.right, ROW * len(contrasts))
    values = [
        value
        for _, one in contrasts
        for value in (one.ratio.value, one.ratio.low, one.ratio.high)
        if value is not None and value > 0
    ]
    low, high = min([*values, 0.5]) / 1.2, max([*values, 2.0]) * 1.2
    axis.log_x(axes, low, high, times=False)
    axes.set_ylim(len(contrasts) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.axvline(1, color=palette.INK, linewidth=0.9)
    for place, (label, _) in enumerate(contrasts):
        text = words.shortened(label, 26 if layout.brief else 50)
        axes.text(-0.02, place, text, transform=axes.get_yaxis_transform(), ha="right", va="center")
    estimates = [(place, one.ratio) for place, (_, one) in enumerate(contrasts)]
    spread = [
        ((ratio.low, place), (ratio.high, place))
        for place, ratio in estimates
        if ratio.low is not None and ratio.high is not None and ratio.low > 0
    ]
    lines(axes, spread, color=palette.INK, linewidth=1.4)
    points = [
        (ratio.value, place) for place, ratio in estimates if ratio.value is not None and ratio.value > 0
    ]
    axes.plot(
        [value for value, _ in points],
        [place for _, place in points],
        linestyle="none",
        marker="s",
        markersize=6,
        color=palette.COLOURS["twitch"],
    )
    brief = "rate with (after) ÷ without (before)"
    canvas.write(
        layout.width - layout.right,
        canvas.height - 6,
        brief if layout.brief else "rate with (or after) ÷ rate without (or before)",
        ha="right",
    )
    return canvas.svg(f"ratios-{layout.name}-{name}", "Ratios of rates with their intervals")


def _night_axis(axes: Axes, names: Names, at_most: int) -> None:
    step = max(1, -(-len(names.labels) // at_most))
    ticks = range(0, len(names.labels), step)
    along_x(axes, [(place, names.labels[place]) for place in ticks])
    title_x(axes, names.axis)


def _hour(one: HourRate, *, by_clock: bool) -> str:
    return f"{one.hour:02d}" if by_clock else str(one.hour + 1)


def _kind(kind: str) -> str:
    return "all kinds" if kind == "all" else words.PLURALS.get(kind, f"{kind}s")


def _id(series: Series) -> str:
    return f"{series.channel.encode().hex()}-{series.kind}"

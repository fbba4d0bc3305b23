"""Axes that read well: clock time, logarithms with plain numbers, durations."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING

from emgdetect.report import words
from emgdetect.report.ticks import along_x, along_y, title_x

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes

    from emgdetect.report.clock import Clock
    from emgdetect.report.ticks import Tick

MANTISSAS = ((1, 2, 5), (1, 3), (1,))
"""From many ticks per decade to few."""

TIMES = (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36000.0)
"""Ticks of a logarithmic time axis."""


def time_axis(
    axes: Axes, clock: Clock, *, stop: float, at_most: int, labels: bool = True, grid: bool = True
) -> None:
    """Make x the time from 0 to ``stop`` seconds, with ticks at round times and, with labels, its title."""
    axes.set_xlim(0, max(stop, 1e-3))
    ticks = clock.ticks(0, stop, at_most)
    along_x(axes, [(seconds, text if labels else "") for seconds, text in ticks], grid=grid)
    if labels:
        title_x(axes, clock.axis_label(stop))


def log_ticks(low: float, high: float, at_most: int) -> list[float]:
    """Return round numbers between two positive ones."""
    if at_most < 1:
        return []
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    for mantissas in MANTISSAS:
        ticks = [m * 10.0**decade for decade in decades for m in mantissas if low <= m * 10.0**decade <= high]
        if len(ticks) <= at_most:
            return ticks
    return ticks[:: ceil(len(ticks) / at_most)]


def log_x(axes: Axes, low: float, high: float, *, times: bool, at_most: int = 5) -> None:
    """Make x logarithmic, with plain numbers or with times."""
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    ticks = [tick for tick in TIMES if low <= tick <= high] if times else log_ticks(low, high, at_most)
    ticks = ticks[:: max(1, ceil(len(ticks) / at_most))]
    along_x(axes, [(tick, short_time(tick) if times else words.tick(tick)) for tick in ticks])


def log_y(axes: Axes, low: float, high: float, *, at_most: int) -> None:
    """Make y logarithmic with plain numbers and a faint grid."""
    axes.set_yscale("log")
    axes.set_ylim(low, high)
    along_y(axes, [(tick, words.tick(tick)) for tick in log_ticks(low, high, at_most)], grid=True)


def count_y(axes: Axes, highest: float, *, at_most: int = 4) -> None:
    """Make y a count from zero, with whole numbers."""
    top = max(highest * 1.08, 1.0)
    step = next(m * 10**e for e in range(12) for m in (1, 2, 5) if top / (m * 10**e) <= at_most)
    axes.set_ylim(0, top)
    along_y(axes, [(tick, f"{tick:,}") for tick in range(0, floor(top) + 1, step)], grid=True)


def rate_y(axes: Axes, highest: float, *, at_most: int = 4) -> None:
    """Make y a rate from zero, with round numbers."""
    top = max(highest, 0.1) * 1.08
    step = next(m * 10.0**e for e in range(-3, 9) for m in (1, 2, 5) if top / (m * 10.0**e) <= at_most)
    axes.set_ylim(0, top)
    ticks = [round(place * step, 6) for place in range(ceil(top / step))]
    along_y(axes, [(tick, words.tick(tick)) for tick in ticks], grid=True)


def plain_x(axes: Axes, *, at_most: int = 5) -> None:
    """Put round numbers along x as it is."""
    along_x(axes, _round(*axes.get_xlim(), at_most))


def plain_y(axes: Axes, *, at_most: int = 5) -> None:
    """Put round numbers along y as it is."""
    along_y(axes, _round(*axes.get_ylim(), at_most))


def _round(low: float, high: float, at_most: int) -> list[Tick]:
    from matplotlib.ticker import MaxNLocator

    locator = MaxNLocator(at_most, steps=(1, 2, 2.5, 5, 10))
    return [(float(tick), words.tick(tick)) for tick in locator.tick_values(low, high) if low <= tick <= high]


def limits(values: Iterable[float], *, room: float = 1.3) -> tuple[float, float]:
    """Return limits of a logarithmic axis around positive values; 1 to 10 when there are none."""
    positive = [value for value in values if value > 0]
    if not positive:
        return 1.0, 10.0
    low, high = min(positive), max(positive)
    if high < low * 3:
        middle = (low * high) ** 0.5
        low, high = middle / 3**0.5, middle * 3**0.5
    return low / room, high * room


def short_time(seconds: float) -> str:
    """Write a round time for a tick: "5 ms", "0.5 s", "2 s", "1 min", "1 h"."""
    if seconds < 0.1:  # noqa: PLR2004 - a tenth of a second reads better than 100 ms
        return f"{seconds * 1000:g}{words.FIXED}ms"
    if seconds < words.MINUTE:
        return f"{seconds:g}{words.FIXED}s"
    if seconds < words.HOUR:
        return f"{seconds / 60:.3g}{words.FIXED}min"
    return f"{seconds / 3600:.3g}{words.FIXED}h"

"""Which part of a long recording the slower detectors are given, and where it is quiet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accuracy.case import Case
    from emgdetect.evaluate import Mark

STEP_S = 30.0
REST_S, LEAST_REST_S, MARGIN_S = 3.0, 0.3, 0.1


def excerpt(case: Case, seconds: float | None) -> Case:
    """Return the case cut down to ``seconds``: the window with the most true events, the first of these.

    Events across an edge of the window are left out of the truth, and so is the time they take: the window
    shrinks to lie between them.
    """
    first, last = case.window
    if seconds is None or last - first <= seconds:
        return case
    starts = [first + STEP_S * k for k in range(int((last - first - seconds) // STEP_S) + 1)]
    best = max(starts, key=lambda start: (len(inside(case.truth, start, start + seconds)), -start))
    window = shrunk(case.truth, best, best + seconds)
    return replace(case, window=window, truth=inside(case.truth, *window))


def inside(marks: Iterable[Mark], start: float, stop: float) -> tuple[Mark, ...]:
    """Return the marks that lie in the window whole."""
    return tuple(mark for mark in marks if mark.onset >= start and mark.onset + mark.duration <= stop)


def shrunk(marks: tuple[Mark, ...], start: float, stop: float) -> tuple[float, float]:
    """Move the edges of a window inwards, off any event that lies across them."""
    begin, end = start, stop
    for mark in sorted(marks, key=lambda mark: mark.onset):
        if mark.onset < begin < mark.onset + mark.duration < stop:
            begin = mark.onset + mark.duration
    for mark in sorted(marks, key=lambda mark: -mark.onset):
        if begin < mark.onset < end < mark.onset + mark.duration:
            end = mark.onset
    return begin, end


def quiet(case: Case, channel: str) -> tuple[float, float] | None:
    """Return the first quiet stretch of the window on the channel (s), the longest if all are short.

    It holds no event and no gap, is up to three seconds long, and keeps a tenth of a second from both;
    ``None`` where there is none of 0.3 s.
    """
    busy = [(m.onset, m.onset + m.duration) for m in case.truth if m.channel in ("", channel)]
    busy += [(a / case.rate, (a + n) / case.rate) for a, n in case.gaps]
    free, reached = [], case.window[0]
    for start, stop in [*sorted(busy), (case.window[1] + MARGIN_S, case.window[1])]:
        lo, hi = reached + (MARGIN_S if reached > case.window[0] else 0.0), start - MARGIN_S
        if hi - lo >= LEAST_REST_S:
            free.append((lo, min(hi, lo + REST_S)))
        reached = max(reached, stop)
    long = [pair for pair in free if pair[1] - pair[0] >= REST_S]
    return long[0] if long else max(free, key=lambda pair: pair[1] - pair[0], default=None)

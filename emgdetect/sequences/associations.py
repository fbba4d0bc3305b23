"""Which movements go with something else that was scored: an arousal, a respiratory event, a stage."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from emgdetect.sequences.limits import TICK

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.results import Movement
    from emgdetect.sequences.spans import Span


def overlaps_any(movements: Listed[Movement], spans: Iterable[Span]) -> list[bool]:
    """Tell which movements share any part with a span; touching its edge is enough."""
    return _meets(movements, spans, TICK)


def near_any(movements: Listed[Movement], spans: Iterable[Span], within: float) -> list[bool]:
    """Tell which movements overlap a span, or are less than ``within`` seconds away, before or after it."""
    return _meets(movements, spans, within - TICK)


def _meets(movements: Listed[Movement], spans: Iterable[Span], reach: float) -> list[bool]:
    """Tell which movements begin no later than ``reach`` after a span, and end no earlier before it.

    Spans may overlap each other, so how far any of the first ones reaches is kept beside their starts.
    """
    ordered = sorted(spans)
    starts = [start for start, _ in ordered]
    farthest: list[float] = []
    for _, stop in ordered:
        farthest.append(max(stop, farthest[-1]) if farthest else stop)
    found = []
    for movement in movements:
        n_begun = bisect_left(starts, movement.stop + reach)
        found.append(n_begun > 0 and movement.onset < farthest[n_begun - 1] + reach)
    return found

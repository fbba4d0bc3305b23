"""Why an event was missed or made up, as far as that can be told without looking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accuracy.piece import Span
    from emgdetect.types import Event

NEAR_S = 3.0
TOUCH_S = 0.05
LONGER = 2.0
"""A hit that lasts so many times as long as the truth was found too long."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name (its kind) and a place in time, in one channel."""

    name: str
    span: Span


def shared(one: Span, other: Span) -> float:
    """Return for how many seconds two spans overlap; negative: how far they are apart."""
    return min(one[1], other[1]) - max(one[0], other[0])


def why_missed(span: Span, touching: Sequence[Event], others: Sequence[Span]) -> str | None:
    """Tell from what was detected there why a true event counts as missed.

    Parameters
    ----------
    span : (float, float)
        The true event.
    touching : sequence of Event
        Detected events and artefacts of its channel that overlap it.
    others : sequence of (float, float)
        The other true events of its channel.

    Returns
    -------
    str or None
        ``None`` where nothing was detected there.
    """
    events = [event for event in touching if event.kind != "artefact"]
    if not events:
        flags = [event.flags[0] for event in touching if event.flags]
        return f"taken for an artefact: {flags[0]}" if flags else None
    best = max(events, key=lambda event: shared(span, span_of(event)))
    found = span_of(best)
    if any(shared(other, found) > 0 for other in others):
        return "found together with its neighbour"
    if best.duration > LONGER * (span[1] - span[0]):
        return "found, but far too long"
    if best.duration < (span[1] - span[0]) / LONGER:
        return "found, but far too short"
    return "found, but shifted"


def why_false(event: Event, true: Sequence[tuple[Named, bool]], artefacts: Sequence[Named]) -> str:
    """Tell what lies under an event that is none.

    Parameters
    ----------
    event : Event
        The false alarm.
    true : sequence of (Named, bool)
        True events of its channel, and whether each was found.
    artefacts : sequence of Named
        True artefacts of its channel, gaps among them.
    """
    span = span_of(event)
    for one, found in true:
        if shared(span, one.span) > 0:
            part = "a further piece of a true" if found else "a poor match of a true"
            return f"{part} {one.name.replace('_', ' ')}"
    names = sorted({a.name for a in artefacts if shared(span, a.span) > -TOUCH_S})
    if names:
        return f"on {' and '.join(names).replace('_', ' ')}"
    near = [a for a in artefacts if shared(span, a.span) > -NEAR_S]
    if near:
        closest = max(near, key=lambda artefact: shared(span, artefact.span))
        return f"within {NEAR_S:.0f} s of {closest.name.replace('_', ' ')}"
    return "plain background"


def span_of(event: Event) -> Span:
    """Return where an event begins and ends, in seconds."""
    return event.onset, event.onset + event.duration

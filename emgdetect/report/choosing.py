"""Which events are shown as examples: the largest, the median and the most doubtful of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from emgdetect.report.palette import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.report.material import Material
    from emgdetect.types import Event

ARTEFACTS = 3
"""At most so many artefacts, of different causes where there are."""


@dataclass(frozen=True, slots=True)
class Example:
    """An event and why it was chosen."""

    event: Event
    why: str


def examples(material: Material) -> dict[str, list[Example]]:
    """Choose up to three events of each kind that occurs; and up to three artefacts."""
    chosen = {kind: of_kind(material.of_kind(kind), same_unit=_one_unit(material)) for kind in KINDS}
    chosen["artefact"] = _artefacts(material.detection.events)
    return {kind: some for kind, some in chosen.items() if some}


def of_kind(events: Sequence[Event], *, same_unit: bool) -> list[Example]:
    """Choose the largest, the median and the borderline event, each event once.

    Size is the peak, or the ratio to the background where channels differ in unit. The borderline event
    has the lowest confidence, or the lowest ratio to the background where there is no confidence.
    """
    if not events:
        return []
    ranked = sorted(events, key=lambda e: (-_finite(e.peak if same_unit else e.snr_db), e.sample, e.channel))
    doubtful = min(events, key=lambda e: (*_doubt(e), e.sample, e.channel))
    if len(ranked) == 1:
        return [Example(ranked[0], "the only one")]
    largest = ranked[0]
    if doubtful is largest:
        doubtful = min(ranked[1:], key=lambda e: (*_doubt(e), e.sample, e.channel))
    rest = [event for event in ranked if event is not largest and event is not doubtful]
    median = [Example(rest[len(rest) // 2], "median")] if rest else []
    return [Example(largest, "largest"), *median, Example(doubtful, "borderline")]


def _doubt(event: Event) -> tuple[float, float]:
    snr = event.snr_db if isfinite(event.snr_db) else float("inf")
    return (event.confidence if isfinite(event.confidence) else 2.0, snr)


def _finite(value: float) -> float:
    return value if isfinite(value) else float("-inf")


def _one_unit(material: Material) -> bool:
    return len({material.unit(channel) for channel in material.channels}) <= 1


def _artefacts(events: Sequence[Event]) -> list[Example]:
    largest: dict[str, Event] = {}
    for event in events:
        if event.kind == "artefact":
            cause = event.flags[0] if event.flags else "unknown cause"
            if cause not in largest or event.peak > largest[cause].peak:
                largest[cause] = event
    return [Example(event, cause) for cause, event in sorted(largest.items())][:ARTEFACTS]

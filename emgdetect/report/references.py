"""Ranges from the literature that an index may be compared with, each with its citation.

Only what was measured in the same words is compared: the index, the region and the denominator have to fit.
People are described, never judged: a value is above or below a cited range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.report import words

if TYPE_CHECKING:
    from emgdetect.sequences import Index, Score, Site

SCREENED = "Frauscher et al. 2014, Sleep 37:763"
"""100 sleepers screened for good sleep, one night in a laboratory, scored by people."""


@dataclass(frozen=True, slots=True)
class Range:
    """Up to where ``share`` of a group lay; ``region`` is empty where any muscle fits."""

    upto: float
    share: str
    citation: str
    region: str = ""


RANGES: dict[tuple[str, str], Range] = {
    ("aasm", "PLMS index"): Range(24.8, "90 of 100 screened sleepers", SCREENED),
    ("fragmentary", "FM index in sleep"): Range(143.7, "90 of 100 screened sleepers", SCREENED),
    ("rem-activity", "phasic epochs"): Range(15.6, "90 of 100 screened sleepers", SCREENED, "chin"),
    ("rem-activity", "tonic epochs"): Range(2.6, "90 of 100 screened sleepers", SCREENED, "chin"),
}


def compared(score: Score, sites: dict[str, Site]) -> list[str]:
    """Return a sentence for every index of a score that a range is cited for."""
    found = []
    for index in score.indices:
        cited = RANGES.get((score.rule, index.name))
        if cited is None or index.value is None:
            continue
        if cited.region and sites[index.channel].region != cited.region:
            continue
        found.append(_sentence(index, cited))
    return found


def _sentence(index: Index, cited: Range) -> str:
    side = "above" if index.value is not None and index.value > cited.upto else "within"
    unit = f"{words.FIXED}%" if index.unit == "%" else "/h"
    place = f" in {index.channel}" if index.channel else ""
    return (
        f"{index.name}{place}: {words.index(index)}, {side} the cited range (up to {cited.upto:g}{unit} in "
        f"{cited.share}, scored by people: {cited.citation}). Another way of counting gives other numbers."
    )

"""Spasms and their classes: unit, tonic, clonus, mixed; and how often they come, in bands.

Classes of Thomas, Dididze, Martinez and Morris (2014), J Electromyogr Kinesiol 24:747-754, whose rules are
not in the text that was read; there is no consensus on thresholds. Ours: events of a channel with less than
1 s between are one spasm if it lasts at least 1 s in all. A part of it is clonus if it beats (at least four
beats at 3-8 Hz), tonic if it is longer than 0.5 s, else brief. Clonus and tonic parts in one spasm make it
mixed; brief parts do not change its class, and alone make it "unit". Counts hang on the 1 s: it is the part
of such a rule that scorers disagree on.

The bands (below 1, 1 to 10, above 10 an hour) are those of the Penn Spasm Frequency Scale. That scale is a
person's own report, so a band is never a Penn score.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.sequences.beats import Beating, beat_trains, beats_within
from emgdetect.sequences.joining import close_runs, sequence_of
from emgdetect.sequences.limits import above, at_least
from emgdetect.sequences.measures import median, rate
from emgdetect.sequences.results import Findings
from emgdetect.sequences.rules import Needs, RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement

KINDS = ("unit", "tonic", "clonus", "mixed")
RARE_PER_HOUR, FREQUENT_PER_HOUR = 1.0, 10.0
NOT_A_SCORE = "not a Penn score, which is a person's own report"


@dataclass(frozen=True, slots=True)
class Spasms:
    """Times in s, frequencies in Hz."""

    pause: float = 1.0
    shortest: float = 1.0
    longest_brief: float = 0.5
    slowest_beat: float = 3.0
    fastest_beat: float = 8.0
    least_beats: int = 4


def band(per_hour: float | None) -> str:
    """Name the frequency band of a rate per hour; empty without a rate."""
    if per_hour is None:
        return ""
    if per_hour == 0:
        return "none"
    if per_hour < RARE_PER_HOUR:
        return "below 1 per hour"
    return "1 to 10 per hour" if per_hour <= FREQUENT_PER_HOUR else "above 10 per hour"


def _find(material: Material, settings: Spasms) -> Findings:
    movements = _parts(material, settings)
    found = [
        run
        for run in close_runs(movements, material, settings.pause)
        if _lasts(movements[slice(*run)], settings)
    ]
    members = {place for run in found for place in range(*run)}
    classed = [
        movement if place in members else replace(movement, classes=())
        for place, movement in enumerate(movements)
    ]
    sequences = tuple(
        sequence_of(material, f"{kind_of(movements[slice(*run)])} spasm", classed, range(*run))
        for run in found
    )
    of_kind = {kind: [one for one in sequences if one.kind == f"{kind} spasm"] for kind in KINDS}
    time = material.time("recording")
    whole = rate("spasm index", (one.onset for one in sequences), time)
    return Findings(
        movements=tuple(classed),
        sequences=tuple(replace(one, frequency=float("nan")) for one in sequences),
        indices=(
            replace(whole, note=f"frequency band: {band(whole.value)}; {NOT_A_SCORE}"),
            *(rate(f"{kind} spasm index", (one.onset for one in of_kind[kind]), time) for kind in KINDS),
            median("median duration", (one.duration for one in sequences), "s", "over spasms"),
        ),
        counts={"spasms": len(sequences), **{f"{kind} spasms": len(of_kind[kind]) for kind in KINDS}},
        notices=(f"pauses below {settings.pause:g} s do not part a spasm: the count hangs on this number",),
    )


def _parts(material: Material, settings: Spasms) -> list[Movement]:
    """Class each event as a part of a spasm: clonus, tonic or brief."""
    movements = material.movements()
    beating = Beating(
        settings.slowest_beat, settings.fastest_beat, settings.least_beats, settings.longest_brief
    )
    in_train = {place for run in beat_trains(movements, material, beating) for place in range(*run)}
    classed = []
    for place, (movement, event) in enumerate(zip(movements, material.events, strict=True)):
        word = "tonic" if above(event.duration, settings.longest_brief) else "brief"
        if place in in_train or beats_within(event, beating):
            word = "clonus"
        classed.append(replace(movement, classes=(word,)))
    return classed


def kind_of(parts: Listed[Movement]) -> str:
    """Name the class of a spasm by its parts."""
    words = {word for part in parts for word in part.classes} - {"brief"}
    if not words:
        return "unit"
    return words.pop() if len(words) == 1 else "mixed"


def _lasts(parts: Listed[Movement], settings: Spasms) -> bool:
    return at_least(max(part.stop for part in parts) - parts[0].onset, settings.shortest)


RULE = RuleSet(
    name="spasms",
    title="Spasms and their classes",
    source="classes: Thomas et al. 2014, J Electromyogr Kinesiol 24:747-754; limits are ours",
    needs=Needs(alone=True),
    settings=Spasms(),
    find=_find,
)

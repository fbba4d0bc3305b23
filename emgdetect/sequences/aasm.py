"""Leg movements and periodic leg movements by the AASM manual.

Berry et al., The AASM Manual for the Scoring of Sleep and Associated Events, version 2.5 (2018), as compared
with WASM in table 3 of PMC9619152. The manual's text was not at hand; what secondary sources leave open is
decided here and said in ``docs/sequences.md``:

- movements of two legs are one if their onsets are less than 5 s apart; the group is counted from its first
  onset, and nothing 5 s or more after that onset belongs to it;
- a movement less than 5 s after the last one of a run neither counts in the run nor ends it (or ends it, by
  option);
- movements that begin in wake, and those that share any part with a respiratory event and half a second
  around it, are no leg movements of this rule. Movements of more than 10 s are none either, and do not end
  a series.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from emgdetect.sequences.associations import near_any, overlaps_any
from emgdetect.sequences.joining import as_one, runs, sequence_of
from emgdetect.sequences.legs import MORPHOLOGY, leg_of, one_leg_movements, side_notices
from emgdetect.sequences.limits import at_most, below
from emgdetect.sequences.periodic import Judged, measured
from emgdetect.sequences.rules import Needs, RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.joining import Run
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Findings, Movement


@dataclass(frozen=True, slots=True)
class Aasm:
    """The rule's numbers, in s.

    ``both_legs_within``: onsets of two legs closer than this are one movement. ``short_interval``: whether a
    movement after less than ``shortest_interval`` is passed over or ends the series.
    """

    longest: float = 10.0
    both_legs_within: float = 5.0
    shortest_interval: float = 5.0
    longest_interval: float = 90.0
    least_in_series: int = 4
    short_interval: Literal["pass over", "ends"] = "pass over"
    arousal_within: float = 0.5
    respiratory_margin: float = 0.5


def leg_movements(material: Material, settings: Aasm) -> list[Movement]:
    """Return the movements of one or both legs that the rule counts, classed "LM"."""
    singles = [one for one in one_leg_movements(material) if at_most(one.duration, settings.longest)]
    breathing = material.context.respiratory
    if breathing is not None:
        margin = settings.respiratory_margin
        with_breath = overlaps_any(singles, [(start - margin, stop + margin) for start, stop in breathing])
        singles = [one for one, tag in zip(singles, with_breath, strict=True) if not tag]
    stages = material.context.stages_at(one.onset for one in singles)
    asleep = [one for one, stage in zip(singles, stages, strict=True) if stage != "W"]
    found = []
    for parts in both_legs(asleep, settings.both_legs_within):
        kinds = ("LM", "bilateral") if len({leg_of(part) for part in parts}) > 1 else ("LM",)
        found.append(replace(as_one(parts), classes=kinds))
    return found


def both_legs(singles: Listed[Movement], within: float) -> list[list[Movement]]:
    """Group movements of two legs whose onsets are less than ``within`` seconds after the group's first.

    A movement with only its own leg in that time stays alone.
    """
    groups: list[list[Movement]] = []
    place = 0
    while place < len(singles):
        stop = place + 1
        while stop < len(singles) and below(singles[stop].onset - singles[place].onset, within):
            stop += 1
        if len({leg_of(one) for one in singles[place:stop]}) == 1:
            stop = place + 1
        groups.append(list(singles[place:stop]))
        place = stop
    return groups


def steps(movements: Listed[Movement], material: Material, settings: Aasm) -> list[int]:
    """Return the places of the movements that series are built of.

    Those less than the shortest interval after the last one taken are passed over, unless time was lost
    between or the option says that they end a series.
    """
    taken: list[int] = []
    for place, movement in enumerate(movements):
        if taken and settings.short_interval == "pass over":
            last = movements[taken[-1]].onset
            short = below(movement.onset - last, settings.shortest_interval)
            if short and not material.parted(last, movement.onset):
                continue
        taken.append(place)
    return taken


def series(movements: Listed[Movement], material: Material, settings: Aasm) -> list[Run]:
    """Return the runs of periodic movements: first place, and place after the last."""

    def follows(place: int) -> bool:
        before, this = movements[place - 1].onset, movements[place].onset
        if below(this - before, settings.shortest_interval):
            return False
        return at_most(this - before, settings.longest_interval) and not material.parted(before, this)

    return [run for run in runs(len(movements), follows) if run[1] - run[0] >= settings.least_in_series]


def _find(material: Material, settings: Aasm) -> Findings:
    movements = leg_movements(material, settings)
    taken = steps(movements, material, settings)
    built_of = [movements[place] for place in taken]
    found = [[taken[step] for step in range(*run)] for run in series(built_of, material, settings)]
    periodic = {place for run in found for place in run}
    near = near_any(movements, material.context.arousals or (), settings.arousal_within)
    movements = [
        replace(
            movement,
            classes=movement.classes + ("PLM",) * (place in periodic) + ("arousal",) * near[place],
        )
        for place, movement in enumerate(movements)
    ]
    intervals: list[float | None] = [None] * len(movements)
    for before, this in pairwise(taken):
        if not material.parted(movements[before].onset, movements[this].onset):
            intervals[this] = movements[this].onset - movements[before].onset
    limits = (settings.shortest_interval, settings.longest_interval)
    answer = measured(Judged(tuple(movements), tuple(intervals)), material, limits, counted="LM")
    return replace(
        answer,
        sequences=tuple(sequence_of(material, "PLM series", movements, run) for run in found),
        notices=(*side_notices(material), MORPHOLOGY, *_left_open(material)),
    )


def _left_open(material: Material) -> tuple[str, ...]:
    context = material.context
    awake = ("movements in wake are among them: there is no hypnogram",) if context.stages is None else ()
    if context.respiratory is None:
        return (*awake, "movements that go with breathing are among them: no respiratory events were scored")
    return awake


RULE = RuleSet(
    name="aasm",
    title="Leg movements and periodic leg movements (AASM)",
    source="AASM manual 2.5 (Berry et al. 2018) as tabled in PMC9619152; open points: docs/sequences.md",
    needs=Needs(regions=("leg",), microvolts=True),
    settings=Aasm(),
    find=_find,
)

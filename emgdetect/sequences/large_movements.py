"""Large muscle group movements: activity of several muscles at once, for seconds.

Ferri et al. (2021), position statement of the IRLSSG, Sleep 44:zsab092 (PMC8436137): 3-45 s in adults, 3-30 s
in children, in any combination of at least two channels, and no other type of movement. The abstract was
read, not the whole. Ours: events that overlap or pause for less than 0.5 s are one movement; what shows in
leg channels only and is short enough for a movement of both legs (15 s) is one of those and not counted;
movement artefacts, which the statement lets count, are left out as artefacts are everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.sequences.joining import as_one, close_groups, sequence_of
from emgdetect.sequences.limits import at_most, between
from emgdetect.sequences.measures import median, rate
from emgdetect.sequences.results import Findings, Refused
from emgdetect.sequences.rules import Needs, RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement


@dataclass(frozen=True, slots=True)
class LargeMovements:
    """Times in s, limits included."""

    shortest: float = 3.0
    longest: float = 45.0
    pause: float = 0.5
    least_channels: int = 2
    longest_of_legs: float = 15.0


CHILD = LargeMovements(longest=30.0)
"""The limits for children."""


def _find(material: Material, settings: LargeMovements) -> Findings:
    if len(material.sites) < settings.least_channels:
        return Findings(refused=(Refused("large movements", "only one channel has valid time"),))
    legs = {site.channel for site in material.sites if site.region == "leg"}
    movements = []
    for parts in close_groups(material.movements(), settings.pause):
        large = _is_large(parts, legs, settings)
        movements.append(replace(as_one(parts), classes=("LMM",) * large))
    found = [place for place, movement in enumerate(movements) if movement.classes]
    sequences = tuple(
        replace(
            sequence_of(material, "large movement", movements, [place]),
            beats=len(movements[place].events),
        )
        for place in found
    )
    times = ("recording",) if material.context.stages is None else ("sleep", "wake")
    onsets = [sequence.onset for sequence in sequences]
    return Findings(
        movements=tuple(movements),
        sequences=sequences,
        indices=(
            *(rate("LMM index" + f" in {name}" * (name != "recording"), onsets, material.time(name))
              for name in times),
            median("median duration", (one.duration for one in sequences), "s", "over movements"),
        ),
        counts={"LMM": len(sequences)},
        notices=("movement artefacts are left out, though the source lets them count",),
    )  # fmt: skip


def _is_large(parts: Listed[Movement], legs: set[str], settings: LargeMovements) -> bool:
    channels = {name for part in parts for name in part.channels}
    if len(channels) < settings.least_channels:
        return False
    duration = as_one(parts).duration
    if channels <= legs and at_most(duration, settings.longest_of_legs):
        return False
    return between(duration, settings.shortest, settings.longest)


RULE = RuleSet(
    name="large-movements",
    title="Large muscle group movements",
    source="Ferri et al. 2021, Sleep 44:zsab092",
    needs=Needs(n_channels=2),
    settings=LargeMovements(),
    find=_find,
)

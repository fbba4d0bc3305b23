"""Rhythmic feet movements on falling asleep (hypnagogic foot tremor): trains of bursts of one leg.

Wichniak, Tracik, Geisler, Ebersbach, Morrissey and Zulley (2001), Mov Disord 16:1164-1170: bursts of
300-700 ms, mostly 1-2 a second, in series of 10-15 s. The limits are those of the AASM manual as remembered,
not read: at least four bursts of 250-1000 ms at 0.3-4 Hz. Each channel is judged on its own. That they come
before sleep and in its light stages is not asked for; the stage stands with every series.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.sequences.joining import sequence_of
from emgdetect.sequences.limits import between
from emgdetect.sequences.measures import median, rate
from emgdetect.sequences.results import Findings
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.trains import resolution_notices, trains

if TYPE_CHECKING:
    from emgdetect.sequences.material import Material


@dataclass(frozen=True, slots=True)
class FootTremor:
    """Durations in s, frequencies in Hz, limits included."""

    shortest: float = 0.25
    longest: float = 1.0
    slowest: float = 0.3
    fastest: float = 4.0
    least_bursts: int = 4


def _find(material: Material, settings: FootTremor) -> Findings:
    movements = material.movements()
    fits = [between(movement.duration, settings.shortest, settings.longest) for movement in movements]
    found = trains(movements, fits, material, (settings.slowest, settings.fastest), settings.least_bursts)
    members = {place for run in found for place in range(*run)}
    classed = [
        replace(movement, classes=("burst", "HFT") if place in members else ("burst",) * fits[place])
        for place, movement in enumerate(movements)
    ]
    sequences = tuple(sequence_of(material, "rhythmic series", classed, range(*run)) for run in found)
    return Findings(
        movements=tuple(classed),
        sequences=sequences,
        indices=(
            rate("rhythmic series", (one.onset for one in sequences), material.time("recording")),
            median("median duration", (one.duration for one in sequences), "s", "over series"),
            median("median frequency", (one.frequency for one in sequences), "Hz", "over series"),
        ),
        counts={"rhythmic series": len(sequences)},
        notices=resolution_notices(material, 1 / settings.fastest),
    )


RULE = RuleSet(
    name="foot-tremor",
    title="Rhythmic feet movements on falling asleep",
    source="Wichniak et al. 2001, Mov Disord 16:1164-1170; limits: AASM, from memory",
    needs=Needs(regions=("leg",), alone=True),
    settings=FootTremor(),
    find=_find,
)

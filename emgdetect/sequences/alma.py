"""Alternating leg muscle activation: brief bursts that change legs.

Chervin, Consens and Kutluay (2003), Mov Disord 18:551-559: bursts of 0.1-0.5 s, alternating between the legs
at about 1-2 Hz. Number and frequency are those of the AASM manual as remembered, not read: at least four
bursts at 0.5-3 Hz. Frequency is taken from burst to burst, whichever the leg; a second burst of the same leg
or one of another duration ends the run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.sequences.joining import runs, sequence_of
from emgdetect.sequences.legs import leg_of
from emgdetect.sequences.limits import between
from emgdetect.sequences.measures import median, rate
from emgdetect.sequences.results import Findings, Refused
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.trains import resolution_notices, trains

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.joining import Run
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement


@dataclass(frozen=True, slots=True)
class Alma:
    """Durations in s, frequencies in Hz, limits included."""

    shortest: float = 0.1
    longest: float = 0.5
    slowest: float = 0.5
    fastest: float = 3.0
    least_bursts: int = 4


def _find(material: Material, settings: Alma) -> Findings:
    movements = list(material.movements())
    if len({site.channel if site.side == "unknown" else site.side for site in material.sites}) == 1:
        return Findings(refused=(Refused("alternation", "only one leg is seen"),))
    fits = [between(movement.duration, settings.shortest, settings.longest) for movement in movements]
    rhythmic = trains(movements, fits, material, (settings.slowest, settings.fastest), settings.least_bursts)
    found = [run for one in rhythmic for run in _alternating(movements, one) if _long(run, settings)]
    members = {place for run in found for place in range(*run)}
    classed = [
        replace(movement, classes=("burst", "ALMA") if place in members else ("burst",) * fits[place])
        for place, movement in enumerate(movements)
    ]
    sequences = tuple(sequence_of(material, "alternating series", classed, range(*run)) for run in found)
    onsets = [sequence.onset for sequence in sequences]
    times = ("recording",) if material.context.stages is None else ("sleep", "wake")
    return Findings(
        movements=tuple(classed),
        sequences=sequences,
        indices=(
            *(rate(f"alternating series{_in(name)}", onsets, material.time(name)) for name in times),
            median("median duration", (one.duration for one in sequences), "s", "over series"),
            median("median frequency", (one.frequency for one in sequences), "Hz", "over series"),
        ),
        counts={"alternating series": len(sequences)},
        notices=resolution_notices(material, 1 / settings.fastest),
    )


def _alternating(movements: Listed[Movement], run: Run) -> Iterator[Run]:
    """Cut a run where a leg comes twice."""
    first, last = run
    legs = [leg_of(movement) for movement in movements[first:last]]
    for start, stop in runs(last - first, lambda place: legs[place] != legs[place - 1]):
        yield first + start, first + stop


def _long(run: Run, settings: Alma) -> bool:
    return run[1] - run[0] >= settings.least_bursts


def _in(name: str) -> str:
    return "" if name == "recording" else f" in {name}"


RULE = RuleSet(
    name="alma",
    title="Alternating leg muscle activation",
    source="Chervin et al. 2003, Mov Disord 18:551-559; at least 4 bursts at 0.5-3 Hz: AASM, from memory",
    needs=Needs(regions=("leg",), n_channels=2),
    settings=Alma(),
    find=_find,
)

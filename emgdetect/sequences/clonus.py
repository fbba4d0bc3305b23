"""Clonus: a muscle that beats a few times a second.

No consensus on its EMG. Soleus beats at 5.4 +/- 0.9 Hz, for less than 5 s to more than 40 s (Wallace, Ross
and Thomas 2012, J Neurotrauma 29:915-924), single persons at 4.7-7.0 Hz (the same, 2005, J Appl Physiol
99:2166-2172). Ours: at least four beats at 3-8 Hz, either within one event whose envelope beats (its
``rhythm``), or as a train of brief events. Each channel is judged on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.sequences.beats import Beating, beat_trains, beats_within
from emgdetect.sequences.joining import sequence_of
from emgdetect.sequences.measures import median, rate
from emgdetect.sequences.results import Findings
from emgdetect.sequences.rules import Needs, RuleSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement, Sequence


@dataclass(frozen=True, slots=True)
class Clonus:
    """Frequencies in Hz, limits included; ``longest_beat`` in s is that of a beat that is an event."""

    slowest: float = 3.0
    fastest: float = 8.0
    least_beats: int = 4
    longest_beat: float = 0.3


def _find(material: Material, settings: Clonus) -> Findings:
    beating = Beating(settings.slowest, settings.fastest, settings.least_beats, settings.longest_beat)
    movements = material.movements()
    found = sorted(_sequences(movements, material, beating), key=lambda sequence: sequence.onset)
    members = {place for sequence in found for place in sequence.movements}
    classed = tuple(
        replace(movement, classes=("clonus",) * (place in members))
        for place, movement in enumerate(movements)
    )
    return Findings(
        movements=classed,
        sequences=tuple(found),
        indices=(
            rate("clonus index", (one.onset for one in found), material.time("recording")),
            median("median frequency", (one.frequency for one in found), "Hz", "over sequences"),
            median("median number of beats", (float(one.beats) for one in found), "", "over sequences"),
            median("median duration", (one.duration for one in found), "s", "over sequences"),
        ),
        counts={"clonus": len(found), "beats": sum(one.beats for one in found)},
    )


def _sequences(movements: Listed[Movement], material: Material, beating: Beating) -> Iterator[Sequence]:
    rhythmic = [beats_within(event, beating) for event in material.events]
    for place, n_beats in enumerate(rhythmic):
        if n_beats:
            alone = sequence_of(material, "clonus", movements, [place])
            yield replace(alone, beats=n_beats, frequency=material.events[place].rhythm)
    for run in beat_trains(movements, material, beating):
        if not any(rhythmic[place] for place in range(*run)):
            yield sequence_of(material, "clonus", movements, range(*run))


RULE = RuleSet(
    name="clonus",
    title="Rhythmic beats of a muscle",
    source="limits are ours; frequencies: Wallace et al. 2012, J Neurotrauma 29:915-924",
    needs=Needs(alone=True),
    settings=Clonus(),
    find=_find,
)

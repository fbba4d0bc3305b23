"""Rhythmic masticatory muscle activity: phasic, tonic and mixed episodes of the jaw.

AASM manual in secondary texts (and PMC6086957): bursts of at least twice the background; phasic bursts of
0.25-2 s, three and more in a row; a tonic burst lasts more than 2 s; 3 s of stable background part two
episodes. An episode with both is mixed; the sources do not say how many phasic bursts that takes, one is
enough here. One or two phasic bursts without a tonic one are no episode. Weaker and briefer events are
passed over. Each channel is judged on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.sequences.joining import close_runs, sequence_of
from emgdetect.sequences.limits import above, at_least
from emgdetect.sequences.measures import mean, rate
from emgdetect.sequences.results import Findings
from emgdetect.sequences.rules import Needs, RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement

KINDS = ("phasic", "tonic", "mixed")


@dataclass(frozen=True, slots=True)
class Masticatory:
    """Times in s; ``least_ratio`` is the burst's RMS by the background's."""

    least_ratio: float = 2.0
    shortest_phasic: float = 0.25
    longest_phasic: float = 2.0
    pause: float = 3.0
    least_phasic: int = 3
    least_phasic_in_mixed: int = 1


def bursts(material: Material, settings: Masticatory) -> list[Movement]:
    """Return the bursts that are strong and long enough, classed "phasic" or "tonic"."""
    return [
        replace(movement, classes=("tonic" if above(event.duration, settings.longest_phasic) else "phasic",))
        for movement, event in zip(material.movements(), material.events, strict=True)
        if material.strong(event, settings.least_ratio) and at_least(event.duration, settings.shortest_phasic)
    ]


def kind_of(parts: Listed[Movement], settings: Masticatory) -> str:
    """Name an episode, or return nothing for too few bursts."""
    n_tonic = sum("tonic" in part.classes for part in parts)
    n_phasic = len(parts) - n_tonic
    if n_tonic:
        return "mixed" if n_phasic >= settings.least_phasic_in_mixed else "tonic"
    return "phasic" if n_phasic >= settings.least_phasic else ""


def _find(material: Material, settings: Masticatory) -> Findings:
    found = bursts(material, settings)
    episodes = [
        (run, kind)
        for run in close_runs(found, material, settings.pause)
        if (kind := kind_of(found[slice(*run)], settings))
    ]
    members = {place for run, _ in episodes for place in range(*run)}
    classed = [
        replace(movement, classes=(*movement.classes, "in episode")) if place in members else movement
        for place, movement in enumerate(found)
    ]
    sequences = tuple(
        sequence_of(material, f"{kind} episode", classed, range(*run)) for run, kind in episodes
    )
    time = material.time("recording" if material.context.stages is None else "sleep")
    of_kind = {kind: [one.onset for one in sequences if one.kind == f"{kind} episode"] for kind in KINDS}
    return Findings(
        movements=tuple(classed),
        sequences=sequences,
        indices=(
            rate("episode index", (one.onset for one in sequences), time),
            *(rate(f"{kind} episode index", of_kind[kind], time) for kind in KINDS),
            rate("bursts in episodes index", (found[place].onset for place in sorted(members)), time),
            mean("bursts per episode", (one.beats for one in sequences), "", "over episodes"),
        ),
        counts={"episodes": len(sequences), **{f"{kind} episodes": len(of_kind[kind]) for kind in KINDS},
                "bursts outside episodes": len(found) - len(members)},
        notices=_unseen(material),
    )  # fmt: skip


def _unseen(material: Material) -> tuple[str, ...]:
    if material.context.stages is not None:
        return ()
    return (
        "wake is among it: of EMG alone most episodes marked in a night may be talking, swallowing, moving",
    )


RULE = RuleSet(
    name="masticatory",
    title="Rhythmic masticatory muscle activity",
    source="AASM manual in secondary texts; PMC6086957",
    needs=Needs(regions=("jaw", "chin"), alone=True),
    settings=Masticatory(),
    find=_find,
)

"""Share of short intervals with a twitch: the phasic electromyographic metric, for any muscle.

Bliwise, He, Ansari and Rye (2006), J Clin Neurophysiol 23:59-67; criteria of the burst as in PMC4169047. The
time is cut into intervals of 2.5 s, and those are counted in which a burst of 100-500 ms at four times the
background and more begins or goes on. It asks for no muscle and no stage. Intervals are cut from the
beginning of each stretch of valid time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.limits import TICK, between
from emgdetect.sequences.measures import share
from emgdetect.sequences.results import Findings
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.windows import covered_seconds, cut

if TYPE_CHECKING:
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Index, Movement


@dataclass(frozen=True, slots=True)
class PhasicMetric:
    """Durations and ``interval`` in s, limits included; ``least_ratio``: RMS by the background's."""

    shortest: float = 0.1
    longest: float = 0.5
    least_ratio: float = 4.0
    interval: float = 2.5


def _find(material: Material, settings: PhasicMetric) -> Findings:
    found = tuple(
        replace(movement, classes=("phasic",))
        for movement, event in zip(material.movements(), material.events, strict=True)
        if between(event.duration, settings.shortest, settings.longest)
        and material.strong(event, settings.least_ratio)
    )
    names = ("recording",) if material.context.stages is None else ("recording", "NREM", "REM", "wake")
    return Findings(
        movements=found,
        indices=tuple(_of_time(found, material, name, settings) for name in names),
        counts={"phasic": len(found)},
    )


def _of_time(found: tuple[Movement, ...], material: Material, name: str, settings: PhasicMetric) -> Index:
    time = material.time(name)
    starts = cut(time.spans, settings.interval)
    held = int(np.sum(covered_seconds(starts, settings.interval, found) > TICK))
    where = time.per.removeprefix("per hour of ")
    per = f"of {settings.interval:g} s intervals of {where}"
    label = "" if name == "recording" else f" in {where.removeprefix('valid ')}"
    return share(f"intervals with phasic activity{label}", held, len(starts), per, unit="%")


RULE = RuleSet(
    name="phasic-metric",
    title="Share of short intervals with a twitch",
    source="Bliwise et al. 2006, J Clin Neurophysiol 23:59-67; PMC4169047",
    needs=Needs(alone=True),
    settings=PhasicMetric(),
    find=_find,
)

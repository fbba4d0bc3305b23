"""High frequency leg movements: at least four discrete movements at 0.3-4 Hz.

Yang and Winkelman (2010), J Clin Sleep Med 6:431-438; their index is per hour in bed. They give no limits for
the single movement, so every event of a leg counts. Each channel is judged on its own: they appeared on one
leg as a rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.sequences.joining import sequence_of
from emgdetect.sequences.measures import median, rate
from emgdetect.sequences.results import Findings
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.trains import resolution_notices, trains

if TYPE_CHECKING:
    from emgdetect.sequences.material import Material


@dataclass(frozen=True, slots=True)
class HighFrequency:
    """Frequencies in Hz, limits included."""

    slowest: float = 0.3
    fastest: float = 4.0
    least_movements: int = 4


def _find(material: Material, settings: HighFrequency) -> Findings:
    movements = material.movements()
    fits = [True] * len(movements)
    limits = (settings.slowest, settings.fastest)
    found = trains(movements, fits, material, limits, settings.least_movements)
    members = {place for run in found for place in range(*run)}
    classed = [
        replace(movement, classes=("HFLM",) * (place in members)) for place, movement in enumerate(movements)
    ]
    sequences = tuple(sequence_of(material, "HFLM sequence", classed, range(*run)) for run in found)
    time = material.time("recording" if material.context.in_bed is None else "in bed")
    return Findings(
        movements=tuple(classed),
        sequences=sequences,
        indices=(
            rate("HFLM index", (one.onset for one in sequences), time, "sequences, not movements"),
            median("median duration", (one.duration for one in sequences), "s", "over sequences"),
            median("median frequency", (one.frequency for one in sequences), "Hz", "over sequences"),
        ),
        counts={"HFLM sequences": len(sequences)},
        notices=resolution_notices(material, 1 / settings.fastest),
    )


RULE = RuleSet(
    name="high-frequency",
    title="High frequency leg movements",
    source="Yang and Winkelman 2010, J Clin Sleep Med 6:431-438",
    needs=Needs(regions=("leg",), alone=True),
    settings=HighFrequency(),
    find=_find,
)

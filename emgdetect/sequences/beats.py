"""Beats of a muscle: within one rhythmic event, or as a train of brief events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.sequences.limits import at_most, between
from emgdetect.sequences.trains import trains

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.joining import Run
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement
    from emgdetect.types import Event


@dataclass(frozen=True, slots=True)
class Beating:
    """How quick beats are, in Hz, limits included, and how many it takes; a beat of its own lasts so long."""

    slowest: float = 3.0
    fastest: float = 8.0
    least_beats: int = 4
    longest_beat: float = 0.3


def beats_within(event: Event, beating: Beating) -> int:
    """Return the full beats of a rhythmic event; 0 if it has no rhythm of that sort, or too few beats."""
    if not (math.isfinite(event.rhythm) and between(event.rhythm, beating.slowest, beating.fastest)):
        return 0
    n_beats = math.floor(event.duration * event.rhythm + 1e-6)
    return n_beats if n_beats >= beating.least_beats else 0


def beat_trains(movements: Listed[Movement], material: Material, beating: Beating) -> list[Run]:
    """Return the runs of brief events that follow each other as beats do."""
    brief = [at_most(movement.duration, beating.longest_beat) for movement in movements]
    limits = (beating.slowest, beating.fastest)
    return trains(movements, brief, material, limits, beating.least_beats)

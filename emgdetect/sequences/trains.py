"""Movements that follow each other at a frequency, which several rules look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.sequences.joining import runs
from emgdetect.sequences.limits import between

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.joining import Run
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement


def trains(
    movements: Listed[Movement],
    fits: Listed[bool],
    material: Material,
    frequencies: tuple[float, float],
    least: int,
) -> list[Run]:
    """Return the runs of at least ``least`` fitting neighbours whose onsets follow at a frequency.

    Every interval from onset to onset lies between one by the higher and one by the lower of ``frequencies``
    (Hz), limits included. A movement that does not fit ends a run, and so does lost time.
    """
    low, high = frequencies

    def follows(place: int) -> bool:
        before, this = movements[place - 1].onset, movements[place].onset
        if not (fits[place - 1] and fits[place]):
            return False
        return between(this - before, 1 / high, 1 / low) and not material.parted(before, this)

    return [run for run in runs(len(movements), follows) if run[1] - run[0] >= least]


def resolution_notices(material: Material, pause: float) -> tuple[str, ...]:
    """Say so if the detection joins pauses that the rule would have to see."""
    resolution = material.context.resolution
    if resolution <= pause:
        return ()
    return (f"the detection joins what pauses for less than {resolution:g} s: quicker movements are missed",)

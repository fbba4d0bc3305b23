"""Minutes rich in fragmentary potentials: the AASM's rule of five a minute over twenty minutes.

AASM manual as told by the American Thoracic Society (Cohen and Walters) and by Frauscher et al. (2014), Sleep
37:1819-1828: potentials of 150 ms at most and of at least 50 µV, at least five a minute, in at least twenty
minutes of NREM sleep. The sources do not say whether the minutes have to be in a row, nor how muscles are
taken together: here minutes add up, each channel is judged on its own, and a minute is a whole one from the
beginning of a stretch of NREM sleep on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.joining import sequence_of
from emgdetect.sequences.limits import at_most
from emgdetect.sequences.results import Findings, Index, Refused
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.spans import union
from emgdetect.sequences.windows import cut, n_onsets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement, Sequence
    from emgdetect.types import FloatArray

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class FragmentaryExcess:
    """``longest`` in s, peaks of at least ``least_uv`` µV; so many a minute, in so many minutes."""

    longest: float = 0.150
    least_uv: float = 50.0
    least_per_minute: int = 5
    least_minutes: int = 20


def _find(material: Material, settings: FragmentaryExcess) -> Findings:
    found = [
        replace(movement, classes=("potential",))
        for movement, event in zip(material.movements(), material.events, strict=True)
        if at_most(event.duration, settings.longest) and event.peak >= settings.least_uv
    ]
    staged = material.context.stages is not None
    starts = cut(material.time("NREM" if staged else "recording").spans, MINUTE_S)
    counts = n_onsets(starts, MINUTE_S, (movement.onset for movement in found))
    rich = starts[counts >= settings.least_per_minute]
    minutes = Index(
        f"minutes with at least {settings.least_per_minute} potentials",
        float(len(rich)) if len(starts) else None,
        "min",
        "in valid NREM sleep" if staged else "in valid recording",
        len(rich),
        float(len(starts)),
        f"{settings.least_minutes} min and more are above the cited range" if staged else "",
    )
    reached = int(staged and len(rich) >= settings.least_minutes)
    return Findings(
        movements=tuple(found),
        sequences=tuple(_stretches(material, found, rich)),
        indices=(minutes,),
        counts={"potentials": len(found), "channels above the cited range": reached},
        refused=()
        if staged
        else (Refused(f"the rule of {settings.least_minutes} min", "needs a hypnogram"),),
    )


def _stretches(material: Material, found: Listed[Movement], rich: FloatArray) -> Iterator[Sequence]:
    """Yield rich minutes that follow each other as one sequence of their potentials."""
    onsets = np.array([movement.onset for movement in found])
    for start, stop in union((start, start + MINUTE_S) for start in rich.tolist()).tolist():
        first, last = np.searchsorted(onsets, (start - 1e-6, stop - 1e-6)).tolist()
        yield sequence_of(material, "rich minutes", found, range(first, last))


RULE = RuleSet(
    name="fragmentary-excess",
    title="Minutes rich in fragmentary potentials",
    source="AASM manual as told in ATS Quick Hits and by Frauscher et al. 2014, Sleep 37:763-773",
    needs=Needs(microvolts=True, amplitudes=True, alone=True),
    settings=FragmentaryExcess(),
    find=_find,
)

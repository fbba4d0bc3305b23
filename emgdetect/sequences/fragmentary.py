"""Fragmentary potentials: very brief, irregular twitches, counted in mini-epochs.

Potentials of 75-150 ms above 50 µV, counted as in Frauscher et al. (2014), Sleep 37:763-773, after Lins:
the index is the number of 3 s mini-epochs with at least one potential, per hour, so that it cannot exceed
1200 per hour. The plain number of potentials per hour stands beside it. "Irregular and asynchronous" is not
tested: a regular train counts too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.limits import between
from emgdetect.sequences.measures import rate
from emgdetect.sequences.results import Findings, Index
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.windows import cut, n_onsets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material, Time
    from emgdetect.sequences.results import Movement


@dataclass(frozen=True, slots=True)
class Fragmentary:
    """Durations in s, limits included; the peak is above ``above_uv`` µV; ``mini_epoch`` in s."""

    shortest: float = 0.075
    longest: float = 0.150
    above_uv: float = 50.0
    mini_epoch: float = 3.0


def potentials(material: Material, settings: Fragmentary) -> list[Movement]:
    """Return the potentials, classed "FM"."""
    return [
        replace(movement, classes=("FM",))
        for movement, event in zip(material.movements(), material.events, strict=True)
        if between(event.duration, settings.shortest, settings.longest) and event.peak > settings.above_uv
    ]


def _find(material: Material, settings: Fragmentary) -> Findings:
    found = potentials(material, settings)
    times = ("recording",) if material.context.stages is None else ("sleep", "NREM", "REM", "wake")
    return Findings(
        movements=tuple(found),
        indices=tuple(index for name in times for index in _of_time(found, material, name, settings)),
        counts={"FM": len(found)},
        notices=("regularity and asynchrony of the potentials are not tested",),
    )


def _of_time(
    found: Listed[Movement], material: Material, name: str, settings: Fragmentary
) -> Iterator[Index]:
    time = material.time(name)
    where = "" if name == "recording" else f" in {name}" + " sleep" * (name in {"NREM", "REM"})
    yield _mini_epochs(f"FM index{where}", found, time, settings)
    yield rate(f"FM potentials{where}", (movement.onset for movement in found), time)


def _mini_epochs(name: str, found: Listed[Movement], time: Time, settings: Fragmentary) -> Index:
    starts = cut(time.spans, settings.mini_epoch)
    hours = len(starts) * settings.mini_epoch / 3600
    count = int(np.sum(n_onsets(starts, settings.mini_epoch, (one.onset for one in found)) > 0))
    note = f"{settings.mini_epoch:g} s mini-epochs with a potential; only whole mini-epochs count"
    return Index(name, count / hours if hours else None, "1/h", time.per, count, hours, note)


RULE = RuleSet(
    name="fragmentary",
    title="Fragmentary potentials of 75 to 150 ms",
    source="Frauscher et al. 2014, Sleep 37:763-773, quantified after Lins",
    needs=Needs(microvolts=True, amplitudes=True, alone=True),
    settings=Fragmentary(),
    find=_find,
)

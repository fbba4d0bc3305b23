"""Twitches that come together: trains, doublets, extra discharges.

Two discharges 2-20 ms apart are a doublet, an extra discharge may follow for up to about 100 ms (textbook
values, from memory). For trains there is no source: ours are at least four twitches of a muscle, of 0.5 s at
most, whose onsets follow within 1 s. Each channel is judged on its own.

Doublets need a detection that tells such short pauses; where it joins longer ones they are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.joining import runs, sequence_of
from emgdetect.sequences.limits import above, at_least, at_most, between
from emgdetect.sequences.measures import median, rate
from emgdetect.sequences.results import Findings, Refused
from emgdetect.sequences.rules import Needs, RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.joining import Run
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Index, Movement


@dataclass(frozen=True, slots=True)
class TwitchTrains:
    """Times in s, limits included."""

    longest: float = 0.5
    within: float = 1.0
    least_in_train: int = 4
    doublet_from: float = 0.002
    doublet_to: float = 0.020
    extra_to: float = 0.100


def _find(material: Material, settings: TwitchTrains) -> Findings:
    movements = [one for one in material.movements() if at_most(one.duration, settings.longest)]
    trains = _trains(movements, material, settings)
    pairs = _pairs(movements, material, settings)
    classes = _classes(len(movements), trains, pairs)
    classed = tuple(replace(one, classes=words) for one, words in zip(movements, classes, strict=True))
    time = material.time("recording")
    found = [sequence_of(material, "twitch train", classed, range(*run)) for run in trains]
    found += [sequence_of(material, kind, classed, (first, first + 1)) for first, kind in pairs]
    refused = _refused(material, settings)
    shown = KINDS[:1] if refused else KINDS
    onsets = {kind: [one.onset for one in found if one.kind == kind] for kind in KINDS}
    return Findings(
        movements=classed,
        sequences=tuple(sorted(found, key=lambda one: (one.onset, one.kind))),
        indices=(
            rate("twitch index", (one.onset for one in classed), time),
            *(rate(f"{kind} index", onsets[kind], time) for kind in shown),
            *_of_trains([classed[slice(*run)] for run in trains]),
        ),
        counts={f"{kind}s": len(onsets[kind]) for kind in shown},
        refused=refused,
    )


KINDS = ("twitch train", "doublet", "extra discharge")


def _trains(movements: Listed[Movement], material: Material, settings: TwitchTrains) -> list[Run]:
    def follows(place: int) -> bool:
        before, this = movements[place - 1].onset, movements[place].onset
        return at_most(this - before, settings.within) and not material.parted(before, this)

    return [run for run in runs(len(movements), follows) if run[1] - run[0] >= settings.least_in_train]


def _pairs(movements: Listed[Movement], material: Material, settings: TwitchTrains) -> list[tuple[int, str]]:
    """Return the first places of pairs and what they are; a twitch is in one pair at most."""
    if _refused(material, settings):
        return []
    found: list[tuple[int, str]] = []
    for place in range(1, len(movements)):
        if found and found[-1][0] == place - 2:
            continue  # the one before is taken
        interval = movements[place].onset - movements[place - 1].onset
        if between(interval, settings.doublet_from, settings.doublet_to):
            found.append((place - 1, "doublet"))
        elif above(interval, settings.doublet_to) and at_most(interval, settings.extra_to):
            found.append((place - 1, "extra discharge"))
    return found


def _classes(n: int, trains: Listed[Run], pairs: Listed[tuple[int, str]]) -> list[tuple[str, ...]]:
    classes: list[tuple[str, ...]] = [("twitch",)] * n
    for run in trains:
        for place in range(*run):
            classes[place] = (*classes[place], "train")
    for first, kind in pairs:
        for place in (first, first + 1):
            classes[place] = (*classes[place], kind)
    return classes


def _of_trains(trains: Listed[Listed[Movement]]) -> tuple[Index, ...]:
    intervals = [np.diff([one.onset for one in members]) for members in trains]
    means = [float(np.mean(values)) for values in intervals]
    varied = [
        float(100 * np.std(values, ddof=1) / centre) if centre else float("nan")
        for values, centre in zip(intervals, means, strict=True)
    ]
    return (
        median("twitches per train", (float(len(members)) for members in trains), "", "over trains"),
        median("median rate in trains", (1 / centre for centre in means if centre), "1/s", "over trains"),
        median("median variation of intervals", varied, "%", "over trains", "SD (n - 1) by mean"),
    )


def _refused(material: Material, settings: TwitchTrains) -> tuple[Refused, ...]:
    resolution = material.context.resolution
    if at_least(settings.doublet_to, resolution):
        return ()
    reason = f"the detection joins what pauses for less than {resolution:g} s"
    return (Refused("doublets and extra discharges", reason),)


RULE = RuleSet(
    name="twitch-trains",
    title="Trains of twitches, and doublets",
    source="doublets: textbook values, from memory; trains are ours",
    needs=Needs(alone=True),
    settings=TwitchTrains(),
    find=_find,
)

"""The numbers that both rule sets for periodic leg movements report, each of its own movements."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.limits import above, below
from emgdetect.sequences.material import TRUNCATED
from emgdetect.sequences.measures import interval_histograms, log_statistics, mean, onsets_in, rate, share
from emgdetect.sequences.results import Findings, Refused
from emgdetect.sequences.spans import holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.sequences.material import Material, Time
    from emgdetect.sequences.results import Index, Movement

WHERE = {"": "", "S": " in sleep", "W": " in wake"}
"""How the letter in a number's name is said in words."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Movements with all their classes, and for each the interval in s that it ends, if there is one."""

    movements: tuple[Movement, ...]
    intervals: tuple[float | None, ...]

    def onsets(self, *classes: str, side: str = "") -> list[float]:
        """Return the onsets of the movements that have all of the classes, and the side if one is given."""
        return [
            movement.onset
            for movement in self.movements
            if all(word in movement.classes for word in classes) and side in {"", movement.side}
        ]


def measured(judged: Judged, material: Material, limits: tuple[float, float], *, counted: str) -> Findings:
    """Count and divide.

    Parameters
    ----------
    judged : Judged
        The movements.
    material : Material
        Where the time comes from. Without a hypnogram nothing is called sleep: "PLM index" per hour of valid
        recording. With one there are "PLMS index", "PLMW index" and those of the stages instead.
    limits : tuple of float
        Shortest and longest periodic interval in s.
    counted : {"LM", "CLM"}
        Which movements the rule builds its series of.
    """
    staged = material.context.stages is not None
    main = material.time("sleep" if staged else "recording")
    intervals = tuple(value for value in judged.intervals if value is not None)
    shown = _ending_in(judged, main) if staged else intervals
    indices = (*_indices(judged, material, counted), *_durations(judged, material, counted))
    return Findings(
        movements=judged.movements,
        indices=(*indices, *_intervals_in_words(shown, main, limits)),
        counts=_counts(judged, limits, intervals),
        intervals=intervals,
        histograms=interval_histograms(shown, limits[1]),
        refused=_refused(material),
    )


def _indices(judged: Judged, material: Material, counted: str) -> Iterator[Index]:
    if material.context.stages is None:
        yield from _of_time(judged, material, "", counted)
        return
    yield from _of_time(judged, material, "S", counted)
    if counted == "CLM":
        yield from _of_time(judged, material, "W", counted)
    for stage in ("NREM", "REM"):
        yield rate(f"PLM index in {stage} sleep", judged.onsets("PLM"), material.time(stage))


def _of_time(judged: Judged, material: Material, letter: str, counted: str) -> Iterator[Index]:
    """Yield the numbers of one time; ``letter`` tells sleep from wake in the names."""
    time = material.time({"": "recording", "S": "sleep", "W": "wake"}[letter])
    periodic, all_counted = judged.onsets("PLM"), judged.onsets(counted)
    yield rate(f"PLM{letter} index", periodic, time)
    if material.context.arousals is not None:
        yield rate(f"PLM{letter} with arousal index", judged.onsets("PLM", "arousal"), time)
    if material.context.respiratory is not None and counted == "CLM":
        yield from _of_breath(judged, material, time, letter)
    for side, name in _sides(material):
        yield rate(f"PLM{letter} index {name}", judged.onsets("PLM", side=side), time)
    yield rate(f"{counted}{letter} index", all_counted, time)
    if counted == "CLM":
        for word in ("short-interval", "isolated"):
            yield rate(f"{word} {counted}{letter} index", judged.onsets(word), time)
        n_periodic, n_all = onsets_in(periodic, time), onsets_in(all_counted, time)
        yield share(f"periodicity index{WHERE[letter]}", n_periodic, n_all, "per CLM", note="PLM by CLM")


def _sides(material: Material) -> Iterator[tuple[str, str]]:
    """Yield the sides that could have been seen apart, and their names; none of a single leg."""
    legs = {site.channel if site.side == "unknown" else site.side for site in material.sites}
    if len(legs) > 1:
        yield from ((side, side) for side in ("left", "right") if side in legs)
        yield "both", "bilateral"


def _of_breath(judged: Judged, material: Material, time: Time, letter: str) -> Iterator[Index]:
    note = "series found again without the movements that go with breathing"
    yield rate(f"PLM{letter}nr index", judged.onsets("PLMnr"), time, note)
    yield rate(f"CLM{letter}r index", judged.onsets("CLM", "respiratory"), time)
    n_periodic = onsets_in(judged.onsets("PLMnr"), time)
    n_all = onsets_in(judged.onsets("CLM"), time) - onsets_in(judged.onsets("CLM", "respiratory"), time)
    yield share(f"periodicity index nr{WHERE[letter]}", n_periodic, n_all, "per CLM", note="PLMnr by CLMnr")
    if material.context.arousals is not None:
        yield rate(f"PLM{letter}nr with arousal index", judged.onsets("PLMnr", "arousal"), time, note)


def _durations(judged: Judged, material: Material, counted: str) -> Iterator[Index]:
    cut = {
        place
        for place, event in zip(material.places, material.events, strict=True)
        if TRUNCATED in event.flags
    }
    words = ("PLM", "short-interval", "isolated", counted) if counted == "CLM" else ("PLM", counted)
    for word in words:
        whole = [
            movement.duration
            for movement in judged.movements
            if word in movement.classes and not cut.intersection(movement.events)
        ]
        of = word if word in {"PLM", counted} else f"{word} {counted}"
        yield mean(f"mean duration of {of}", whole, "s", "over movements that nothing cut")


def _intervals_in_words(shown: tuple[float, ...], time: Time, limits: tuple[float, float]) -> Iterator[Index]:
    where = time.per.removeprefix("per hour of ")
    for index in log_statistics(shown, *limits):
        yield replace(index, per=f"over intervals that end in {where}")


def _ending_in(judged: Judged, time: Time) -> tuple[float, ...]:
    onsets = np.array([movement.onset for movement in judged.movements], dtype=np.float64)
    inside = holds(time.spans, onsets).tolist()
    return tuple(
        value for value, here in zip(judged.intervals, inside, strict=True) if here and value is not None
    )


def _counts(judged: Judged, limits: tuple[float, float], intervals: tuple[float, ...]) -> dict[str, int]:
    words = dict.fromkeys(word for movement in judged.movements for word in movement.classes)
    counts = {word: len(judged.onsets(word)) for word in ("LM", "PLM", *words)}
    low, high = limits
    short = sum(below(value, low) for value in intervals)
    long = sum(above(value, high) for value in intervals)
    counts[f"intervals below {low:g} s"] = short
    counts[f"intervals from {low:g} to {high:g} s"] = len(intervals) - short - long
    counts[f"intervals above {high:g} s"] = long
    return counts


def _refused(material: Material) -> tuple[Refused, ...]:
    context = material.context
    found = []
    if context.stages is None:
        found.append(Refused("indices of sleep and wake", "no hypnogram: nothing is called sleep"))
    if context.arousals is None:
        found.append(Refused("association with arousals", "no arousals were scored"))
    if context.respiratory is None:
        found.append(Refused("association with breathing", "no respiratory events were scored"))
    return tuple(found)

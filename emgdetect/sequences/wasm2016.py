"""Leg movements and periodic leg movements by WASM 2016.

Ferri et al. (2016), World Association of Sleep Medicine 2016 standards for recording and scoring leg
movements in polysomnograms, Sleep Medicine 26, 86-95 (IRLSSG and EURLSSG), in the reading of its co-author
Fulda's program PLMScoRe 0.1.3. What that leaves open is an option:

- The candidate movement (CLM) that closes an interval below 10 s may start a new run (PLMScoRe, MATPLM) or
  may not (SOMAS).
- :data:`SOMAS` reads the rule as the program SOMAS does, to compare with its numbers: besides the above it
  takes intervals below 90 s only, and the last movement of a recording never belongs to a series.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from emgdetect.sequences.associations import near_any, overlaps_any
from emgdetect.sequences.joining import as_one, close_groups, runs, sequence_of
from emgdetect.sequences.legs import MORPHOLOGY, PAUSE_S, one_leg_movements, side_notices
from emgdetect.sequences.limits import at_least, at_most, below
from emgdetect.sequences.periodic import Judged, measured
from emgdetect.sequences.rules import Needs, RuleSet

if TYPE_CHECKING:
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Findings, Movement


@dataclass(frozen=True, slots=True)
class Wasm2016:
    """The rule's numbers, in s.

    ``closing_starts``: whether the movement that closes a short interval may start a run.
    ``longest_included``: whether an interval of exactly ``longest_interval`` is periodic.
    ``last_counts``: whether the last movement of a recording may belong to a series.
    ``respiratory_before``, ``respiratory_after``: around the end of a respiratory event.
    """

    longest_single: float = 10.0
    longest_both: float = 15.0
    most_parts: int = 4
    shortest_interval: float = 10.0
    longest_interval: float = 90.0
    least_in_series: int = 4
    closing_starts: bool = True
    longest_included: bool = True
    last_counts: bool = True
    arousal_within: float = 0.5
    respiratory_before: float = 2.0
    respiratory_after: float = 10.25


SOMAS = Wasm2016(closing_starts=False, longest_included=False, last_counts=False)
"""The reading of SOMAS (Cesari, Ferri, Högl): for comparison with that program only."""


def candidates(material: Material, settings: Wasm2016) -> list[Movement]:
    """Return all leg movements of one or both legs, classed "LM", and "CLM" where they are candidates."""
    singles = one_leg_movements(material)
    found = []
    for parts in close_groups(singles, PAUSE_S):
        whole = as_one(parts)
        fits = all(at_most(part.duration, settings.longest_single) for part in parts)
        if len(parts) > 1:
            fits = fits and len(parts) <= settings.most_parts
            fits = fits and at_most(whole.duration, settings.longest_both)
        kinds = ("LM", "bilateral") if len(parts) > 1 else ("LM",)
        found.append(replace(whole, classes=(*kinds, "CLM") if fits else kinds))
    return found


def series(movements: Listed[Movement], material: Material, settings: Wasm2016) -> list[tuple[int, int]]:
    """Return the runs of periodic movements: first place, and place after the last.

    A run ends at an interval that is too short or too long, at a movement that is no candidate, and at
    time that nobody watched. ``movements`` are in order of onset.
    """

    def follows(place: int) -> bool:
        before, this = movements[place - 1], movements[place]
        if "CLM" not in before.classes or "CLM" not in this.classes:
            return False
        return _periodic(this.onset - before.onset, settings) and not material.parted(
            before.onset, this.onset
        )

    found = []
    for first, last in runs(len(movements), follows):
        start, stop = first, last
        if not settings.closing_starts and _closes_short(movements, first, settings):
            start += 1
        if not settings.last_counts and last == len(movements):
            stop -= 1
        if stop - start >= settings.least_in_series:
            found.append((start, stop))
    return found


def _periodic(interval: float, settings: Wasm2016) -> bool:
    if not at_least(interval, settings.shortest_interval):
        return False
    if settings.longest_included:
        return at_most(interval, settings.longest_interval)
    return below(interval, settings.longest_interval)


def _closes_short(movements: Listed[Movement], place: int, settings: Wasm2016) -> bool:
    if place == 0:
        return False
    return below(movements[place].onset - movements[place - 1].onset, settings.shortest_interval)


def _find(material: Material, settings: Wasm2016) -> Findings:
    movements = candidates(material, settings)
    breathing = material.context.respiratory
    if breathing is not None:
        ends = [
            (stop - settings.respiratory_before, stop + settings.respiratory_after) for _, stop in breathing
        ]
        with_breath = overlaps_any(movements, ends)
        movements = [
            _tagged(one, "respiratory", tag) for one, tag in zip(movements, with_breath, strict=True)
        ]
    if material.context.arousals is not None:
        near = near_any(movements, material.context.arousals, settings.arousal_within)
        movements = [_tagged(one, "arousal", tag) for one, tag in zip(movements, near, strict=True)]
    found = series(movements, material, settings)
    intervals = _intervals(movements, material)
    movements = _sorted_out(movements, found, intervals, settings)
    if breathing is not None:
        movements = _without_breath(movements, material, settings)
    limits = (settings.shortest_interval, settings.longest_interval)
    answer = measured(Judged(tuple(movements), intervals), material, limits, counted="CLM")
    return replace(
        answer,
        sequences=tuple(sequence_of(material, "PLM series", movements, range(*run)) for run in found),
        notices=(*side_notices(material), MORPHOLOGY),
    )


def _tagged(movement: Movement, word: str, tag: bool) -> Movement:
    return replace(movement, classes=(*movement.classes, word)) if tag else movement


def _sorted_out(
    movements: Listed[Movement],
    found: Listed[tuple[int, int]],
    intervals: Listed[float | None],
    settings: Wasm2016,
) -> list[Movement]:
    """Class every candidate as periodic, short-interval or isolated: each is exactly one of the three."""
    periodic = {place for run in found for place in range(*run)}
    sorted_out = []
    for place, (movement, interval) in enumerate(zip(movements, intervals, strict=True)):
        word = "isolated"
        if place in periodic:
            word = "PLM"
        elif interval is not None and below(interval, settings.shortest_interval):
            word = "short-interval"
        sorted_out.append(_tagged(movement, word, "CLM" in movement.classes))
    return sorted_out


def _without_breath(movements: Listed[Movement], material: Material, settings: Wasm2016) -> list[Movement]:
    """Find series again without the respiratory movements, and class their members "PLMnr"."""
    kept = [place for place, movement in enumerate(movements) if "respiratory" not in movement.classes]
    again = series([movements[place] for place in kept], material, settings)
    periodic = {kept[place] for start, stop in again for place in range(start, stop)}
    return [_tagged(movement, "PLMnr", place in periodic) for place, movement in enumerate(movements)]


def _intervals(movements: Listed[Movement], material: Material) -> tuple[float | None, ...]:
    """Return the interval that each movement ends, if both are candidates with nothing lost between."""
    found: list[float | None] = [None] * min(1, len(movements))
    for before, this in pairwise(movements):
        both = "CLM" in before.classes and "CLM" in this.classes
        whole = both and not material.parted(before.onset, this.onset)
        found.append(this.onset - before.onset if whole else None)
    return tuple(found)


RULE = RuleSet(
    name="wasm2016",
    title="Leg movements and periodic leg movements (WASM 2016)",
    source="Ferri et al. 2016, Sleep Med 26:86-95; series as in PLMScoRe 0.1.3",
    needs=Needs(regions=("leg",), microvolts=True),
    settings=Wasm2016(),
    find=_find,
)

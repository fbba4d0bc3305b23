"""A second reading of the leg movement rules, written from their text in another way than the package.

Everything is counted in whole samples, so no limit can be missed by rounding. Nothing is scanned in one
go: parts are put together pair by pair until nothing changes, and a series is any window of neighbours that
has all a series must have. It is slow, and takes no short cuts.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple

RATE = 100
"""Samples per second of everything here."""


class Part(NamedTuple):
    """Activity of one leg, in samples."""

    leg: str
    start: int
    stop: int


class Whole(NamedTuple):
    """A movement of one or both legs: its parts, as frozen as they come."""

    parts: frozenset[Part]

    @property
    def start(self) -> int:
        return min(part.start for part in self.parts)

    @property
    def stop(self) -> int:
        return max(part.stop for part in self.parts)


def apart(one: Part, other: Part) -> int:
    """Return the pause between two parts in samples; 0 or less when they overlap."""
    return max(one.start, other.start) - min(one.stop, other.stop)


def one_leg(events: list[Part]) -> list[Part]:
    """Join parts of a leg with less than half a second between, as long as there are any."""
    parts = list(events)
    while True:
        for one, other in combinations(parts, 2):
            if one.leg == other.leg and apart(one, other) < RATE // 2:
                parts.remove(one)
                parts.remove(other)
                parts.append(Part(one.leg, min(one.start, other.start), max(one.stop, other.stop)))
                break
        else:
            return [part for part in parts if part.stop - part.start >= RATE // 2]


def together_wasm(parts: list[Part]) -> list[Whole]:
    """Put parts of two legs together while any two of them are less than half a second apart."""
    groups = [{part} for part in parts]
    while True:
        for one, other in combinations(groups, 2):
            if any(a.leg != b.leg and apart(a, b) < RATE // 2 for a in one for b in other):
                groups.remove(other)
                one.update(other)
                break
        else:
            return sorted((Whole(frozenset(group)) for group in groups), key=lambda whole: whole.start)


def candidate(whole: Whole) -> bool:
    """Tell whether a movement is a candidate: 0.5 to 10 s on one leg, to 15 s on both, four parts at most."""
    if any(part.stop - part.start > 10 * RATE for part in whole.parts):
        return False
    if len(whole.parts) == 1:
        return True
    return len(whole.parts) <= 4 and whole.stop - whole.start <= 15 * RATE


def cut(gaps: list[tuple[int, int]], start: int, stop: int) -> bool:
    """Tell whether a gap shares a sample with the stretch."""
    return any(gap_start < stop and gap_stop > start for gap_start, gap_stop in gaps)


def wasm_windows(
    wholes: list[Whole], gaps: list[tuple[int, int]], *, closing_starts: bool = True
) -> set[int]:
    """Return the places of all movements that lie in any window of four and more that is a series."""
    periodic: set[int] = set()
    for first in range(len(wholes)):
        if not closing_starts and first and wholes[first].start - wholes[first - 1].start < 10 * RATE:
            continue
        for last in range(first + 3, len(wholes)):
            window = wholes[first : last + 1]
            pairs = list(pairwise(window))
            if (
                all(candidate(whole) for whole in window)
                and all(10 * RATE <= b.start - a.start <= 90 * RATE for a, b in pairs)
                and not any(cut(gaps, a.start, b.start) for a, b in pairs)
            ):
                periodic.update(range(first, last + 1))
    return periodic


def with_breath(whole: Whole, ends: list[int]) -> bool:
    """Tell whether any sample of a movement, or its edge, lies from 2 s before an end to 10.25 s after it."""
    return any(whole.start <= end + 10 * RATE + RATE // 4 and whole.stop >= end - 2 * RATE for end in ends)


def together_aasm(parts: list[Part]) -> list[Whole]:
    """Put parts of two legs together whose onsets are less than 5 s after the first of them."""
    left = sorted(parts, key=lambda part: (part.start, part.leg))
    if not left:
        return []
    first = left[0]
    near = [part for part in left if part.start - first.start < 5 * RATE]
    group = near if {part.leg for part in near} != {first.leg} else [first]
    return [Whole(frozenset(group)), *together_aasm([part for part in left if part not in group])]


def aasm_periodic(wholes: list[Whole], gaps: list[tuple[int, int]]) -> set[int]:
    """Pass over what follows a counted movement in less than 5 s; then look at every window."""

    def counts(place: int) -> bool:
        return not any(
            counted(before)
            and wholes[place].start - wholes[before].start < 5 * RATE
            and not cut(gaps, wholes[before].start, wholes[place].start)
            for before in range(place)
        )

    known: dict[int, bool] = {}

    def counted(place: int) -> bool:
        if place not in known:
            known[place] = counts(place)
        return known[place]

    places = [place for place in range(len(wholes)) if counted(place)]
    periodic: set[int] = set()
    for first in range(len(places)):
        for last in range(first + 3, len(places)):
            window = [wholes[place] for place in places[first : last + 1]]
            pairs = list(pairwise(window))
            if all(5 * RATE <= b.start - a.start <= 90 * RATE for a, b in pairs) and not any(
                cut(gaps, a.start, b.start) for a, b in pairs
            ):
                periodic.update(places[first : last + 1])
    return periodic

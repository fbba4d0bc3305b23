"""The two ways movements come together: joined into one, or following each other in a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.sequences.limits import below
from emgdetect.sequences.results import Movement, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Side

Run = tuple[int, int]
"""First place of a run and the place after its last."""


def close_groups(movements: Listed[Movement], pause: float) -> list[list[Movement]]:
    """Group movements that overlap, or whose pause from end to onset is below ``pause`` seconds.

    ``movements`` are in order of onset. A group reaches as far as the latest end in it.
    """
    groups: list[list[Movement]] = []
    reach = 0.0
    for movement in movements:
        if groups and below(movement.onset - reach, pause):
            groups[-1].append(movement)
            reach = max(reach, movement.stop)
        else:
            groups.append([movement])
            reach = movement.stop
    return groups


def as_one(parts: Listed[Movement]) -> Movement:
    """Return movements as one: from the first onset to the last end. A part alone stays as it is."""
    if len(parts) == 1:
        return parts[0]
    onset = min(part.onset for part in parts)
    return Movement(
        onset=onset,
        duration=max(part.stop for part in parts) - onset,
        channels=tuple(sorted({name for part in parts for name in part.channels})),
        events=tuple(sorted(place for part in parts for place in part.events)),
        side=one_side(part.side for part in parts),
    )


def one_side(sides: Iterable[Side]) -> Side:
    """Return the side that all are on; "both" for left and right; "unknown" if any is and they differ."""
    found = set(sides)
    if len(found) == 1:
        return found.pop()
    return "unknown" if "unknown" in found else "both"


def runs(n: int, follows: Callable[[int], bool]) -> list[Run]:
    """Cut 0 … n - 1 into runs; ``follows(i)`` tells whether ``i`` belongs with ``i - 1``."""
    if n == 0:
        return []
    starts = [0, *(place for place in range(1, n) if not follows(place))]
    return list(zip(starts, [*starts[1:], n], strict=True))


def close_runs(movements: Listed[Movement], material: Material, pause: float) -> list[Run]:
    """Cut movements into runs at pauses of ``pause`` seconds and more, end to onset, and at lost time."""
    reach: list[float] = []
    for movement in movements:
        reach.append(max(movement.stop, reach[-1]) if reach else movement.stop)

    def follows(place: int) -> bool:
        close = below(movements[place].onset - reach[place - 1], pause)
        return close and not material.parted(movements[place - 1].onset, movements[place].onset)

    return runs(len(movements), follows)


def sequence_of(
    material: Material, kind: str, movements: Listed[Movement], places: Iterable[int]
) -> Sequence:
    """Return the movements at ``places`` as one sequence; its frequency is that of the onsets."""
    chosen = tuple(places)
    parts = [movements[place] for place in chosen]
    onset, last = parts[0].onset, parts[-1].onset
    return Sequence(
        rule=material.rule,
        kind=kind,
        onset=onset,
        duration=max(part.stop for part in parts) - onset,
        channels=tuple(sorted({name for part in parts for name in part.channels})),
        movements=chosen,
        events=tuple(sorted(place for part in parts for place in part.events)),
        frequency=(len(parts) - 1) / (last - onset) if last > onset else float("nan"),
        beats=len(parts),
    )

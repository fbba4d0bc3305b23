"""Leg movements of one leg, which the rules for both legs start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.sequences.joining import as_one, close_groups
from emgdetect.sequences.limits import at_least

if TYPE_CHECKING:
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Movement, Side

PAUSE_S = 0.5
"""A movement ends where the muscle rests for this long, so shorter pauses do not part it."""

SHORTEST_S = 0.5
"""A leg movement lasts at least this long."""

MORPHOLOGY = (
    "onset, end and amplitude of the movements are those of the detection profile; the rule's 8 µV and 2 µV "
    "over rest, and the median of half a second, are measured on the signal and not here"
)
"""Goes with every answer about leg movements."""


def leg_of(movement: Movement) -> str:
    """Name the leg: its side, or where that is unknown its channel, as if each were a leg of its own."""
    return movement.side if movement.side != "unknown" else movement.channels[0]


def one_leg_movements(material: Material) -> list[Movement]:
    """Return the leg movements of each leg, in order of onset.

    Parts of the same leg that overlap, or pause for less than 0.5 s, are joined first; what is then shorter
    than 0.5 s is left out. Two channels of one leg are one leg.
    """
    by_leg: dict[str, list[Movement]] = {}
    for movement in material.movements():
        by_leg.setdefault(leg_of(movement), []).append(movement)
    joined = (as_one(group) for parts in by_leg.values() for group in close_groups(parts, PAUSE_S))
    long_enough = (movement for movement in joined if at_least(movement.duration, SHORTEST_S))
    return sorted(long_enough, key=lambda movement: (movement.onset, movement.channels))


def side_notices(material: Material) -> tuple[str, ...]:
    """Say what the channels leave open about sides."""
    unknown = [site.channel for site in material.sites if site.side == "unknown"]
    known: set[Side] = {site.side for site in material.sites} - {"unknown"}
    if unknown and len(material.sites) > 1:
        return (f"the side is not known, so each counts as a leg of its own: {', '.join(unknown)}",)
    if len(known) == 1 and not unknown:
        return (f"one leg only ({known.pop()}): movements of the other are not seen",)
    return ("one channel only: movements of another leg are not seen",) if unknown else ()

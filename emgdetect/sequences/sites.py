"""Where a channel's electrodes were, as far as its name tells.

Only a fall-back: whoever knows muscle and side says so in the context. Names decide word by word, in any
case: ``LAT``, ``EMG RAT``, ``Leg L``, ``left tibialis anterior``, ``Masseter R``, ``Chin1-Chin2``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from emgdetect.sequences.results import Side

if TYPE_CHECKING:
    from emgdetect.sequences.spans import Span
    from emgdetect.types import Unit

Region = Literal["leg", "arm", "jaw", "chin", "face", "neck", "trunk", "unknown"]
"""The part of the body a rule may ask for; ``face`` is what of it is neither jaw nor chin."""


@dataclass(frozen=True, slots=True)
class Site:
    """One channel: where it was, what its amplitudes are in, and when it could be judged.

    ``unit`` is ``None`` for marks without a signal behind them. ``valid`` are the stretches of valid time in
    s; ``None`` for all of the recording.
    """

    channel: str
    side: Side = "unknown"
    region: Region = "unknown"
    muscle: str = ""
    unit: Unit | None = None
    valid: tuple[Span, ...] | None = None


def placed(site: Site, *, region: str = "", muscle: str = "", side: str = "") -> Site:
    """Return a site with what is known better; empty words change nothing.

    The words are those a person would use: for muscles of the face the muscle tells jaw and chin apart, and
    a side other than left or right is "middle" or "both". What is not a known word is "unknown".
    """
    changed = site
    if region or muscle:
        guess = _place_of(muscle.casefold())
        told = guess[0] if guess is not None and region in {"", "face", guess[0]} else region
        changed = replace(changed, region=next((one for one in get_args(Region) if one == told), "unknown"))
    if muscle:
        changed = replace(changed, muscle=muscle)
    if side:
        changed = replace(changed, side=next((one for one in get_args(Side) if one == side), "unknown"))
    return changed


_STEMS: dict[str, tuple[Region, str]] = {
    "tibial": ("leg", "tibialis anterior"), "tib": ("leg", "tibialis anterior"), "soleus": ("leg", "soleus"),
    "gastroc": ("leg", "gastrocnemius"), "peroneus": ("leg", "peroneus"), "fibularis": ("leg", "peroneus"),
    "quadricep": ("leg", "quadriceps"), "vastus": ("leg", "vastus"), "hamstring": ("leg", "hamstrings"),
    "calf": ("leg", "calf"), "calves": ("leg", "calf"), "thigh": ("leg", "thigh"),
    "leg": ("leg", ""), "legs": ("leg", ""), "masseter": ("jaw", "masseter"),
    "temporalis": ("jaw", "temporalis"), "jaw": ("jaw", ""), "submental": ("chin", "submentalis"),
    "mental": ("chin", "mentalis"), "chin": ("chin", ""), "bicep": ("arm", "biceps"),
    "tricep": ("arm", "triceps"), "forearm": ("arm", "forearm"), "brachiorad": ("arm", "brachioradialis"),
    "deltoid": ("arm", "deltoid"), "arm": ("arm", ""), "paraspinal": ("trunk", "paraspinal"),
    "abdomin": ("trunk", "abdominal"), "rectus abd": ("trunk", "rectus abdominis"),
}  # fmt: skip
_LONGEST_FIRST = sorted(_STEMS, key=len, reverse=True)

_SHORT: dict[str, tuple[Region, str]] = {
    "ta": ("leg", "tibialis anterior"), "at": ("leg", "tibialis anterior"), "sol": ("leg", "soleus"),
    "gm": ("leg", "gastrocnemius"), "gl": ("leg", "gastrocnemius"), "vl": ("leg", "vastus lateralis"),
    "vm": ("leg", "vastus medialis"), "fds": ("arm", "flexor digitorum superficialis"),
    "fcr": ("arm", "flexor carpi radialis"), "ecr": ("arm", "extensor carpi radialis"),
    "edc": ("arm", "extensor digitorum"), "mas": ("jaw", "masseter"), "scm": ("trunk", "sternocleidomastoid"),
}  # fmt: skip
"""Short labels, alone or with a letter for the side before or after them."""

_SIDES: dict[str, Side] = {"left": "left", "l": "left", "li": "left", "right": "right", "r": "right"}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def site_from_name(channel: str, unit: Unit | None = None, valid: tuple[Span, ...] | None = None) -> Site:
    """Guess side, region and muscle from a channel's name; "unknown" where it says nothing."""
    words = re.findall(r"[a-z]+", _HUMP.sub(" ", channel).casefold())
    side: Side = "unknown"
    region: Region = "unknown"
    muscle = ""
    for word in words:
        found_side, bare = _side_of(word)
        place = _place_of(bare)
        if place is not None and region == "unknown":
            region, muscle = place
        if found_side is not None and (place is not None or word in _SIDES) and side == "unknown":
            side = found_side
    return Site(
        channel, "middle" if region == "chin" and side == "unknown" else side, region, muscle, unit, valid
    )


def _side_of(word: str) -> tuple[Side | None, str]:
    """Split a word into the side it names, if any, and what is left."""
    if word in _SIDES:
        return _SIDES[word], ""
    for name in ("left", "right"):
        if word.startswith(name) or word.endswith(name):
            return _SIDES[name], word.removeprefix(name).removesuffix(name)
    for letter in ("l", "r"):
        bare = word.removesuffix(letter)
        if bare != word and (bare in _STEMS or bare in _SHORT):
            return _SIDES[letter], bare
        bare = word.removeprefix(letter)
        if bare != word and _place_of(word) is None and _place_of(bare) is not None:
            return _SIDES[letter], bare
    return None, word


def _place_of(word: str) -> tuple[Region, str] | None:
    if word in _SHORT:
        return _SHORT[word]
    return next((_STEMS[stem] for stem in _LONGEST_FIRST if word.startswith(stem)), None)

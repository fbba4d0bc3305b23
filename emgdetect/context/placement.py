"""Which muscle of which side a channel is over, learned from its name or told by the user.

Names are in English, German, French, Spanish, Italian or Portuguese, or the abbreviations of sleep and
movement laboratories: ``EMG LAT``, ``RLEG``, ``Tib ant li``, ``Jambe G``, ``Masseter R``, ``FDS left``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Side = Literal["left", "right", ""]

_LEFT = (
    "l lt lft left li lks links linke linker linkes gauche gche izq izquierdo izquierda sinistra sinistro "
    "sin sx esq esquerdo esquerda"
)
_RIGHT = (
    "r rt rgt right re rts rechts rechte rechter rechtes droit droite drt der derecho derecha destra "
    "destro dx dir direito direita"
)
_SIDES: dict[Side, frozenset[str]] = {"left": frozenset(_LEFT.split()), "right": frozenset(_RIGHT.split())}
_FRENCH = re.compile(r"jambe|mollet|bras|cuisse|menton|jambier|m[aâ]choire|\b[gd]$", re.IGNORECASE)

_MUSCLES: tuple[tuple[str, str, str], ...] = (
    # limb or region, muscle, pattern over the lower-case name with single spaces
    ("leg", "tibialis anterior", r"\btib|\b[lr]?ta[lr]?\b|\b[lr]at\b|\bat[lr]\b|jambier|\btibant"),
    ("leg", "gastrocnemius medialis", r"gastro\w* med|med\w* gastro|\bgm\b|\bmg\b"),
    ("leg", "gastrocnemius lateralis", r"gastro\w* lat|lat\w* gastro|\bgl\b|\blg\b"),
    ("leg", "gastrocnemius", r"gastro|\bgas\b"),
    ("leg", "soleus", r"\b[lr]?sol[lr]?\b|soleus|sol[eé]aire|s[oó]leo\b"),
    ("leg", "peroneus", r"peron|fibular"),
    ("leg", "calf", r"cal(f|ves)|\bwade|mollet|pantorrilla|polpaccio|panturrilha"),
    ("leg", "rectus femoris", r"rect\w* fem|\brf\b"),
    ("leg", "vastus medialis", r"vast\w* med|\bvmo?\b"),
    ("leg", "vastus lateralis", r"vast\w* lat|\bvl\b"),
    ("leg", "quadriceps", r"quad|cu[aá]driceps"),
    ("leg", "biceps femoris", r"biceps fem|\bbf\b"),
    ("leg", "hamstrings", r"hamstring|ischio|isquio|semitend|semimemb"),
    ("leg", "adductors", r"adduct"),
    ("leg", "gluteus", r"glut"),
    ("leg", "extensor digitorum brevis", r"\bedb\b|ext\w* dig\w* brev"),
    ("leg", "abductor hallucis", r"abd\w* hall"),
    ("leg", "thigh", r"thigh|oberschenkel|cuisse|muslo|coscia"),
    ("leg", "leg", r"legs?\b|\bplm|\bbein|jambe|pierna|gamba|perna|unterschenkel"),
    ("face", "chin", r"chin\d?\b|ment(al|on|um|o\b|\b)|submen|\bkinn|barbilla|queixo"),
    ("face", "masseter", r"mass[eé]t|\bmas\b|masetero|massetere"),
    ("face", "temporalis", r"temporal"),
    ("face", "frontalis", r"frontal"),
    ("face", "orbicularis oculi", r"orbic\w* ocul|\booc\b"),
    ("face", "orbicularis oris", r"orbic\w* oris|\boor\b"),
    ("face", "zygomaticus", r"zygom"),
    ("face", "corrugator", r"corrug"),
    ("face", "jaw", r"\bjaw|kiefer|m[aâ]choire|mand[ií]bula"),
    ("neck", "sternocleidomastoideus", r"sternocl|\bscm\b|\bsterno"),
    ("neck", "splenius", r"spleni"),
    ("neck", "neck", r"\bneck|nacken|\bcou\b|cuello"),
    ("trunk", "trapezius", r"trap"),
    ("trunk", "erector spinae", r"erect\w* sp|paraspin|\bes\b"),
    ("trunk", "rectus abdominis", r"rect\w* abd|\bra\b"),
    ("trunk", "intercostals", r"intercost"),
    ("trunk", "diaphragm", r"diaphrag|zwerchfell"),
    ("arm", "deltoideus", r"delto"),
    ("arm", "triceps brachii", r"tric"),
    ("arm", "biceps brachii", r"bic|\bbb\b"),
    ("arm", "flexor digitorum superficialis", r"\bfds\b|flex\w* dig"),
    ("arm", "extensor digitorum", r"\bedc\b|ext\w* dig"),
    ("arm", "flexor carpi radialis", r"\bfcr\b|flex\w* carpi rad"),
    ("arm", "flexor carpi ulnaris", r"\bfcu\b|flex\w* carpi uln"),
    ("arm", "extensor carpi radialis", r"\becr\b|ext\w* carpi rad"),
    ("arm", "extensor carpi ulnaris", r"\becu\b|ext\w* carpi uln"),
    ("arm", "brachioradialis", r"brachiorad|\bbrd?\b"),
    ("arm", "first dorsal interosseous", r"\bfdi\b|dorsal interos"),
    ("arm", "abductor pollicis brevis", r"\bapb\b|thenar"),
    ("arm", "abductor digiti minimi", r"\badm\b|hypothenar"),
    ("arm", "forearm", r"forearm|unterarm|avant-?bras|antebrazo|avambraccio"),
    ("arm", "arm", r"arm\b|\barms\b|bras\b|brazo|braccio|bra[cç]o"),
    ("arm", "hand", r"\bhand|\bmain\b|\bmano\b"),
)  # fmt: skip
_COMPILED = tuple((region, muscle, re.compile(pattern)) for region, muscle, pattern in _MUSCLES)

_GLUED = re.compile(
    r"\b([lr])(?=(?:leg|plm|arm|calf|thigh|chin|jaw|masseter|tib|sol|ta|gas|quad|fds|delt|bic|tric|trap|scm)[a-z]*\b)"
    r"|(?<=plm)([lr])\b|(?<=leg)([lr])\b|(?<=arm)([lr])\b|(?<=calf)([lr])\b|(?<=tib)([lr])\b|(?<=\bta)([lr])\b|(?<=masseter)([lr])\b"
)
_ANTERIOR = re.compile(r"\b(?:([lr])at|at([lr]))\b")


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a channel's electrodes are: region (``leg``), muscle and side.

    Muscles have their anatomical names, or plain English where that is all that is known (``leg``). What is
    not known is empty. ``told`` is true where the user said so.
    """

    region: str = ""
    muscle: str = ""
    side: Side = ""
    told: bool = False

    def __str__(self) -> str:
        return ", ".join(part for part in (self.muscle, self.side) if part)


def placement_of(name: str) -> Placement:
    """Learn muscle and side from a channel's name; what the name does not say stays empty."""
    words = _spaced(name)
    for region, muscle, pattern in _COMPILED:
        if pattern.search(words):
            return Placement(region, muscle, _side(words))
    return Placement(side=_side(words) if words else "")


def placements(names: Iterable[str], told: Mapping[str, str] | None = None) -> dict[str, Placement]:
    """Learn the placement of every channel; what the user says comes first.

    Parameters
    ----------
    names : iterable of str
        The channels' names.
    told : mapping from str to str, optional
        By channel, in any case: ``"left soleus"``. A muscle that is not known here is taken by its words.

    Raises
    ------
    UsageError
        If ``told`` names a channel that is not there.
    """
    known = {name.casefold(): name for name in names}
    found = {name: placement_of(name) for name in known.values()}
    for channel, words in (told or {}).items():
        name = known.get(channel.casefold())
        if name is None:
            raise UsageError(
                f"there is no channel {channel!r}", hint=f"there are: {', '.join(known.values())}"
            )
        found[name] = _as_told(words)
    return found


def same_place(first: str, second: str) -> bool:
    """Say whether the names of two channels can mean one place.

    That is the same side, and the same muscle, or in one name just the limb: ``TA left`` and
    ``LeftLeg`` can, ``TA left`` and ``Soleus left`` cannot. Names that say nothing cannot.
    """
    if first.casefold() == second.casefold():
        return True
    a, b = placement_of(first), placement_of(second)
    if not a.region or a.region != b.region or a.side != b.side:
        return False
    return a.muscle == b.muscle or bool({a.muscle, b.muscle} & {"leg", "arm", "neck", "jaw"})


def _as_told(words: str) -> Placement:
    place = placement_of(words)
    if place.muscle:
        return Placement(place.region, place.muscle, place.side, told=True)
    side = _side(_spaced(words))
    kept = [word for word in words.split() if word.casefold() not in _SIDES.get(side, frozenset())]
    return Placement("", " ".join(kept), side, told=True)


def _spaced(name: str) -> str:
    """Return a name in lower case, with single spaces, and a side that was glued on as a word of its own."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)", " ", name)
    words = re.sub(r"[^\w-]+|[_-]+", " ", parted).casefold().strip()
    return _ANTERIOR.sub(lambda found: f"{found[1] or found[2]} tib ant", _GLUED.sub(_parted, words))


def _parted(found: re.Match[str]) -> str:
    letter = next(part for part in found.groups() if part)
    return f"{letter} " if found[1] else f" {letter}"


def _side(words: str) -> Side:
    every = words.split()
    said = [side for side, names in _SIDES.items() if names & set(every)]
    if said:
        # Both are named where one leg is recorded against the other.
        return said[0] if len(said) == 1 else ""
    if _FRENCH.search(words) and every and every[-1] in {"g", "d"}:
        return "left" if every[-1] == "g" else "right"
    for side in ("left", "right"):
        # Written without a space: leftleg, legright.
        if words.startswith(side) or words.endswith(side):
            return side
    return ""

"""Names of sleep stages: AASM, Rechtschaffen and Kales, numbers, and some other languages.

The stages of Rechtschaffen and Kales (1968) become those of the AASM manual (2007): S1 is N1, S2 is N2,
S3 and S4 are N3. Movement time has no successor and counts as not scored.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emgdetect.context.types import Stage

_NAMES: dict[Stage, str] = {
    "W": "w wake awake wakefulness wach wk eveil éveil veille vigilia despierto sveglia veglia wakker s0 n0",
    "N1": "n1 s1 nrem1 st1 i",
    "N2": "n2 s2 nrem2 st2 ii",
    "N3": "n3 s3 n4 s4 n3n4 nrem3 nrem4 st3 st4 iii iv deep tief sws profond",
    "N": "n nrem nr light leicht léger leger",
    "R": "r rem sr paradox paradoxal rems",
    "S": "s asleep sleeping sleep schlaf schläft sommeil dormido",
}
"""Words by stage, spaces between. ``light`` sleep, as watches tell it, is N1 or N2."""

_STAGE: dict[str, Stage] = {word: stage for stage, words in _NAMES.items() for word in words.split()}
_ONLY_IN_LISTS = frozenset({"i", "ii", "iii", "iv", "n", "s", "r", "w", "light", "sleep", "deep", "schlaf"})
"""Too short or too common to be a stage unless something else says that stages are listed."""

_NOT_SCORED = (
    "? u unknown unscored undefined unstaged unsure none nan n/a na - movement mt mvt movementtime bewegung "
    "mouvement artifact artefact artefakt a m x l lightson notscored nonscored indeterminate"
)
_UNSCORED = frozenset(_NOT_SCORED.split())
_PREFIX = re.compile(
    r"^(sleep[\s_-]*stage|sleep[\s_-]*|schlaf[\s_-]*stadium|stage|stadium|stade|estadio|fase|stadio)[\s:_-]*"
)
_MOVEMENT_TIME = frozenset({"movementtime", "mt"})

AASM_NUMBERS: Mapping[int, Stage] = {-2: "?", -1: "?", 0: "W", 1: "N1", 2: "N2", 3: "N3", 4: "R"}
"""As YASA and others number them."""

RK_NUMBERS: Mapping[int, Stage] = {0: "W", 1: "N1", 2: "N2", 3: "N3", 4: "N3", 5: "R", 6: "?", 9: "?"}
"""As Compumedics, the NSRR and others number them: 4 is S4, 5 is REM, 6 movement, 9 not scored."""

DOUBTFUL = 4
"""REM in the one numbering, S4 in the other."""


def stage_of(text: str, *, listed: bool = False) -> Stage | None:
    """Return the stage a text names, or ``None`` if it names none.

    Parameters
    ----------
    text : str
        ``Sleep stage N2``, ``SLEEP-REM``, ``Stage 2 sleep|2``, ``Wach``; in any case.
    listed : bool, default False
        Whether it stands where stages stand: then short words (``R``) and words for "not scored" count, too.
    """
    bare = text.partition("|")[0].casefold().strip()
    stripped = _PREFIX.sub("", bare)
    prefixed = stripped != bare
    word = re.sub(r"[\s_.-]+", "", stripped.removesuffix(" sleep")) or bare
    if prefixed and word in {"0", "1", "2", "3", "4", "5"}:
        # Written out as in "Sleep stage 4" these are Rechtschaffen and Kales; 5 is REM in some old files.
        return RK_NUMBERS[int(word)]
    if prefixed or listed:
        return _STAGE.get(word, "?" if word in _UNSCORED else None)
    if word in _MOVEMENT_TIME:
        return "?"
    return None if word in _ONLY_IN_LISTS else _STAGE.get(word)


def stages_of(labels: Iterable[str]) -> tuple[dict[str, Stage], tuple[str, ...]]:
    """Read labels that stand in a list of stages: words, or numbers, whose code only the whole list tells.

    Returns
    -------
    dict from str to Stage
        By label. A label that names no stage is not in it.
    tuple of str
        Sentences about what had to be assumed.
    """
    names = set(labels)
    numbers = {name: number for name in names if (number := _number(name)) is not None}
    if not numbers:
        known = {name: stage_of(name, listed=True) for name in names}
        return {name: stage for name, stage in known.items() if stage is not None}, ()
    values = set(numbers.values())
    code = RK_NUMBERS if values & {5, 6, 9} and not values & {-1, -2} else AASM_NUMBERS
    assumed: tuple[str, ...] = ()
    if code is AASM_NUMBERS and DOUBTFUL in values and not values & {-1, -2}:
        assumed = ("stages are numbers without a 5: 4 is taken as REM; as S4 it would be N3",)
    known = {name: code.get(number) for name, number in numbers.items()}
    words = {name: stage_of(name, listed=True) for name in names - set(numbers)}
    return {name: stage for name, stage in (known | words).items() if stage is not None}, assumed


def _number(label: str) -> int | None:
    try:
        value = float(label)
    except ValueError:
        return None
    return int(value) if value.is_integer() else None

"""What goes with a recording, as frozen records: sleep stages, scored events, light, muscles.

Times are seconds. In a :class:`Scoring` they count from the scoring's own zero, as its file has it; in a
:class:`Context` from sample 0 of the recording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

Stage = Literal["W", "N1", "N2", "N3", "N", "R", "S", "?"]
"""AASM stages; ``N`` is NREM of a depth not told, ``S`` sleep of a kind not told, ``?`` not scored."""

SLEEP: frozenset[Stage] = frozenset({"N1", "N2", "N3", "N", "R", "S"})
NREM: frozenset[Stage] = frozenset({"N1", "N2", "N3", "N"})

Group = Literal[
    "arousal",
    "respiratory",
    "desaturation",
    "snore",
    "limb movement",
    "muscle",
    "position",
    "lights off",
    "lights on",
    "artefact",
    "other",
]
"""What a scored event is about; ``muscle`` are a scorer's own marks of muscle activity."""


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stretch of one sleep stage; ``label`` is what the file called it, such as ``S4``."""

    onset: float
    duration: float
    stage: Stage
    label: str

    @property
    def stop(self) -> float:
        """End in s."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class ScoredMark:
    """An event that somebody, or another program, marked.

    ``kind`` is a lower-case word within the group, such as ``hypopnoea``, ``phasic`` or ``supine``; ``text``
    is what the file says. ``channel`` is the channel or limb it belongs to, empty where that is not said.
    """

    onset: float
    duration: float
    group: Group
    kind: str
    text: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Scoring:
    """One file of stages or events, as it was understood.

    Attributes
    ----------
    path : Path
        The file.
    format : str
        The reader's name in the registry, or "annotations" for marks that came inside a recording.
    start : datetime or None
        Time of day of second 0; ``None`` when times count from the start of the recording. Without an
        offset it is the clock of the recorder.
    dated : bool
        Whether the date in ``start`` means anything; some files have times of day only.
    stages : tuple of StageSpan
        Sorted, without overlap.
    marks : tuple of ScoredMark
        Sorted by onset. Overlaps are kept: two events may go on at once.
    oddities : tuple of str
        What is unusual about the file, a sentence each.
    """

    path: Path
    format: str
    start: datetime | None
    dated: bool
    stages: tuple[StageSpan, ...]
    marks: tuple[ScoredMark, ...]
    oddities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the signal, in seconds of the recording; nothing lies outside it.

    ``stages`` are sorted and do not overlap; time they leave out is not scored. ``lights_off`` and
    ``lights_on`` are ``None`` where nobody said. ``notices`` are sentences about what did not fit.
    """

    stages: tuple[StageSpan, ...] = ()
    marks: tuple[ScoredMark, ...] = ()
    lights_off: float | None = None
    lights_on: float | None = None
    notices: tuple[str, ...] = ()

    def of(self, *groups: Group) -> tuple[ScoredMark, ...]:
        """Return the marks of the groups, by onset."""
        return tuple(mark for mark in self.marks if mark.group in groups)

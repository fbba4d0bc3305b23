"""What a rule set answers with: frozen records of plain values.

``None`` stands for a number that does not exist (no time to divide by, no interval to average), never for
zero. Times are seconds since the recording began.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Literal

Side = Literal["left", "right", "both", "middle", "unknown"]
"""On which side of the body; "both" is for movements of two sides at once."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement as a rule counts it: an event, or several that the rule joins.

    ``events`` are the places of its events in the list that was handed in, ``classes`` the rule's words for
    it, such as "LM", "CLM", "PLM".
    """

    onset: float
    duration: float
    channels: tuple[str, ...]
    events: tuple[int, ...]
    side: Side = "unknown"
    classes: tuple[str, ...] = ()

    @property
    def stop(self) -> float:
        """When it ended."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Sequence:
    """A run of events that a rule joins: a series, an episode, a train.

    Attributes
    ----------
    rule : str
        Name of the rule set.
    kind : str
        What it is, in the rule's words: "PLM series", "tonic episode".
    onset, duration : float
        From the first movement's onset to the last one's end, in s.
    channels : tuple of str
        The channels it shows in.
    movements : tuple of int
        Places in :attr:`Score.movements`, ascending.
    events : tuple of int
        Places in the list of events that was handed in, ascending.
    frequency : float
        Movements or beats per second where the rule speaks of one, else NaN.
    beats : int
        How many movements or beats it has.
    stage : str
        Sleep stage at its onset; empty without a hypnogram.
    """

    rule: str
    kind: str
    onset: float
    duration: float
    channels: tuple[str, ...]
    movements: tuple[int, ...]
    events: tuple[int, ...]
    frequency: float = float("nan")
    beats: int = 0
    stage: str = ""

    @property
    def stop(self) -> float:
        """When it ended."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Index:
    """A number with the words to print beside it.

    ``per`` says what was divided by, as in "per hour of valid recording"; ``denominator`` is that amount
    (hours, epochs, movements), ``count`` what was counted. ``note`` says which definition was used.
    ``channel`` is empty where channels were judged together.
    """

    name: str
    value: float | None
    unit: str
    per: str
    count: int | None = None
    denominator: float | None = None
    note: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts between edges; each bin holds its lower edge, the last one also its upper.

    ``outside`` is how many values lie in no bin.
    """

    name: str
    unit: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    outside: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule, a channel or a number that there is none of, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a rule found, before it is labelled with the rule's name and what was refused."""

    movements: tuple[Movement, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    indices: tuple[Index, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    intervals: tuple[float, ...] = ()
    histograms: tuple[Histogram, ...] = ()
    refused: tuple[Refused, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The answer of one rule set; its numbers are never mixed with those of another.

    Attributes
    ----------
    rule, title, source : str
        Name of the rule set, what it looks for, and where it comes from.
    settings : dict
        Every number the rule used, with units in the keys or in s and Hz.
    applies : bool
        False if the rule was refused as a whole; then ``refused`` says why and the rest is empty.
    channels : tuple of str
        Which channels were looked at.
    movements, sequences : tuple
        What the rule counts and what it joins: by onset, and where each channel is judged on its own by
        channel first.
    classes : tuple of tuple of str
        For every event that was handed in the rule's words for it; empty where the rule has none.
    indices : tuple of Index
        In the order to be shown.
    counts : dict
        Plain numbers by name, over all channels.
    intervals : tuple of float
        Onset to onset in s, where the rule measures intervals.
    histograms : tuple of Histogram
        Of the intervals.
    refused : tuple of Refused
        The rule itself, channels, or numbers that there are none of.
    notices : tuple of str
        What a reader has to know beside the numbers.
    """

    rule: str
    title: str
    source: str
    settings: dict[str, Any]
    applies: bool
    channels: tuple[str, ...] = ()
    movements: tuple[Movement, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    classes: tuple[tuple[str, ...], ...] = ()
    indices: tuple[Index, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    intervals: tuple[float, ...] = ()
    histograms: tuple[Histogram, ...] = ()
    refused: tuple[Refused, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when the rule set or any of its settings does."""
        text = json.dumps([self.rule, self.settings], sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def index(self, name: str, channel: str = "") -> Index:
        """Return one index; with a channel where the rule judges each channel on its own.

        Raises
        ------
        KeyError
            If the rule has none of that name, or it was refused.
        """
        for index in self.indices:
            if (index.name, index.channel) == (name, channel):
                return index
        raise KeyError((name, channel))

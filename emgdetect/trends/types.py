"""Nights side by side, as frozen records: what goes in (:class:`Night`) and what comes out (:class:`Trends`).

``None`` stands for a number that does not exist, never for zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emgdetect.evaluate import Estimate
from emgdetect.summary import DISCLAIMER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from emgdetect.context import Placed
    from emgdetect.summary import Rate, Spread

MIN_HOURS = 4.0
MIN_SHARE = 0.7
"""A night with less valid time is shown greyed and left out of everything else (a habit, not a standard)."""

FEWEST_NIGHTS = 3
"""Nights on each side without which nothing is compared."""


@dataclass(frozen=True, slots=True)
class HourBin:
    """An hour of a night: of the clock if the start is known, else counted from the start.

    ``counts`` has the events of each kind, "all" among them.
    """

    hour: int
    valid_seconds: float
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NightChannel:
    """What a night holds of one channel.

    Attributes
    ----------
    name : str
        The channel.
    valid_hours, share : float
        Valid time, and its part of the length of the recording, 0 to 1.
    counts : mapping from str to int
        Events with their onset in valid time, by kind and for "all".
    first : mapping from str to float
        Onset in s of the first of each kind that occurs.
    hours : tuple of HourBin
        The same by hour.
    refused : tuple of str
        Kinds that could not be looked for.
    """

    name: str
    valid_hours: float
    share: float
    counts: Mapping[str, int]
    first: Mapping[str, float]
    hours: tuple[HourBin, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Night:
    """One session without its samples: coverage, counts, diary, and the rules that were used.

    ``problem`` says why there is nothing to count; empty where there is.
    """

    name: str
    start: datetime | None
    duration: float
    channels: tuple[NightChannel, ...] = ()
    entries: tuple[Placed, ...] = ()
    profile: str = ""
    config_hash: str = ""
    version: str = ""
    problem: str = ""

    @property
    def rules(self) -> str:
        """The settings the events were found with; nights of different ones do not compare."""
        return f"{self.profile} {self.config_hash}"

    @property
    def tags(self) -> frozenset[tuple[str, str]]:
        """Kinds and words of the diary that nights are compared by."""
        return frozenset((one.entry.kind, one.entry.tag) for one in self.entries if one.entry.tag)


@dataclass(frozen=True, slots=True)
class NightValue:
    """One night in one series; ``reason`` says why it is left out (greyed), empty where it is used."""

    night: int
    count: int | None
    valid_hours: float
    share: float
    rate: Rate | None
    reason: str = ""

    @property
    def used(self) -> bool:
        """Whether the night counts in what is said of all."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class HourRate:
    """Events per valid hour in one hour of the night, over the nights that were used.

    ``enough`` is false where there is too little valid time to show anything.
    """

    hour: int
    nights: int
    valid_hours: float
    count: int
    rate: Estimate
    enough: bool


@dataclass(frozen=True, slots=True)
class Contrast:
    """Nights with something (or after it) against nights without it (or before).

    Attributes
    ----------
    what, kind : str
        Words and kind of the diary; the kind is "date" for a date given by the user.
    since : datetime or None
        The moment that parts before from after; ``None`` for a comparison of with and without.
    n_without, n_with : int
        Nights on each side.
    rate_without, rate_with : float or None
        Events by valid hours of all nights of a side together.
    difference : Estimate
        Median rate of the nights with, minus that of the nights without, per valid hour.
    ratio : Estimate
        ``rate_with / rate_without``.
    dominance : Estimate
        Cliff's delta (1993): how much more often a night with has the higher rate than the lower, -1 to 1.
    reason : str
        Why nothing was compared; empty where it was.
    """

    what: str
    kind: str
    since: datetime | None
    n_without: int
    n_with: int
    rate_without: float | None = None
    rate_with: float | None = None
    difference: Estimate = field(default_factory=lambda: Estimate(None))
    ratio: Estimate = field(default_factory=lambda: Estimate(None))
    dominance: Estimate = field(default_factory=lambda: Estimate(None))
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """The first event of a series in any night: which night, its onset in s, and its time of day if known."""

    night: int
    onset: float
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of event in one channel over the nights; ``kind`` may be "all".

    Attributes
    ----------
    nights : tuple of NightValue
        In the order of :attr:`Trends.nights`, those left out among them.
    n_used : int
        Nights that count in everything below.
    pooled : Estimate
        Events of all nights by their valid hours; the interval is from resampling whole nights.
    median : Estimate
        Median of the nights' rates, with such an interval.
    spread : Spread or None
        Median and quartiles of the nights' rates.
    lowest, highest : float or None
        Of the nights' rates.
    profile : tuple of HourRate
        By hour of the night.
    first_seen : FirstSeen or None
        In any night, used or not.
    changes, associations : tuple of Contrast
        Before and after interventions; with and without each tag of the diary.
    """

    channel: str
    kind: str
    nights: tuple[NightValue, ...]
    n_used: int
    pooled: Estimate
    median: Estimate
    spread: Spread | None
    lowest: float | None
    highest: float | None
    profile: tuple[HourRate, ...]
    first_seen: FirstSeen | None
    changes: tuple[Contrast, ...]
    associations: tuple[Contrast, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """Nights by their start, and what they have in common.

    ``series`` go by channel, then "all" and the kinds that occur. ``by_clock`` says whether profiles go by
    the hours of the clock. ``resampled`` says what intervals come from.
    """

    nights: tuple[Night, ...]
    series: tuple[Series, ...]
    min_hours: float
    min_share: float
    by_clock: bool
    notices: tuple[str, ...] = ()
    resampled: str = "95 % intervals from resampling whole nights"
    disclaimer: str = DISCLAIMER

    def of(self, channel: str, kind: str = "all") -> Series:
        """Return one series.

        Raises
        ------
        KeyError
            If there is no such channel, or the kind never occurs in it.
        """
        for one in self.series:
            if (one.channel, one.kind) == (channel, kind):
                return one
        raise KeyError((channel, kind))

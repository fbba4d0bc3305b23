"""What a summary is made of: frozen records, filled in by :func:`emgdetect.summary.summarise`.

``None`` stands for a number that does not exist (no event to measure, no valid time to divide by), never
for zero. Times are seconds since the recording began, unless the name says hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from emgdetect.types import Refusal

COUNTED_KINDS: tuple[str, ...] = ("twitch", "burst", "spasm")
"""Kinds that enter counts and rates, in the order of the rows. Artefacts never do."""

ALL_KINDS = "all"
"""The kind of the row that takes the counted kinds of a channel together."""

LOW_COVERAGE = 0.7
"""Below this valid fraction a channel's numbers are to be shown greyed (a habit, not a standard)."""

DISCLAIMER = (
    "Research and education software. Not a medical device; not cleared or approved by any authority. "
    "Counts are automatic estimates, not a diagnosis, and can be wrong or incomplete. Do not start, stop or "
    "change treatment because of them. A qualified professional should review the raw signal."
)
"""Goes under every summary and report."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per valid hour with the exact 95 % Poisson interval of Garwood (1936)."""

    per_valid_hour: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and quartiles (linear interpolation) of ``n`` finite values."""

    n: int
    median: float
    q1: float
    q3: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Seconds from onset to next onset of the same row, none of them across a gap or lost time.

    ``log_mean`` is ``exp(mean(ln(interval)))``, in seconds.
    """

    spread: Spread
    log_mean: float


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of a row's table: from ``start`` seconds on; ``clock`` is the wall time of its start.

    ``recorded_seconds`` is the part of the hour between the first and the last sample, gaps included.
    ``count`` is ``None`` in an hour without valid time. ``enough`` is false in an hour with too little
    valid time to be shown: less than ten minutes, or less than half of a shorter piece.
    """

    index: int
    start: float
    clock: datetime | None
    recorded_seconds: float
    valid_seconds: float
    count: int | None
    enough: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of event in one channel; ``kind`` is "all" in the row that joins the counted kinds.

    Attributes
    ----------
    refused : str
        Why this kind was not looked for in this channel; empty when it was. Then the count says nothing.
    count : int
        Events with their onset in valid time. Every statistic below is of these.
    in_invalid : int
        Events with their onset elsewhere; they enter nothing else.
    truncated : int
        Counted events cut by a gap or an end; left out of ``duration`` and ``total_duration``.
    valid_hours : float
        The denominator of the rate.
    rate : Rate or None
        ``None`` without valid time, or when the kind was refused.
    duration, peak, rms, snr_db : Spread or None
        In s, the channel's unit, the unit again, and dB. ``None`` without a value.
    total_duration : float
        Summed duration of the counted events that are not truncated, in s.
    active_share : float or None
        Part of the valid time covered by the counted events (truncated ones too), 0 to 1.
    intervals : Intervals or None
        Onset to onset.
    first, last : float or None
        Onsets of the first and the last counted event.
    hours : tuple of Hour
        By hour of the recording: 0 begins with the first sample.
    clock_hours : tuple of Hour
        By full hours of the clock; empty when the start is unknown.
    """

    channel: str
    kind: str
    unit: str
    refused: str
    count: int
    in_invalid: int
    truncated: int
    valid_hours: float
    rate: Rate | None
    duration: Spread | None
    total_duration: float
    peak: Spread | None
    rms: Spread | None
    snr_db: Spread | None
    intervals: Intervals | None
    active_share: float | None
    first: float | None
    last: float | None
    hours: tuple[Hour, ...]
    clock_hours: tuple[Hour, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one channel could be judged.

    ``recorded_hours`` are without the gaps. ``invalid_seconds`` has one entry per reason that occurs, the
    longest first. ``floor`` is the spread of the background's RMS over valid seconds, in ``unit``.
    """

    channel: str
    unit: str
    recorded_hours: float
    valid_hours: float
    valid_fraction: float
    invalid_seconds: tuple[tuple[str, float], ...]
    gaps: int
    gap_seconds: float
    floor: Spread | None

    @property
    def low(self) -> bool:
        """Whether less than :data:`LOW_COVERAGE` of the time is valid."""
        return self.valid_fraction < LOW_COVERAGE


@dataclass(frozen=True, slots=True)
class Total:
    """Counts of one kind over all channels. There is no rate: channels are not independent."""

    kind: str
    count: int
    in_invalid: int


@dataclass(frozen=True, slots=True)
class ArtefactCount:
    """Artefacts of one cause in one channel, wherever they lie, and their summed duration in s."""

    channel: str
    cause: str
    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Summary:
    """A detection in numbers. ``rows`` go by channel, then twitch, burst, spasm, all.

    ``duration`` is the length of the recording in s, gaps included. ``artefacts`` is empty unless asked for.
    """

    source: str
    device: str
    start: datetime | None
    duration: float
    sampling_rate: float
    profile: str
    version: str
    config_hash: str
    coverage: tuple[Coverage, ...]
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    artefacts: tuple[ArtefactCount, ...]
    refused: tuple[Refusal, ...]
    notices: tuple[str, ...]
    disclaimer: str = DISCLAIMER

    def row(self, channel: str, kind: str = ALL_KINDS) -> Row:
        """Return one row.

        Raises
        ------
        KeyError
            If there is no such channel or kind.
        """
        for row in self.rows:
            if (row.channel, row.kind) == (channel, kind):
                return row
        raise KeyError((channel, kind))

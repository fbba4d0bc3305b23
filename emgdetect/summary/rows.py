"""One row of a summary: the events of one kind in one channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.summary.hours import hour_tables
from emgdetect.summary.statistics import interval_statistics, poisson_rate, spread
from emgdetect.summary.types import ALL_KINDS, COUNTED_KINDS, Row
from emgdetect.summary.valid import ValidTime, valid_time

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import Detection, Event, FloatArray

TRUNCATED = "truncated"
"""The flag of an event that was cut by a gap or by an end of the recording."""


@dataclass(frozen=True, slots=True)
class RowEvents:
    """The events of a row in order of onset, and which of them are counted (onset in valid time)."""

    events: tuple[Event, ...]
    onsets: FloatArray
    counts: NDArray[np.bool_]

    @property
    def counted(self) -> tuple[Event, ...]:
        """The events that enter the statistics."""
        return tuple(event for event, counts in zip(self.events, self.counts, strict=True) if counts)

    def intervals(self, valid: ValidTime) -> FloatArray:
        """Return the seconds from onset to next onset, without those that touch lost time.

        An event outside valid time voids the interval it lies in: that was not one interval, nor were
        its parts measured well.
        """
        starts, stops = self.onsets[:-1], self.onsets[1:]
        usable = self.counts[:-1] & self.counts[1:] & ~valid.parted(starts, stops)
        return (stops - starts)[usable]


def belongs(event: Event, kind: str) -> bool:
    """Tell whether an event is of a row's kind, "all" being every kind that counts."""
    return event.kind == kind or (kind == ALL_KINDS and event.kind in COUNTED_KINDS)


def gather(events: tuple[Event, ...], kind: str, valid: ValidTime) -> RowEvents:
    """Pick one kind from the events of one channel and decide which of them are counted."""
    chosen = tuple(sorted((event for event in events if belongs(event, kind)), key=lambda event: event.onset))
    onsets = np.array([event.onset for event in chosen], dtype=np.float64)
    return RowEvents(chosen, onsets, valid.at(onsets))


def counted_events(detection: Detection, channel: str, kind: str = ALL_KINDS) -> tuple[Event, ...]:
    """Return the events behind a row's statistics: onset in valid time, in order of onset."""
    own = tuple(event for event in detection.events if event.channel == channel)
    return gather(own, kind, valid_time(detection, channel)).counted


def onset_intervals(detection: Detection, channel: str, kind: str = ALL_KINDS) -> FloatArray:
    """Return the intervals behind a row's statistics: onset to onset in s, shape ``(n,)``.

    None goes across a gap, or across invalid time of ten seconds and more.
    """
    own = tuple(event for event in detection.events if event.channel == channel)
    valid = valid_time(detection, channel)
    return gather(own, kind, valid).intervals(valid)


def row(detection: Detection, channel: str, kind: str, *, events: tuple[Event, ...], valid: ValidTime) -> Row:
    """Fill in one row from the channel's events (of all kinds) and its valid time."""
    mine = gather(events, kind, valid)
    counted = mine.counted
    whole = [event for event in counted if TRUNCATED not in event.flags]
    refused = _refused(detection, channel, kind)
    hours = valid.seconds / 3600
    onsets = mine.onsets[mine.counts]
    by_recording, by_clock = hour_tables(detection, valid, onsets)
    return Row(
        channel=channel,
        kind=kind,
        unit=unit_of(detection, channel),
        refused=refused,
        count=len(counted),
        in_invalid=len(mine.events) - len(counted),
        truncated=len(counted) - len(whole),
        valid_hours=hours,
        rate=None if refused else poisson_rate(len(counted), hours),
        duration=spread(event.duration for event in whole),
        total_duration=float(sum(event.duration for event in whole)),
        peak=spread(event.peak for event in counted),
        rms=spread(event.rms for event in counted),
        snr_db=spread(event.snr_db for event in counted),
        intervals=interval_statistics(mine.intervals(valid)),
        active_share=_active_share(counted, valid),
        first=float(onsets[0]) if onsets.size else None,
        last=float(onsets[-1]) if onsets.size else None,
        hours=by_recording,
        clock_hours=by_clock,
    )


def unit_of(detection: Detection, channel: str) -> str:
    """Return the unit of a channel, or nothing for one the stream does not have."""
    return next((one.unit for one in detection.info.channels if one.name == channel), "")


def _active_share(counted: tuple[Event, ...], valid: ValidTime) -> float | None:
    if valid.seconds <= 0:
        return None
    starts = np.array([event.onset for event in counted], dtype=np.float64)
    stops = np.array([event.onset + event.duration for event in counted], dtype=np.float64)
    # Two events at once are active time once: each begins no earlier than all before it have ended.
    reach = np.maximum.accumulate(np.concatenate(([0.0], stops)))[:-1]
    begun = np.minimum(np.maximum(starts, reach), stops)
    return float(np.sum(valid.up_to(stops) - valid.up_to(begun)) / valid.seconds)


def _refused(detection: Detection, channel: str, kind: str) -> str:
    reasons: dict[str, str] = {one.kind: one.reason for one in detection.refused if one.channel == channel}
    if kind == ALL_KINDS:
        # Joined counts are a lie only if nothing at all was looked for.
        every = all(counted in reasons for counted in COUNTED_KINDS)
        return "; ".join(dict.fromkeys(reasons[name] for name in COUNTED_KINDS)) if every else ""
    return reasons.get(kind, "")

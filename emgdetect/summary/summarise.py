"""From a detection to its summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.summary.coverage import coverage
from emgdetect.summary.rows import row
from emgdetect.summary.types import ALL_KINDS, COUNTED_KINDS, ArtefactCount, Row, Summary, Total
from emgdetect.summary.valid import valid_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.types import Detection, Event


def summarise(detection: Detection, *, artefacts: bool = False) -> Summary:
    """Put a detection in numbers.

    Parameters
    ----------
    detection : Detection
        What a profile found in a stream. No events, and no valid time, are fine.
    artefacts : bool, default False
        Whether to list artefacts by channel and cause. They never enter counts or rates.

    Returns
    -------
    Summary
        Four rows per channel: twitch, burst, spasm, and all of them. A rate is ``None`` without valid time.

    Notes
    -----
    An event is counted when its onset lies in valid time; rates are counts by valid hours, with the exact
    Poisson interval. Events cut by a gap count but leave the duration statistics.
    """
    by_channel: dict[str, list[Event]] = {name: [] for name in detection.info.ch_names}
    for event in detection.events:
        by_channel.setdefault(event.channel, []).append(event)
    valid = {channel: valid_time(detection, channel) for channel in by_channel}
    rows = tuple(
        row(detection, channel, kind, events=tuple(events), valid=valid[channel])
        for channel, events in by_channel.items()
        for kind in (*COUNTED_KINDS, ALL_KINDS)
    )
    return Summary(
        source=detection.source,
        device=detection.info.device,
        start=detection.info.start,
        duration=detection.n_samples / detection.info.sampling_rate,
        sampling_rate=detection.info.sampling_rate,
        profile=detection.profile,
        version=detection.version,
        config_hash=detection.config_hash,
        coverage=tuple(coverage(detection, channel, valid[channel]) for channel in by_channel),
        rows=rows,
        totals=_totals(rows),
        artefacts=_artefacts(detection.events) if artefacts else (),
        refused=detection.refused,
        notices=detection.notices,
    )


def _totals(rows: tuple[Row, ...]) -> tuple[Total, ...]:
    return tuple(
        Total(
            kind,
            sum(row.count for row in rows if row.kind == kind),
            sum(row.in_invalid for row in rows if row.kind == kind),
        )
        for kind in (*COUNTED_KINDS, ALL_KINDS)
    )


def _artefacts(events: Iterable[Event]) -> tuple[ArtefactCount, ...]:
    found: dict[tuple[str, str], list[float]] = {}
    for event in events:
        if event.kind == "artefact":
            cause = event.flags[0] if event.flags else "unknown"
            found.setdefault((event.channel, cause), []).append(event.duration)
    return tuple(
        ArtefactCount(channel, cause, len(durations), sum(durations))
        for (channel, cause), durations in sorted(found.items())
    )

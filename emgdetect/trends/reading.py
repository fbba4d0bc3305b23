"""A session as a night: its newest detection counted by channel, kind and hour; its samples are not read."""

from __future__ import annotations

import math
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.context import placed
from emgdetect.context.diary import entries_of
from emgdetect.summary import ALL_KINDS, COUNTED_KINDS
from emgdetect.summary.valid import valid_time
from emgdetect.trends.types import HourBin, Night, NightChannel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from emgdetect.session import Run, SessionReader
    from emgdetect.summary.valid import ValidTime
    from emgdetect.types import Detection, FloatArray

HOUR_S = 3600.0
DAY_HOURS = 24
KINDS = (ALL_KINDS, *COUNTED_KINDS)


def read_night(path: Path | str, profile: str | None = None) -> Night:
    """Read a session as a night.

    Parameters
    ----------
    path : Path or str
        The session.
    profile : str, optional
        Take the newest detection with this profile; the newest of all unless given.

    Raises
    ------
    SessionError
        If it is no session, or damaged.
    """
    from emgdetect.session import SessionReader

    with SessionReader(path) as session:
        runs = _newest(session.runs(), profile)
        found = [session.detection(run.id, events=False) for run in runs]
        onsets = [session.onsets(run.id) for run in runs]
        entries = entries_of(session.notes())
        start, length = _extent(session, found)
    name = Path(path).stem
    diary = placed(entries, start, length)
    if not found:
        wanted = f" with the profile {profile}" if profile else ""
        return Night(name, start, length, entries=diary, problem=f"no detection{wanted} is stored")
    head = found[0]
    return Night(
        name=name,
        start=start,
        duration=length,
        channels=tuple(chain.from_iterable(map(_channels, found, onsets))),
        entries=diary,
        profile=head.profile,
        config_hash=head.config_hash,
        version=head.version,
    )


def channels_of(detection: Detection) -> tuple[NightChannel, ...]:
    """Count the events of a detection, channel by channel; those with their onset in valid time count."""
    return _channels(detection, [(event.channel, event.kind, event.onset) for event in detection.events])


def _channels(detection: Detection, events: Iterable[tuple[str, str, float]]) -> tuple[NightChannel, ...]:
    onsets: dict[str, dict[str, list[float]]] = {name: {} for name in detection.info.ch_names}
    for channel, kind, onset in events:
        onsets.setdefault(channel, {}).setdefault(kind, []).append(onset)
    return tuple(_channel(detection, name, by_kind) for name, by_kind in onsets.items())


def _channel(detection: Detection, name: str, by_kind: dict[str, list[float]]) -> NightChannel:
    valid = valid_time(detection, name)
    counted = {kind: _counted(valid, by_kind.get(kind, [])) for kind in COUNTED_KINDS}
    counted[ALL_KINDS] = np.sort(np.concatenate(list(counted.values())))
    length = detection.n_samples / detection.info.sampling_rate
    return NightChannel(
        name=name,
        valid_hours=valid.seconds / HOUR_S,
        share=min(valid.seconds / length, 1.0) if length > 0 else 0.0,
        counts={kind: counted[kind].size for kind in KINDS},
        first={kind: float(counted[kind][0]) for kind in KINDS if counted[kind].size},
        hours=_hours(detection.info.start, length, valid, counted),
        refused=tuple(sorted({one.kind for one in detection.refused if one.channel == name})),
    )


def _counted(valid: ValidTime, onsets: Sequence[float]) -> FloatArray:
    times = np.array(onsets, dtype=np.float64)
    return times[valid.at(times)]


def _hours(
    start: datetime | None, length: float, valid: ValidTime, counted: dict[str, FloatArray]
) -> tuple[HourBin, ...]:
    into = 0.0 if start is None else start.minute * 60 + start.second + start.microsecond / 1e6
    n_hours = max(math.ceil((length + into) / HOUR_S), 0)
    edges = HOUR_S * np.arange(n_hours + 1) - into
    seconds = np.diff(valid.up_to(np.clip(edges, 0.0, length)))
    counts = {kind: np.histogram(counted[kind], bins=edges)[0].tolist() if n_hours else [] for kind in KINDS}
    first = 0 if start is None else start.hour
    return tuple(
        HourBin(
            hour=place if start is None else (first + place) % DAY_HOURS,
            valid_seconds=float(seconds[place]),
            counts={kind: int(counts[kind][place]) for kind in KINDS},
        )
        for place in range(n_hours)
    )


def _newest(runs: Sequence[Run], profile: str | None) -> list[Run]:
    newest = {
        run.stream_id: run
        for run in runs
        if run.n_samples is not None and profile in {None, run.info.profile}
    }
    return list(newest.values())


def _extent(session: SessionReader, found: Sequence[Detection]) -> tuple[datetime | None, float]:
    if found:
        longest = max(one.n_samples / one.info.sampling_rate for one in found)
        return found[0].info.start, longest
    streams = session.streams()
    if not streams:
        return None, 0.0
    return streams[0].info.start, streams[0].n_samples / streams[0].info.sampling_rate

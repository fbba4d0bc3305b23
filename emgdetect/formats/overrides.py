"""What the user knows better than the file, laid over a recording and said in its oddities."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from emgdetect.recording import ReadOptions, Recording, Stream
    from emgdetect.types import Unit


def checked_rate(rate: float, *, where: object = None) -> float:
    """Return ``rate`` if it is a sampling rate: finite and above zero.

    Raises
    ------
    UsageError
        If it is not.
    """
    if not (math.isfinite(rate) and rate > 0):
        raise UsageError(
            f"a sampling rate of {rate:g} Hz makes no sense", where=where, hint="give it in Hz, above 0"
        )
    return rate


def with_overrides(recording: Recording, options: ReadOptions) -> Recording:
    """Return the recording with the user's rate and unit in place of the file's.

    The rate replaces that of a file with one stream. The unit replaces that of every channel; the factor
    the file gives (gain and offset) is kept.

    Raises
    ------
    UsageError
        If a rate is given for a file whose streams have different ones.
    """
    oddities = list(recording.oddities)
    streams = recording.streams
    if options.sampling_rate is not None:
        streams = _with_rate(recording, options.sampling_rate, oddities)
    if options.unit is not None:
        streams = tuple(_with_unit(stream, options.unit, oddities) for stream in streams)
    return replace(recording, streams=streams, oddities=tuple(oddities))


def _with_rate(recording: Recording, rate: float, oddities: list[str]) -> tuple[Stream, ...]:
    checked_rate(rate, where=recording.path)
    if len(recording.streams) > 1:
        raise UsageError(
            "the channels have different sampling rates, so one rate for all would be wrong",
            where=recording.path,
            hint="leave --sampling-rate out",
        )
    stream = recording.streams[0]
    if stream.info.sampling_rate == rate:
        return recording.streams
    oddities.append(
        f"sampling rate {rate:g} Hz as given by the user; the file says {stream.info.sampling_rate:g} Hz"
    )
    return (replace(stream, info=replace(stream.info, sampling_rate=rate)),)


def _with_unit(stream: Stream, unit: Unit, oddities: list[str]) -> Stream:
    changed = [channel.name for channel in stream.info.channels if channel.unit != unit]
    if not changed:
        return stream
    oddities.append(f"unit {unit} as given by the user for {', '.join(changed)}")
    channels = tuple(replace(channel, unit=unit) for channel in stream.info.channels)
    return replace(stream, info=replace(stream.info, channels=channels))

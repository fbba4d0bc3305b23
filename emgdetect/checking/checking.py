"""A whole check over arrays: what the samples and the facts beside them say."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.calibration import Calibration
from emgdetect.checking.findings import ChannelCheck, StreamCheck, StreamFacts
from emgdetect.checking.judging import judge_channel, judge_stream, levels_of
from emgdetect.checking.limits import LIMITS
from emgdetect.checking.seconds import band_of, joined, measure, per_second

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from emgdetect.checking.limits import Limits
    from emgdetect.checking.seconds import Seconds
    from emgdetect.recording import Stream
    from emgdetect.types import FloatArray, StreamInfo

_TOGETHER = 60


def check_arrays(
    info: StreamInfo, facts: StreamFacts, rest: FloatArray, tense: FloatArray | None, time: datetime
) -> StreamCheck:
    """Check samples that are in memory.

    Parameters
    ----------
    info : StreamInfo
        What the samples are; its rate must be known.
    facts : StreamFacts
        What is known beside them.
    rest, tense : ndarray, shape (n_channels, n_samples)
        Values in the channels' units, NaN where missing: of the muscle at rest, and tensed (``None`` if
        nobody was asked to).
    time : datetime
        When it was, with a UTC offset.
    """
    rate = info.sampling_rate

    def seconds(values: FloatArray) -> list[Seconds]:
        return [measure(row, rate, channel) for row, channel in zip(values, info.channels, strict=True)]

    return check_seconds(info, facts, seconds(rest), None if tense is None else seconds(tense), time)


def check_stream(stream: Stream, time: datetime, *, tell: Callable[[int], None] | None = None) -> StreamCheck:
    """Check a recorded stream as if all of it were rest, a minute at a time.

    The noise floor comes from the quieter quarter of it. ``tell`` is told how far it has come, in samples.
    """
    info = stream.info
    step = _TOGETHER * per_second(info.sampling_rate)
    parts: list[list[Seconds]] = [[] for _ in info.channels]
    for start in range(0, max(stream.n_samples, 1), step):
        values = stream.window(start, min(start + step, stream.n_samples))
        for row, channel, kept in zip(values, info.channels, parts, strict=True):
            kept.append(measure(row, info.sampling_rate, channel))
        if tell is not None:
            tell(start)
    lost = sum(gap.n_samples for gap in stream.gaps if gap.cause != "pause")
    paused = sum(gap.n_samples for gap in stream.gaps if gap.cause == "pause")
    facts = StreamFacts(info.sampling_rate, n_samples=stream.n_samples - lost - paused, n_lost=lost)
    return check_seconds(info, facts, [joined(kept) for kept in parts], None, time)


def check_seconds(
    info: StreamInfo,
    facts: StreamFacts,
    rest: Sequence[Seconds],
    tense: Sequence[Seconds] | None,
    time: datetime,
    limits: Limits = LIMITS,
) -> StreamCheck:
    """Judge what :func:`~emgdetect.checking.seconds.measure` found, one entry a channel."""
    channels = []
    for index, channel in enumerate(info.channels):
        levels = levels_of(rest[index], None if tense is None else tense[index], channel)
        findings = judge_channel(channel, levels, loose=channel.name in facts.loose, limits=limits)
        kept = Calibration(
            channel=channel.name,
            device=info.device,
            unit=channel.unit,
            sampling_rate=info.sampling_rate,
            time=time,
            seconds=float(len(rest[index].present)),
            band=band_of(info.sampling_rate),
            rest=levels.rest,
            tense=levels.tense,
            mains=levels.mains,
            hum=levels.hum,
            sensor=facts.sensor,
        )
        channels.append(ChannelCheck(channel.name, channel.unit, findings, kept))
    seconds = (facts.n_samples + facts.n_lost) / info.sampling_rate
    return StreamCheck(facts.sensor, info, seconds, judge_stream(facts, limits), tuple(channels))


def with_measured_rate(info: StreamInfo, facts: StreamFacts, limits: Limits = LIMITS) -> StreamInfo:
    """Return ``info`` with the claimed rate, or with the true one if the claim is wrong.

    The rate is not a number if neither is known.
    """
    claimed, measured = facts.claimed_rate, facts.measured_rate
    wrong = math.isnan(claimed) or abs(measured / claimed - 1) > limits.rate
    return replace(info, sampling_rate=measured if wrong else claimed)

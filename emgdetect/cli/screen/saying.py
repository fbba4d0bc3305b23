"""The state of a recording in words, the same on the screen and in lines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from emgdetect.cli.words import duration, plural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emgdetect.recorder import ChannelStatus, StreamStatus
    from emgdetect.types import Event, Gap

KINDS = {"twitch": "twitches", "burst": "bursts", "spasm": "spasms"}

LEAST_GAP_S = 1.0
"""Shorter gaps are counted and not told one by one: a bad link has thousands."""

_LONG_S = 60.0
_PAUSED_S = 15.0
_SURE = {"lead-off": "electrode off", "no data": "no data", "gap": "gap"}
_YEARS_H = 24 * 365


def clock(seconds: float) -> str:
    """Say how long something has lasted, as ``0:01:05``."""
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"


def ago(seconds: float) -> str:
    """Say how long ago something was, briefly."""
    if seconds < 2 * _LONG_S:
        return f"{seconds:.0f} s ago"
    minutes = round(seconds / _LONG_S)
    return f"{minutes} min ago" if minutes < 2 * _LONG_S else f"{minutes / _LONG_S:.0f} h ago"


def length(seconds: float) -> str:
    """Say how long an event or a gap is, in as many figures as mean something."""
    return f"{seconds:.2g} s" if seconds < 1 else duration(round(seconds, 1 if seconds < _LONG_S else 0))


def amount(value: float, unit: str) -> str:
    """Say a level: ``12.3 µV``, ``4.1``, or that there is none."""
    if not math.isfinite(value):
        return "--"
    figures = f"{value:.3g}" if value < 1000 else f"{value:.0f}"  # noqa: PLR2004 - four figures are enough
    return f"{figures} µV" if unit == "uV" else f"{figures} counts" if unit == "adc" else figures


def counts(by_kind: Mapping[str, int]) -> str:
    """Say how many events of each kind: ``3 twitches, 1 spasm``."""
    said = [
        f"{by_kind[kind]:,} {kind if by_kind[kind] == 1 else many}"
        for kind, many in KINDS.items()
        if by_kind.get(kind)
    ]
    return ", ".join(said) or "no events yet"


def state(stream: StreamStatus, *, paused: bool = False, silent: float = 0.0) -> str:
    """Say how a sensor does; ``silent`` is how long ago that was known."""
    age = stream.age + silent
    since = f" for {length(age)}" if math.isfinite(age) else ""
    if stream.state == "ended":
        return f"gone: {stream.detail}" if stream.detail else "gone"
    if stream.state == "looking":
        return f"looking for it: {stream.detail}" if stream.detail else "looking for it"
    if stream.state == "down":
        return f"LOST{since}: {stream.detail}" if stream.detail else f"LOST{since}"
    if silent or (stream.state == "stale" and not is_paused(stream, paused=paused)):
        return f"NO DATA{since}"
    return "paused" if paused else "streaming"


def is_paused(stream: StreamStatus, *, paused: bool) -> bool:
    """Return whether a sensor is there, though paused: its samples are told of every ten seconds."""
    return paused and (stream.state == "streaming" or (stream.state == "stale" and stream.age < _PAUSED_S))


def contact(channel: ChannelStatus) -> str:
    """Say whether a channel measures something."""
    return _SURE.get(channel.trouble, channel.trouble) or "signal ok"


def facts(stream: StreamStatus) -> list[str]:
    """Say rate, losses and battery, those that are known."""
    said = [_rate(stream), f"lost {_percent(stream.lost)}", plural(stream.gaps, "gap")]
    if math.isfinite(stream.battery):
        said.append(f"battery {stream.battery:.0f} %")
    return said


def behind(stream: StreamStatus) -> str:
    """Say that detection has yet to look at what an earlier recording left, if it has."""
    return f"detection is {duration(round(stream.behind))} behind" if stream.behind > _LONG_S else ""


def event(one: Event, unit: str) -> str:
    """Say what an event was: ``spasm 5.2 s, 130 µV``; the number is its peak."""
    return f"{one.kind} {length(one.duration)}, peak {amount(one.peak, unit)}"


def gap(one: Gap, sampling_rate: float) -> str:
    """Say how long a gap was, and why."""
    known = math.isfinite(sampling_rate) and sampling_rate > 0
    long = length(one.n_samples / sampling_rate) if known else plural(one.n_samples, "sample")
    return f"gap of {long} ({one.cause})"


def is_told(one: Gap, sampling_rate: float) -> bool:
    """Return whether a gap is long enough to be told; that somebody paused is told otherwise."""
    return one.cause != "pause" and not one.n_samples / sampling_rate < LEAST_GAP_S


def disk(hours: float) -> str:
    """Say for how long the disk will do."""
    if not math.isfinite(hours):
        return ""
    if hours > _YEARS_H:
        return "disk: years left"
    return f"disk: {hours:.0f} h left" if hours >= 10 else f"disk: {hours:.1f} h left"  # noqa: PLR2004 - two figures


def _rate(stream: StreamStatus) -> str:
    if math.isnan(stream.sampling_rate):
        return (
            "measuring the rate"
            if math.isnan(stream.measured_rate)
            else f"about {stream.measured_rate:.0f} Hz"
        )
    now = stream.sampling_rate if math.isnan(stream.measured_rate) else stream.measured_rate
    ppm = "" if math.isnan(stream.ppm) else f" ({round(stream.ppm):+d} ppm)"
    return f"{now:.2f} Hz{ppm}"


def _percent(share: float) -> str:
    percent = 100 * share
    if percent == 0:
        return "0 %"
    return "<0.01 %" if percent < 0.01 else f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"  # noqa: PLR2004 - figures

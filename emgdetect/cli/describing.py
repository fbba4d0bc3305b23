"""A recording in a few lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.cli.words import clock_time, duration, plural, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.recording import Recording, Stream
    from emgdetect.types import Channel

UNITS = {"uV": "µV", "adc": "counts of unknown gain", "envelope": "envelope"}
MOST_GAPS = 8


def to_text(recording: Recording) -> str:
    """Say what was understood of ``recording``: header, streams with channels and gaps, oddities."""
    return "\n".join(_lines(recording))


def _lines(recording: Recording) -> Iterator[str]:
    yield f"{recording.path.name}"
    yield f"  format    {recording.title or recording.format}"
    yield f"  device    {recording.device}"
    yield f"  start     {clock_time(recording.start)}"
    for number, stream in enumerate(recording.streams, start=1):
        title = "stream" if len(recording.streams) == 1 else f"stream {number}"
        yield from _stream(title, stream)
    if recording.annotations:
        yield f"  marks     {len(recording.annotations)}"
    for oddity in recording.oddities:
        yield f"  oddity    {oddity}"


def _stream(title: str, stream: Stream) -> Iterator[str]:
    hz = stream.info.sampling_rate
    samples = plural(stream.n_samples, "sample")
    yield f"  {title:<9} {rate(hz)}, {samples}, {duration(stream.n_samples / hz)}"
    width = max(map(len, stream.info.ch_names), default=0)
    for channel in stream.info.channels:
        yield f"    {channel.name:<{width}}  {_meaning(channel)}"
    if not stream.gaps:
        yield "    no gaps"
        return
    missing = sum(gap.n_samples for gap in stream.gaps) / hz
    yield f"    {plural(len(stream.gaps), 'gap')}, {duration(missing)} missing"
    for gap in stream.gaps[:MOST_GAPS]:
        yield f"      at {duration(gap.start / hz)}: {duration(gap.n_samples / hz)} ({gap.cause})"
    if len(stream.gaps) > MOST_GAPS:
        yield f"      and {len(stream.gaps) - MOST_GAPS} more (--json lists all)"


def _meaning(channel: Channel) -> str:
    words = UNITS[channel.unit]
    if channel.unit == "uV" and channel.gain != 1:
        words += f", {channel.gain:.6g} µV per count"
    if channel.raw_low is not None and channel.raw_high is not None:
        words += f", converter from {channel.raw_low:g} to {channel.raw_high:g}"
    return words

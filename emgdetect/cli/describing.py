"""A recording in a few lines for people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from emgdetect.cli.words import clock_time, duration, plural, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.recording import Recording, Stream
    from emgdetect.types import Channel

UNITS = {"uV": "µV", "adc": "counts of unknown gain", "envelope": "envelope"}
MOST_GAPS = 8
NAMES_WIDTH = 40


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
    rows = list(_channels(stream))
    width = max((len(names) for names, _ in rows), default=0)
    for names, meaning in rows:
        yield f"    {names:<{width}}  {meaning}".rstrip()
    if not stream.gaps:
        yield "    no gaps"
        return
    missing = sum(gap.n_samples for gap in stream.gaps) / hz
    yield f"    {plural(len(stream.gaps), 'gap')}, {duration(missing)} missing"
    for gap in stream.gaps[:MOST_GAPS]:
        yield f"      at {duration(gap.start / hz)}: {duration(gap.n_samples / hz)} ({gap.cause})"
    if len(stream.gaps) > MOST_GAPS:
        yield f"      and {len(stream.gaps) - MOST_GAPS} more (--json lists all)"


def _channels(stream: Stream) -> Iterator[tuple[str, str]]:
    """Give lines of channels side by side that mean the same, and what they mean."""
    for meaning, channels in groupby(stream.info.channels, key=_meaning):
        said = meaning
        line = ""
        for channel in channels:
            longer = f"{line}, {channel.name}" if line else channel.name
            if line and len(longer) > NAMES_WIDTH:
                yield f"{line},", said
                said, longer = "", channel.name
            line = longer
        yield line, said


def _meaning(channel: Channel) -> str:
    words = UNITS[channel.unit]
    if channel.unit == "uV" and channel.gain != 1:
        words += f", {channel.gain:.6g} µV per count"
    if channel.raw_low is not None and channel.raw_high is not None:
        rails = sorted(raw * channel.gain + channel.offset for raw in (channel.raw_low, channel.raw_high))
        unit = " µV" if channel.unit == "uV" else ""
        words += f", converter from {rails[0]:.6g} to {rails[1]:.6g}{unit}"
    return words

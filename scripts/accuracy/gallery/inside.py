"""What the detector saw: its thresholds, its floor, and the signal as its filters left it.

This looks at the detector's inner parts, and is the only place of the gallery that does.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.chain import Conditioner
from emgdetect.conditioning.grid import Grid
from emgdetect.detection.channel import ChannelDetector
from emgdetect.detection.scales import scale_lengths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accuracy.piece import Span
    from emgdetect.config import Profile
    from emgdetect.detection.activity import Hits
    from emgdetect.detection.thresholds import Decided
    from emgdetect.recording import Stream
    from emgdetect.types import FloatArray

LEAD_S = 20.0
"""So long before a picture the filters begin: the measure of the mains needs it."""
RMS_S = 0.05


@dataclass(slots=True)
class Watch:
    """What the detectors of a stream decided, in order of the channels: thresholds, and what passed them."""

    parts: dict[ChannelDetector, list[tuple[Decided, list[Hits]]]] = field(default_factory=dict)

    def of(self, row: int) -> tuple[FloatArray, FloatArray]:
        """Return a channel's floor (n_blocks,) and thresholds (n_scales, n_blocks), as powers."""
        parts = [decided for decided, _ in list(self.parts.values())[row]]
        return np.concatenate([p.floor for p in parts]), np.concatenate([p.limits for p in parts], axis=1)

    def passed(self, row: int, frames: tuple[int, int]) -> bool:
        """Tell whether anything in ``frames`` passed a threshold of any scale."""
        found = [one for _, hits in list(self.parts.values())[row] for one in hits]
        return any(bool(((one.start < frames[1]) & (one.stop > frames[0])).any()) for one in found)


@contextmanager
def watched() -> Iterator[Watch]:
    """Keep what every detector decides while this lasts."""
    watch = Watch()
    original = ChannelDetector._hits  # noqa: SLF001 - the one place where thresholds and hits meet

    def hits(self: ChannelDetector, decided: Decided) -> list[Hits]:
        found = original(self, decided)
        watch.parts.setdefault(self, []).append((decided, found))
        return found

    ChannelDetector._hits = hits  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield watch
    finally:
        ChannelDetector._hits = original  # type: ignore[method-assign]  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of one channel as the detector saw it; levels are RMS in the channel's unit.

    ``filtered``, ``level`` (over 50 ms) and ``short_level`` (over the shortest scale) have one entry per
    working sample from ``start`` s on; ``floor``, ``limit`` (of the scale nearest to 50 ms) and ``short``
    (of the shortest) one per frame.
    """

    start: float
    rate: float
    filtered: FloatArray
    level: FloatArray
    short_level: FloatArray
    frame_s: float
    floor: FloatArray
    limit: FloatArray
    short: FloatArray


def view(stream: Stream, row: int, profile: Profile, watch: Watch, sight: Span) -> View:
    """Condition a stretch anew and put the thresholds that were decided beside it."""
    grid = Grid.of(stream.info.sampling_rate)
    first, last = _hops(grid, sight)
    lead = min(first, round(LEAD_S * grid.sampling_rate / grid.raw_per_hop))
    samples = _conditioned(stream, row, profile, grid, (first - lead, last))
    lengths = scale_lengths(grid)
    near = int(np.argmin(np.abs(np.log(np.array(lengths) * grid.frame_seconds / RMS_S))))
    floor, limits = (np.sqrt(_per_frame(v, grid, (first, last))) for v in watch.of(row))
    skip = lead * grid.hop * grid.frame
    return View(
        start=first * grid.raw_per_hop / grid.sampling_rate,
        rate=grid.working_rate,
        filtered=samples[skip:],
        level=_rms(samples, round(RMS_S * grid.working_rate))[skip:],
        short_level=_rms(samples, lengths[0] * grid.frame)[skip:],
        frame_s=grid.frame_seconds,
        floor=floor,
        limit=limits[near],
        short=limits[0],
    )


def passed(stream: Stream, row: int, watch: Watch, span: Span) -> bool:
    """Tell whether anything in a span (s) passed a threshold."""
    grid = Grid.of(stream.info.sampling_rate)
    first, last = (int(edge / grid.frame_seconds) for edge in span)
    return watch.passed(row, (first, last + 1))


def _hops(grid: Grid, sight: Span) -> tuple[int, int]:
    first = max(0, int(sight[0] * grid.sampling_rate) // grid.raw_per_hop)
    last = -(-int(sight[1] * grid.sampling_rate) // grid.raw_per_hop)
    return first, max(first + 1, last)


def _conditioned(stream: Stream, row: int, profile: Profile, grid: Grid, hops: tuple[int, int]) -> FloatArray:
    channel = stream.info.channels[row]
    start, stop = (hop * grid.raw_per_hop for hop in hops)
    values = stream.window(start, stop)[row]
    raw = stream.fetch(0, 1)
    step = abs(channel.gain) if np.issubdtype(raw.dtype, np.integer) else 0.0
    stage = Conditioner(profile.band, channel.unit, grid, rails=(-np.inf, np.inf), step=step)
    return stage.process(values).samples.astype(float)


def _per_frame(values: FloatArray, grid: Grid, hops: tuple[int, int]) -> FloatArray:
    """Return the frames of some hops from one value per block; the last block stands for what follows."""
    frames = np.arange(hops[0] * grid.hop, hops[1] * grid.hop)
    return np.asarray(values[..., np.minimum(frames // grid.block, values.shape[-1] - 1)])


def _rms(samples: FloatArray, width: int) -> FloatArray:
    power = np.convolve(samples * samples, np.full(max(1, width), 1 / max(1, width)), "same")
    return np.sqrt(np.maximum(power, 0.0))

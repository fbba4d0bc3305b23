"""What an event had to pass to be one: its own thresholds, found again from the samples around it.

Thresholds follow the background and are not stored. The detection of one channel is run again over as much
as its thresholds were told by, beginning where the predictor of the background is renewed, so that they come
out as they were. Of the time scales the one that the event passes by most is shown: it is the one that made
it an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from emgdetect.config import Profile

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.detection.scales import Scale
    from emgdetect.detection.store import IslandData
    from emgdetect.recording import Stream
    from emgdetect.types import Event, FloatArray

WARM_UP_S = 30.0
"""Until filters and the estimate of hum have forgotten where they began; the predictor of the background
still has to."""

LONGEST_S = 30.0
"""Of a longer event the beginning is looked at."""

BEYOND_S = 3.0
"""An island is decided when a second after it was quiet."""

PIECE_S = 30.0
BLOCKS = 20
"""A stretch begins at a whole multiple of so many blocks: groups of four share their thresholds, and hum is
measured over cells that fit a whole number of times into twenty."""

SHARED_BLOCKS = 4
"""Thresholds may be those of a block so much earlier."""


@dataclass(frozen=True, slots=True)
class Passed:
    """How an event stands to its thresholds, in the channel's unit; arrays have shape ``(n,)``.

    Attributes
    ----------
    seconds : float
        Time scale: RMS values are taken over so many seconds.
    times : ndarray
        Seconds from the onset.
    rms : ndarray
        Of the filtered signal around each time.
    limit : ndarray
        What the RMS had to exceed then.
    margin_db : float
        How far the event's own energy passes at this scale; negative where it does not.
    sharp_db : float
        The same among its prediction errors, which are not drawn; NaN without such scales.
    """

    seconds: float
    times: FloatArray
    rms: FloatArray
    limit: FloatArray
    margin_db: float
    sharp_db: float


def passed(stream: Stream, event: Event, settings: dict[str, Any]) -> Passed | None:
    """Find the thresholds of an event again.

    Parameters
    ----------
    stream : Stream
        The samples the event was found in.
    event : Event
        Which event; one of its channels.
    settings : dict
        Those of the detection.

    Returns
    -------
    Passed or None
        ``None`` when settings or channel are of something else, or nothing stands out there any more.
    """
    from emgdetect.conditioning.bandpass import BandPass
    from emgdetect.conditioning.grid import Grid
    from emgdetect.detection.blocks import MEMORY_BLOCKS
    from emgdetect.detection.scales import scales_of

    try:
        profile = Profile.model_validate(settings)
    except ValidationError:
        return None
    if event.channel not in stream.info.ch_names:
        return None
    row = stream.info.ch_names.index(event.channel)
    grid = Grid.of(stream.info.sampling_rate)
    first = _first(event, profile, grid)
    last = _last(stream, event, profile)
    islands, silent = _islands(stream, row, profile, first, last)
    if silent and first > 0:
        # Whether silence is a sensor gone dead was told by more than thresholds are.
        first = _first(event, profile, grid, earlier=MEMORY_BLOCKS)
        islands, _ = _islands(stream, row, profile, first, last)
    delay = 0.0
    if stream.info.channels[row].unit != "envelope":
        delay = BandPass(profile.band.low, profile.band.high, grid).delay
    onset = (event.sample + delay - first) / grid.raw_per_frame
    wanted = [island for island in islands if island.start <= onset < island.start + len(island.energy)]
    if not wanted:
        return None
    scales = scales_of(grid, waveform=stream.info.channels[row].unit != "envelope")
    length = min(event.n_samples / grid.raw_per_frame, LONGEST_S / grid.frame_seconds)
    return _passed(wanted[-1], grid, scales, onset - wanted[-1].start, length)


def _first(event: Event, profile: Profile, grid: Grid, earlier: int = 0) -> int:
    """Return the sample from which on detection is run again; ``earlier`` by so many blocks at least.

    Once filters are settled, the predictor must have been renewed with settled blocks alone, and in step.
    """
    from emgdetect.detection.whitening import MEMORY_BLOCKS, RENEWAL_BLOCKS

    settings = profile.threshold
    window = grid.blocks(max(settings.window_short, settings.window_long, 2 * settings.floor_window))
    warm_up = ceil((grid.blocks(WARM_UP_S) + MEMORY_BLOCKS) / RENEWAL_BLOCKS) * RENEWAL_BLOCKS
    per_block = grid.block * grid.raw_per_frame
    block = event.sample // per_block - window - SHARED_BLOCKS - warm_up - earlier
    unit = lcm(BLOCKS, RENEWAL_BLOCKS)
    return max(block, 0) // unit * unit * per_block


def _last(stream: Stream, event: Event, profile: Profile) -> int:
    seconds = min(event.duration, LONGEST_S) + profile.threshold.lookahead + BEYOND_S
    return min(event.sample + round(seconds * stream.info.sampling_rate), stream.n_samples)


def _islands(
    stream: Stream, row: int, profile: Profile, first: int, last: int
) -> tuple[list[IslandData], bool]:
    """Run the detection of one channel over ``first:last``.

    Returns what it looked at, and whether the sensor fell silent meanwhile.
    """
    from emgdetect.detection.channel import ChannelDetector

    step = 0.0
    start = next((max(start, first) for start, stop in stream.runs() if stop > first), None)
    if start is not None and np.issubdtype(stream.fetch(start, start + 1).dtype, np.integer):
        step = abs(stream.info.channels[row].gain)
    channel, rate = stream.info.channels[row], stream.info.sampling_rate
    detector = ChannelDetector(channel, rate, profile, step=step, provisional=False)
    found: list[IslandData] = []
    detector.watch = found.append
    piece = max(1, round(PIECE_S * rate / detector.hop)) * detector.hop
    for begin in range(first, last, piece):
        stop = begin + -(-(min(begin + piece, last) - begin) // detector.hop) * detector.hop
        detector.process(stream.window(begin, stop)[row])
    detector.finish(last - first)
    return found, detector.met_silence


def _passed(
    island: IslandData, grid: Grid, scales: tuple[Scale, ...], onset: float, length: float
) -> Passed | None:
    from emgdetect.detection.scales import moving_energy

    plain = [row for row, scale in enumerate(scales) if not scale.sharp]
    sharp = [row for row, scale in enumerate(scales) if scale.sharp]
    margins = {row: _margin(island, scales[row], row, onset, length) for row in range(len(scales))}
    best = max(plain, key=lambda row: margins[row])
    if not np.isfinite(margins[best]):
        return None
    frames = scales[best].length
    means = moving_energy(island.energy, tuple(scales[row].length for row in plain))[frames]
    # A mean over the last frames belongs to their middle.
    middle = np.arange(len(means)) - (frames - 1) / 2 + 0.5
    return Passed(
        seconds=frames * grid.frame_seconds,
        times=np.asarray((middle - onset) * grid.frame_seconds, dtype=np.float64),
        rms=np.sqrt(means),
        limit=np.sqrt(island.limits[best]),
        margin_db=margins[best],
        sharp_db=max((margins[row] for row in sharp), default=float("nan")),
    )


def _margin(island: IslandData, scale: Scale, row: int, onset: float, length: float) -> float:
    """Return how far the energy of the event alone passes one scale's threshold, in dB."""
    energy = island.sharp if scale.sharp else island.energy
    start, stop = max(int(onset), 0), min(int(np.ceil(onset + length)), len(energy))
    own = np.zeros(len(energy))
    own[start:stop] = energy[start:stop]
    sums = np.convolve(own, np.full(scale.length, 1 / scale.length))[: len(own)]
    limits = island.limits[row]
    known = np.isfinite(limits) & (limits > 0)
    best = float(np.max(sums[known] / limits[known], initial=0.0))
    return 10 * float(np.log10(best)) if best > 0 else float("-inf")

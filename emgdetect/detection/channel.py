"""The detector of one channel: values in, final events and quality out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.chain import Conditioner
from emgdetect.conditioning.grid import Grid
from emgdetect.detection.activity import Hits, Islands, find_hits
from emgdetect.detection.blocks import block_levels, block_maxima
from emgdetect.detection.builder import EventBuilder, IslandData
from emgdetect.detection.quality import QualityTracker
from emgdetect.detection.rolling import Rolling
from emgdetect.detection.scales import moving_energy, scale_lengths
from emgdetect.detection.thresholds import Thresholds, degrees_of_freedom, noise_mean

if TYPE_CHECKING:
    from emgdetect.conditioning.chain import Conditioned
    from emgdetect.config import Profile
    from emgdetect.detection.activity import Island
    from emgdetect.detection.thresholds import Decided
    from emgdetect.types import Channel, Event, FloatArray, Quality

_PAD_S = 1.0
_LONGEST_S = 600.0
_FLOOR_SCALE_S = 0.032


class ChannelDetector:
    """All stages behind one channel's values.

    Parameters
    ----------
    channel : Channel
        Name, unit and rails.
    sampling_rate : float
        In Hz, 10 to 20 000.
    profile : Profile
        The settings.
    step : float
        Smallest difference between two values the sensor can tell, in the channel's unit; 0 if unknown.
    """

    def __init__(self, channel: Channel, sampling_rate: float, profile: Profile, step: float) -> None:
        grid = Grid.of(sampling_rate)
        self._grid = grid
        rails = (
            -np.inf if channel.raw_low is None else channel.raw_low * channel.gain + channel.offset,
            np.inf if channel.raw_high is None else channel.raw_high * channel.gain + channel.offset,
        )
        self._conditioner = Conditioner(
            profile.band, channel.unit, grid, rails=(min(rails), max(rails)), step=step
        )
        self._lengths = scale_lengths(grid)
        degrees = degrees_of_freedom(self._lengths, grid, channel.unit)
        nearest = np.argmin(np.abs(np.array(self._lengths) * grid.frame_seconds - _FLOOR_SCALE_S))
        self._floor_scale = int(nearest)
        self._floor_degrees = degrees[self._floor_scale]
        # Quantisation alone has a power of a twelfth of its step squared.
        self._least = step * step / 12
        self._quantised = step > 0
        self._thresholds = Thresholds(profile.threshold, grid, degrees, max(self._least, 1e-30))
        self._islands = Islands(grid.frames(_PAD_S), grid.frames(_LONGEST_S))
        self._builder = EventBuilder(channel, grid, profile, self._conditioner.delay)
        self._quality = QualityTracker(channel, grid, profile.quality)
        self._samples, self._energy, self._low, self._floor = (Rolling() for _ in range(4))
        self._usable = Rolling(np.bool_)
        self._scales = [Rolling() for _ in self._lengths]
        self._sparse = [Rolling() for _ in self._lengths]
        self._tail = np.zeros(self._lengths[-1])
        self._summarised = 0
        self._end: int | None = None

    @property
    def hop(self) -> int:
        """Raw samples in a hop; :meth:`process` takes whole hops."""
        return self._grid.raw_per_hop

    def process(self, values: FloatArray, *, gap: bool = False) -> list[Event]:
        """Take whole hops of values (NaN where missing) and return the events that became final."""
        conditioned = self._conditioner.process(values)
        glitches = self._builder.note_glitches(conditioned.glitches)
        self._quality.add(conditioned, np.full(len(conditioned.flat), gap))
        self._store(conditioned)
        self._summarise()
        return glitches + self._decide(ended=False)

    def finish(self, end_sample: int) -> list[Event]:
        """Take the end of the stream and return the events still open.

        ``end_sample`` is where the stream really ended; the hop that was padded to be whole ends later.
        """
        self._end = end_sample
        surplus = -self._energy.stop % self._grid.block
        self._append_frames(
            np.zeros(surplus), np.zeros(surplus), np.zeros(surplus, bool), np.zeros(surplus * self._grid.frame)
        )
        self._summarise()
        return self._decide(ended=True)

    def drain_quality(self) -> Quality | None:
        """Return the seconds whose quality is known since last time, or ``None``."""
        return self._quality.drain(self._end)

    def _store(self, conditioned: Conditioned) -> None:
        usable = conditioned.usable
        if not self._quantised:
            # A flat stretch of finely resolved numbers is a silent sensor, not a quiet muscle.
            usable = usable & ~np.repeat(conditioned.flat, self._grid.hop)
        samples = conditioned.samples
        power = samples * samples
        energy = power.reshape(-1, self._grid.frame).sum(axis=1) / self._grid.frame
        self._append_frames(np.where(usable, energy, 0.0), conditioned.low, usable, samples)

    def _append_frames(
        self, energy: FloatArray, low: FloatArray, usable: FloatArray, samples: FloatArray
    ) -> None:
        joined = np.concatenate([self._tail, energy])
        rows = moving_energy(joined, self._lengths)
        for store, length in zip(self._scales, self._lengths, strict=True):
            store.append(rows[length][len(self._tail) :])
        self._tail = joined[-len(self._tail) :]
        self._energy.append(energy)
        self._low.append(low)
        self._usable.append(usable)
        self._samples.append(samples)

    def _summarise(self) -> None:
        """Reduce the blocks that became whole to their statistics."""
        block = self._grid.block
        whole = self._energy.stop // block
        if whole == self._summarised:
            return
        first, last = self._summarised * block, whole * block
        usable = self._usable.get(first, last)
        maxima = np.stack([block_maxima(row.get(first, last), usable, block) for row in self._scales])
        levels = block_levels(self._scales[self._floor_scale].get(first, last), usable, block)
        levels = np.maximum(noise_mean(levels, self._floor_degrees), self._least)
        self._thresholds.add(maxima, levels)
        self._summarised = whole

    def _decide(self, *, ended: bool) -> list[Event]:
        decided = self._thresholds.decide(ended=ended)
        blocks = len(decided.floor)
        if not blocks and not ended:
            return []
        self._quality.add_floor(decided.floor)
        self._floor.append(np.repeat(decided.floor, self._grid.block))
        for kept, limits in zip(self._sparse, decided.sparse, strict=True):
            kept.append(limits)
        self._islands.add(self._hits(decided))
        frames = (decided.first + blocks) * self._grid.block
        settled = frames - self._lengths[-1] if not ended else frames + 10 * self._grid.frames(_PAD_S)
        events = [
            event for island in self._islands.closed(settled) for event in self._build(island, frames)
        ]
        self._forget(frames, settled)
        return events

    def _hits(self, decided: Decided) -> list[Hits]:
        block = self._grid.block
        first, last = decided.first * block, (decided.first + len(decided.floor)) * block
        usable = self._usable.get(first, last).reshape(-1, block)
        found = []
        for row, (store, length) in enumerate(zip(self._scales, self._lengths, strict=True)):
            energy = store.get(first, last).reshape(-1, block)
            # Whatever passes the dense threshold is looked at; most blocks hold nothing.
            above = energy > np.minimum(decided.sparse[row], decided.dense[row])[:, None]
            if above.any():
                found.append(find_hits(above & usable, first, length))
        return found

    def _build(self, island: Island, frames: int) -> list[Event]:
        stop = min(island.stop, frames)
        size = self._grid.frame
        data = IslandData(
            island.start,
            self._energy.get(island.start, stop),
            self._floor.get(island.start, stop),
            self._limits(island.start, stop),
            self._usable.get(island.start, stop),
            self._low.get(island.start, stop),
            self._samples.get(island.start * size, stop * size),
        )
        return self._builder.build(data)

    def _limits(self, start: int, stop: int) -> FloatArray:
        """Adaptive thresholds of every scale for frames ``start:stop``."""
        block = self._grid.block
        first, last = start // block, -(-stop // block)
        rows = np.stack([row.get(first, last) for row in self._sparse])
        return np.asarray(np.repeat(rows, block, axis=1)[:, start - first * block :][:, : stop - start])

    def _forget(self, frames: int, settled: int) -> None:
        needed = self._islands.needed_from(settled)
        for store in (self._energy, self._low, self._floor, self._usable):
            store.forget(needed)
        self._samples.forget(needed * self._grid.frame)
        for limits in self._sparse:
            limits.forget(needed // self._grid.block)
        for store in self._scales:
            store.forget(min(frames, self._summarised * self._grid.block))

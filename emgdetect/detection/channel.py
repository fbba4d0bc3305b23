"""The detector of one channel: values in, final events and quality out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.chain import Conditioner
from emgdetect.conditioning.grid import Grid
from emgdetect.detection.activity import Hits, Islands, find_hits
from emgdetect.detection.blocks import DeadBlocks
from emgdetect.detection.builder import EventBuilder
from emgdetect.detection.provisional import Announcer
from emgdetect.detection.quality import QualityTracker
from emgdetect.detection.scales import longest_within, scales_of
from emgdetect.detection.store import FrameStore
from emgdetect.detection.thresholds import Thresholds, degrees_of_freedom, noise_mean
from emgdetect.types import Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.config import Profile
    from emgdetect.detection.store import IslandData
    from emgdetect.detection.thresholds import Decided
    from emgdetect.types import Channel, Event, FloatArray

_PAD_S = 1.0
_LONGEST_S = 600.0


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
    provisional : bool
        Whether events are also announced before they are final.
    floor : float
        RMS of the background as measured beforehand, NaN if it was not: with it, events are announced from
        the first moment on. What becomes final never depends on it.
    """

    def __init__(
        self,
        channel: Channel,
        sampling_rate: float,
        profile: Profile,
        *,
        step: float,
        provisional: bool,
        floor: float = np.nan,
    ) -> None:
        grid = Grid.of(sampling_rate)
        self._grid = grid
        self._conditioner = Conditioner(profile.band, channel.unit, grid, rails=_rails(channel), step=step)
        self._scales = scales_of(grid, waveform=channel.unit != "envelope")
        self._longest = max(scale.length for scale in self._scales)
        self._store = FrameStore(grid, self._scales, quantised=step > 0)
        degrees = degrees_of_freedom(self._scales, grid, channel.unit)
        self._floor_degrees = degrees[self._store.floor_scale]
        # Quantisation alone has a power of a twelfth of its step squared.
        self._least = step * step / 12
        self._dead = DeadBlocks(self._least)
        self._thresholds = Thresholds(profile.threshold, grid, self._scales, degrees, max(self._least, 1e-30))
        self._islands = Islands(grid.frames(_PAD_S), grid.frames(_LONGEST_S))
        self._builder = EventBuilder(channel, grid, profile, self._conditioner.delay)
        self._quality = QualityTracker(channel, grid, profile.quality)
        self._announcer = Announcer(channel, grid, profile) if provisional else None
        self._latest: Decided | None = None
        self._announced_from = np.empty(0)
        self._dense_ratio = 10 ** (profile.threshold.dense_snr / 10)
        dense_frames = profile.threshold.dense_duration / grid.frame_seconds
        self._dense_row = longest_within(self._scales, dense_frames)
        if provisional and floor > 0:
            self._announce_by(self._thresholds.from_rest(floor * floor))
        self._summarised = 0
        self._end: int | None = None
        self._drained: list[Quality] = []
        self.provisional: list[Event] = []
        self.withdrawn: list[Event] = []
        self.watch: Callable[[IslandData], None] | None = None
        """Shown every island with its thresholds, for who wants to draw them; must not change it."""

    @property
    def hop(self) -> int:
        """Raw samples in a hop; :meth:`process` takes whole hops."""
        return self._grid.raw_per_hop

    @property
    def look(self) -> int:
        """Raw samples between two looks at a hop that is not whole yet."""
        return self._grid.raw_per_look

    @property
    def met_silence(self) -> bool:
        """Whether the sensor fell silent somewhere: then thresholds depend on the half hour before, too."""
        return self._dead.met_silence

    def process(self, values: FloatArray, *, gap: bool = False) -> list[Event]:
        """Take whole hops of values (NaN where missing) and return the events that became final.

        Provisional and withdrawn events are added to the lists of those names.
        """
        conditioned = self._conditioner.process(values)
        glitches = self._builder.note_glitches(conditioned.glitches)
        self._quality.add(conditioned, np.full(len(conditioned.flat), gap))
        before = self._store.stop
        self._store.append(conditioned)
        self._summarise()
        self._announce(before)
        events = glitches + self._decide(ended=False)
        # Hops weigh more than seconds: a gap of a day must not pile them up.
        if (part := self._quality.drain()) is not None:
            self._drained.append(part)
        return events

    def peek(self, values: FloatArray) -> None:
        """Look at the first values of the hop to come, for how long goes on what was announced.

        They come again with :meth:`process`, and nothing but what was announced is remembered of them.
        """
        announcer = self._announcer
        if announcer is None or self._latest is None or not announcer.is_watching:
            return
        if not np.isfinite(values).all():
            return
        energy = self._store.ahead(self._conditioner.peek(values)) / self._scales[0].length
        self.provisional += announcer.peek(self._store.stop, energy, float(self._latest.floor[-1]))

    def finish(self, end_sample: int) -> list[Event]:
        """Take the end of the stream and return the events still open.

        ``end_sample`` is where the stream really ended; the hop that was padded to be whole ends later.
        """
        self._end = end_sample
        if self._announcer is not None and self._latest is not None:
            self.provisional += self._announcer.end(float(self._latest.floor[-1]))
        self._store.complete_block()
        self._summarise()
        return self._decide(ended=True)

    def drain_quality(self) -> Quality | None:
        """Return the seconds whose quality is known since last time, or ``None``."""
        last = self._quality.drain(self._end)
        parts = self._drained if last is None else [*self._drained, last]
        self._drained = []
        if not parts:
            return None
        return Quality(
            parts[0].channel,
            parts[0].start,
            np.concatenate([part.floor for part in parts]),
            np.concatenate([part.reason for part in parts]),
        )

    def _summarise(self) -> None:
        """Reduce the blocks that became whole to their statistics."""
        whole = self._store.stop // self._grid.block
        if whole == self._summarised:
            return
        maxima, levels = self._store.statistics(self._summarised, whole)
        levels = np.maximum(noise_mean(levels, self._floor_degrees), self._least)
        dead = self._dead.among(levels)
        if dead.any():
            maxima[:, dead], levels[dead] = np.nan, np.nan
        self._thresholds.add(maxima, levels)
        self._summarised = whole
        if self._announcer is not None:
            self._announce_by(self._thresholds.latest())

    def _announce_by(self, latest: Decided) -> None:
        """Take thresholds for what comes next; the rows they meet are sums, not means."""
        self._latest = latest
        self._announced_from = self._lowered(latest)[:, -1] * [scale.length for scale in self._scales]

    def _announce(self, first: int) -> None:
        """Compare the newest frames with what the past alone says."""
        if self._announcer is None or self._latest is None:
            return
        rows, usable = self._store.energies(first, self._store.stop)
        if not len(usable):
            return
        floor = float(self._latest.floor[-1])
        active = np.zeros(len(usable), bool)
        for row, limit in zip(rows, self._announced_from, strict=True):
            active |= row > limit
        energy = rows[0] / self._scales[0].length
        self.provisional += self._announcer.watch(first, energy, active & usable, floor)

    def _decide(self, *, ended: bool) -> list[Event]:
        decided = self._thresholds.decide(ended=ended)
        if not len(decided.floor) and not ended:
            return []
        self._quality.add_floor(decided.floor)
        self._store.decide(decided)
        self._islands.add(self._hits(decided))
        frames = (decided.first + len(decided.floor)) * self._grid.block
        # Hits still to come reach back by a scale; at the end nothing comes any more.
        settled = frames + 3 * self._grid.frames(_PAD_S) if ended else frames - self._longest
        events: list[Event] = []
        for island in self._islands.closed(settled):
            data = self._store.island(island.start, min(island.stop, frames))
            if self.watch is not None:
                self.watch(data)
            events += self._builder.build(data)
        needed = self._islands.needed_from(settled)
        if self._announcer is not None:
            self.withdrawn += self._announcer.settle(events, needed)
        self._store.forget(needed, frames)
        self._builder.forget(needed)
        return events

    def _hits(self, decided: Decided) -> list[Hits]:
        block = self._grid.block
        first, last = decided.first * block, (decided.first + len(decided.floor)) * block
        rows, usable = self._store.energies(first, last)
        lowered = self._lowered(decided)
        found = []
        for row, scale, limit, greatest in zip(rows, self._scales, lowered, decided.maxima, strict=True):
            # Most blocks hold nothing; of one that was hardly recorded (NaN) that is not known.
            busy = np.flatnonzero(~(greatest <= limit))
            if len(busy):
                above = row.reshape(-1, block)[busy] > limit[busy, None] * scale.length
                above &= usable.reshape(-1, block)[busy]
                found.append(find_hits(above, decided.first + busy, scale.length))
        return found

    def _lowered(self, decided: Decided) -> FloatArray:
        """Return the thresholds for a first look, which also catches what is dense rather than rare.

        An event that the floor alone vouches for is strong for at least the dense duration: the longest scale
        within that cannot miss it.
        """
        limits = decided.limits.copy()
        limits[self._dense_row] = np.minimum(limits[self._dense_row], self._dense_ratio * decided.floor)
        return limits


def _rails(channel: Channel) -> tuple[float, float]:
    ends = [
        None if raw is None else raw * channel.gain + channel.offset
        for raw in (channel.raw_low, channel.raw_high)
    ]
    least, greatest = ends if channel.gain > 0 else ends[::-1]
    return -np.inf if least is None else least, np.inf if greatest is None else greatest

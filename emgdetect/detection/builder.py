"""From an island of activity to finished events: segments, edges, features, artefact or kind, confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from emgdetect._version import __version__
from emgdetect.detection.artefacts import artefact_cause
from emgdetect.detection.edges import refine
from emgdetect.detection.features import describe
from emgdetect.detection.kinds import flags_of, kind_of, refusals
from emgdetect.detection.segments import Segment, find_segments
from emgdetect.detection.thresholds import degrees_of_freedom
from emgdetect.types import Event

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Profile
    from emgdetect.detection.activity import Hits
    from emgdetect.types import Channel, FloatArray, Kind

_EDGE_PAD_S = 0.02
_SWING_PAD_S = 0.1
_SWING_SMOOTH_S = 0.032
_SETTLING_S = 10.0


@dataclass(frozen=True, slots=True)
class IslandData:
    """Frames of an island from frame ``start`` on, and its samples at the working rate."""

    start: int
    energy: FloatArray
    floor: FloatArray
    usable: NDArray[np.bool_]
    low: FloatArray
    samples: FloatArray


class EventBuilder:
    """Make events of one channel.

    Parameters
    ----------
    channel : Channel
        Its name and unit.
    grid : Grid
        Sizes that belong to the stream's rate.
    profile : Profile
        The settings.
    delay : float
        Delay of the filters in raw samples, taken off every onset.
    """

    def __init__(self, channel: Channel, grid: Grid, profile: Profile, delay: float) -> None:
        self._channel = channel
        self._grid = grid
        self._profile = profile
        self._delay = round(delay)
        self._degrees = degrees_of_freedom((1,), grid, channel.unit)[0]
        refused = {refusal.kind for refusal in refusals(channel, grid.sampling_rate, profile.kinds)}
        self._kinds = {kind for kind in profile.kinds.look_for if kind not in refused}
        self._rule = f"{profile.name}@{__version__}#{profile.digest}"

    def build(self, data: IslandData, hits: Hits) -> list[Event]:
        """Return the events of an island, in order of onset."""
        power = data.energy / data.floor
        segments = find_segments(
            power, data.usable, self._profile.edges, self._degrees, self._grid.frame_seconds
        )
        events = []
        for segment in segments:
            inside = hits.overlapping(data.start + segment.start, data.start + segment.stop)
            level = float(power[segment.start : segment.stop].mean())
            if self._believed(segment, inside, level):
                event = self._event(data, segment, self._confidence(inside, level))
                if event is not None:
                    events.append(event)
        return events

    def _believed(self, segment: Segment, hits: Hits, level: float) -> bool:
        if hits.sparse.any():
            return True
        settings = self._profile.threshold
        seconds = (segment.stop - segment.start) * self._grid.frame_seconds
        strong = 10 * np.log10(max(level, 1e-9)) >= settings.dense_snr
        return bool(len(hits.start)) and seconds >= settings.dense_duration and bool(strong)

    def _confidence(self, hits: Hits, level: float) -> float:
        """Grow from 0.5 at the threshold towards 1; not a calibrated probability."""
        if hits.sparse.any():
            above = 10 * np.log10(float(hits.margin[hits.sparse].max()))
            return float(1 - 0.5 * np.exp(-max(above, 0.0) / 2))
        above = 10 * np.log10(level) - self._profile.threshold.dense_snr
        return float(1 - 0.5 * np.exp(-max(above, 0.0) / 6))

    def _event(self, data: IslandData, segment: Segment, confidence: float) -> Event | None:
        frame, rate = self._grid.frame, self._grid.working_rate
        floor = float(data.floor[segment.start])
        pad = round(_EDGE_PAD_S * rate)
        first = max(segment.start * frame - pad, 0)
        last = min(segment.stop * frame + pad, len(data.samples))
        squares = data.samples[first:last] ** 2
        start, stop = refine(squares, rate, floor, self._profile.edges.tail)
        start, stop = first + start, first + max(stop, start + 1)
        samples = data.samples[start:stop]
        cause = self._artefact(data, segment, samples)
        count = (stop - start) * self._grid.decimation
        duration = count / self._grid.sampling_rate
        kind: Kind = "artefact" if cause else kind_of(duration, self._profile.kinds)
        if kind != "artefact" and (
            kind not in self._kinds or duration < self._profile.edges.min_duration
        ):
            return None
        features = describe(
            samples,
            rate,
            floor,
            waveform=self._channel.unit != "envelope",
            rhythm=(self._profile.kinds.rhythm_low, self._profile.kinds.rhythm_high),
        )
        onset = max(0, (data.start * frame + start) * self._grid.decimation - self._delay)
        flags = (cause,) if cause else flags_of(kind, features.rhythm)
        return Event(
            channel=self._channel.name,
            sample=onset,
            n_samples=count,
            onset=onset / self._grid.sampling_rate,
            duration=duration,
            kind=kind,
            peak=features.peak,
            rms=features.rms,
            snr_db=features.snr_db,
            median_frequency=features.median_frequency,
            rhythm=features.rhythm,
            confidence=confidence,
            flags=(*flags, *self._circumstances(data, segment, onset)),
            rule=self._rule,
        )

    def _artefact(self, data: IslandData, segment: Segment, samples: FloatArray) -> str | None:
        if self._channel.unit == "envelope":
            return None
        pad = self._grid.frames(_SWING_PAD_S)
        low = data.low[max(0, segment.start - pad) : segment.stop + pad]
        low = low[np.isfinite(low)]
        width = min(self._grid.frames(_SWING_SMOOTH_S), max(len(low), 1))
        smooth = np.convolve(low, np.full(width, 1 / width), "valid") if len(low) else np.zeros(1)
        return artefact_cause(samples, self._grid.working_rate, float(np.ptp(smooth)))

    def _circumstances(self, data: IslandData, segment: Segment, onset: int) -> tuple[str, ...]:
        flags = []
        before = segment.start > 0 and not data.usable[segment.start - 1]
        after = segment.stop < len(data.usable) and not data.usable[segment.stop]
        if before or after:
            flags.append("truncated")
        if onset < _SETTLING_S * self._grid.sampling_rate:
            flags.append("settling")
        return tuple(flags)

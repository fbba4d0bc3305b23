"""From an island of activity to finished events: segments, edges, features, artefact or kind, confidence."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from emgdetect._version import __version__
from emgdetect.detection.artefacts import Baseline, artefact_cause
from emgdetect.detection.belief import Belief
from emgdetect.detection.features import describe
from emgdetect.detection.kinds import flags_of, is_single_discharge, kind_of, refusals
from emgdetect.detection.outline import Outliner
from emgdetect.detection.ranks import ranked
from emgdetect.detection.scales import Scale, scales_of
from emgdetect.detection.segments import Judge, Segment, find_segments, split_segment
from emgdetect.detection.thresholds import degrees_of_freedom
from emgdetect.types import Event

if TYPE_CHECKING:
    from emgdetect.conditioning.despike import Glitch
    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Profile
    from emgdetect.detection.outline import Outline
    from emgdetect.detection.store import IslandData
    from emgdetect.types import Channel, FloatArray, Kind

_SWING_PAD_S = 0.04
_SWING_SMOOTH_S = 0.032
_JUMP_SPAN_S = 0.024
_JUMP_SETTLE_S = 0.008
_SETTLING_S = 10.0
_FORGET_S = 1.0
_SHORT_S = 0.2
_HALF = 0.5
_GLITCH_TAIL_S = 0.08
"""What the filters make of a glitch lasts no longer than this."""


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
        self._judge = Judge(degrees_of_freedom((Scale(1),), grid, channel.unit)[0], grid.frame_seconds)
        scales = scales_of(grid, waveform=channel.unit != "envelope")
        self._outliner = Outliner(grid, profile, channel.unit, self._judge.degrees)
        self._belief = Belief(grid, profile, scales, self._judge, calibrated=channel.unit == "uV")
        refused = {refusal.kind for refusal in refusals(channel, grid.sampling_rate, profile.kinds)}
        self._kinds = {kind for kind in profile.kinds.look_for if kind not in refused}
        self._unmended: list[Glitch] = []
        self._rule = f"{profile.name}@{__version__}#{profile.digest}"

    def note_glitches(self, glitches: tuple[Glitch, ...]) -> list[Event]:
        """Return the mended glitches as artefacts, and keep the others in mind for the events they make."""
        rate = self._grid.sampling_rate
        self._unmended += [glitch for glitch in glitches if not glitch.mended]
        return [
            Event(
                channel=self._channel.name,
                sample=glitch.start,
                n_samples=glitch.n_samples,
                onset=glitch.start / rate,
                duration=glitch.n_samples / rate,
                kind="artefact",
                peak=abs(glitch.jump),
                rms=abs(glitch.jump),
                snr_db=float("nan"),
                flags=("glitch",),
                rule=self._rule,
            )
            for glitch in glitches
            if glitch.mended
        ]

    def forget(self, before: int) -> None:
        """Drop glitches that no event from frame ``before`` on can touch."""
        first = (before - self._grid.frames(_FORGET_S)) * self._grid.raw_per_frame
        self._unmended = [glitch for glitch in self._unmended if glitch.start >= first]

    def build(self, data: IslandData) -> list[Event]:
        """Return the events of an island, in order of onset."""
        events = []
        segments = self._segments(data)
        for segment, room in zip(segments, _rooms(segments, len(data.energy)), strict=True):
            confidence = self._belief.confidence(data, segment)
            if confidence is None or confidence < self._profile.threshold.least_confidence:
                continue
            event = self._event(data, segment, room, confidence)
            if event is not None:
                events.append(event)
        return events

    def _segments(self, data: IslandData) -> list[Segment]:
        edges = self._profile.edges
        return [
            part
            for segment in find_segments(data.power, data.usable, edges, self._judge)
            for strong in split_segment(data.power, segment, edges, self._judge)
            for part in self._belief.cores(data, strong) or [strong]
        ]

    def _event(
        self, data: IslandData, segment: Segment, room: tuple[int, int], confidence: float
    ) -> Event | None:
        frame, rate = self._grid.frame, self._grid.working_rate
        outline = self._outliner.outline(data, segment, room)
        start, stop, floor = outline.start, outline.stop, outline.floor
        samples = data.samples[start:stop]
        count = (stop - start) * self._grid.decimation
        onset = max(0, (data.start * frame + start) * self._grid.decimation - self._delay)
        cause = "glitch" if self._is_glitch(onset, count) else self._artefact(data, segment, outline)
        duration = count / self._grid.sampling_rate
        kind: Kind = "artefact" if cause else kind_of(duration, self._profile.kinds)
        if kind != "artefact" and (kind not in self._kinds or duration < self._profile.edges.min_duration):
            return None
        features = describe(
            samples,
            rate,
            floor,
            waveform=self._channel.unit != "envelope",
            rhythm=(self._profile.kinds.rhythm_low, self._profile.kinds.rhythm_high),
        )
        flags = (cause,) if cause else flags_of(kind, features.rhythm)
        if self._channel.unit != "envelope" and is_single_discharge(kind, features.spread, rate):
            flags = (*flags, "single discharge")
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

    def _is_glitch(self, onset: int, count: int) -> bool:
        if count > _GLITCH_TAIL_S * self._grid.sampling_rate:
            return False
        reach = 2 * self._grid.raw_per_frame
        return any(onset - reach <= glitch.start <= onset + count + reach for glitch in self._unmended)

    def _artefact(self, data: IslandData, segment: Segment, outline: Outline) -> str | None:
        if self._channel.unit == "envelope":
            return None
        baseline = self._baseline(data, segment)
        core = data.samples[outline.core]
        return artefact_cause(core, self._grid.working_rate, outline.floor, baseline)

    def _baseline(self, data: IslandData, segment: Segment) -> Baseline:
        around, settle = self._grid.frames(_JUMP_SPAN_S), self._grid.frames(_JUMP_SETTLE_S)
        peak = segment.start + int(np.argmax(data.energy[segment.start : segment.stop]))
        before = _known(data.low[max(0, segment.start - around) : max(segment.start, 1)])
        after = _known(data.low[peak + settle : peak + settle + around])
        jump = abs(ranked(after, _HALF) - ranked(before, _HALF)) if len(before) and len(after) else 0.0
        pad = self._grid.frames(_SWING_PAD_S)
        low = _known(data.low[max(0, segment.start - pad) : segment.stop + pad])
        width = min(self._grid.frames(_SWING_SMOOTH_S), max(len(low), 1))
        smooth = np.convolve(low, np.full(width, 1 / width), "valid") if len(low) else np.zeros(1)
        return Baseline(float(np.ptp(smooth)), float(jump))

    def _circumstances(self, data: IslandData, segment: Segment, onset: int) -> tuple[str, ...]:
        flags = []
        before = segment.start > 0 and not data.usable[segment.start - 1]
        after = segment.stop < len(data.usable) and not data.usable[segment.stop]
        if before or after:
            flags.append("truncated")
        if onset < _SETTLING_S * self._grid.sampling_rate:
            flags.append("settling")
        return tuple(flags)


def _rooms(segments: list[Segment], frames: int) -> list[tuple[int, int]]:
    """Return the frames each segment may widen to: half way to its neighbours."""
    if not segments:
        return []
    borders = [(one.stop + other.start) // 2 for one, other in pairwise(segments)]
    return list(pairwise([0, *borders, frames]))


def _known(values: FloatArray) -> FloatArray:
    return values[np.isfinite(values)]

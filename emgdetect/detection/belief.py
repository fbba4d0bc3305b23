"""Whether a stretch of activity is an event: its own energy against the thresholds, and its probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection import confidence as model
from emgdetect.detection.company import Company
from emgdetect.detection.ranks import ranked
from emgdetect.detection.scales import Scale, longest_within, moving_energy
from emgdetect.detection.segments import Judge, Segment, find_cores

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Profile
    from emgdetect.detection.store import IslandData

_SOLID = 1.6
"""What is left without its cores is an event, too, if it passes its thresholds by this factor."""
_CROWDED = 10.0
"""Thresholds ten times the floor; in rare activity they stand at two to five times."""
_BESIDE_S = 0.8
_RISE_S = 0.15
_LEAST = 1e-9
_HALF = 0.5


class Belief:
    """Judge the segments of one channel.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate.
    profile : Profile
        The settings.
    scales : tuple of Scale
        What is watched.
    judge : Judge
        What one frame is worth.
    calibrated : bool
        Whether energies are in µV²: rules in µV are left out where they are not.
    """

    def __init__(
        self, grid: Grid, profile: Profile, scales: tuple[Scale, ...], judge: Judge, *, calibrated: bool
    ) -> None:
        self._settings = profile.threshold
        self._edges = profile.edges
        self._scales = scales
        self._judge = judge
        self._sharp_judge = Judge(max(2.0, float(grid.frame)), grid.frame_seconds)
        self._company = Company()
        self._dense_row = longest_within(scales, profile.threshold.dense_duration / grid.frame_seconds)
        self._beside = grid.frames(_BESIDE_S)
        self._rise_frames = grid.frames(_RISE_S)
        self._least_rise = profile.threshold.least_rise_uv if calibrated else None

    def confidence(self, data: IslandData, segment: Segment) -> float | None:
        """Return how likely a segment is an event; ``None`` for what passes no threshold and is not dense.

        Segments must come in the order of time: what was believed before counts.
        """
        margins = own_margins(data, segment, self._scales)
        level = float(data.power[segment.start : segment.stop].mean())
        dense = self._is_dense(segment, level)
        if margins.greatest <= 1 and not dense:
            return None
        if self._least_rise is not None and self._rise(data, segment) < self._least_rise:
            return None
        among_others = dense and self._is_crowded(data, segment)
        found = self._findings(data, segment, margins, level, dense=among_others)
        seconds = (data.start + segment.start) * self._judge.frame_seconds
        company = self._company.per_hour(seconds)
        self._company.meet(found, seconds)
        return model.confidence_of(found, company)

    def _rise(self, data: IslandData, segment: Segment) -> float:
        """Return how far a segment's RMS, at its greatest over 0.15 s, rises above the floor's."""
        energy = data.energy[segment.start : segment.stop]
        width = min(self._rise_frames, len(energy))
        means = np.convolve(energy, np.full(width, 1 / width), "valid")
        return float(np.sqrt(means.max()) - np.sqrt(data.floor[segment.start]))

    def cores(self, data: IslandData, segment: Segment) -> list[Segment]:
        """Return the brief events that are all there is in a segment; none if its rest is an event, too."""
        if not len(data.sharp):
            return []
        found = find_cores(data.sharp, data.usable, segment, self._edges, self._sharp_judge)
        cores = [core for core in found if own_margins(data, core, self._scales).sharp > 1]
        if not cores:
            return []
        rest = data.power[segment.start : segment.stop].copy()
        for core in cores:
            rest[core.start - segment.start : core.stop - segment.start] = np.nan
        solid = own_margins(data, segment, self._scales, without=cores).greatest > _SOLID
        known = rest[~np.isnan(rest)]
        return [] if solid or (len(known) and self._is_dense(segment, float(known.mean()))) else cores

    def _is_dense(self, segment: Segment, level: float) -> bool:
        """Believe a long and strong event on the noise floor's word alone."""
        seconds = (segment.stop - segment.start) * self._judge.frame_seconds
        strong = _decibels(level) >= self._settings.dense_snr
        return seconds >= self._settings.dense_duration and strong

    def _is_crowded(self, data: IslandData, segment: Segment) -> bool:
        """Tell whether thresholds stand as high as contractions do: then the activity around is dense."""
        part = slice(segment.start, segment.stop)
        return bool(np.median(data.limits[self._dense_row, part] / data.floor[part]) >= _CROWDED)

    def _findings(
        self, data: IslandData, segment: Segment, margins: Margins, level: float, *, dense: bool
    ) -> model.Findings:
        part = data.power[segment.start : segment.stop]
        pairs = (part[1:] + part[:-1]) / 2 if len(part) > 1 else part
        return model.Findings(
            margin_db=_decibels(margins.greatest),
            sharp_db=_decibels(margins.sharp) - _decibels(margins.plain),
            level_db=_decibels(level),
            peak_db=_decibels(float(pairs.max())),
            around_db=_decibels(self._around(data, segment)),
            surge_db=_decibels(float(data.surge[segment.start])),
            evidence=segment.score,
            seconds=len(part) * self._judge.frame_seconds,
            dense=dense,
        )

    def _around(self, data: IslandData, segment: Segment) -> float:
        """Return the median power right before or after a segment, the greater; 1 where little is known."""
        before = data.power[max(0, segment.start - self._beside) : segment.start]
        after = data.power[segment.stop : segment.stop + self._beside]
        known = [ranked(side, _HALF) for side in (before, after) if len(side) > self._beside // 3]
        return max(known, default=1.0)


@dataclass(frozen=True, slots=True)
class Margins:
    """How far a segment's own energy passes the thresholds: the greatest ratio over the scales of each sort.

    ``sharp`` (of the prediction errors) is ``plain`` where there are no such scales.
    """

    plain: float
    sharp: float

    @property
    def greatest(self) -> float:
        """The greater of the two."""
        return max(self.plain, self.sharp)


def own_margins(
    data: IslandData, segment: Segment, scales: tuple[Scale, ...], without: list[Segment] | None = None
) -> Margins:
    """Return by how much a segment passes the thresholds by itself, ``without`` some of its parts.

    Energy outside the segment does not count: the long window that a strong event fills would otherwise
    vouch for every ripple near it.
    """
    found = {}
    for sharp, energy in ((False, data.energy), (True, data.sharp)):
        chosen = {scale.length: row for row, scale in enumerate(scales) if scale.sharp == sharp}
        if not chosen:
            continue
        lengths = tuple(chosen)
        frames = slice(segment.start, min(segment.stop + lengths[-1], len(energy)))
        own = energy[frames].copy()
        own[segment.stop - segment.start :] = 0.0
        for core in without or []:
            own[core.start - segment.start : core.stop - segment.start] = 0.0
        rows = moving_energy(own, lengths)
        found[sharp] = max(float((rows[n] / data.limits[row, frames]).max()) for n, row in chosen.items())
    # Nothing is known of errors before the predictor is learnt: that says nothing against an event.
    return Margins(found[False], found.get(True, 0.0) or found[False])


def _decibels(power: float) -> float:
    return 10 * float(np.log10(max(power, _LEAST)))

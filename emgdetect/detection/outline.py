"""Where in its samples a segment begins and ends, and how loud the background is right beside it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.edges import is_smoothed, refine, rise_of
from emgdetect.detection.features import beat_rate
from emgdetect.detection.flanks import BINS, foot_of
from emgdetect.detection.floor import quiet_correction
from emgdetect.detection.ranks import ranked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Profile
    from emgdetect.detection.segments import Segment
    from emgdetect.detection.store import IslandData
    from emgdetect.types import FloatArray, Unit

_EDGE_PAD_S = 0.02
_SMEARED_S = 0.35
_SHORT_S = 0.2
_FAST = 400.0
_NOTHING = 1e-30
_HALF = 0.5
_AROUND_S = 0.6
_GREATEST_RISE = 10.0
_WEAK = 10**1.2
"""Below 12 dB the foot of a flank is lost in the noise; of a stronger event, samples show it better."""


@dataclass(frozen=True, slots=True)
class Outline:
    """Working samples ``start:stop`` of the island, and the power of the background beside them.

    ``core`` are those that stand out by themselves, without flanks hidden in the noise.
    """

    start: int
    stop: int
    floor: float
    core: slice


class Outliner:
    """Outline the segments of one channel.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate.
    profile : Profile
        The settings.
    unit : {"uV", "adc", "envelope"}
        What the numbers are.
    degrees : float
        Degrees of freedom of one frame's noise energy.
    """

    def __init__(self, grid: Grid, profile: Profile, unit: Unit, degrees: float) -> None:
        self._grid = grid
        self._tail = profile.edges.tail
        self._beats = profile.kinds.rhythm_low, profile.kinds.rhythm_high
        self._waveform = unit != "envelope"
        self._degrees = degrees

    def outline(self, data: IslandData, segment: Segment, room: tuple[int, int]) -> Outline:
        """Return a segment's edges at sample resolution.

        ``room`` are the frames it may widen to: what lies beyond belongs to its neighbours.
        """
        floor = float(data.floor[segment.start]) * self._rise_around(data, segment)
        # What lies beyond a missing frame belongs to no event on this side of it.
        first = segment.start - _unbroken(data.usable[: segment.start][::-1])
        last = segment.stop + _unbroken(data.usable[segment.stop :])
        start, stop = self._edges(data, segment, (first, last), floor)
        core = slice(start, stop)
        if self._has_hidden_flanks(data.samples[core], floor):
            start, stop = self._widened(data, (start, stop), (max(first, room[0]), min(last, room[1])))
        return Outline(start, stop, floor, core)

    def _edges(
        self, data: IslandData, segment: Segment, recorded: tuple[int, int], floor: float
    ) -> tuple[int, int]:
        """Return the edges that samples show near those of the segment, within the ``recorded`` frames."""
        frame, rate = self._grid.frame, self._grid.working_rate
        pad = round(_EDGE_PAD_S * rate)
        first = max(segment.start * frame - pad, recorded[0] * frame)
        last = min(segment.stop * frame + pad, recorded[1] * frame)
        squares = data.samples[first:last] ** 2
        clearest = self._clearest(data, segment, slice(first, last)) or (squares, floor)
        start, stop = refine(*clearest, rate, self._tail)
        short = stop - start < _SMEARED_S * rate
        if not self._waveform and short and is_smoothed(squares[start:stop]):
            start, stop = rise_of(squares, floor)
        return first + start, first + max(stop, start + 1)

    def _has_hidden_flanks(self, samples: FloatArray, floor: float) -> bool:
        """Tell a long and weak event; not a rhythmic one, whose beats begin and end at once."""
        if len(samples) < 2 * BINS * self._grid.frame or not self._waveform:
            return False
        if float(np.mean(samples * samples)) >= _WEAK * floor:
            return False
        return isnan(beat_rate(samples, self._grid.working_rate, *self._beats))

    def _widened(self, data: IslandData, edges: tuple[int, int], room: tuple[int, int]) -> tuple[int, int]:
        """Return edges moved to where the flanks began and ended, within ``room`` (frames)."""
        frame = self._grid.frame
        first, last = edges[0] // frame, -(-edges[1] // frame)
        begin, finish = min(room[0], first), max(room[1], last)
        power = data.power[begin:finish]
        foot = begin + foot_of(power, first - begin, last - first, self._degrees)
        end = finish - foot_of(power[::-1], finish - last, last - first, self._degrees)
        return (edges[0] if foot == first else foot * frame), (edges[1] if end == last else end * frame)

    def _clearest(
        self, data: IslandData, segment: Segment, samples: slice
    ) -> tuple[FloatArray, float] | None:
        """Return the squares of a short event's prediction errors, and their floor.

        What a filter lets ring is foretold, and not among them. ``None`` where they would not show edges
        better than the samples do: those of a longer event, and at slow rates, where the predictor itself is
        longer than a twitch.
        """
        brief = segment.stop - segment.start <= self._grid.frames(_SHORT_S)
        if not brief or not len(data.errors) or self._grid.working_rate < _FAST:
            return None
        reach, frame = self._grid.frames(_AROUND_S), self._grid.frame
        before = data.errors[max(0, segment.start - reach) * frame : segment.start * frame]
        after = data.errors[segment.stop * frame : (segment.stop + reach) * frame]
        beside = np.concatenate([before, after]).astype(np.float64) ** 2
        if len(beside) < reach * frame:
            return None
        rest = ranked(beside, _HALF) * quiet_correction(1.0, _HALF)
        return data.errors[samples].astype(np.float64) ** 2, max(rest, _NOTHING)

    def _rise_around(self, data: IslandData, segment: Segment) -> float:
        """Return how far the background right beside a short event stands above the floor, at least 1."""
        reach = self._grid.frames(_AROUND_S)
        if segment.stop - segment.start > self._grid.frames(_SHORT_S):
            return 1.0
        before = slice(max(0, segment.start - reach), segment.start)
        after = slice(segment.stop, segment.stop + reach)
        power = np.concatenate([data.power[part][data.usable[part]] for part in (before, after)])
        if len(power) < reach:
            return 1.0
        rise = ranked(power, _HALF) * quiet_correction(self._degrees, _HALF)
        return min(max(rise, 1.0), _GREATEST_RISE)


def _unbroken(usable: NDArray[np.bool_]) -> int:
    """Return how many frames from the first on are usable without a break."""
    return len(usable) if usable.all() else int(np.argmin(usable))

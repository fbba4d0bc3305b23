"""Begin and end of events inside an island of activity, by cumulative sums on frames.

Each frame gives evidence for activity against noise: the log-likelihood ratio of its energy under a power
``ratio`` times the floor's (Page's cumulative sum test, Biometrika 1954). An event begins where the sum
last left its minimum, and ends at its maximum once a pause of the merge gap has used the evidence up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.floor import quiet_correction
from emgdetect.detection.ranks import ranked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.config import Edges
    from emgdetect.types import FloatArray

_UPPER = 0.9
_HALF = 0.5
_BREAK = 1e-3
"""What a missing frame costs more than a merge gap, were that nothing."""
_CORE_LEAST_S = 0.06
_CORE_LONGEST_S = 0.2
_CORE_AROUND_S = 0.3
_CORE_RATIO = 4.0
_CORE_TAIL = 0.02
_STRONGEST = 60.0
"""One frame's evidence counts no more than this many times its weight."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames ``start:stop`` of one event, relative to the island, and its evidence in nats."""

    start: int
    stop: int
    score: float


@dataclass(frozen=True, slots=True)
class Judge:
    """What a frame is worth: degrees of freedom of its noise energy, and its length in seconds."""

    degrees: float
    frame_seconds: float


def evidence(power: FloatArray, ratio: float, degrees: float) -> FloatArray:
    """Log-likelihood ratio of each frame.

    Parameters
    ----------
    power : ndarray
        Energy over the floor.
    ratio : float
        Power ratio that is told apart from noise.
    degrees : float
        Degrees of freedom of one frame's noise energy.
    """
    weight = 0.5 * degrees
    return np.asarray(np.minimum(weight * (power * (1 - 1 / ratio) - np.log(ratio)), weight * _STRONGEST))


def pause_cost(ratio: float, degrees: float, frames: float, *, silent: bool = False) -> float:
    """Return the evidence that so many frames of mean noise (or of silence) take away."""
    given = 0.0 if silent else 1 - 1 / ratio
    return float(0.5 * degrees * (np.log(ratio) - given) * frames)


def find_segments(
    power: FloatArray, usable: NDArray[np.bool_], settings: Edges, judge: Judge, *, silent: bool = False
) -> list[Segment]:
    """Return the events inside an island, in order; empty when no evidence suffices.

    Parameters
    ----------
    power : ndarray
        Energy of each frame over the floor.
    usable : ndarray of bool
        Which frames were recorded.
    settings : Edges
        The profile's part on edges.
    judge : Judge
        What one frame is worth.
    silent : bool
        Whether pauses are silent by this power rather than noise of power 1.
    """
    frames = settings.merge_gap / judge.frame_seconds
    cost = pause_cost(settings.ratio, judge.degrees, frames, silent=silent)
    gains = evidence(power, settings.ratio, judge.degrees)
    # A frame that was not recorded ends whatever went on before it.
    gains = np.where(usable, gains, -1.01 * cost - _BREAK)
    sums = np.concatenate([[0.0], np.cumsum(gains)])
    segments: list[Segment] = []
    position = 0
    while (segment := _next_segment(sums, position, settings.score, cost)) is not None:
        position = segment.stop
        near = segments and segment.start - segments[-1].stop < frames
        if near and usable[segments[-1].stop : segment.start].all():
            last = segments.pop()
            segment = Segment(last.start, segment.stop, last.score + segment.score)
        segments.append(segment)
    return segments


def split_segment(power: FloatArray, segment: Segment, settings: Edges, judge: Judge) -> list[Segment]:
    """Part an event where it falls far below its own level for longer than the merge gap.

    Between two strong contractions a muscle often stays a little above rest; measured by the floor they are
    one event, by their own level two. The level is a small part of the upper tenth of the event's power.
    """
    part = power[segment.start : segment.stop]
    if len(part) <= settings.merge_gap / judge.frame_seconds:
        return [segment]
    level = settings.split * ranked(part, _UPPER)
    if level <= 1:
        return [segment]
    inner = find_segments(part / level, np.ones(len(part), bool), settings, judge, silent=True)
    return [Segment(segment.start + one.start, segment.start + one.stop, one.score) for one in inner] or [
        segment
    ]


def find_cores(
    sharp: FloatArray, usable: NDArray[np.bool_], segment: Segment, settings: Edges, judge: Judge
) -> list[Segment]:
    """Find the brief sharp events inside a longer weak segment.

    Where the background has risen a little, or only wavered, a segment grows around a twitch and drowns it.
    Among the prediction errors the twitch stands out by itself.

    Parameters
    ----------
    sharp : ndarray
        Energy of the errors in each frame of the island.
    usable : ndarray of bool
        Which frames were recorded.
    segment : Segment
        Where to look.
    settings : Edges
        The profile's part on edges.
    judge : Judge
        What a frame of errors is worth.

    Returns
    -------
    list of Segment
        In order; empty where nothing brief stands out.
    """
    if segment.stop - segment.start < _CORE_LEAST_S / judge.frame_seconds:
        return []
    reach = round(_CORE_AROUND_S / judge.frame_seconds)
    around = slice(max(0, segment.start - reach), segment.stop + reach)
    near = sharp[around][usable[around]]
    base = ranked(near, _HALF) * quiet_correction(judge.degrees, 0.5)
    part = np.where(usable, sharp, 0.0)[segment.start : segment.stop]
    if base <= 0 or float(np.max(part[1:] + part[:-1])) < 2 * _CORE_RATIO * base:
        return []
    # Of a strong one only what is near its own peak: beside it the background may rise above this base.
    base = max(base, _CORE_TAIL * float(part.max()))
    inner = find_segments(part / base, usable[segment.start : segment.stop], settings, judge)
    longest = _CORE_LONGEST_S / judge.frame_seconds
    return [
        Segment(segment.start + one.start, segment.start + one.stop, one.score)
        for one in inner
        if one.stop - one.start <= longest
    ]


def _next_segment(sums: FloatArray, position: int, score: float, cost: float) -> Segment | None:
    part = sums[position:]
    least = np.minimum.accumulate(part)
    enough = np.flatnonzero(part - least > score)
    if not len(enough):
        return None
    alarm = int(enough[0])
    start = int(np.flatnonzero(part[: alarm + 1] == least[alarm])[-1])
    after = part[alarm:]
    best = np.maximum.accumulate(after)
    spent = np.flatnonzero(best - after > cost)
    end = int(spent[0]) if len(spent) else len(after)
    stop = alarm + int(np.argmax(after[:end]))
    return Segment(position + start, position + stop, float(part[stop] - part[start]))

"""Begin and end of events inside an island of activity, by cumulative sums on frames.

Each frame gives evidence for activity against noise: the log-likelihood ratio of its energy under a power
``ratio`` times the floor's (Page's cumulative sum test, Biometrika 1954). An event begins where the sum
last left its minimum, and ends at its maximum once a pause of the merge gap has used the evidence up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.config import Edges
    from emgdetect.types import FloatArray

_STRONGEST = 60.0
"""One frame's evidence counts no more than this many times its weight."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Frames ``start:stop`` of one event, relative to the island, and its evidence in nats."""

    start: int
    stop: int
    score: float


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


def pause_cost(ratio: float, degrees: float, frames: float) -> float:
    """Return the evidence that so many frames of mean noise take away."""
    return float(0.5 * degrees * (np.log(ratio) - (1 - 1 / ratio)) * frames)


def find_segments(
    power: FloatArray, usable: NDArray[np.bool_], settings: Edges, degrees: float, frame_seconds: float
) -> list[Segment]:
    """Return the events inside an island, in order; empty when no evidence suffices."""
    cost = pause_cost(settings.ratio, degrees, settings.merge_gap / frame_seconds)
    gains = evidence(power, settings.ratio, degrees)
    # A frame that was not recorded ends whatever went on before it.
    gains = np.where(usable, gains, -1.01 * cost)
    sums = np.concatenate([[0.0], np.cumsum(gains)])
    segments: list[Segment] = []
    position = 0
    while (segment := _next_segment(sums, position, settings.score, cost)) is not None:
        segments.append(segment)
        position = segment.stop
    return segments


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

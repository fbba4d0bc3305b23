"""Where a weak event's slow flank began, or ended, in the noise.

A muscle that tightens slowly passes every threshold late: the foot of its ramp is hidden in the noise, and a
cumulative sum finds the place from which it stands out. Here a model of the whole flank says where it must
have begun: noise, then a power that rises linearly (power grows with the number of active units and their
rate) to a plateau. All feet and lengths of the ramp on a grid are weighed by their likelihood, and the
median of the foot is taken: it has the least expected error (the change-point problem with a ramp, solved as
Bayes' rule says, with no foot or length preferred).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import FloatArray

BINS = 32
"""The grid has so many bins before the place in question and as many after it."""

_RAMPS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 40, 48)
_FIRST, _LAST = 2, 52
_LEFT = 4
"""Feet are sought in these bins, and so many bins must be left for the plateau."""
_ENOUGH = 800.0
"""So many degrees of freedom, by halves, of energy above the noise tell a flank; more would blur it."""
_TRUST = 0.5
"""Evidence counts by this part: a muscle's power wavers, and is no clean ramp with noise on it."""
_NEAR = 1
_HALF = 0.5
_LEAST = 1e-3


class _Shapes(NamedTuple):
    """Ramps of height 1 by bins, one a row; the bin each begins at; which bins come after that."""

    heights: FloatArray
    foot: NDArray[np.int64]
    after: NDArray[np.bool_]


def foot_of(power: FloatArray, place: int, length: int, degrees: float) -> int:
    """Return the frame at which the flank of a rising event began.

    Parameters
    ----------
    power : ndarray
        Energy of each frame over the floor, in the direction in which the event rises.
    place : int
        Where it seems to begin.
    length : int
        So many frames from there on belong to the event, at least twice :data:`BINS`.
    degrees : float
        Degrees of freedom of one frame's noise energy.

    Returns
    -------
    int
        ``place`` itself where that is as likely as not; at most so far before it as there are frames.
    """
    sums = np.cumsum(0.5 * degrees * (power[place : place + length // 2] - 1))
    enough = int(np.argmax(sums >= _ENOUGH)) if sums[-1] >= _ENOUGH else len(sums)
    width = max(1, enough // BINS)
    known = min(place, BINS * width)
    # What is not there to be seen counts as noise.
    unseen = np.ones(BINS * width - known)
    frames = np.concatenate([unseen, power[place - known : place + BINS * width]])
    chances = _chances(frames.reshape(2 * BINS, width).mean(axis=1), degrees * width)
    if chances[BINS - _NEAR : BINS + _NEAR + 1].sum() > _HALF:
        return place
    return max(0, place + round((_median(chances) - BINS) * width))


def _chances(bins: FloatArray, degrees: float) -> FloatArray:
    """Return how likely the flank began at the beginning of each bin."""
    shapes = _shapes()
    above = np.where(shapes.after, bins - 1, 0.0).sum(axis=1)
    height = np.maximum(above, _LEAST) / shapes.heights.sum(axis=1)
    model = 1 + height[:, None] * shapes.heights
    likelihood = -0.5 * degrees * _TRUST * (np.log(model) + bins / model).sum(axis=1)
    weights = np.exp(likelihood - likelihood.max())
    chances = np.bincount(shapes.foot, weights, minlength=len(bins))
    return np.asarray(chances / chances.sum())


def _median(chances: FloatArray) -> float:
    """Return the median bin, with the part of it that lies before."""
    sums = np.cumsum(chances)
    index = int(np.searchsorted(sums, _HALF))
    return index + (_HALF - float(sums[index] - chances[index])) / float(chances[index]) - _HALF


@cache
def _shapes() -> _Shapes:
    bins = np.arange(2 * BINS)
    pairs = [
        (foot, ramp) for foot in range(_FIRST, _LAST) for ramp in _RAMPS if foot + ramp <= len(bins) - _LEFT
    ]
    foot, ramp = np.array(pairs).T
    risen = (bins + _HALF - foot[:, None]) / np.maximum(ramp, _HALF)[:, None]
    return _Shapes(np.clip(risen, 0.0, 1.0), foot, bins >= foot[:, None])

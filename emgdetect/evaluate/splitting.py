"""Splits and merges: where two raters saw the same activity and cut it up differently.

Raters of spasms differ in their counts mostly because of this (Thomas et al. 2014).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import FloatArray

WITHIN = 0.5
"""Part of an event that must lie in another to be a piece of it."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Events of the reference found in two pieces or more; detected events that hold two or more of them."""

    splits: int
    merges: int


def cuts(truth: FloatArray, detected: FloatArray) -> Cuts:
    """Count splits and merges among events of one channel.

    Parameters
    ----------
    truth, detected : ndarray, shape ``(n, 2)`` and ``(m, 2)``
        Start and stop in s, in any order.

    Returns
    -------
    Cuts
        A split is an event of the reference in which two or more detected events lie by half; a merge is a
        detected event in which two or more of the reference do.
    """
    return Cuts(int(np.sum(pieces(truth, detected) > 1)), int(np.sum(pieces(detected, truth) > 1)))


def pieces(whole: FloatArray, parts: FloatArray) -> NDArray[np.int64]:
    """Return for each of ``whole`` how many of ``parts`` lie in it by :data:`WITHIN` of their length."""
    if not len(whole) or not len(parts):
        return np.zeros(len(whole), dtype=np.int64)
    length = parts[:, 1] - parts[:, 0]
    counts = np.zeros(len(whole), dtype=np.int64)
    order = np.argsort(parts[:, 0], kind="stable")
    starts = parts[order, 0]
    longest = float(np.max(length))
    for place, (start, stop) in enumerate(whole):
        first = int(np.searchsorted(starts, start - longest, side="left"))
        last = int(np.searchsorted(starts, stop, side="right"))
        near = order[first:last]
        shared = np.minimum(parts[near, 1], stop) - np.maximum(parts[near, 0], start)
        inside = (shared >= WITHIN * length[near]) & ((shared > 0) | ((length[near] == 0) & (shared == 0)))
        counts[place] = int(np.sum(inside))
    return counts

"""What is kept of every block of about 1.2 s: its maximum per scale and its quiet level."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.floor import BLOCK_QUANTILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import FloatArray, RealArray

MEMORY_BLOCKS = 1500
"""So many blocks (half an hour) tell whether silence is what a sensor usually gives."""

_ENOUGH = 0.5
"""A block with fewer usable frames than this part says nothing."""

_THIN = 3
_SILENT = 2.0
_ALIVE = 48.0
"""Noise of two steps RMS, in the power of quantisation (a twelfth of a step squared)."""


def block_maxima(energy: RealArray, usable: NDArray[np.bool_], block: int) -> RealArray:
    """Return the greatest usable energy of each whole block, NaN where too little is usable."""
    if usable.all():
        return np.asarray(energy.reshape(-1, block).max(axis=1))
    rows = np.where(usable, energy, -1.0).reshape(-1, block).max(axis=1)
    return np.where(_enough(usable, block), rows, np.nan)


def block_levels(energy: RealArray, usable: NDArray[np.bool_], block: int) -> RealArray:
    """Return a low quantile of the usable energy of each whole block, NaN where too little is usable."""
    rows = energy.reshape(-1, block)
    # Neighbouring frames share most of their window; every third tells as much.
    thinned = rows[:, ::_THIN]
    rank = int(BLOCK_QUANTILE * thinned.shape[1])
    levels = np.partition(thinned, rank, axis=1)[:, rank]
    if usable.all():
        return levels
    for index in np.flatnonzero(~usable.reshape(-1, block).all(axis=1)):
        known = np.sort(rows[index][usable[index * block : (index + 1) * block]])
        levels[index] = known[int(BLOCK_QUANTILE * len(known))] if len(known) else np.nan
    return np.where(_enough(usable, block), levels, np.nan)


class DeadBlocks:
    """Tell a sensor gone silent from a muscle at rest.

    A converter's noise does not vanish: where most blocks of the last half hour stand well above a step's
    own noise, one that does not is a cable pulled or an amplifier at its rail, and says nothing of the
    background. A sensor too coarse to show its noise is silent most of the time, and its silence counts:
    however loud it began, once it has been silent for as long.

    Parameters
    ----------
    least : float
        Power of quantisation alone; 0 where steps are unknown, and then no block is dead.
    """

    def __init__(self, least: float) -> None:
        self._least = least
        # 1 for a block well above quantisation, -1 for another, 0 for one that says nothing.
        self._votes: deque[int] = deque(maxlen=MEMORY_BLOCKS)
        self.met_silence = False
        """Whether any block was silent, dead or not: only then it matters what came before."""

    def among(self, levels: FloatArray) -> NDArray[np.bool_]:
        """Return which of the next blocks are dead, by their quiet levels; NaN is not."""
        dead = np.zeros(len(levels), bool)
        silent = levels < _SILENT * self._least
        votes = np.where(np.isnan(levels), 0, np.where(levels > _ALIVE * self._least, 1, -1)).tolist()
        if not silent.any():
            self._votes.extend(votes)
            return dead
        self.met_silence = True
        for block, vote in enumerate(votes):
            dead[block] = silent[block] and sum(self._votes) > 0
            self._votes.append(vote)
        return dead


def _enough(usable: NDArray[np.bool_], block: int) -> NDArray[np.bool_]:
    return np.asarray(usable.reshape(-1, block).mean(axis=1) >= _ENOUGH)

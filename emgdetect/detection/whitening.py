"""What the background could not have foretold: each sample less its prediction from those right before it.

Background is coloured: neighbouring samples resemble each other, and most of its power is predictable. A
single discharge is not, and stands out among the errors of the prediction by several decibels more than in
the signal (linear prediction; Makhoul, Proc IEEE 63:561-580, 1975; for spikes in EMG, McGill et al., IEEE
Trans Biomed Eng 32:470-477, 1985).

The predictor is learnt from the quietest parts of the last minute or so and renewed from time to time, at
places that depend on the sample index alone.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.chain import Conditioned
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray, RealArray

MEMORY_BLOCKS = 64
"""So many blocks teach: the last minute and a quarter."""

RENEWAL_BLOCKS = 64
"""After so many blocks the predictor is renewed; in the beginning whenever their number has doubled."""

_ORDER_S = 0.008
_LEAST_ORDER = 2
_DIFFERENCE_S = 0.002
_QUICK_TAPS = 11
"""numpy correlates with so many numbers far quicker than with more."""
_QUIET_HOPS = 2
_RIDGE = 1e-3
"""Part of the power taken as white: bands that the filters emptied must not be blown up."""


class Whitener:
    """Predict the samples of one channel and return the errors.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._length = grid.frame * grid.hop
        self._per_block = grid.block // grid.hop
        lag = max(1, round(_DIFFERENCE_S * grid.working_rate))
        self._order = max(_LEAST_ORDER, lag, round(_ORDER_S * grid.working_rate))
        # Before anything is known: differences over two milliseconds.
        self._taps = _taps(np.eye(self._order)[lag - 1])
        self._past = np.zeros(self._order, np.float32)
        self._hops = 0
        self._partial: tuple[RealArray, RealArray] = (np.empty((0, self._length), np.float32), np.empty(0))
        self._shapes = np.empty((0, self._order + 1))
        self.blind_frames: int | None = None
        """So many frames came before the predictor was first learnt; ``None`` until then."""

    def process(self, conditioned: Conditioned, usable: NDArray[np.bool_]) -> RealArray:
        """Return the errors of whole hops; ``usable`` tells of each frame whether it may teach.

        Of the first :attr:`blind_frames` only edges can be told: their differences are larger than errors.
        """
        samples, power = conditioned.samples, conditioned.power
        if not usable.all():
            power = np.where(usable.reshape(-1, self._grid.hop).all(axis=1), power, np.inf)
        forgotten = self._hops // self._per_block - len(self._shapes)
        self._shapes = np.concatenate([self._shapes, self._learn(samples, power)])
        errors = np.empty_like(samples)
        done = 0
        while done < len(power):
            until = self._until_renewal()
            stop = min(len(power), done + until)
            part = slice(done * self._length, stop * self._length)
            errors[part] = self._less_prediction(samples[part])
            self._hops += stop - done
            if stop - done == until:
                blocks = self._hops // self._per_block
                self._renew(self._shapes[: blocks - forgotten][-MEMORY_BLOCKS:])
            done = stop
        self._shapes = self._shapes[-MEMORY_BLOCKS:]
        return errors

    def _until_renewal(self) -> int:
        """Return how many hops come before the next renewal."""
        blocks = self._hops // self._per_block
        if self.blind_frames is None:
            return (blocks + 1) * self._per_block - self._hops
        step = RENEWAL_BLOCKS
        following = 1 << blocks.bit_length() if blocks < step else (blocks // step + 1) * step
        return following * self._per_block - self._hops

    def _less_prediction(self, samples: RealArray) -> RealArray:
        joined = np.concatenate([self._past, samples])
        self._past = joined[-self._order :].copy()
        parts = []
        for first in range(0, len(self._taps), _QUICK_TAPS):
            taps = self._taps[first : first + _QUICK_TAPS]
            last = first + len(samples) + len(taps) - 1
            parts.append(np.correlate(joined[first:last], taps, "valid"))
        return np.asarray(reduce(np.add, parts))

    def _learn(self, samples: RealArray, power: RealArray) -> FloatArray:
        """Take hops and return the shapes of the blocks that they make whole."""
        hops = np.concatenate([self._partial[0], samples.reshape(-1, self._length)])
        power = np.concatenate([self._partial[1], power])
        blocks = len(power) // self._per_block
        whole = blocks * self._per_block
        self._partial = hops[whole:].copy(), power[whole:].copy()
        if not blocks:
            return np.empty((0, self._order + 1))
        return self._shapes_of(hops[:whole], power[:whole].reshape(blocks, self._per_block))

    def _shapes_of(self, hops: RealArray, power: RealArray) -> FloatArray:
        """Return each block's autocorrelation by its quietest hops; NaN where there are too few."""
        quiet = np.argsort(power, axis=1, kind="stable")[:, :_QUIET_HOPS]
        numbers = quiet + np.arange(len(power))[:, None] * self._per_block
        chosen = hops[numbers.ravel()]
        lags = [
            np.einsum("ij,ij->i", chosen[:, : self._length - lag], chosen[:, lag:])
            for lag in range(self._order + 1)
        ]
        sums = np.array(lags, float).T.reshape(len(power), _QUIET_HOPS, -1).sum(axis=1)
        known = np.isfinite(np.take_along_axis(power, quiet, axis=1)).all(axis=1) & (sums[:, 0] > 0)
        sums[~known] = np.nan
        return np.asarray(sums / sums[:, :1])

    def _renew(self, shapes: FloatArray) -> None:
        shapes = shapes[~np.isnan(shapes[:, 0])]
        if not len(shapes):
            return
        if self.blind_frames is None:
            self.blind_frames = self._hops * self._grid.hop
        shape = shapes.mean(axis=0)
        shape[0] += _RIDGE
        places = np.arange(self._order)
        self._taps = _taps(np.linalg.solve(shape[np.abs(places[:, None] - places)], shape[1:]))


def _taps(weights: FloatArray) -> RealArray:
    """Return the filter that takes a sample's prediction from it: the oldest sample's tap first, 1 last."""
    return np.append(-weights[::-1], 1.0).astype(np.float32)

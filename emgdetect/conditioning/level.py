"""Envelope streams: the level above its own recent rest.

A sensor that sends a smoothed envelope (a MyoWare's ENV pin) leaves nothing to band-pass: the muscle's
activity is how far the level stands above where it rests. Rest is the least one-second mean of the last
minute; only the past is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray

_MEAN_HOPS = 10
_REST_HOPS = 600


class LevelAboveRest:
    """Subtract the running rest level from an envelope, hop by hop.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate.
    """

    def __init__(self, grid: Grid) -> None:
        self._per_hop = grid.raw_per_hop
        self._decimation = grid.decimation
        self._means = np.empty(0)
        self._levels = np.empty(0)
        self.delay = 0.0

    def restart(self) -> None:
        """Keep what is known of rest: a gap does not move the sensor."""

    def process(self, values: FloatArray) -> FloatArray:
        """Return ``values`` (whole hops) less the rest level of each hop; never below zero.

        A missing sample (NaN) says nothing of rest and comes back as 0.
        """
        hops = values.reshape(-1, self._per_hop)
        known = np.concatenate([self._means, _known_mean(hops)])
        levels = np.concatenate([self._levels, _trailing_mean(known, len(hops))])
        rest = _trailing_minimum(levels, len(hops))
        self._means = known[-_MEAN_HOPS:]
        self._levels = levels[-_REST_HOPS:]
        # fmax: NaN, whether of the sample or of a rest not known yet, gives way to 0.
        return np.fmax(hops - rest[:, None], 0.0).ravel()

    def decimate(self, filtered: FloatArray) -> FloatArray:
        """Keep every n-th sample; the input must start on the grid."""
        return filtered[:: self._decimation]


def _known_mean(hops: FloatArray) -> FloatArray:
    """Mean of each hop's known samples, NaN where there are none."""
    known = np.count_nonzero(~np.isnan(hops), axis=1)
    sums = np.nan_to_num(hops, nan=0.0).sum(axis=1)
    return np.asarray(np.where(known > 0, sums / np.maximum(known, 1), np.nan))


def _trailing_mean(values: FloatArray, count: int) -> FloatArray:
    """Mean of the known among up to the last second of hops, for the last ``count`` hops."""
    padded = np.concatenate([np.full(_MEAN_HOPS - 1, np.nan), values])
    known = ~np.isnan(padded)
    filled = np.where(known, padded, 0.0)
    sums, counts = np.zeros(len(values)), np.zeros(len(values))
    # One addition after the other: a reduction may add in another order for another number of hops.
    for lag in range(_MEAN_HOPS):
        sums += filled[lag : lag + len(values)]
        counts += known[lag : lag + len(values)]
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return np.asarray(means[len(values) - count :])


def _trailing_minimum(values: FloatArray, count: int) -> FloatArray:
    """Least known of up to the last minute of hops, for the last ``count`` hops."""
    padded = np.concatenate([np.full(max(0, _REST_HOPS + count - len(values)), np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, _REST_HOPS)
    return np.asarray(np.fmin.reduce(windows[-count:], axis=1)) if count else np.empty(0)

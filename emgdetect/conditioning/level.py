"""Envelope streams: the level above its own recent rest.

A sensor that sends a smoothed envelope (a MyoWare's ENV pin) leaves nothing to band-pass: the muscle's
activity is how far the level stands above where it rests. Rest follows the level down at once and up only as
fast as the level usually drifts, so that a contraction stands out for minutes while posture, sweat and
temperature do not. Only the past is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray

_FALL = 0.3
"""Part of the way down that rest takes in one hop."""
_CLIMB = 0.05
"""How far rest climbs in one hop at most, in usual steps from hop to hop."""
_MARGIN = 12.0
"""Activity is measured from so many usual steps below rest: noise then has a level to be compared with."""
_LEARN = 0.01
_LEARN_FAST = 0.1
_QUIET_STEPS = 6.0
"""Steps of a level further above rest than so many usual ones are activity and teach nothing."""
_YOUNG_HOPS = 30


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
        self._rest = np.nan
        self._last = np.nan
        self._step = np.nan
        self._seen = 0
        self._was_quiet = True
        self.delay = 0.0

    def restart(self) -> None:
        """Keep what is known of rest: a gap does not move the sensor."""

    def process(self, values: FloatArray) -> FloatArray:
        """Return ``values`` (whole hops) less the rest level of each hop; never below zero.

        A missing sample (NaN) says nothing of rest and comes back as 0.
        """
        hops = values.reshape(-1, self._per_hop)
        rest = np.array([self._follow(mean) for mean in _known_mean(hops).tolist()])
        # fmax: NaN, whether of the sample or of a rest not known yet, gives way to 0.
        return np.asarray(np.fmax(hops - rest[:, None], 0.0).ravel())

    def decimate(self, filtered: FloatArray) -> FloatArray:
        """Keep every n-th sample; the input must start on the grid."""
        return filtered[:: self._decimation]

    def _follow(self, level: float) -> float:
        """Take the mean level of the next hop and return the rest level there."""
        if level != level:  # noqa: PLR0124 - the cheapest test for NaN, once per hop
            return self._rest - _MARGIN * self._step
        if self._seen == 0:
            self._rest, self._last, self._step = level, level, 0.0
        self._seen += 1
        change = abs(level - self._last)
        self._last = level
        above = level - self._rest
        quiet = above < _QUIET_STEPS * self._step
        if self._seen < _YOUNG_HOPS:
            self._step += (change - self._step) * _LEARN_FAST
        elif (quiet and self._was_quiet) or change < self._step:
            # The fall from an activity back to rest is no usual step either.
            self._step += (change - self._step) * _LEARN
        self._was_quiet = quiet
        self._rest += _FALL * above if above < 0 else min(above, _CLIMB * self._step)
        return self._rest - _MARGIN * self._step


def _known_mean(hops: FloatArray) -> FloatArray:
    """Mean of each hop's known samples, NaN where there are none."""
    known = np.count_nonzero(~np.isnan(hops), axis=1)
    sums = np.nan_to_num(hops, nan=0.0).sum(axis=1)
    return np.asarray(np.where(known > 0, sums / np.maximum(known, 1), np.nan))

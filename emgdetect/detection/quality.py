"""Which seconds of a channel were watched, and if not, why; with the noise floor of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.rolling import Rolling
from emgdetect.types import INVALID_REASONS, Channel, Quality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.chain import Conditioned
    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import QualityLimits
    from emgdetect.types import FloatArray

_CODE = {reason: code for code, reason in enumerate(INVALID_REASONS)}
_HALF = 0.5
_HANGING = 1600.0
_HANGING_SWING = 150.0
"""An electrode in the air: far more power than muscle, and baseline swings far beyond that power's peaks."""


@dataclass(frozen=True, slots=True)
class _Second:
    """Means over the hops of each second."""

    present: FloatArray
    usable: FloatArray
    flat: FloatArray
    clipped: FloatArray
    gap: FloatArray
    power: FloatArray
    swing: FloatArray
    hum: FloatArray


_ROWS = {name: row for row, name in enumerate(_Second.__dataclass_fields__)}


class QualityTracker:
    """Collect hops and floors of one channel and hand out whole seconds.

    Parameters
    ----------
    channel : Channel
        Its name and unit.
    grid : Grid
        Sizes that belong to the stream's rate.
    limits : QualityLimits
        The profile's part on quality.
    """

    def __init__(self, channel: Channel, grid: Grid, limits: QualityLimits) -> None:
        self._channel = channel
        self._grid = grid
        self._limits = limits
        self._hops = Rolling(rows=len(_ROWS))
        self._floors = Rolling()
        self._next = 0

    def add(self, hops: Conditioned, gap: NDArray[np.bool_]) -> None:
        """Add conditioned hops; ``gap`` tells which of them a known gap covers."""
        new = self._hops.grow(len(hops.present))
        new[_ROWS["present"]] = hops.present
        whole = bool(hops.usable.all())
        new[_ROWS["usable"]] = 1.0 if whole else hops.usable.reshape(-1, self._grid.hop).mean(axis=1)
        new[_ROWS["flat"]] = hops.flat
        new[_ROWS["clipped"]] = hops.clipped
        new[_ROWS["gap"]] = gap
        new[_ROWS["power"]] = hops.power
        new[_ROWS["swing"]] = hops.swing * hops.swing
        new[_ROWS["hum"]] = hops.hum

    def add_floor(self, power: FloatArray) -> None:
        """Add the floor's power of decided blocks; infinite where unknown."""
        self._floors.append(np.where(np.isinf(power), np.nan, np.sqrt(power)))

    def drain(self, end_sample: int | None = None) -> Quality | None:
        """Return the seconds that are complete since last time, or ``None``.

        Parameters
        ----------
        end_sample : int, optional
            The stream has ended here: the last, partial second counts too.
        """
        stop = self._complete_seconds() if end_sample is None else self._seconds_until(end_sample)
        if stop <= self._next:
            return None
        if end_sample is not None:
            self._mend_last_hop(end_sample)
        seconds = np.arange(self._next, stop)
        bounds = self._hop_at(np.arange(self._next, stop + 1))
        means = _Second(*_means(self._hops, bounds))
        floor = self._floor_of(seconds)
        quality = Quality(
            self._channel.name, self._next, floor.astype(np.float32), self._reasons(means, floor)
        )
        self._next = stop
        # One hop stays: it speaks for a last second too short to have one.
        self._hops.forget(int(bounds[-1]) - 1)
        self._floors.forget(int(self._block_of(np.array([stop]))[0]) - 1)
        return quality

    def _mend_last_hop(self, end_sample: int) -> None:
        """Judge a hop that the end cut short by the samples it has."""
        count = end_sample % self._grid.raw_per_hop
        if not count:
            return
        hops = self._hops.get(self._hops.stop - 2, self._hops.stop)
        for name in ("present", "clipped"):
            hops[_ROWS[name], -1] *= self._grid.raw_per_hop / count
        usable = hops[_ROWS["usable"]]
        frames = count // self._grid.raw_per_frame
        usable[-1] = usable[-1] * self._grid.hop / frames if frames else usable[0]

    def _complete_seconds(self) -> int:
        blocks = self._floors.stop
        samples = blocks * self._grid.block * self._grid.raw_per_frame
        return int(samples / self._grid.sampling_rate)

    def _seconds_until(self, sample: int) -> int:
        return int(np.ceil(sample / self._grid.sampling_rate - 1e-9))

    def _hop_at(self, seconds: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.rint(seconds * self._grid.sampling_rate / self._grid.raw_per_hop).astype(np.int64)

    def _block_of(self, seconds: NDArray[np.int64]) -> NDArray[np.int64]:
        middle = (seconds + _HALF) * self._grid.sampling_rate
        return (middle / (self._grid.block * self._grid.raw_per_frame)).astype(np.int64)

    def _floor_of(self, seconds: NDArray[np.int64]) -> FloatArray:
        kept = self._floors.get(self._floors.start, self._floors.stop)
        if not len(kept):
            return np.full(len(seconds), np.nan)
        index = np.clip(self._block_of(seconds) - self._floors.start, 0, len(kept) - 1)
        return np.asarray(kept[index])

    def _reasons(self, means: _Second, floor: FloatArray) -> NDArray[np.uint8]:
        limit = self._limits.floor_max_uv
        too_high = np.zeros(len(floor), bool)
        if limit is not None and self._channel.unit == "uV":
            too_high = floor > limit
        absent = means.present < _HALF
        known = np.nan_to_num(floor, nan=np.inf) ** 2
        raw = self._channel.unit != "envelope"
        hanging = raw & (means.power > _HANGING * known) & (means.swing > _HANGING_SWING * means.power)
        checks = (
            (too_high, "noise floor too high"),
            (means.hum > 10 ** (self._limits.hum_max_db / 10) * known, "mains"),
            (hanging, "lead-off"),
            # Where no floor is known, nothing could have been found.
            ((means.usable < _HALF) | np.isnan(floor), "settling"),
            (means.clipped > self._limits.saturated, "saturated"),
            (means.flat > 1 - 1e-9, "flat"),
            (absent, "missing values"),
            (absent & (means.gap >= _HALF), "gap"),
        )
        reasons = np.zeros(len(floor), np.uint8)
        # Later checks weigh more: a second that never arrived is not called flat.
        for mask, reason in checks:
            reasons[mask] = _CODE[reason]
        return reasons


def _means(store: Rolling, bounds: NDArray[np.int64]) -> FloatArray:
    """Mean of each row's stretches between bounds; a stretch without a hop takes the last one's value."""
    kept = store.get(store.start, store.stop)
    count = kept.shape[1]
    if not count:
        return np.zeros((len(kept), len(bounds) - 1))
    inner = np.clip(bounds - store.start, 0, count)
    begin = np.minimum(inner[:-1], count - 1)
    # Each stretch is summed by itself: a running sum's rounding would depend on where it began.
    sums = np.add.reduceat(kept[:, : max(int(inner[-1]), int(begin[-1]) + 1)], begin, axis=1)
    return np.asarray(sums / np.maximum(np.diff(inner), 1))

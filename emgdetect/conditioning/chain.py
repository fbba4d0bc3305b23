"""All conditioning of one channel: from values (NaN where missing) to frames of the detector's grid."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.bandpass import BandPass
from emgdetect.conditioning.despike import Despiker, Glitch
from emgdetect.conditioning.level import LevelAboveRest
from emgdetect.conditioning.mains import MainsCanceller

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.grid import Grid
    from emgdetect.config import Band
    from emgdetect.types import FloatArray, RealArray, Unit

_Runs = list[tuple[int, int]]
"""Stretches of samples that arrived."""

_FEW = 16
_GREATEST = 1e15
"""A number beyond this is no measurement but damage, and counts as missing like NaN."""
_SETTLE_S = 0.15
"""After a start or a gap the filters need this long."""


@dataclass(frozen=True, slots=True)
class Conditioned:
    """Whole hops of one channel.

    ``samples`` are at the working rate, in single precision; ``energy`` (their mean square), ``low`` (raw
    mean) and ``usable`` have one entry per frame.

    One per hop have ``power`` (mean energy), ``flat`` (all values the same), ``clipped`` and ``present``
    (parts of the samples that stand at the rails, and that arrived, 0 to 1), ``swing`` (greatest less least
    raw value, 0 where nothing arrived) and ``hum`` (power of the mains lines taken out).
    """

    samples: RealArray
    energy: RealArray
    low: FloatArray
    usable: NDArray[np.bool_]
    power: RealArray
    flat: NDArray[np.bool_]
    clipped: FloatArray
    present: FloatArray
    swing: FloatArray
    hum: FloatArray
    glitches: tuple[Glitch, ...] = ()


class Conditioner:
    """The causal stages of one channel, with their state.

    Parameters
    ----------
    band : Band
        The profile's frequencies.
    unit : {"uV", "adc", "envelope"}
        An envelope is not filtered but measured from its rest level.
    grid : Grid
        Sizes that belong to the stream's rate.
    rails : tuple of float
        Least and greatest value the converter can give; infinite where unknown.
    step : float
        Smallest difference between two values the sensor can tell; 0 if unknown.
    """

    def __init__(
        self, band: Band, unit: Unit, grid: Grid, *, rails: tuple[float, float], step: float
    ) -> None:
        self._grid = grid
        self._rails = rails
        self._despiker = Despiker(grid, step) if unit != "envelope" else None
        self._stage: BandPass | LevelAboveRest
        self._mains: MainsCanceller | None = None
        if unit == "envelope":
            self._stage = LevelAboveRest(grid)
        else:
            self._stage = BandPass(band.low, band.high, grid)
            self._mains = MainsCanceller(grid) if band.mains == "auto" else None
        self._settle = round(_SETTLE_S * grid.sampling_rate) if unit != "envelope" else 0
        self._settled_at = self._settle
        self._shortest = min(self._settle, grid.raw_per_hop)
        self._running = False
        self._position = 0
        self._last = np.nan
        self.delay = self._stage.delay

    def process(self, values: FloatArray) -> Conditioned:
        """Condition whole hops; ``values`` has NaN where samples are missing."""
        grid = self._grid
        hops = values.reshape(-1, grid.raw_per_hop)
        # Quicker than along the last axis.
        starts = np.arange(0, len(values), grid.raw_per_hop)
        highest, lowest = np.maximum.reduceat(values, starts), np.minimum.reduceat(values, starts)
        missing = None
        # NaN fails every comparison.
        if not (np.max(highest, initial=0.0) <= _GREATEST and np.min(lowest, initial=0.0) >= -_GREATEST):
            missing = ~(np.abs(values) <= _GREATEST)
            values = np.where(missing, np.nan, values)
            hops = values.reshape(hops.shape)
            highest, lowest = np.fmax.reduce(hops, axis=1), np.fmin.reduce(hops, axis=1)
        settling = self._settled_at - self._position if self._running else self._settle
        clean, glitches = self._despiker.process(values) if self._despiker else (values, [])
        runs = [] if missing is None else _present_runs(missing)
        filtered = self._filter(clean, missing, runs)
        usable = self._usable(missing, runs, len(values), settling)
        present = np.ones(len(hops))
        if missing is not None:
            present = 1.0 - missing.reshape(hops.shape).mean(axis=1)
        # Nothing of what comes after needs more, and half the width is quicker.
        samples = self._stage.decimate(filtered).astype(np.float32)
        if self._mains is not None:
            samples = self._mains.process(samples, present == 1.0)
        self._position += len(values)
        clipped = self._clipped(hops, highest, lowest)
        low = frame_sums(clean, grid.raw_per_frame) / grid.raw_per_frame
        flat = self._flat(hops, highest, lowest)
        swing = highest - lowest if missing is None else np.nan_to_num(highest - lowest)
        hum = self._mains.hum if self._mains is not None else np.zeros(len(hops))
        energy = frame_sums(samples * samples, grid.frame) / grid.frame
        return Conditioned(
            samples,
            energy,
            low,
            usable,
            frame_sums(energy, grid.hop) / grid.hop,
            flat,
            clipped,
            present,
            swing,
            hum,
            tuple(glitches),
        )

    def peek(self, values: FloatArray) -> FloatArray:
        """Return the energy of the frames that ``values``, the first ones of the hop to come, make.

        Of the whole frames only, 0 where they are not usable. Nothing is remembered: copies of all stages do
        it, which replace their state as they go on and never write into it.
        """
        twin = copy(self)
        vars(twin).update({name: copy(part) for name, part in vars(self).items()})
        # Mirrored, what is not there yet jumps nowhere; none of it comes into the frames that are returned.
        padded = np.pad(values, (0, self._grid.raw_per_hop - len(values)), "reflect")
        conditioned = twin.process(padded)
        known = len(values) // self._grid.raw_per_frame
        return np.where(conditioned.usable, conditioned.energy, 0.0)[:known]

    def _flat(self, hops: FloatArray, highest: FloatArray, lowest: FloatArray) -> NDArray[np.bool_]:
        # At slow rates a hop is a single sample: it is flat only if the one before was the same.
        before = np.concatenate([[self._last], hops[:-1, -1]])
        self._last = float(hops[-1, -1])
        return np.asarray((highest == lowest) & ((lowest == before) | np.isnan(before)))

    def _clipped(self, hops: FloatArray, highest: FloatArray, lowest: FloatArray) -> FloatArray:
        least, greatest = self._rails
        clipped = np.zeros(len(hops))
        for index in np.flatnonzero((highest >= greatest) | (lowest <= least)):
            clipped[index] = np.mean((hops[index] >= greatest) | (hops[index] <= least))
        return clipped

    def _filter(self, values: FloatArray, missing: NDArray[np.bool_] | None, runs: _Runs) -> FloatArray:
        if missing is None:
            self._begin(0)
            return self._stage.process(values)
        if isinstance(self._stage, LevelAboveRest):
            return self._stage.process(values)
        filtered = np.zeros(len(values))
        if missing[0]:
            self._running = False
        for start, stop in runs:
            # Runs within a hop are never usable; a channel filled every second row has millions of them.
            if not self._running and stop < len(values) and stop - start < self._shortest:
                continue
            self._begin(start)
            filtered[start:stop] = self._stage.process(values[start:stop])
            if stop < len(values):
                self._running = False
        if missing[-1]:
            self._running = False
        return filtered

    def _begin(self, start: int) -> None:
        if not self._running:
            self._stage.restart()
            self._settled_at = self._position + start + self._settle
            self._running = True

    def _usable(
        self, missing: NDArray[np.bool_] | None, runs: _Runs, count: int, settling: int
    ) -> NDArray[np.bool_]:
        per_frame = self._grid.raw_per_frame
        usable = np.ones(count // per_frame, bool)
        if settling > 0 and (missing is None or not missing[0]):
            usable[: -(-settling // per_frame)] = False
        if missing is None:
            return usable
        for place in range(per_frame):
            usable &= ~missing[place::per_frame]
        for start, stop in runs:
            if start > 0:
                usable[start // per_frame : -(-min(start + self._settle, stop) // per_frame)] = False
        return usable


def frame_sums(values: RealArray, size: int) -> RealArray:
    """Sum every ``size`` consecutive values; the length is a multiple of that.

    numpy is slow along a short last axis: a few strided additions do the same, always in the same order.
    """
    while size % 2 == 0:
        values = values[::2] + values[1::2]
        size //= 2
    frames = values.reshape(-1, size)
    if size == 1:
        return frames[:, 0]
    if size > _FEW:
        return np.asarray(frames.sum(axis=1))
    total = frames[:, 0] + frames[:, 1]
    for column in range(2, size):
        total += frames[:, column]
    return np.asarray(total)


def _present_runs(missing: NDArray[np.bool_]) -> _Runs:
    edges = (np.flatnonzero(missing[1:] != missing[:-1]) + 1).tolist()
    if not missing[0]:
        edges.insert(0, 0)
    if not missing[-1]:
        edges.append(len(missing))
    return list(zip(edges[::2], edges[1::2], strict=True))

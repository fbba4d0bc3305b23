"""The frames of one channel that may still be needed: energy at every scale, baseline, floor, samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.chain import frame_sums
from emgdetect.detection.blocks import block_levels, block_maxima
from emgdetect.detection.rolling import Rolling
from emgdetect.detection.scales import ScaleSums
from emgdetect.detection.whitening import Whitener

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.conditioning.chain import Conditioned
    from emgdetect.conditioning.grid import Grid
    from emgdetect.detection.scales import Scale
    from emgdetect.detection.thresholds import Decided
    from emgdetect.types import FloatArray, RealArray

_FLOOR_SCALE_S = 0.032


@dataclass(frozen=True, slots=True)
class IslandData:
    """Frames of an island from frame ``start`` on, and its samples at the working rate.

    ``limits`` holds the adaptive threshold of every scale, shape (n_scales, n_frames); ``surge`` is how far
    the background nearby stands above that which thresholds go by (``Decided``); ``errors`` are the
    prediction errors of the samples and ``sharp`` their energy, both empty where there are no sharp scales.
    """

    start: int
    energy: FloatArray
    sharp: FloatArray
    floor: FloatArray
    limits: FloatArray
    surge: FloatArray
    usable: NDArray[np.bool_]
    low: FloatArray
    samples: FloatArray
    errors: RealArray

    @property
    def power(self) -> FloatArray:
        """Energy over the floor."""
        return self.energy / self.floor


class FrameStore:
    """Append conditioned hops, read blocks and islands, forget the past.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate.
    scales : tuple of Scale
        What is watched: the plain ones first, rising.
    quantised : bool
        Whether the sensor's numbers come in known steps. If they do not, a flat stretch is a silent sensor
        and says nothing of the muscle.
    """

    def __init__(self, grid: Grid, scales: tuple[Scale, ...], *, quantised: bool) -> None:
        self._grid = grid
        self._watched = scales
        self._quantised = quantised
        lengths = [scale.length for scale in scales if not scale.sharp]
        self.floor_scale = int(np.argmin(np.abs(np.array(lengths) * grid.frame_seconds - _FLOOR_SCALE_S)))
        self._energy, self._low, self._floor = (Rolling() for _ in range(3))
        self._samples = Rolling(np.float32)
        self._usable = Rolling(np.bool_)
        self._sums = {False: ScaleSums(lengths[-1])}
        if sharp := [scale.length for scale in scales if scale.sharp]:
            self._sums[True] = ScaleSums(sharp[-1])
        self._whitener = Whitener(grid)
        self._errors = Rolling(np.float32)
        # The last row holds the surge.
        self._kept_limits = Rolling(rows=len(scales) + 1)

    @property
    def stop(self) -> int:
        """Frame after the last one stored."""
        return self._energy.stop

    def append(self, conditioned: Conditioned) -> None:
        """Store whole hops."""
        usable = conditioned.usable
        if not self._quantised and conditioned.flat.any():
            usable = usable & ~np.repeat(conditioned.flat, self._grid.hop)
        samples = conditioned.samples
        whole = bool(usable.all())
        energy = conditioned.energy
        self._extend(energy if whole else np.where(usable, energy, 0.0), conditioned.low, usable, samples)
        if True in self._sums:
            errors = self._whitener.process(conditioned, usable)
            self._errors.append(errors)
            sharp = frame_sums(np.square(errors, out=errors), self._grid.frame) / self._grid.frame
            seen = self._foretold(usable, self.stop - len(usable))
            self._sums[True].append(sharp if seen is usable and whole else np.where(seen, sharp, 0.0))

    def complete_block(self) -> None:
        """Fill the last block up with frames that were never recorded."""
        surplus = -self.stop % self._grid.block
        nothing = np.zeros(surplus)
        self._extend(nothing, nothing, np.zeros(surplus, bool), np.zeros(surplus * self._grid.frame))
        if True in self._sums:
            self._sums[True].append(nothing)
            self._errors.append(np.zeros(surplus * self._grid.frame))

    def _extend(
        self, energy: RealArray, low: FloatArray, usable: NDArray[np.bool_], samples: RealArray
    ) -> None:
        self._sums[False].append(energy)
        self._energy.append(energy)
        self._low.append(low)
        self._usable.append(usable)
        self._samples.append(samples)

    def statistics(self, first: int, last: int) -> tuple[RealArray, FloatArray]:
        """Return maxima (n_scales, n_blocks) and quiet levels (n_blocks,) of blocks ``first:last``."""
        block = self._grid.block
        frames = first * block, last * block
        usable = self._usable.get(*frames)
        maxima = np.empty((len(self._watched), last - first), np.float32)
        foretold = self._foretold(usable, frames[0])
        for row, scale in zip(maxima, self._watched, strict=True):
            known = foretold if scale.sharp else usable
            np.divide(block_maxima(self._row(scale, *frames), known, block), scale.length, out=row)
        quiet = self._watched[self.floor_scale]
        return maxima, block_levels(self._row(quiet, *frames), usable, block) / quiet.length

    def _foretold(self, usable: NDArray[np.bool_], start: int) -> NDArray[np.bool_]:
        """Return which of the usable frames from ``start`` on came after the predictor was first learnt."""
        blind = self._whitener.blind_frames
        if blind is not None and blind <= start:
            return usable
        seen = usable.copy()
        seen[: len(seen) if blind is None else blind - start] = False
        return seen

    def energies(self, start: int, stop: int) -> tuple[list[RealArray], NDArray[np.bool_]]:
        """Return the summed energy of frames ``start:stop`` at every scale, and which frames are usable.

        A sum over ``length`` frames is ``length`` times the scale's mean energy.
        """
        return [self._row(scale, start, stop) for scale in self._watched], self._usable.get(start, stop)

    def ahead(self, energy: FloatArray) -> FloatArray:
        """Return what the shortest scale would sum up at frames of this ``energy``, if they came next."""
        length = self._watched[0].length
        before = self._sums[False].single(self.stop - length + 1, self.stop)
        return np.convolve(np.concatenate([before, energy]), np.ones(length), "valid")

    def _row(self, scale: Scale, start: int, stop: int) -> RealArray:
        return self._sums[scale.sharp].sums(scale.length, start, stop)

    def decide(self, decided: Decided) -> None:
        """Keep the thresholds of decided blocks."""
        self._floor.append(np.repeat(decided.floor, self._grid.block))
        self._kept_limits.append(np.vstack([decided.limits, decided.surge]))

    def island(self, start: int, stop: int) -> IslandData:
        """Return everything about decided frames ``start:stop``."""
        size = self._grid.frame
        limits = self._limits(start, stop)
        return IslandData(
            start,
            self._energy.get(start, stop),
            self._sums[True].single(start, stop) if True in self._sums else np.empty(0),
            self._floor.get(start, stop),
            limits[:-1],
            limits[-1],
            self._usable.get(start, stop),
            self._low.get(start, stop),
            self._samples.get(start * size, stop * size).astype(float),
            self._errors.get(start * size, stop * size),
        )

    def _limits(self, start: int, stop: int) -> FloatArray:
        block = self._grid.block
        first, last = start // block, -(-stop // block)
        rows = np.repeat(self._kept_limits.get(first, last), block, axis=1)
        return np.asarray(rows[:, start - first * block :][:, : stop - start])

    def forget(self, before: int, undecided: int) -> None:
        """Drop frames before ``before``; the scales only keep frames from ``undecided`` on."""
        for store in (self._energy, self._low, self._floor, self._usable):
            store.forget(before)
        for samples in (self._samples, self._errors):
            samples.forget(before * self._grid.frame)
        self._kept_limits.forget(before // self._grid.block)
        for sums in self._sums.values():
            sums.forget(before, undecided)

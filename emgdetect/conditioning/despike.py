"""Transmission glitches: one or two samples that jump away and straight back.

No muscle fibre does that; a corrupted byte does. The filters would turn such a jump into a convincing
twitch, so the sample before takes its place on the way to the detector (the recording itself is never
touched) and the glitch is reported as an artefact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray

_LEAST_RATE = 150.0
_STANDS_OUT = 14.0
"""A jump is looked at when it exceeds this many times the usual step of its hop."""
_RETURN = 0.1
"""After a glitch the signal is back within this part of the jump."""
_AROUND = 0.1
"""Steps before and after are smaller than this part of the jump."""
_PLATEAU = 0.05
"""Two glitched samples agree within this part of the jump."""
_LEAST_STEPS = 6.0
"""A flicker of a few counts is quantisation, not a glitch."""
_COARSE = 0.7
_BEFORE, _AFTER = 2, 3


@dataclass(frozen=True, slots=True)
class Glitch:
    """Raw samples ``start:start + n_samples`` and how far they jumped.

    ``mended`` is false where the samples had gone through the filters before the glitch could be told: the
    event it makes there must be disbelieved.
    """

    start: int
    n_samples: int
    jump: float
    mended: bool


class Despiker:
    """Find and mend glitches in whole hops.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate; below 150 Hz a twitch itself lasts one or two samples, and
        nothing is done.
    step : float
        Smallest difference between two values the sensor can tell; 0 if unknown.
    """

    def __init__(self, grid: Grid, step: float) -> None:
        self._least = _LEAST_STEPS * step
        self._hop = grid.raw_per_hop
        self._active = grid.sampling_rate >= _LEAST_RATE and self._hop > _BEFORE + _AFTER
        self._carried: FloatArray = np.full(_BEFORE + _AFTER, np.nan)
        self._position = 0

    def process(self, values: FloatArray) -> tuple[FloatArray, list[Glitch]]:
        """Return the hops without glitches, and the glitches; the input array is not changed."""
        if not self._active or not len(values):
            return values, []
        steps = self._steps(values).reshape(-1, self._hop)
        # NaN steps (next to missing samples) make a hop's sums NaN: only then the slower sums are needed.
        total = steps.sum(axis=1)
        greatest = np.maximum.reduceat(steps.ravel(), np.arange(0, steps.size, self._hop))
        if np.isnan(total).any():
            total, greatest = np.nansum(steps, axis=1), np.fmax.reduce(steps, axis=1)
        # A cheap look first: what is usual is at least the mean without twice the greatest.
        least = np.maximum(total - 2 * greatest, 0) / (self._hop - 2)
        suspects = greatest > np.maximum(_STANDS_OUT * least, self._least)
        glitches: list[Glitch] = []
        for hop in np.flatnonzero(suspects).tolist():
            glitches += self._inspect(self._around(values, hop), hop, _usual(steps[hop]))
        mended = [glitch for glitch in glitches if glitch.mended]
        clean = values.copy() if mended else values
        for glitch in mended:
            start = glitch.start - self._position
            clean[start : start + glitch.n_samples] = values[start - 1] if start else self._carried[-1]
        self._carried = values[-len(self._carried) :].copy()
        self._position += len(values)
        return clean, glitches

    def _steps(self, values: FloatArray) -> FloatArray:
        """Return the sizes of the steps into the samples that can be judged now.

        As many as there are ``values``, late by the samples that must follow.
        """
        steps = np.empty(len(values))
        late = len(self._carried) - _BEFORE
        head = np.concatenate([self._carried[_BEFORE - 1 :], values[:1]])
        np.subtract(head[1:], head[:-1], out=steps[: late + 1])
        np.subtract(values[1 : len(values) - late], values[: -late - 1], out=steps[late + 1 :])
        return np.abs(steps, out=steps)

    def _around(self, values: FloatArray, hop: int) -> FloatArray:
        """Return one hop of ``values`` and what was carried over, or came, right before it."""
        start, stop = hop * self._hop - len(self._carried), (hop + 1) * self._hop
        return values[start:stop] if hop else np.concatenate([self._carried, values[:stop]])

    def _inspect(self, part: FloatArray, hop: int, usual: float) -> list[Glitch]:
        """Look at one hop and the few samples before it, which could not be judged until now."""
        carried = len(self._carried)
        limit = max(_STANDS_OUT * usual, self._least, _flicker(np.abs(np.diff(part))))
        jumps = np.flatnonzero(np.abs(np.diff(part[_BEFORE - 1 : len(part) - _AFTER])) > limit) + _BEFORE
        found: list[Glitch] = []
        for index in jumps.tolist():
            start = self._position + hop * self._hop + index - carried
            length = _glitch_length(part, index, 2 * usual)
            if length and not (found and start < found[-1].start + found[-1].n_samples):
                found.append(Glitch(start, length, float(part[index] - part[index - 1]), index >= carried))
        return found


def _flicker(steps: FloatArray) -> float:
    """Return how far coarsely quantised samples may flicker: where most do not move at all, a few counts."""
    # The two greatest may be a glitch's own.
    moving = np.sort(steps[steps > 0])[:-2]
    coarse = len(moving) < _COARSE * len(steps)
    return _LEAST_STEPS * float(moving[0]) if coarse and len(moving) else 0.0


def _usual(steps: FloatArray) -> float:
    """Mean of a hop's steps without the two greatest, which a glitch itself makes."""
    known = np.sort(steps[~np.isnan(steps)])
    return float(known[:-2].sum()) / max(len(known) - 2, 1)


def _glitch_length(part: FloatArray, index: int, usual: float) -> int:
    """Return 1 or 2 where a glitch of so many samples starts at ``index``, else 0 (also next to NaN).

    Steps up to ``usual`` are noise and say nothing against it.
    """
    before, jump = part[index - 1], part[index] - part[index - 1]
    size = abs(jump)
    if not abs(before - part[index - 2]) <= _AROUND * size + usual:
        return 0
    for length in (1, 2):
        plateau = length == 1 or abs(part[index + 1] - part[index]) <= _PLATEAU * size + usual
        back = part[index + length]
        calm = abs(part[index + length + 1] - back) <= _AROUND * size + usual
        if plateau and abs(back - before) <= _RETURN * size + usual and calm:
            return length
    return 0

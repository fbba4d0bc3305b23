"""Moving energy at several scales, each twice the one before.

The shortest scales look twice: at the signal, and at what could not be foretold of it (``whitening``), among
which a single discharge stands out by several decibels more.

Sums of two sums: every value comes from the same additions whatever came before it, so that chunking
cannot change a bit, and no running total can lose precision after a loud artefact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.rolling import Rolling

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray, RealArray

SHORTEST_S = 0.0079
LONGEST_S = 0.52


SHARPEST_S = 0.02
_LEAST_SHARP_RATE = 200.0


@dataclass(frozen=True, slots=True)
class Scale:
    """A moving mean over ``length`` frames of the energy of the signal, or of its errors (``sharp``)."""

    length: int
    sharp: bool = False


def scales_of(grid: Grid, *, waveform: bool) -> tuple[Scale, ...]:
    """Return the scales that are watched: all of the signal's, then the shortest of its prediction errors.

    An envelope (``waveform`` false) has no sharp scales, nor has a rate that twitches do not fit in.
    """
    lengths = scale_lengths(grid)
    plain = tuple(Scale(length) for length in lengths)
    if not waveform or grid.working_rate < _LEAST_SHARP_RATE:
        return plain
    return plain + tuple(
        Scale(length, sharp=True) for length in lengths if length * grid.frame_seconds <= SHARPEST_S
    )


def longest_within(scales: tuple[Scale, ...], frames: float) -> int:
    """Return the row of the longest scale of the signal that takes at most so many frames, 0 if none does."""
    rows = [row for row, scale in enumerate(scales) if not scale.sharp and scale.length <= frames]
    return max(rows, default=0)


def scale_lengths(grid: Grid) -> tuple[int, ...]:
    """Return the scales of a grid in frames: powers of two from about 8 ms to about 0.5 s."""
    lengths = []
    length = 1
    while length * grid.frame_seconds <= LONGEST_S:
        if length * grid.frame_seconds >= SHORTEST_S:
            lengths.append(length)
        length *= 2
    return tuple(lengths) or (1,)


class ScaleSums:
    """The latest part of an endless row of frames, summed at every power of two up to the longest scale.

    Parameters
    ----------
    longest : int
        The longest scale in frames, a power of two.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._single = Rolling()
        # Nothing is ever taken from a sum again: half the width is precise enough, and quicker.
        self._sums = Rolling(np.float32, rows=longest.bit_length())
        # Before the first frame there was silence, as long as the longest scale looks back.
        self._single.append(np.zeros(longest))
        self._sums.append(np.zeros((longest.bit_length(), longest)))

    def append(self, energy: RealArray) -> None:
        """Add the energies of the next frames."""
        count = len(energy)
        if not count:
            return
        self._single.append(energy)
        self._sums.grow(count)[0] = energy
        recent = self._sums.get(self._sums.stop - count - self._longest, self._sums.stop)
        for power in range(1, len(recent)):
            below, half = recent[power - 1], 1 << (power - 1)
            np.add(below[-count:], below[-count - half : -half], out=recent[power, -count:])

    def single(self, start: int, stop: int) -> FloatArray:
        """Return a view: the energy of each of the frames ``start:stop``, as it came."""
        return self._single.get(start + self._longest, stop + self._longest)

    def sums(self, length: int, start: int, stop: int) -> RealArray:
        """Return a view: the energy of the last ``length`` frames together, at frames ``start:stop``."""
        return np.asarray(
            self._sums.get(start + self._longest, stop + self._longest)[length.bit_length() - 1]
        )

    def forget(self, before: int, undecided: int) -> None:
        """Drop frames before ``before`` and sums before ``undecided``, but not what the next build on."""
        self._single.forget(before + self._longest)
        self._sums.forget(min(undecided + self._longest, self._sums.stop - self._longest))


def moving_energy(energy: FloatArray, lengths: tuple[int, ...]) -> dict[int, FloatArray]:
    """Return the mean energy of the last ``length`` frames for each scale.

    The first ``length - 1`` values of each row take frames before the array as silent; a caller that
    continues a stream puts the frames before in front and drops those rows' heads.
    """
    rows: dict[int, FloatArray] = {}
    total, length = energy, 1
    while True:
        if length in lengths:
            rows[length] = total / length
        if length >= lengths[-1]:
            return rows
        doubled = total.copy()
        doubled[length:] += total[:-length] if length < len(total) else total[:0]
        total, length = doubled, length * 2

"""Moving energy at several scales, each twice the one before.

Sums of two sums: every value comes from the same additions whatever came before it, so that chunking
cannot change a bit, and no running total can lose precision after a loud artefact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray

SHORTEST_S = 0.0079
LONGEST_S = 0.52


def scale_lengths(grid: Grid) -> tuple[int, ...]:
    """Return the scales of a grid in frames: powers of two from about 8 ms to about 0.5 s."""
    lengths = []
    length = 1
    while length * grid.frame_seconds <= LONGEST_S:
        if length * grid.frame_seconds >= SHORTEST_S:
            lengths.append(length)
        length *= 2
    return tuple(lengths) or (1,)


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

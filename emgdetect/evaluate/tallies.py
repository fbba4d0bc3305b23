"""What is counted when two scorings are compared: per unit of resampling, for any selection of events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from emgdetect.evaluate.agreement import EDGE, grid
from emgdetect.evaluate.splitting import Cuts, cuts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from emgdetect.evaluate.marks import Timed
    from emgdetect.evaluate.score import Score
    from emgdetect.types import FloatArray

FOUND, MISSED, TRUE, FALSE, DETECTED, HOURS, BOTH, REFERENCE_ONLY, DETECTED_ONLY, NEITHER = range(10)
"""Columns of a tally. The last four count cells of the grid."""

N_COUNTS = 10


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events a row takes; ``None`` leaves it open."""

    channel: str | None = None
    kind: str | None = None


class Side:
    """One side's events, artefacts left out: times of shape ``(n, 2)``, channels and kinds."""

    def __init__(self, events: Iterable[Timed]) -> None:
        every = tuple(events)
        self.places = [place for place, event in enumerate(every) if event.kind != "artefact"]
        kept = [every[place] for place in self.places]
        self.times: FloatArray = np.array(
            [(event.onset, event.onset + event.duration) for event in kept], dtype=np.float64
        ).reshape(-1, 2)
        self.channels = np.array([event.channel for event in kept], dtype=object)
        self.kinds = np.array([event.kind for event in kept], dtype=object)
        self._row = {place: row for row, place in enumerate(self.places)}

    def rows(self, places: Iterable[int]) -> NDArray[np.int64]:
        """Return where events given by their place among all stand among those kept."""
        return np.array([self._row[place] for place in places], dtype=np.int64)

    def taken(self, selection: Selection) -> NDArray[np.bool_]:
        """Say which events a row takes."""
        taken = np.ones(len(self.places), dtype=np.bool_)
        if selection.channel is not None:
            taken &= self.channels == selection.channel
        if selection.kind is not None:
            taken &= self.kinds == selection.kind
        return taken

    def names(self, what: NDArray[np.object_]) -> set[str]:
        """Return the names that occur, without the empty one."""
        return {str(name) for name in what if name}


@dataclass(frozen=True, slots=True)
class Judged:
    """Two matched scorings of one recording.

    ``found`` says of each event of the reference whether it was found, ``true`` and ``false`` of each
    detected one whether it is one of the reference or none; ``pairs`` are matched rows of the two.
    """

    name: str
    span: tuple[float, float]
    hours: float
    reference: Side
    detected: Side
    found: NDArray[np.bool_]
    true: NDArray[np.bool_]
    false: NDArray[np.bool_]
    pairs: NDArray[np.int64]

    @classmethod
    def of(
        cls, name: str, span: tuple[float, float], hours: float, sides: tuple[Side, Side], result: Score
    ) -> Self:
        """Lay the result of matching out by events."""
        reference, detected = sides
        hits = (*result.pairs, *result.by_beats)
        found = np.zeros(len(reference.places), dtype=np.bool_)
        true, false = (np.zeros(len(detected.places), dtype=np.bool_) for _ in range(2))
        found[reference.rows(first for first, _ in hits)] = True
        true[detected.rows(second for _, second in hits)] = True
        false[detected.rows(result.false_places)] = True
        rows = [reference.rows(a for a, _ in result.pairs), detected.rows(b for _, b in result.pairs)]
        return cls(name, span, hours, reference, detected, found, true, false, np.stack(rows, axis=1))

    @property
    def by_channel(self) -> bool:
        """Whether both sides name channels, so that these are compared apart."""
        return all(side.names(side.channels) for side in (self.reference, self.detected))

    def channels(self, selection: Selection) -> list[str | None]:
        """Return the channels a row goes through one by one; ``None`` for all at once."""
        if selection.channel is not None:
            return [selection.channel]
        if not self.by_channel:
            return [None]
        return sorted({*self.reference.channels.tolist(), *self.detected.channels.tolist()})

    def sides(self, selection: Selection) -> list[tuple[FloatArray, FloatArray]]:
        """Return the times of both sides for each channel of a row."""
        apart = [Selection(channel, selection.kind) for channel in self.channels(selection)]
        return [
            (self.reference.times[self.reference.taken(one)], self.detected.times[self.detected.taken(one)])
            for one in apart
        ]

    def errors(self, selection: Selection) -> FloatArray:
        """Return detected minus reference of onset, offset and duration, shape ``(n_pairs, 3)``, in s.

        A pair belongs to a row if its event of the reference does.
        """
        pairs = self.pairs[self.reference.taken(selection)[self.pairs[:, 0]]]
        shift = self.detected.times[pairs[:, 1]] - self.reference.times[pairs[:, 0]]
        return np.column_stack((shift, shift[:, 1] - shift[:, 0]))

    def cuts(self, selection: Selection) -> Cuts:
        """Count splits and merges, channel by channel."""
        counted = [cuts(*both) for both in self.sides(selection)]
        return Cuts(sum(one.splits for one in counted), sum(one.merges for one in counted))


def tally(judged: Judged, selection: Selection, cell: float, block: float | None) -> FloatArray:
    """Count in each block of a recording.

    Parameters
    ----------
    judged : Judged
        A recording.
    selection : Selection
        Which events count.
    cell : float
        Length of the grid's cells in s.
    block : float or None
        Length of a block in s; ``None`` for one block.

    Returns
    -------
    ndarray, shape ``(n_blocks, 10)``
        Its columns are the constants of this module.
    """
    start, stop = judged.span
    length = stop - start if block is None else block
    n_blocks = max(int(np.ceil((stop - start) / length - EDGE)), 1)
    counts = np.zeros((n_blocks, N_COUNTS))
    edges = np.minimum(start + length * np.arange(n_blocks + 1), stop)
    counts[:, HOURS] = judged.hours * np.diff(edges) / (stop - start)

    def add(column: int, side: Side, which: NDArray[np.bool_]) -> None:
        times = side.times[which & side.taken(selection), 0]
        place = np.clip(((times - start) / length + EDGE).astype(np.int64), 0, n_blocks - 1)
        counts[:, column] += np.bincount(place, minlength=n_blocks)

    add(FOUND, judged.reference, judged.found)
    add(MISSED, judged.reference, ~judged.found)
    add(TRUE, judged.detected, judged.true)
    add(FALSE, judged.detected, judged.false)
    add(DETECTED, judged.detected, np.ones_like(judged.true))
    for reference, detected in judged.sides(selection):
        _add_cells(
            counts, (grid(reference, judged.span, cell), grid(detected, judged.span, cell)), cell / length
        )
    return counts


def _add_cells(counts: FloatArray, both: tuple[NDArray[np.bool_], NDArray[np.bool_]], share: float) -> None:
    reference, detected = both
    block = np.minimum((np.arange(reference.size) * share + EDGE).astype(np.int64), len(counts) - 1)
    for column, which in (
        (BOTH, reference & detected),
        (REFERENCE_ONLY, reference & ~detected),
        (DETECTED_ONLY, detected & ~reference),
        (NEITHER, ~(reference | detected)),
    ):
        counts[:, column] += np.bincount(block[which], minlength=len(counts))


def recall(sums: FloatArray) -> FloatArray:
    """Divide found by there."""
    return ratio(sums[..., FOUND], sums[..., FOUND] + sums[..., MISSED])


def precision(sums: FloatArray) -> FloatArray:
    """Divide true by true and false."""
    return ratio(sums[..., TRUE], sums[..., TRUE] + sums[..., FALSE])


def f1(sums: FloatArray) -> FloatArray:
    """Return the harmonic mean of both; 0 where one is 0 and the other does not exist."""
    one, other = recall(sums), precision(sums)
    one, other = (np.where(np.isnan(a) & ~np.isnan(b), 0.0, a) for a, b in ((one, other), (other, one)))
    return np.where(one + other == 0, one, ratio(2 * one * other, one + other))


def false_per_hour(sums: FloatArray) -> FloatArray:
    """Divide false events by hours."""
    return ratio(sums[..., FALSE], sums[..., HOURS])


def index_bias(sums: FloatArray) -> FloatArray:
    """Divide detected minus there by hours; further beats of an episode are left out."""
    there = sums[..., FOUND] + sums[..., MISSED]
    return ratio(sums[..., TRUE] + sums[..., FALSE] - there, sums[..., HOURS])


def kappa_of(sums: FloatArray) -> FloatArray:
    """Return Cohen's kappa (1960) of the cells: 1 perfect, 0 chance; NaN where chance agrees on all."""
    both, mine, theirs, neither = (sums[..., column] for column in range(BOTH, N_COUNTS))
    total = both + mine + theirs + neither
    reference, detected = ratio(both + mine, total), ratio(both + theirs, total)
    chance = reference * detected + (1 - reference) * (1 - detected)
    return ratio(ratio(both + neither, total) - chance, 1 - chance)


def agreement(sums: FloatArray) -> FloatArray:
    """Return the share of cells that agree."""
    return ratio(sums[..., BOTH] + sums[..., NEITHER], sums[..., BOTH:].sum(axis=-1))


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Divide, giving NaN where there is nothing to divide by."""
    result: FloatArray = np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)
    return result

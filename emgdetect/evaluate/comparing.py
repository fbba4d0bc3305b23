"""Detected events against a reference, or scorer against scorer, over one recording or many.

Each row takes some of the events: all of them, a channel's, those of a kind. Matching is done once for all
rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import UsageError
from emgdetect.evaluate import tallies
from emgdetect.evaluate.agreement import GRID_S, WARNING
from emgdetect.evaluate.bootstrap import FEWEST_UNITS, Estimate, estimate, resampled
from emgdetect.evaluate.score import Deviation, deviation, score
from emgdetect.evaluate.tallies import Judged, Selection, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from emgdetect.evaluate.marks import Timed
    from emgdetect.types import FloatArray

ALL = "all"
BLOCKS_S = (300.0, 60.0)
"""Lengths of blocks, the longest first that gives enough of them."""

ENOUGH_BLOCKS = 10


@dataclass(frozen=True, slots=True)
class Pair:
    """Two scorings of one recording.

    ``span`` is the stretch that was judged, from and to in s; ``hours`` is how much of it counts for rates.
    """

    name: str
    reference: tuple[Timed, ...]
    detected: tuple[Timed, ...]
    span: tuple[float, float]
    hours: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes two events a pair, and how fine the grid of the kappa is."""

    min_iou: float = 0.2
    onset_tolerance: float | None = None
    by_kind: bool = False
    grid: float = GRID_S


@dataclass(frozen=True, slots=True)
class Row:
    """One channel, kind, or recording; "all" where that is left open.

    Attributes
    ----------
    n_reference, found : int
        Events of the reference, and how many of them were found.
    n_detected, true, false : int
        Detected events, how many are one of the reference, and how many are none. Further beats of an
        episode that was found are neither.
    recall, precision, f1 : Estimate
        found / n_reference, true / (true + false), their harmonic mean.
    false_per_hour, index_bias : Estimate
        False events per hour, and events per hour detected minus there.
    kappa : Estimate
        Cohen's kappa on the grid.
    agreement : float or None
        Share of cells that agree; says little.
    onset_error, offset_error, duration_bias : Deviation or None
        Detected minus there, in s, of matched events.
    splits, merges : int
        Events found in pieces, and detected events that hold several.
    """

    recording: str
    channel: str
    kind: str
    n_reference: int
    found: int
    n_detected: int
    true: int
    false: int
    recall: Estimate
    precision: Estimate
    f1: Estimate
    false_per_hour: Estimate
    index_bias: Estimate
    kappa: Estimate
    agreement: float | None
    onset_error: Deviation | None
    offset_error: Deviation | None
    duration_bias: Deviation | None
    splits: int
    merges: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two sides agree.

    ``rows`` begin with that of everything; then channels, kinds, channels and kinds, and recordings if there
    are several. ``resampled`` says what was drawn for the intervals, empty where there are none.
    """

    recordings: tuple[str, ...]
    hours: float
    rules: Rules
    rows: tuple[Row, ...]
    resampled: str
    n_units: int
    notices: tuple[str, ...] = ()
    warning: str = WARNING

    @property
    def total(self) -> Row:
        """The row of everything."""
        return self.rows[0]


def compare(pairs: Sequence[Pair], rules: Rules = Rules(), *, seed: int = 0) -> Comparison:
    """Compare two scorings of each recording.

    Parameters
    ----------
    pairs : sequence of Pair
        One or more recordings. Artefacts are left out on both sides.
    rules : Rules
        What makes a pair of events.
    seed : int, default 0
        Of the resampling; the same gives the same intervals.

    Raises
    ------
    UsageError
        If there is no recording, no time was judged, or the rules allow no pair.
    """
    _check(pairs, rules)
    judged = [_judged(pair, rules) for pair in pairs]
    block, said = _blocks(pairs)
    n_units = len(np.concatenate([tallies.tally(one, Selection(), rules.grid, block) for one in judged]))
    weights = resampled(n_units, seed=seed)
    resampling = _Resampling(rules.grid, block, weights)
    rows = [_row(judged, selection, resampling) for selection in _selections(judged)]
    if len(pairs) > 1:
        alone = _Resampling(rules.grid, None, None)
        rows += [_row([one], Selection(), alone, recording=one.name) for one in judged]
    return Comparison(
        recordings=tuple(pair.name for pair in pairs),
        hours=sum(pair.hours for pair in pairs),
        rules=rules,
        rows=tuple(rows),
        resampled=said if weights is not None else "",
        n_units=n_units,
    )


@dataclass(frozen=True, slots=True)
class _Resampling:
    cell: float
    block: float | None
    weights: FloatArray | None


def _check(pairs: Sequence[Pair], rules: Rules) -> None:
    if not pairs:
        raise UsageError("there is nothing to compare")
    for pair in pairs:
        if not (pair.span[1] > pair.span[0] and pair.hours > 0):
            raise UsageError("no time was judged, so nothing can be compared", where=pair.name)
    if not rules.grid > 0:
        raise UsageError(f"a grid of {rules.grid:g} s makes no sense")


def _judged(pair: Pair, rules: Rules) -> Judged:
    result = score(
        pair.reference,
        pair.detected,
        min_iou=rules.min_iou,
        onset_tolerance=rules.onset_tolerance,
        by_kind=rules.by_kind,
    )
    return Judged.of(pair.name, pair.span, pair.hours, (Side(pair.reference), Side(pair.detected)), result)


def _blocks(pairs: Sequence[Pair]) -> tuple[float | None, str]:
    """Take recordings as units if there are enough, else blocks of time within them."""
    if len(pairs) >= FEWEST_UNITS:
        return None, "whole recordings"
    seconds = sum(pair.span[1] - pair.span[0] for pair in pairs)
    length = next((one for one in BLOCKS_S if seconds / one >= ENOUGH_BLOCKS), BLOCKS_S[-1])
    return length, f"blocks of {length:g} s"


def _selections(judged: Sequence[Judged]) -> Iterator[Selection]:
    yield Selection()
    sides = [side for one in judged for side in (one.reference, one.detected)]
    apart = all(one.by_channel for one in judged)
    channels = sorted({name for side in sides for name in side.names(side.channels)}) if apart else []
    kinds = sorted({name for side in sides for name in side.names(side.kinds)})
    if len(channels) > 1:
        yield from (Selection(channel=channel) for channel in channels)
    if len(kinds) > 1:
        yield from (Selection(kind=kind) for kind in kinds)
    if len(channels) > 1 and len(kinds) > 1:
        both = (Selection(channel, kind) for channel in channels for kind in kinds)
        yield from (one for one in both if any(side.taken(one).any() for side in sides))


def _row(
    judged: Sequence[Judged], selection: Selection, resampling: _Resampling, *, recording: str = ALL
) -> Row:
    counts = np.concatenate(
        [tallies.tally(one, selection, resampling.cell, resampling.block) for one in judged]
    )
    sums = counts.sum(axis=0)

    def estimated(statistic: Callable[[FloatArray], FloatArray], *, wanted: bool = True) -> Estimate:
        return estimate(counts, statistic, resampling.weights) if wanted else Estimate(None)

    # A kind that only one side knows can be found or not, but there is nothing to set against it.
    shared = selection.kind is None or _known_to_both(judged, selection.kind)
    found, missed, true, false, detected = (int(value) for value in sums[: tallies.HOURS])
    errors = np.concatenate([one.errors(selection) for one in judged])
    cut = [one.cuts(selection) for one in judged]
    return Row(
        recording=recording,
        channel=ALL if selection.channel is None else selection.channel,
        kind=ALL if selection.kind is None else selection.kind,
        n_reference=found + missed,
        found=found,
        n_detected=detected,
        true=true,
        false=false,
        recall=estimated(tallies.recall),
        precision=estimated(tallies.precision),
        f1=estimated(tallies.f1, wanted=shared),
        false_per_hour=estimated(tallies.false_per_hour),
        index_bias=estimated(tallies.index_bias, wanted=shared),
        kappa=estimated(tallies.kappa_of, wanted=shared),
        agreement=estimate(counts, tallies.agreement, None).value if shared else None,
        onset_error=deviation(errors[:, 0]),
        offset_error=deviation(errors[:, 1]),
        duration_bias=deviation(errors[:, 2]),
        splits=sum(one.splits for one in cut),
        merges=sum(one.merges for one in cut),
    )


def _known_to_both(judged: Sequence[Judged], kind: str) -> bool:
    taken = Selection(kind=kind)
    return all(
        any(side.taken(taken).any() for side in sides)
        for sides in ([one.reference for one in judged], [one.detected for one in judged])
    )

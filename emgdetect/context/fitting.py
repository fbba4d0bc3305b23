"""Scorings brought to a recording's time: what is shifted, cut off, or does not belong together at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from emgdetect.context.clock import DAY_S
from emgdetect.context.types import Context, ScoredMark, Scoring, StageSpan
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T", StageSpan, ScoredMark)

NEGLIGIBLE_S = 30.0
"""Up to an epoch more or less at an end is how scorings are, and not worth a word."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a scoring has to fit: the recording's length in s, and the time of day of sample 0, if known."""

    duration: float
    start: datetime | None = None


def fitted(scorings: Sequence[Scoring], night: Night, *, shift: float = 0.0) -> Context:
    """Bring scorings to the time of a recording.

    Parameters
    ----------
    scorings : sequence of Scoring
        Of the same night: a hypnogram, arousals, breathing events. The stages of the first that has any are
        taken.
    night : Night
        The recording they go with.
    shift : float, default 0
        Seconds to add to every scored time, where the clocks of the two did not agree.

    Returns
    -------
    Context
        Stages and marks within the recording; what reaches over its ends is cut, what lies outside left out,
        and the notices say how much.

    Raises
    ------
    UsageError
        If a scoring and the recording have no moment in common.

    Notes
    -----
    A scoring that has times of day is laid where its clock says. Both clocks with an offset from UTC: that
    holds over time zones and clock changes. Otherwise both are taken to be the clock of the same room; a
    scoring without a date is laid on the day that fits.
    """
    stages: tuple[StageSpan, ...] = ()
    marks: list[ScoredMark] = []
    notices: list[str] = []
    for scoring in scorings:
        moved, kept, told = _one(scoring, night, shift)
        notices += [f"{scoring.path.name}: {sentence}" for sentence in (*scoring.oddities, *told)]
        if moved and stages:
            notices.append(f"{scoring.path.name}: its stages are left aside, there are others already")
        stages = stages or moved
        marks += kept
    marks.sort(key=lambda mark: mark.onset)
    off = [mark.onset for mark in marks if mark.group == "lights off"]
    on = [mark.onset for mark in marks if mark.group == "lights on"]
    return Context(stages, tuple(marks), off[0] if off else None, on[-1] if on else None, tuple(notices))


def _one(
    scoring: Scoring, night: Night, shift: float
) -> tuple[tuple[StageSpan, ...], list[ScoredMark], list[str]]:
    if not scoring.stages and not scoring.marks:
        return (), [], ["there is nothing in it"]
    moved, told = _offset(scoring, night)
    by = moved + shift
    stages = [_clipped(span, by, night.duration) for span in scoring.stages]
    marks = [_clipped(mark, by, night.duration) for mark in scoring.marks]
    kept = tuple(span for span in stages if span is not None)
    within = [mark for mark in marks if mark is not None]
    if not kept and not within:
        raise UsageError(
            f"{_extent(scoring, by)} and the recording lasts {_clock(night.duration)}: nothing in common",
            where=scoring.path,
            hint="--shift SECONDS moves it; is it of the same night?",
        )
    return kept, within, [*told, *_left_out(scoring, len(within), by, night), *_uncovered(kept, night)]


def _offset(scoring: Scoring, night: Night) -> tuple[float, list[str]]:
    """Return what to add to the scoring's seconds to have the recording's."""
    if scoring.start is None:
        return 0.0, []
    if night.start is None:
        return 0.0, ["the recording has no time of day; both are taken to begin together"]
    scored, recorded = scoring.start, night.start
    if scored.tzinfo is None or recorded.tzinfo is None:
        # A clock without a zone hung in the same room.
        scored, recorded = scored.replace(tzinfo=UTC), recorded.replace(tzinfo=UTC)
    offset = (scored - recorded).total_seconds()
    if scoring.dated:
        return offset, []
    # Times of day alone: the day that lays the middles nearest to each other.
    middle = night.duration / 2 - (_first(scoring) + _last(scoring)) / 2
    days = round((middle - offset) / DAY_S)
    return offset + days * DAY_S, []


def _clipped(one: T, by: float, duration: float) -> T | None:
    start, stop = max(one.onset + by, 0.0), min(one.onset + by + one.duration, duration)
    momentary = one.duration == 0 and start == stop and stop < duration
    return replace(one, onset=start, duration=stop - start) if stop > start or momentary else None


def _left_out(scoring: Scoring, kept: int, by: float, night: Night) -> list[str]:
    told = []
    before = sum(max(0.0, min(span.stop + by, 0.0) - (span.onset + by)) for span in scoring.stages)
    after = sum(max(0.0, span.stop + by - max(span.onset + by, night.duration)) for span in scoring.stages)
    for seconds, side in ((before, "before the recording begins"), (after, "after the recording ends")):
        if seconds >= NEGLIGIBLE_S:
            told.append(f"{_clock(seconds)} of stages lie {side} and are left out")
    outside = len(scoring.marks) - kept
    if outside:
        told.append(f"{outside} of {len(scoring.marks)} marks lie outside the recording and are left out")
    return told


def _uncovered(stages: Sequence[StageSpan], night: Night) -> list[str]:
    if not stages:
        return []
    holes = [max(0.0, b.onset - a.stop) for a, b in pairwise(stages)]
    missing = stages[0].onset + sum(holes) + (night.duration - stages[-1].stop)
    if missing < NEGLIGIBLE_S:
        return []
    share = 100 * missing / night.duration
    return [f"{_clock(missing)} of the recording ({share:.0f} %) have no stage and count as not scored"]


def _everything(scoring: Scoring) -> list[StageSpan | ScoredMark]:
    return [*scoring.stages, *scoring.marks]


def _first(scoring: Scoring) -> float:
    return min(one.onset for one in _everything(scoring))


def _last(scoring: Scoring) -> float:
    return max(one.onset + one.duration for one in _everything(scoring))


def _extent(scoring: Scoring, by: float) -> str:
    first, last = _first(scoring) + by, _last(scoring) + by
    return f"it covers {_clock(first)} to {_clock(last)} from the recording's start"


def _clock(seconds: float) -> str:
    sign = "-" if seconds < 0 else ""
    return f"{sign}{timedelta(seconds=round(abs(seconds)))}"

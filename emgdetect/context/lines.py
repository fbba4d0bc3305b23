"""From the lines of a scoring file to stages and marks: the part that all readers share."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from statistics import median
from typing import TYPE_CHECKING

from emgdetect.context.clock import DAY_S
from emgdetect.context.kinds import group_of, limb_and_kind
from emgdetect.context.stages import stage_of, stages_of
from emgdetect.context.types import ScoredMark, StageSpan

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from emgdetect.context.types import Stage

EPOCH_S = 30.0
"""Length of an epoch where nothing says it."""

CHANGE_S = 3600.0
"""What the clocks are put forward or back."""

SAME_S = 0.5
"""Onsets nearer than this are the same epoch."""

_SUNDAY = 6
_NIGHT_HOURS = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: seconds from the file's zero, ``None`` for a length it does not say, and its label.

    ``stage`` tells whether it stands in a list of stages; ``None`` leaves that to the label.
    """

    onset: float
    duration: float | None
    text: str
    channel: str = ""
    stage: bool | None = None


@dataclass(frozen=True, slots=True)
class Assembled:
    """Stages, marks, and sentences about what is odd in them."""

    stages: tuple[StageSpan, ...]
    marks: tuple[ScoredMark, ...]
    oddities: tuple[str, ...]


def assemble(lines: Iterable[Line]) -> Assembled:
    """Sort lines into stages, which do not overlap, and marks.

    Of stages that overlap the later one cuts the earlier. Where two begin together and differ, nobody knows,
    and the time counts as not scored. A stage without a length lasts until the next one.
    """
    stage_lines: list[tuple[Line, Stage]] = []
    marks: list[ScoredMark] = []
    every = [_rounded(line) for line in lines]
    backward = sum((line.duration or 0.0) < 0 for line in every)
    codes, oddities = stages_of(line.text for line in every if line.stage)
    if backward:
        told = _times(backward, "line ends", "lines end")
        oddities = (*oddities, f"{told} before the beginning; taken as moments")
    for line in every:
        stage = codes.get(line.text) if line.stage else _unlisted(line)
        if stage is not None:
            stage_lines.append((line, stage))
        else:
            marks.append(_mark(line))
    stages, odd = _laid_out(stage_lines)
    return Assembled(stages, tuple(sorted(marks, key=lambda mark: mark.onset)), (*oddities, *odd))


def _rounded(line: Line) -> Line:
    # Differences of times of day leave digits beyond the microsecond that were never in the file.
    duration = None if line.duration is None else round(line.duration, 6)
    return replace(line, onset=round(line.onset, 6), duration=duration)


def _unlisted(line: Line) -> Stage | None:
    return stage_of(line.text) if line.stage is None else None


def _mark(line: Line) -> ScoredMark:
    limb = limb_and_kind(line.text)
    group, kind = group_of(line.text if limb is None else limb[1])
    channel = line.channel or ("" if limb is None else limb[0])
    return ScoredMark(line.onset, max(line.duration or 0.0, 0.0), group, kind, line.text, channel)


def _laid_out(found: list[tuple[Line, Stage]]) -> tuple[tuple[StageSpan, ...], list[str]]:
    spans, oddities = _one_for_each_time(found)
    laid: list[StageSpan] = []
    cut = 0
    for span, follower in zip_longest(spans, spans[1:]):
        room = math.inf if follower is None else follower.onset - span.onset
        # A hundredth of a second over is rounding in the file, not an overlap.
        cut += room < span.duration - SAME_S
        length = min(span.duration, room)
        if length > 0:
            laid.append(replace(span, duration=length))
    if cut:
        oddities.append(
            f"{_times(cut, 'stage overlaps', 'stages overlap')} the next, which is taken from its start on"
        )
    return tuple(laid), oddities


def _one_for_each_time(found: list[tuple[Line, Stage]]) -> tuple[list[StageSpan], list[str]]:
    found = sorted(found, key=lambda one: one[0].onset)
    usual = _usual_length([line for line, _ in found])
    spans: list[StageSpan] = []
    contradictions = 0
    for place, (line, stage) in enumerate(found):
        length = line.duration
        if length is None or length <= 0:
            later = (other.onset for other, _ in found[place + 1 :] if other.onset - line.onset > SAME_S)
            length = min(next(later, math.inf) - line.onset, usual if place == len(found) - 1 else math.inf)
            length = usual if math.isinf(length) else length
        span = StageSpan(line.onset, length, stage, line.text)
        if spans and span.onset - spans[-1].onset <= SAME_S:
            before = spans.pop()
            longer = max(before, span, key=lambda one: one.duration)
            if before.stage != stage:
                contradictions += 1
                longer = replace(longer, stage="?", label=f"{before.label}/{span.label}")
            span = longer
        spans.append(span)
    told = _times(contradictions, "epoch is", "epochs are")
    return spans, [f"{told} scored twice and differently; not scored, here"] if contradictions else []


def _usual_length(lines: Sequence[Line]) -> float:
    given = [line.duration for line in lines if line.duration is not None and line.duration > 0]
    steps = [b.onset - a.onset for a, b in pairwise(lines) if b.onset - a.onset > SAME_S]
    return median(given or steps or [EPOCH_S])


def clock_change_undone(
    lines: Sequence[Line], *, start: float, day: date | None
) -> tuple[list[Line], list[str]]:
    """Put right onsets that come from times of day, where the clocks were changed during the scoring.

    Parameters
    ----------
    lines : sequence of Line
        In the order of the file.
    start : float
        Seconds since midnight at onset 0.
    day : date or None
        Of onset 0, if known: clocks are put forward on Sundays.

    Returns
    -------
    list of Line, list of str
        Epochs that follow each other go on doing so: an hour that came twice is two hours, one that was left
        out is none. And a sentence about it.
    """
    stages = [place for place, line in enumerate(lines) if line.stage or _unlisted(line) is not None]
    steps = [lines[b].onset - lines[a].onset for a, b in pairwise(stages)]
    usual = median(steps) if steps else 0.0
    moved = list(lines)
    told: list[str] = []
    for place, step in zip(stages[1:], steps, strict=True):
        back = abs(step - usual + CHANGE_S) <= SAME_S
        forward = abs(step - usual - CHANGE_S) <= SAME_S and _may_be_put_forward(
            start + lines[place].onset, day
        )
        if back or forward:
            by = CHANGE_S if back else -CHANGE_S
            moved[place:] = [replace(line, onset=line.onset + by) for line in moved[place:]]
            told.append(
                f"the clock was put {'back' if back else 'forward'} an hour during the scoring; epochs go on"
            )
    return moved, told


def _may_be_put_forward(now: float, day: date | None) -> bool:
    days, second = divmod(now, DAY_S)
    sunday = day is None or (day.weekday() + int(days)) % 7 == _SUNDAY
    return sunday and second < _NIGHT_HOURS * 3600


def _times(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"

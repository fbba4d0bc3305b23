"""Pool the answers on the recordings of a suite into one score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.evaluate import Mark, Score, score

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accuracy.case import Case
    from accuracy.child import Answer


@dataclass(frozen=True, slots=True)
class Result:
    """What one detector did on one suite; ``score`` is ``None`` where a recording was not answered."""

    score: Score | None
    hours: float
    cpu: float
    megabytes: float
    failures: tuple[str, ...] = ()
    n_cases: int = 1


Answered = tuple["Case", dict[str, "Answer"]]
"""A recording and the answers on its channels by name."""


def pooled(answered: Iterable[Answered]) -> Result:
    """Score recordings together: each has its own channels, errors and counts are pooled.

    Hours are those of the recordings, not of their channels. One failure on any channel fails the suite.
    """
    pairs = list(answered)
    answers = [answer for _, by_channel in pairs for answer in by_channel.values()]
    hours = sum(case.hours for case, _ in pairs)
    failures = tuple(sorted({_failure(answer) for answer in answers if answer.status != "ok"}))
    cpu = sum(answer.cpu for answer in answers)
    most = max((answer.megabytes for answer in answers), default=0.0)
    if failures:
        return Result(None, hours, cpu, most, failures, len(pairs))
    truth, found = [], []
    for number, (case, by_channel) in enumerate(pairs):
        one = next(iter(by_channel)) if len(by_channel) == 1 else ""
        truth += [Mark(m.onset, m.duration, m.kind, f"{number} {one or m.channel}") for m in case.truth]
        found += marks(case, by_channel, f"{number} ")
    return Result(score(truth, found, hours=hours), hours, cpu, most, (), len(pairs))


def marks(case: Case, by_channel: dict[str, Answer], prefix: str = "") -> list[Mark]:
    """Return what was found, in seconds of the whole recording."""
    start = case.window[0]
    return [
        Mark(start + first, last - first, "", prefix + channel)
        for channel, answer in by_channel.items()
        for first, last in answer.spans
    ]


def _failure(answer: Answer) -> str:
    return f"{answer.status} ({answer.message})" if answer.message else answer.status

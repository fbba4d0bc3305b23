"""Questions to a hypnogram: pure functions over its spans, which are sorted and do not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.context.types import SLEEP

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from emgdetect.context.types import Stage, StageSpan
    from emgdetect.types import FloatArray

NOT_SCORED: Stage = "?"


def stages_at(stages: Sequence[StageSpan], times: FloatArray) -> NDArray[np.str_]:
    """Return the stage at each of the times; ``?`` where none is scored.

    A span is half-open: at its end the next one holds.
    """
    moments = np.asarray(times, dtype=np.float64)
    if not stages:
        return np.full(moments.shape, NOT_SCORED)
    onsets = np.array([span.onset for span in stages])
    stops = np.array([span.stop for span in stages])
    names = np.array([*(span.stage for span in stages), NOT_SCORED])
    place = np.searchsorted(onsets, moments, side="right") - 1
    inside = (place >= 0) & (moments < stops[np.maximum(place, 0)])
    found: NDArray[np.str_] = names[np.where(inside, place, len(stages))]
    return found


def seconds_in_stage(stages: Sequence[StageSpan]) -> dict[Stage, float]:
    """Return the summed length of each stage that occurs, in s."""
    sums: dict[Stage, float] = {}
    for span in stages:
        sums[span.stage] = sums.get(span.stage, 0.0) + span.duration
    return sums


def spans_of(stages: Sequence[StageSpan], wanted: Collection[Stage] = SLEEP) -> FloatArray:
    """Return where any of the wanted stages goes on, touching spans joined.

    Returns
    -------
    ndarray of float, shape ``(n, 2)``
        Starts and stops in s, sorted.
    """
    joined: list[list[float]] = []
    for span in stages:
        if span.stage in wanted:
            if joined and span.onset <= joined[-1][1]:
                joined[-1][1] = span.stop
            else:
                joined.append([span.onset, span.stop])
    return np.array(joined, dtype=np.float64).reshape(-1, 2)


def epochs(stages: Sequence[StageSpan], duration: float, epoch: float = 30.0) -> tuple[Stage, ...]:
    """Return the stage that fills most of each epoch from second 0 on; ``?`` where none fills any of it.

    Parameters
    ----------
    stages : sequence of StageSpan
        Of a recording.
    duration : float
        Its length in s; the last epoch may be shorter.
    epoch : float, default 30
        Length of an epoch in s.
    """
    found: list[Stage] = []
    first = 0
    for place in range(int(np.ceil(duration / epoch))):
        start, stop = place * epoch, min((place + 1) * epoch, duration)
        while first < len(stages) and stages[first].stop <= start:
            first += 1
        shares: dict[Stage, float] = {}
        for span in stages[first:]:
            if span.onset >= stop:
                break
            shared = min(span.stop, stop) - max(span.onset, start)
            shares[span.stage] = shares.get(span.stage, 0.0) + shared
        found.append(max(shares, key=lambda stage: shares[stage]) if shares else NOT_SCORED)
    return tuple(found)

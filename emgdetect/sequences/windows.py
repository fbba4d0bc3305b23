"""Time cut into equal windows, for rules that count windows and not movements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.limits import TICK
from emgdetect.sequences.material import Time
from emgdetect.sequences.spans import union

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from emgdetect.sequences.results import Movement
    from emgdetect.sequences.spans import Span
    from emgdetect.types import FloatArray


def cut(spans: FloatArray, size: float, inside: FloatArray | None = None) -> FloatArray:
    """Cut each stretch into windows of ``size`` s from its start on; what is left over is dropped.

    Returns
    -------
    ndarray
        Starts of the windows that lie wholly in the union ``inside``, shape ``(n,)``.
    """
    pieces = [start + size * np.arange(int((stop - start + TICK) / size)) for start, stop in spans.tolist()]
    starts: FloatArray = np.concatenate(pieces) if pieces else np.empty(0)
    return starts if inside is None else starts[_covered(starts, size, inside)]


def _covered(starts: FloatArray, size: float, inside: FloatArray) -> NDArray[np.bool_]:
    if not len(inside):
        return np.zeros(starts.shape, dtype=np.bool_)
    row = np.searchsorted(inside[:, 0], starts + TICK, side="right") - 1
    covered: NDArray[np.bool_] = (row >= 0) & (starts + size <= inside[np.maximum(row, 0), 1] + TICK)
    return covered


def n_onsets(starts: FloatArray, size: float, onsets: Iterable[float]) -> NDArray[np.int64]:
    """Count the onsets in each window; a window's start belongs to it."""
    ordered = np.sort(np.array(list(onsets), dtype=np.float64))
    before = np.searchsorted(ordered, starts - TICK)
    counts: NDArray[np.int64] = np.searchsorted(ordered, starts + size - TICK) - before
    return counts


def covered_seconds(starts: FloatArray, size: float, movements: Iterable[Movement]) -> FloatArray:
    """Return how many seconds of each window any of the movements covers."""
    busy = union((one.onset, one.stop) for one in movements)
    if not len(busy):
        return np.zeros(starts.shape)
    edges = busy.ravel()
    up_to = np.concatenate(([0.0], np.cumsum(busy[:, 1] - busy[:, 0])))
    summed = np.repeat(up_to, 2)[1:-1]
    late, early = np.interp(starts + size, edges, summed), np.interp(starts, edges, summed)
    covered: FloatArray = np.asarray(late - early, dtype=np.float64)
    return covered


def free_of(starts: FloatArray, size: float, spans: Iterable[Span] | None) -> NDArray[np.bool_]:
    """Tell which windows share nothing with any of the spans; all of them if nothing was scored."""
    taken = union(spans or ())
    if not len(taken):
        return np.ones(starts.shape, dtype=np.bool_)
    begun = np.searchsorted(taken[:, 0], starts + size - TICK)
    over = np.searchsorted(taken[:, 1], starts + TICK, side="right")
    free: NDArray[np.bool_] = begun <= over
    return free


def time_of(starts: FloatArray, size: float, per: str) -> Time:
    """Return the windows as a time to divide by."""
    return Time(per, union((start, start + size) for start in starts.tolist()))

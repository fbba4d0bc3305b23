"""Stretches of time as sorted, disjoint rows of start and stop, and what can be asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from emgdetect.sequences.limits import TICK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from emgdetect.types import FloatArray

Span: TypeAlias = tuple[float, float]
"""Start and stop in seconds since the recording began; the stop is not part of it."""

NOTHING: FloatArray = np.empty((0, 2))


def union(spans: Iterable[Span] | FloatArray) -> FloatArray:
    """Return the time in any of the spans: shape ``(n, 2)``, sorted, disjoint. Empty spans are left out."""
    rows = sorted((float(start), float(stop)) for start, stop in spans if stop > start)
    merged: list[list[float]] = []
    for start, stop in rows:
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], stop)
        else:
            merged.append([start, stop])
    return np.array(merged) if merged else NOTHING


def within(one: FloatArray, other: FloatArray) -> FloatArray:
    """Return the time in both of two unions."""
    found: list[Span] = []
    first = second = 0
    while first < len(one) and second < len(other):
        start = max(one[first, 0], other[second, 0])
        stop = min(one[first, 1], other[second, 1])
        if stop > start:
            found.append((float(start), float(stop)))
        if one[first, 1] < other[second, 1]:
            first += 1
        else:
            second += 1
    return np.array(found) if found else NOTHING


def outside(spans: FloatArray, length: float) -> FloatArray:
    """Return the time from 0 to ``length`` that is in none of a union's spans."""
    edges = np.concatenate(([0.0], np.clip(spans.ravel(), 0.0, length), [length])).reshape(-1, 2)
    left: FloatArray = edges[edges[:, 1] > edges[:, 0]]
    return left


def seconds(spans: FloatArray) -> float:
    """Return how long a union is in all."""
    return float(np.sum(spans[:, 1] - spans[:, 0]))


def holds(spans: FloatArray, times: FloatArray) -> NDArray[np.bool_]:
    """Tell which of the times lie in a union; a start belongs to it whatever the rounding."""
    row = np.searchsorted(spans[:, 0], times + TICK, side="right") - 1
    inside = row >= 0
    inside[inside] = times[inside] < spans[row[inside], 1] - TICK
    return inside

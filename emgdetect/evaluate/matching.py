"""Which detected event is which event of the reference: one to one, as many as possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from emgdetect.types import FloatArray

LARGEST_TABLE = 1_000_000
"""Cells up to which a cluster of events is matched by overlap too; larger ones by number alone."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """What makes two events a pair.

    They overlap by ``min_iou`` or more (intersection over union), or, when ``onset_tolerance`` is given,
    their onsets lie no further apart than that (s). With ``min_iou`` above 1 onsets alone decide.
    """

    min_iou: float = 0.2
    onset_tolerance: float | None = None


def match(truth: FloatArray, detected: FloatArray, pairing: Pairing) -> NDArray[np.int64]:
    """Match intervals one to one: as many as possible, and of those the best overlapping.

    Parameters
    ----------
    truth, detected : ndarray, shape ``(n, 2)`` and ``(m, 2)``
        Start and stop in s, in any order.

    Returns
    -------
    ndarray of int, shape ``(k, 2)``
        Pairs of an index into ``truth`` and one into ``detected``, by the first.

    Notes
    -----
    Events that may be pairs fall into clusters; each is an assignment problem, solved exactly.
    """
    rows, columns, overlap = _candidates(truth, detected, pairing)
    found = [
        _assign(rows[cluster], columns[cluster], overlap[cluster])
        for cluster in _clusters(rows, columns, (len(truth), len(detected)))
    ]
    pairs = np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)
    return pairs[np.argsort(pairs[:, 0], kind="stable")]


def iou(truth: FloatArray, detected: FloatArray) -> FloatArray:
    """Return intersection over union of intervals, line by line; two equal instants overlap wholly."""
    shared = np.minimum(truth[..., 1], detected[..., 1]) - np.maximum(truth[..., 0], detected[..., 0])
    union = np.maximum(truth[..., 1], detected[..., 1]) - np.minimum(truth[..., 0], detected[..., 0])
    ratio: FloatArray = np.where(union > 0, np.maximum(shared, 0.0) / np.where(union > 0, union, 1.0), 1.0)
    return ratio


def _candidates(
    truth: FloatArray, detected: FloatArray, pairing: Pairing
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    near = pairing.onset_tolerance or 0.0
    order = np.argsort(detected[:, 0], kind="stable")
    sorted_ = detected[order]
    # The furthest that any event so far has reached: before it nothing can touch a later one.
    reach = np.maximum.accumulate(np.maximum(sorted_[:, 1], sorted_[:, 0] + near)) if len(order) else order
    first = np.searchsorted(reach, truth[:, 0], side="left")
    last = np.searchsorted(sorted_[:, 0], np.maximum(truth[:, 1], truth[:, 0] + near), side="right")
    counts = np.maximum(last - first, 0)
    rows = np.repeat(np.arange(len(truth)), counts)
    within = np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = order[np.repeat(first, counts) + within]
    overlap = iou(truth[rows], detected[columns])
    pair = overlap >= pairing.min_iou
    if pairing.onset_tolerance is not None:
        pair |= np.abs(truth[rows, 0] - detected[columns, 0]) <= pairing.onset_tolerance
    return rows[pair], columns[pair], overlap[pair]


def _clusters(
    rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]
) -> Iterator[NDArray[np.int64]]:
    """Give the candidates' indices, cluster by cluster."""
    if rows.size == 0:
        return
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    size = sum(shape)
    graph = coo_array((np.ones(rows.size, dtype=np.int8), (rows, columns + shape[0])), shape=(size, size))
    label = connected_components(graph, directed=False)[1][rows]
    order = np.argsort(label, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _assign(rows: NDArray[np.int64], columns: NDArray[np.int64], overlap: FloatArray) -> NDArray[np.int64]:
    if rows.size == 1:
        return np.stack((rows, columns), axis=1)
    there, row = np.unique(rows, return_inverse=True)
    seen, column = np.unique(columns, return_inverse=True)
    if there.size * seen.size > LARGEST_TABLE:
        return _assign_many(there, seen, row, column)
    from scipy.optimize import linear_sum_assignment

    # One more pair outweighs any gain in overlap.
    gain = np.zeros((there.size, seen.size))
    gain[row, column] = overlap + min(there.size, seen.size) + 1
    chosen = np.stack(linear_sum_assignment(gain, maximize=True), axis=1)
    chosen = chosen[gain[chosen[:, 0], chosen[:, 1]] > 0]
    return np.stack((there[chosen[:, 0]], seen[chosen[:, 1]]), axis=1)


def _assign_many(
    there: NDArray[np.int64], seen: NDArray[np.int64], row: NDArray[np.int64], column: NDArray[np.int64]
) -> NDArray[np.int64]:
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    graph = csr_matrix((np.ones(row.size, dtype=np.int8), (row, column)), shape=(there.size, seen.size))
    partner = maximum_bipartite_matching(graph, perm_type="column")
    matched = np.flatnonzero(partner >= 0)
    return np.stack((there[matched], seen[partner[matched]]), axis=1)

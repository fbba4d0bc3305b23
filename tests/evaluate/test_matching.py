from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.evaluate import Pairing, match
from emgdetect.evaluate import matching as module

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

INTERVALS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=6)
PAIRINGS = st.builds(
    Pairing, st.sampled_from([0.05, 0.2, 0.5, 1.0, 2.0]), st.sampled_from([None, 0.0, 1.0, 3.0])
)


def table(spans: list[tuple[int, int]]) -> FloatArray:
    return np.array([(start, start + length) for start, length in spans], dtype=np.float64).reshape(-1, 2)


def is_pair(first: tuple[int, int], second: tuple[int, int], pairing: Pairing) -> bool:
    """Count whole units instead of computing: an instant has no units and equals only itself."""
    mine, theirs = ({*range(start, start + length)} for start, length in (first, second))
    hull = max(sum(first), sum(second)) - min(first[0], second[0])
    # Where the two do not touch the hull is larger than the union, but then the overlap is 0 anyway.
    share = len(mine & theirs) / hull if hull else 1.0
    near = pairing.onset_tolerance is not None and abs(first[0] - second[0]) <= pairing.onset_tolerance
    return share >= pairing.min_iou or near


def most_pairs(truth: list[tuple[int, int]], detected: list[tuple[int, int]], pairing: Pairing) -> int:
    """Try every way to match."""

    @cache
    def best(index: int, used: frozenset[int]) -> int:
        if index == len(truth):
            return 0
        taken = [
            1 + best(index + 1, used | {other})
            for other in range(len(detected))
            if other not in used and is_pair(truth[index], detected[other], pairing)
        ]
        return max([best(index + 1, used), *taken])

    return best(0, frozenset())


@given(truth=INTERVALS, detected=INTERVALS, pairing=PAIRINGS)
def test_no_way_of_matching_finds_more(
    truth: list[tuple[int, int]], detected: list[tuple[int, int]], pairing: Pairing
) -> None:
    pairs = match(table(truth), table(detected), pairing)
    assert len(pairs) == most_pairs(truth, detected, pairing)
    assert len({first for first, _ in pairs}) == len({second for _, second in pairs}) == len(pairs)
    assert all(is_pair(truth[first], detected[second], pairing) for first, second in pairs)
    assert [first for first, _ in pairs] == sorted(first for first, _ in pairs)


@given(truth=INTERVALS, detected=INTERVALS, pairing=PAIRINGS)
def test_large_clusters_lose_no_pair(
    truth: list[tuple[int, int]], detected: list[tuple[int, int]], pairing: Pairing
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LARGEST_TABLE", 0)
        pairs = match(table(truth), table(detected), pairing)
    assert len(pairs) == most_pairs(truth, detected, pairing)
    assert all(is_pair(truth[first], detected[second], pairing) for first, second in pairs)


def test_greed_would_lose_one_here() -> None:
    truth, detected = table([(0, 10), (8, 10)]), table([(6, 10), (14, 5)])
    assert match(truth, detected, Pairing(0.2)).tolist() == [[0, 0], [1, 1]]
    assert len(match(truth, detected, Pairing(0.3))) == 1


def test_of_equally_many_the_best_overlapping_are_taken() -> None:
    truth, detected = table([(0, 10), (2, 10)]), table([(2, 10), (0, 10)])
    assert match(truth, detected, Pairing()).tolist() == [[0, 1], [1, 0]]


def test_onsets_may_decide_alone() -> None:
    truth, detected = table([(10, 1), (20, 1)]), table([(12, 50), (27, 1)])
    assert len(match(truth, detected, Pairing())) == 0
    assert match(truth, detected, Pairing(2.0, 2.0)).tolist() == [[0, 0]]


def test_ten_thousand_among_long_ones() -> None:
    rng = np.random.default_rng(3)
    onset = np.sort(rng.uniform(0, 80_000, 10_000))
    truth = np.stack((onset, onset + 0.1), axis=1)
    truth[::1000, 1] += 3000
    shuffled = rng.permutation(10_000)
    pairs = match(truth, truth[shuffled], Pairing(0.99))
    assert len(pairs) == 10_000
    assert np.array_equal(shuffled[pairs[:, 1]], pairs[:, 0])

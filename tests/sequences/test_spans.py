"""Spans against plain sets of whole seconds, and the places where rounding could decide."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.sequences.joining import runs
from emgdetect.sequences.limits import above, at_least, at_most, below
from emgdetect.sequences.spans import Span, holds, outside, seconds, union, within

LENGTH = 30
SPANS = st.lists(
    st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(
        lambda pair: (float(min(pair)), float(max(pair)))
    ),
    max_size=8,
)


def whole_seconds(spans: list[Span]) -> set[int]:
    return {second for start, stop in spans for second in range(int(start), int(stop))}


def rows(spans: np.ndarray) -> set[int]:
    return whole_seconds([(float(start), float(stop)) for start, stop in spans])


@given(SPANS, SPANS)
def test_spans_are_sets_of_time(one: list[Span], other: list[Span]) -> None:
    first, second = union(one), union(other)
    assert rows(first) == whole_seconds(one)
    assert rows(within(first, second)) == whole_seconds(one) & whole_seconds(other)
    assert rows(outside(first, float(LENGTH))) == set(range(LENGTH)) - whole_seconds(one)
    assert seconds(first) == len(whole_seconds(one))
    middles = np.arange(0.5, LENGTH, dtype=np.float64)
    assert holds(first, middles).tolist() == [second in whole_seconds(one) for second in range(LENGTH)]


@given(SPANS)
def test_a_union_is_sorted_and_disjoint(spans: list[Span]) -> None:
    edges = union(spans).ravel()
    assert np.all(np.diff(edges) > 0)


def test_a_start_belongs_to_its_span_and_a_stop_does_not() -> None:
    spans = union([(0.1 + 0.2, 1.0)])
    assert holds(spans, np.array([0.3, 1.0, 1.0 - 1e-9])).tolist() == [True, False, False]


def test_limits_hold_whatever_the_rounding() -> None:
    first = np.arange(5000)
    tens = ((first + 1997) / 199.7 - first / 199.7).tolist()
    assert min(tens) < 10 < max(tens), "rounding does not show here"
    for ten in tens:
        assert at_least(ten, 10)
        assert at_most(ten, 10)
        assert not below(ten, 10)
        assert not above(ten, 10)
    assert below(10 - 1e-4, 10)
    assert above(10 + 1e-4, 10)


def test_runs_are_cut_where_one_does_not_follow() -> None:
    assert runs(0, lambda _: True) == []
    assert runs(3, lambda _: True) == [(0, 3)]
    assert runs(3, lambda _: False) == [(0, 1), (1, 2), (2, 3)]
    assert runs(4, lambda place: place != 2) == [(0, 2), (2, 4)]

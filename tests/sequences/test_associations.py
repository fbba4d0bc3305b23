"""Movements beside spans, against looking at every pair."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from emgdetect.sequences.associations import near_any, overlaps_any
from emgdetect.sequences.results import Movement

STRETCHES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 100)).map(lambda pair: (pair[0] / 4, sum(pair) / 4)),
    max_size=8,
)
"""In quarters of a second, which are exact in binary; they overlap as they like."""


def movements(stretches: list[tuple[float, float]]) -> list[Movement]:
    return [Movement(start, stop - start, ("a",), ()) for start, stop in stretches]


@given(STRETCHES, STRETCHES)
def test_near_is_less_than_half_a_second_apart(
    moved: list[tuple[float, float]], spans: list[tuple[float, float]]
) -> None:
    expected = [
        any(max(start, first) - min(stop, last) < 0.5 for first, last in spans) for start, stop in moved
    ]
    assert near_any(movements(moved), spans, 0.5) == expected


@given(STRETCHES, STRETCHES)
def test_overlapping_is_sharing_a_point(
    moved: list[tuple[float, float]], spans: list[tuple[float, float]]
) -> None:
    expected = [any(start <= last and stop >= first for first, last in spans) for start, stop in moved]
    assert overlaps_any(movements(moved), spans) == expected

"""Windows against counting them one by one, in quarters of a second."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.sequences.results import Movement
from emgdetect.sequences.spans import Span, union
from emgdetect.sequences.windows import covered_seconds, cut, free_of, n_onsets

SPANS = st.lists(
    st.tuples(st.integers(0, 160), st.integers(1, 60)).map(lambda pair: (pair[0] / 4, sum(pair) / 4)),
    max_size=6,
)
SIZE = 3.0


def expected_starts(spans: list[Span], inside: list[Span] | None) -> list[float]:
    found = []
    for start, stop in union(spans).tolist():
        while start + SIZE <= stop:
            if inside is None or any(a <= start and start + SIZE <= b for a, b in union(inside).tolist()):
                found.append(start)
            start += SIZE  # noqa: PLW2901 - walking along is the point
    return found


@given(SPANS, SPANS)
def test_windows_begin_with_each_stretch_and_lie_wholly_inside(spans: list[Span], inside: list[Span]) -> None:
    assert cut(union(spans), SIZE).tolist() == expected_starts(spans, None)
    assert cut(union(spans), SIZE, union(inside)).tolist() == expected_starts(spans, inside)


@given(SPANS, SPANS)
def test_what_windows_hold(spans: list[Span], others: list[Span]) -> None:
    starts = cut(union(spans), SIZE)
    movements = [Movement(start, stop - start, ("a",), ()) for start, stop in others]
    quarters = [start + np.arange(0, SIZE, 0.25) for start in starts.tolist()]
    busy = [sum(any(a <= at < b for a, b in others) for at in one) / 4 for one in quarters]
    assert covered_seconds(starts, SIZE, movements).tolist() == pytest.approx(busy)
    assert free_of(starts, SIZE, others).tolist() == [seconds == 0 for seconds in busy]
    onsets = [start for start, _ in others]
    held = [sum(start <= onset < start + SIZE for onset in onsets) for start in starts.tolist()]
    assert n_onsets(starts, SIZE, onsets).tolist() == held


def test_nothing_scored_takes_nothing() -> None:
    assert free_of(np.array([0.0, 3.0]), SIZE, None).tolist() == [True, True]

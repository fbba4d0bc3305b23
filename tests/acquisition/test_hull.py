"""The lower hull, against its definition."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from emgdetect.acquisition.hull import LowerHull

POINTS = st.lists(st.tuples(st.integers(0, 30), st.integers(-20, 20)), min_size=1, max_size=40).map(sorted)


@given(POINTS)
def test_no_point_lies_below_and_every_corner_is_one(points: list[tuple[int, int]]) -> None:
    hull = LowerHull(points)
    corners = hull.points
    assert set(corners) <= set(points)
    for (x0, y0), (x1, y1) in pairwise(corners):
        assert all((y1 - y0) * (x - x0) <= (y - y0) * (x1 - x0) for x, y in points if x0 <= x <= x1)


@given(POINTS, st.integers(-5, 35))
def test_the_edge_over_a_place(points: list[tuple[int, int]], place: int) -> None:
    hull = LowerHull(points)
    edge = hull.edge_over(place)
    if edge is None:
        assert len(hull.points) == 1
    elif hull.points[0][0] < place <= hull.points[-1][0]:
        assert edge[0][0] < place <= edge[1][0]

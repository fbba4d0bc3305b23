"""The lower convex hull of points that come from left to right, one at a time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Point = tuple[float, float]
"""Abscissa and ordinate."""


class LowerHull:
    """The lowest points of a set: no point of it lies below the chain of ``points``.

    Points are to be added with abscissae that never fall. Adding costs a constant time on average
    (Andrew's monotone chain, Inf. Process. Lett. 9, 1979).
    """

    __slots__ = ("points",)

    def __init__(self, points: Iterable[Point] = ()) -> None:
        self.points: list[Point] = []
        for point in points:
            self.add(point)

    def add(self, point: Point) -> None:
        """Add a point to the right of all others, or straight above or below the last."""
        points = self.points
        if points and points[-1][0] == point[0]:
            if points[-1][1] <= point[1]:
                return
            points.pop()
        while len(points) > 1 and not _turns_up(points[-2], points[-1], point):
            points.pop()
        points.append(point)

    def edge_over(self, abscissa: float) -> tuple[Point, Point] | None:
        """Return the two neighbours on the chain that have ``abscissa`` between them.

        Returns
        -------
        pair of points or None
            The first or last edge for an abscissa outside, ``None`` with fewer than two points.
        """
        points = self.points
        if len(points) < 2:  # noqa: PLR2004 - an edge has two ends
            return None
        for left, right in pairwise(points):
            if right[0] >= abscissa:
                return left, right
        return points[-2], points[-1]


def _turns_up(first: Point, middle: Point, last: Point) -> bool:
    """Tell whether the way over three points bends upwards, so that the middle one is a corner."""
    run, rise = middle[0] - first[0], middle[1] - first[1]
    return run * (last[1] - first[1]) > rise * (last[0] - first[0])

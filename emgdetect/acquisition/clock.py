"""The true rate of a stream and the time of its samples, from when they arrived.

Arrivals are late by anything from a millisecond to half a minute, and never early. So the earliest ones
tell the truth: in the plane of sample count and time, production runs along a line that touches the
arrivals from below. The line is an edge of their lower convex hull, the one over the middle of the window:
of all lines below the points it has the least sum of distances to them (S. B. Moon, P. Skelly, D. Towsley,
"Estimation and removal of clock skew from network delay measurements", INFOCOM 1999).

Nothing here reads a clock; times are handed in.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from statistics import median

from emgdetect.acquisition.hull import LowerHull

BUCKET_S = 2.0
"""Arrivals are gathered by the hull over so many seconds of them."""

WINDOW_BUCKETS = 90
"""The rate comes from so many buckets: 3 minutes, in which a crystal hardly drifts."""

RECENT_BUCKETS = 15
"""The position comes from these only, so that a step of 400 ppm moves a sample by 12 ms at most."""

STEADY_BUCKETS = 900
"""Half an hour of positions tells the rate finer than a link's own rhythm lets three minutes do."""

_STEADY_S = 360.0
"""Over less the window's own estimate is the better one."""

LEAST_SPAN_S = 1.0
"""Below this no rate is given."""

_CLEAR = 3.0
_PPM = 1e6
_FEW_BUCKETS = 5
_PACKET_S = 0.05
_LEAST_SCATTER_S = 0.001
_FINE = 500 / _PPM
"""A measured rate as good as this replaces one that was only claimed."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured rate in Hz, how wrong it may be (relative), and the seconds it was measured over."""

    rate: float
    uncertainty: float
    span: float

    def ppm(self, nominal: float) -> float:
        """Return the deviation from a claimed rate, in parts per million."""
        return (self.rate / nominal - 1) * _PPM


class StreamClock:
    """One stream's clock, in constant memory.

    Parameters
    ----------
    nominal : float
        The rate the stream claims, in Hz; not a number, or 0, where it claims none.
    """

    def __init__(self, nominal: float = math.nan) -> None:
        self.nominal = nominal if math.isfinite(nominal) and nominal > 0 else None
        self._prior = self.nominal
        self._closed: deque[LowerHull] = deque(maxlen=WINDOW_BUCKETS)
        self._open = LowerHull()
        self._opened = -math.inf
        self._positions: deque[tuple[int, float]] = deque(maxlen=STEADY_BUCKETS)
        self._origin: tuple[int, float] | None = None
        self._measured: Estimate | None = None
        self._offset = math.inf

    @property
    def rate(self) -> float | None:
        """Best rate for predictions, in Hz; ``None`` while neither claimed nor measured."""
        measured, prior = self._measured, self._prior
        if measured is None:
            return prior
        if prior is None or measured.uncertainty < _FINE:
            return measured.rate
        # A coarse measurement speaks only where it contradicts the claim.
        contradicts = abs(measured.rate / prior - 1) > _CLEAR * measured.uncertainty
        return measured.rate if contradicts else prior

    @property
    def estimate(self) -> Estimate | None:
        """What was measured, ``None`` before a second of samples has arrived."""
        return self._measured

    @property
    def steady(self) -> Estimate | None:
        """The rate over up to half an hour, for people; within the first minutes, :attr:`estimate`.

        Packets that leave in a rhythm of 50 ms hide 200 ppm for minutes. A drift shows here late, and whole.
        """
        if len(self._positions) < _FEW_BUCKETS:
            return self._measured
        (first, began), (last, ended) = self._positions[0], self._positions[-1]
        span = ended - began
        if span < _STEADY_S:
            return self._measured
        return Estimate((last - first) / span, 2 * _PACKET_S / span, span)

    def observe(self, stop: int, time: float) -> None:
        """Take note that at ``time`` all samples before index ``stop`` had arrived.

        Neither may fall from one call to the next.
        """
        if self._origin is None:
            self._origin = (stop, time)
        if time - self._opened >= BUCKET_S:
            self._turn(stop, time)
        point = (float(stop - self._origin[0]), time - self._origin[1])
        self._open.add(point)
        rate = self.rate
        if rate is None or len(self._closed) < 1:
            self._measure()
            rate = self.rate
        if rate is not None:
            self._offset = min(self._offset, point[1] - point[0] / rate)

    def time_of(self, stop: int) -> float | None:
        """Return when the samples before index ``stop`` were complete, ``None`` while that is unknown.

        It is meant for indices near the newest ones, which it tells to within a packet.
        """
        rate = self.rate
        if rate is None or self._origin is None:
            return None
        return self._origin[1] + self._offset + (stop - self._origin[0]) / rate

    def expected(self, time: float) -> float | None:
        """Return how many samples the sensor has taken by ``time``: the inverse of :meth:`time_of`."""
        rate = self.rate
        if rate is None or self._origin is None:
            return None
        return self._origin[0] + (time - self._origin[1] - self._offset) * rate

    def set_anew(self) -> None:
        """Forget how indices belong to times, after a gap whose length is uncertain; the rate stays."""
        self._prior = self.rate
        self._closed.clear()
        self._open = LowerHull()
        self._opened = -math.inf
        self._origin = None
        self._measured = None
        self._offset = math.inf
        self._positions.clear()

    def _turn(self, stop: int, time: float) -> None:
        if self._open.points:
            self._closed.append(self._open)
            self._open = LowerHull()
            self._measure()
            position = self.time_of(stop)
            if position is not None and math.isfinite(position):
                self._positions.append((stop, position))
        self._opened = time

    def _measure(self) -> None:
        buckets = [*self._closed, self._open]
        points = [point for bucket in buckets for point in bucket.points]
        if not points:
            return
        span = points[-1][1] - points[0][1]
        hull = LowerHull(points)
        edge = hull.edge_over((points[0][0] + points[-1][0]) / 2)
        if edge is not None and span >= LEAST_SPAN_S and edge[1][1] > edge[0][1]:
            slope = (edge[1][1] - edge[0][1]) / (edge[1][0] - edge[0][0])
            late = [_lateness(bucket, slope) for bucket in buckets if bucket.points]
            self._measured = Estimate(1 / slope, _uncertainty(late, span), span)
        rate = self.rate
        if rate is not None:
            recent = [bucket for bucket in buckets if bucket.points][-RECENT_BUCKETS:]
            self._offset = min(_lateness(bucket, 1 / rate) for bucket in recent)


def _uncertainty(late: list[float], span: float) -> float:
    """Return how far the slope may be off, from how far each bucket's earliest arrival misses the line."""
    if len(late) < _FEW_BUCKETS:
        return 1.0
    return 2 * max(median(late) - min(late), _LEAST_SCATTER_S) / span


def _lateness(bucket: LowerHull, slope: float) -> float:
    """Return how far the lowest point of a bucket lies above a line of that slope through the origin."""
    return min(point[1] - slope * point[0] for point in bucket.points)

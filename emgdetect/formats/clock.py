"""Time stamps of stored samples: typical period, rate, jumps, and how much is lost at a jump.

Stamps are often made by the computer that received the samples: in bursts, late, repeated. The earliest
possible arrival is the honest one (a sample can be late, never early), so the time line around a jump is
taken from the least delayed stamps on either side of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.formats.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from emgdetect.formats.collecting import Collected
    from emgdetect.types import FloatArray

LAG = 64
LAST_LOOKED_AT = 1 << 16
WINDOW_SECONDS = 2.0
LONGEST_WINDOW = 1 << 16
BLOCK = 1 << 16
_AGREE = 0.25
_MOST = 0.8


@dataclass(frozen=True, slots=True)
class Steps:
    """What the differences of consecutive stamps look like; ``forward`` holds indices before a jump."""

    n_repeated: int
    n_backward: int
    n_even: int
    forward: tuple[int, ...]
    backward: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """Period in s by regression within the runs between breaks, its relative error, the scatter in s."""

    period: float
    error: float
    scatter: float


class Clock:
    """The stamps, in seconds, of samples stored one after the other.

    Parameters
    ----------
    blocks : iterable of ndarray, shape (n,)
        The stamps in s.
    wraps_at : float, optional
        Where the clock starts again from 0 (midnight, a full counter of µs); unwrapped here.
    reach : float, optional
        How far from a full turn a jump may be to count as one, as a part of the turn. A full counter is
        told from a restart of the device by a small reach.
    """

    def __init__(
        self, blocks: Iterable[FloatArray], wraps_at: float | None = None, reach: float = 0.5
    ) -> None:
        self._spool = Spool(1, np.float64)
        turns, last = 0.0, None
        for block in blocks:
            stamps = block + turns
            if wraps_at is not None:
                steps = np.diff(stamps, prepend=stamps[0] if last is None else last)
                for turn in np.flatnonzero(np.abs(np.abs(steps) - wraps_at) < reach * wraps_at):
                    # A jump ahead is undone only after a wrap: then it is a row that came late.
                    shift = wraps_at if steps[turn] < 0 else -min(wraps_at, turns)
                    stamps[turn:] += shift
                    turns += shift
            last = float(stamps[-1])
            self._spool.append(stamps[np.newaxis])

    @property
    def n_samples(self) -> int:
        """How many stamps there are."""
        return self._spool.n_samples

    def at(self, start: int, stop: int) -> FloatArray:
        """Return stamps ``start:stop`` in s, as far as there are any."""
        stamps: FloatArray = self._spool.fetch(max(0, start), min(stop, self.n_samples))[0]
        return stamps

    def period(self) -> float | None:
        """Return the typical time between two samples, ``None`` if the clock does not advance.

        The median over stretches of up to 64 samples: bursts average out, gaps are outvoted. Where most
        stretches hold a gap, single steps that agree with one another know better.
        """
        lag = max(1, min(LAG, self.n_samples // 8), -(-self.n_samples // LAST_LOOKED_AT))
        every = [self.at(start, start + 1)[0] for start in range(0, self.n_samples, lag)]
        steps = np.diff(every)
        steps = steps[steps > 0]
        if not steps.size:
            return None
        typical = float(np.median(steps)) / lag
        singles = np.diff(self.at(0, BLOCK))
        usual = float(np.median(singles))
        agreed = usual > 0 and np.mean(np.abs(singles - usual) <= _AGREE * usual) >= _MOST
        return usual if agreed and typical > (1 + _AGREE) * usual else typical

    def steps(self, period: float, limit: float) -> Steps:
        """Look at all differences; a jump is one beyond ``limit`` s forward or backward."""
        repeated = backward = even = 0
        ahead: list[int] = []
        behind: list[int] = []
        for start, stamps in self._blocks(overlap=1):
            steps = np.diff(stamps)
            repeated += int((steps == 0).sum())
            backward += int((steps < 0).sum())
            even += int((np.abs(steps - period) <= 0.25 * period).sum())
            ahead.extend((np.flatnonzero(steps > limit) + start).tolist())
            behind.extend((np.flatnonzero(steps < -limit) + start).tolist())
        return Steps(repeated, backward, even, tuple(ahead), tuple(behind))

    def lost_at(self, index: int, period: float, since: int = 0) -> float:
        """Return how many periods are missing between samples ``index`` and ``index + 1``.

        For stamps that can be late but not early. ``since`` is the index after the last gap before; stamps
        before it are not comparable.
        """
        before, after = self._around(index, period, since, self.n_samples)
        return (_earliest(after) - _earliest(before)) / period

    def lost_between(self, index: int, period: float, since: int, until: int) -> float:
        """Return the same for even stamps, from those between the jump before and the jump after.

        Stamps that are right more often than not need no assumption: the median holds against the others.
        """
        before, after = self._around(index, period, since, until)
        return float(np.median(after) - np.median(before)) / period

    def _around(self, index: int, period: float, since: int, until: int) -> tuple[FloatArray, FloatArray]:
        """Return how far the stamps on either side of a jump are from one even time line."""
        width = int(np.clip(WINDOW_SECONDS / period, 8, LONGEST_WINDOW))
        first = max(since, index + 1 - width)
        before = self.at(first, index + 1)
        after = self.at(index + 1, min(index + 1 + width, until))
        return (
            before - np.arange(first - index, 1) * period,
            after - np.arange(1, after.size + 1) * period,
        )

    def fit(self, period: float, breaks: Sequence[int]) -> Fit:
        """Fit one period to all runs; a run ends after each index in ``breaks``, sorted."""
        sums = np.zeros(4)
        edges = [0, *(index + 1 for index in breaks), self.n_samples]
        for start, stop in pairwise(edges):
            if stop - start > 1:
                sums += self._run(start, stop, period)
        sxx, sxy, syy, n = sums
        if sxx == 0:
            return Fit(period, 1.0, 0.0)
        slope = sxy / sxx
        scatter = float(np.sqrt(max(0.0, syy - slope * sxy) / n))
        # Delays come in bursts: stamps within half a second tell the same, not independent, news.
        together = max(1.0, 0.5 / period)
        fitted = period + slope
        return Fit(fitted, scatter * float(np.sqrt(together / sxx)) / abs(fitted or period), scatter)

    def _run(self, start: int, stop: int, period: float) -> FloatArray:
        """Return Sxx, Sxy, Syy and the count of a run, y being the deviation from an even clock."""
        total = np.zeros(6)
        origin = self.at(start, start + 1)[0]
        for first in range(start, stop, BLOCK):
            stamps = self.at(first, min(first + BLOCK, stop))
            x = np.arange(first - start, first - start + stamps.size, dtype=np.float64)
            y = stamps - origin - x * period
            total += np.array([float(v) for v in (x.size, x.sum(), y.sum(), x @ x, x @ y, y @ y)])
        n, x1, y1, x2, xy, y2 = total
        return np.array([x2 - x1 * x1 / n, xy - x1 * y1 / n, y2 - y1 * y1 / n, n])

    def _blocks(self, overlap: int) -> Iterator[tuple[int, FloatArray]]:
        for start in range(0, self.n_samples, BLOCK):
            yield start, self.at(start, start + BLOCK + overlap)


def _earliest(offsets: FloatArray) -> float:
    """Return the least of some delays, one that stands alone not believed: its stamp is damaged."""
    if offsets.size < 3:  # noqa: PLR2004 - of three, the middle one
        return float(np.min(offsets))
    threes = np.stack((offsets[:-2], offsets[1:-1], offsets[2:]))
    return float(np.min(np.median(threes, axis=0)))


def clock_of(
    gathered: Collected,
    seconds: Callable[[FloatArray], FloatArray],
    wraps_at: float | None = None,
    reach: float = 0.5,
) -> Clock:
    """Return the clock in a table's marks; ``seconds`` turns marks ``(n_marks, n)`` into s ``(n,)``."""
    return Clock((seconds(block) for block in gathered.mark_blocks()), wraps_at, reach)

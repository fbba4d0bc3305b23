"""Sample counters that wrap: what is lost between two rows, with the clock's help where there is one.

A counter tells losses exactly, but only up to whole turns, and it starts again when the device does. The
clock tells them roughly, without limit. Together they tell a lost packet from a restart from a duplicate.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.formats.segments import SegmentBuilder, Segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from emgdetect.formats.clock import Clock
    from emgdetect.types import FloatArray

AGREEMENT_SECONDS = 0.1
JUMP_SECONDS = 0.25
LONGEST_SECONDS = 30 * 86400.0
EDGE = 3
LONGEST_AT_EDGE = 60.0
USUAL_TOPS = frozenset({7, 15, 99, 100, 127, 199, 200, 254, 255, 4095, 65535})


@dataclass(frozen=True, slots=True)
class Cycle:
    """How a counter runs: from ``bottom`` to ``top`` by ``step``, each value on ``repeats`` rows."""

    bottom: int
    top: int
    step: int = 1
    repeats: int = 1

    @property
    def turn(self) -> int:
        """How many samples one turn of the counter lasts."""
        return (self.top - self.bottom + self.step) // self.step * self.repeats


@dataclass(frozen=True, slots=True)
class Counted:
    """What a counter tells: which samples are stored, and what is odd."""

    segments: Segments
    notes: tuple[str, ...]


def learn_cycle(blocks: Iterable[FloatArray], usual_top: int) -> Cycle:
    """Find out how a counter runs.

    Parameters
    ----------
    blocks : iterable of ndarray, shape (n,)
        The counter.
    usual_top : int
        Where it wraps if the file never shows it.
    """
    drops: Counter[tuple[int, int]] = Counter()
    rises: Counter[int] = Counter()
    n_same = n = 0
    for before, after in _pairs(blocks):
        steps = after - before
        n += steps.size
        n_same += int((steps == 0).sum())
        down = steps < 0
        drops.update(zip(before[down].astype(int).tolist(), after[down].astype(int).tolist(), strict=True))
        values, counts = np.unique(steps[steps > 0], return_counts=True)
        rises.update(dict(zip(values[:16].astype(int).tolist(), counts[:16].tolist(), strict=True)))
    step = max(1, rises.most_common(1)[0][0]) if rises else 1
    doubled = n_same > 0.4 * n and n_same < 0.6 * n
    bottom, top = _ends(drops, usual_top, step)
    return Cycle(bottom, top, step, 2 if doubled else 1)


def _ends(drops: Counter[tuple[int, int]], usual_top: int, step: int) -> tuple[int, int]:
    if drops:
        most = max(drops.values())
        top, bottom = max(pair for pair, count in drops.items() if count == most)
        trusted = most > 1 or (top in USUAL_TOPS and bottom in {0, 1})
        if trusted and top - bottom > step:
            return bottom, top
    return 0, usual_top


def count_through(
    blocks: Callable[[], Iterable[FloatArray]], cycle: Cycle, period: float, clock: Clock | None
) -> Counted:
    """Turn a counter into gaps.

    Parameters
    ----------
    blocks : callable
        Gives the counter in blocks of shape ``(n,)``.
    cycle : Cycle
        How it runs.
    period : float
        Time between two samples in s.
    clock : Clock, optional
        Stamps of the same rows.
    """
    tally: Counter[str] = Counter()
    builder = SegmentBuilder()
    done = 0
    n_samples = 0
    for index, ahead in _unusual(blocks(), cycle, period, clock):
        lost, cause = _judge(index, ahead, cycle, (period, clock, done))
        tally[cause] += 1
        if 0 < lost * period < LONGEST_SECONDS:
            builder.add(index + 1 - done)
            builder.skip(lost, cause)
            done = index + 1
    for block in blocks():
        n_samples += block.size
    builder.add(n_samples - done)
    return Counted(builder.finish(), _notes(tally, cycle))


def _judge(index: int, ahead: int, cycle: Cycle, time: tuple[float, Clock | None, int]) -> tuple[int, str]:
    """Return how many samples are lost after ``index``, and why; ``ahead`` is the counter's advance."""
    period, clock, since = time
    told = max(0, (ahead // cycle.step - 1) * cycle.repeats)
    if clock is None:
        return (0, "duplicate") if ahead == 0 else (told, "lost packets")
    seen = clock.lost_at(index, period, since)
    if min(index + 1, clock.n_samples - index - 1) < EDGE and seen * period > LONGEST_AT_EDGE:
        # One or two rows at an end have a damaged stamp, not a gap of minutes beside them.
        seen = float(told)
    if ahead == 0:
        told = cycle.turn - cycle.repeats
        if seen < cycle.turn / 2:
            return 0, "duplicate"
    told += cycle.turn * max(0, round((seen - told) / cycle.turn))
    agreement = max(AGREEMENT_SECONDS / period, 3.0)
    if abs(told - seen) <= agreement:
        return told, "lost packets"
    # The counter says one thing and the clock another: the counter started again.
    return (round(seen) if seen > agreement else 0), "restart"


def _unusual(
    blocks: Iterable[FloatArray], cycle: Cycle, period: float, clock: Clock | None
) -> Iterator[tuple[int, int]]:
    """Give rows after which the counter or the clock does not go on as usual, with the counter's advance."""
    span = cycle.top - cycle.bottom + cycle.step
    late = max(JUMP_SECONDS, cycle.turn / 2 * period)
    start, in_row = 0, 1
    for before, after in _pairs(_repaired(blocks, cycle)):
        steps = (after - before) % span
        odd = steps != cycle.step
        if clock is not None:
            odd |= np.diff(clock.at(start, start + before.size + 1)) > late
        if cycle.repeats > 1:
            same = steps == 0
            odd &= ~(same & np.concatenate([[in_row < cycle.repeats], ~same[:-1]]))
            in_row = 2 if same.size and same[-1] else 1
        for row in np.flatnonzero(odd):
            yield start + int(row), int(steps[row])
        start += before.size


def _repaired(blocks: Iterable[FloatArray], cycle: Cycle) -> Iterator[FloatArray]:
    """Replace counter values that cannot be by the one that should follow: the row itself is there."""
    span = cycle.top - cycle.bottom + cycle.step
    last = float(cycle.bottom - cycle.step)
    for block in blocks:
        wrong = (block < cycle.bottom) | (block > cycle.top) | (block != np.rint(block))
        for row in np.flatnonzero(wrong):
            before = block[row - 1] if row else last
            block[row] = (before + cycle.step - cycle.bottom) % span + cycle.bottom
        last = float(block[-1])
        yield block


def _pairs(blocks: Iterable[FloatArray]) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Give every two consecutive values once, as two arrays."""
    last: FloatArray | None = None
    for block in blocks:
        whole = block if last is None else np.concatenate([last, block])
        yield whole[:-1], whole[1:]
        last = whole[-1:]


def _notes(tally: Counter[str], cycle: Cycle) -> tuple[str, ...]:
    notes = []
    if tally["duplicate"]:
        notes.append(f"the counter stands still at {tally['duplicate']} rows; they are kept as samples")
    if tally["restart"]:
        times = "once" if tally["restart"] == 1 else f"{tally['restart']} times"
        notes.append(f"the counter starts again {times} within the file")
    if cycle.repeats > 1:
        notes.append(f"each counter value stands on {cycle.repeats} rows")
    if cycle.step > 1:
        notes.append(f"the counter runs in steps of {cycle.step}")
    return tuple(notes)

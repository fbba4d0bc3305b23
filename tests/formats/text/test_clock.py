"""Rates and gaps from stamps and counters, against streams whose losses are known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import FormatError
from emgdetect.formats.clock import Clock
from emgdetect.formats.counters import Cycle, count_through, learn_cycle
from emgdetect.formats.timing import snapped, timing_of
from emgdetect.types import FloatArray, Gap

LOSSES = st.lists(st.tuples(st.integers(20, 400), st.integers(1, 60)), min_size=1, max_size=6)


def kept(losses: list[tuple[int, int]], tail: int = 300) -> tuple[FloatArray, tuple[Gap, ...]]:
    """Return the indices that arrived, and what is missing between them."""
    indices: list[int] = []
    gaps = []
    at = 0
    for stored, lost in losses:
        indices.extend(range(at, at + stored))
        gaps.append(Gap(at + stored, lost, "?"))
        at += stored + lost
    indices.extend(range(at, at + tail))
    return np.array(indices, dtype=np.float64), tuple(gaps)


def shapes(gaps: tuple[Gap, ...]) -> list[tuple[int, int]]:
    return [(gap.start, gap.n_samples) for gap in gaps]


@given(losses=LOSSES, rate=st.sampled_from([34.81, 100.0, 199.7, 256.0, 1000.0]), block=st.integers(1, 500))
@settings(max_examples=60, deadline=None)
def test_even_stamps_show_every_loss(losses: list[tuple[int, int]], rate: float, block: int) -> None:
    indices, gaps = kept(losses)
    stamps = 1e6 + indices / rate
    clock = Clock(stamps[n : n + block] for n in range(0, stamps.size, block))
    timing = timing_of(clock, None, "x")
    assert shapes(timing.segments.gaps) == shapes(gaps)
    assert timing.sampling_rate == pytest.approx(rate, rel=1e-6)


@given(losses=LOSSES, top=st.sampled_from([100, 200, 255]), block=st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_a_counter_and_a_jittery_clock_show_every_loss(
    losses: list[tuple[int, int]], top: int, block: int
) -> None:
    indices, gaps = kept(losses, tail=600)
    counter = indices % (top + 1)
    # Packets of ten arrive together, a little late.
    stamps = np.ceil((indices + 1) / 10) * 0.1 + 0.01 * np.sin(indices // 10)
    cycle = Cycle(0, top)

    def blocks() -> list[FloatArray]:
        return [counter[n : n + block].copy() for n in range(0, counter.size, block)]

    counted = count_through(blocks, cycle, 0.01, Clock([stamps]))
    assert shapes(counted.segments.gaps) == shapes(gaps)


@given(losses=LOSSES, block=st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_a_counter_alone_shows_what_is_left_of_whole_turns(losses: list[tuple[int, int]], block: int) -> None:
    indices, gaps = kept(losses)
    counter = indices % 16
    blocks = [counter[n : n + block] for n in range(0, counter.size, block)]
    counted = count_through(lambda: [piece.copy() for piece in blocks], Cycle(0, 15), 0.001, None)
    seen = [gap.n_samples for gap in counted.segments.gaps]
    # One less than a turn looks like a repeated row; that is said, and nothing is made up.
    assert seen == [gap.n_samples % 16 for gap in gaps if 0 < gap.n_samples % 16 < 15]
    repeats = any(gap.n_samples % 16 == 15 for gap in gaps)
    assert any("stands still" in note for note in counted.notes) == repeats
    assert counted.segments.n_stored == indices.size


@pytest.mark.parametrize(
    ("bottom", "top", "step", "repeats"),
    [(0, 255, 1, 1), (0, 200, 1, 1), (1, 100, 1, 1), (0, 254, 2, 1), (0, 99, 1, 2), (0, 15, 1, 1)],
)
def test_a_cycle_is_learnt_from_lossy_data(bottom: int, top: int, step: int, repeats: int) -> None:
    turn = np.repeat(np.arange(bottom, top + 1, step), repeats)
    counter = np.tile(turn, 12).astype(float)
    arrived = counter[np.arange(counter.size) % (37 * repeats) >= repeats]
    blocks = [arrived[n : n + 100] for n in range(0, arrived.size, 100)]
    assert learn_cycle(blocks, 255) == Cycle(bottom, top, step, repeats)


def test_a_file_too_short_to_wrap_has_the_usual_cycle() -> None:
    assert learn_cycle([np.arange(50.0)], 200) == Cycle(0, 200)
    assert learn_cycle([np.array([0.0])], 255) == Cycle(0, 255)


@pytest.mark.parametrize(
    ("rate", "error", "expected"),
    [
        (250.04, 1e-3, 250.0),
        (250.04, 1e-5, 250.04),
        (199.7, 1e-4, 199.7),
        (333.1, 5e-4, 333.0),
        (333.4, 5e-2, 333.4),
        (1000.0000001, 0.0, 1000.0),
        (0.742, 0.1, 0.742),
    ],
)
def test_a_rate_is_rounded_only_as_far_as_the_stamps_allow(
    rate: float, error: float, expected: float
) -> None:
    assert snapped(rate, error) == expected


@pytest.mark.parametrize("stamps", [np.zeros(100), np.arange(100.0)[::-1].copy(), np.full(1, 5.0)])
def test_a_clock_that_does_not_advance_needs_a_rate(stamps: FloatArray) -> None:
    with pytest.raises(FormatError, match="advance"):
        timing_of(Clock([stamps]), None, "x")
    timing = timing_of(Clock([stamps]), 100.0, "x")
    assert (timing.sampling_rate, timing.segments.n_samples) == (100.0, stamps.size)


def test_irregular_times_are_no_clock() -> None:
    stamps = np.cumsum(np.random.default_rng(1).pareto(0.7, size=400))
    with pytest.raises(FormatError, match="evenly"):
        timing_of(Clock([stamps]), None, "x")


@pytest.mark.parametrize("block", [1, 7, 5000])
def test_a_day_turns_once(block: int) -> None:
    stamps = (86390 + np.arange(2000) / 100) % 86400
    clock = Clock((stamps[n : n + block] for n in range(0, 2000, block)), 86400.0)
    found = clock.at(0, 2000)
    assert all(b > a for a, b in pairwise(found.tolist()))
    assert found[-1] == pytest.approx(86390 + 19.99)

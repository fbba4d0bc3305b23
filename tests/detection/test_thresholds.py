from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.grid import Grid
from emgdetect.config import Threshold
from emgdetect.detection.floor import chance_ratio
from emgdetect.detection.scales import Scale
from emgdetect.detection.thresholds import Thresholds

GRID = Grid.of(1000.0)
SCALES = (Scale(2), Scale(8))
DEGREES = (4.0, 30.0)
BLOCK_S = GRID.block * GRID.frame_seconds
TOGETHER = 4


def settings_of(lookahead: float) -> Threshold:
    return Threshold(lookahead=lookahead, window_short=12, window_long=24, floor_window=6)


def blocks(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    maxima = rng.gumbel(10, 1, (2, count))
    levels = rng.exponential(1, count) + 0.5
    unknown = rng.random(count) < 0.1
    maxima[:, unknown] = np.nan
    levels[unknown] = np.nan
    return maxima, levels


def decide_all(
    maxima: np.ndarray, levels: np.ndarray, sizes: list[int], lookahead: float
) -> list[list[float]]:
    thresholds = Thresholds(settings_of(lookahead), GRID, SCALES, DEGREES, 0.01)
    found: list[list[float]] = []
    done = 0
    for size in [*sizes, len(levels)]:
        thresholds.add(maxima[:, done : done + size], levels[done : done + size])
        done = min(done + size, len(levels))
        decided = thresholds.decide(ended=False)
        assert decided.first == len(found)
        behind = done - thresholds.lookahead_blocks - (decided.first + len(decided.floor))
        # Blocks are decided a few at a time, as soon as the first of them may be.
        assert behind <= 0 < behind + TOGETHER or len(found) + len(decided.floor) == 0
        found += np.vstack([decided.floor, decided.limits]).T.tolist()
    decided = thresholds.decide(ended=True)
    found += np.vstack([decided.floor, decided.limits]).T.tolist()
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 1000),
    st.lists(st.integers(0, 20), max_size=8),
    st.sampled_from([0.0, 3.0, 9.0, 600.0]),
)
def test_every_block_is_decided_once_and_the_same_however_they_come(
    seed: int, sizes: list[int], lookahead: float
) -> None:
    maxima, levels = blocks(80, seed)
    whole = decide_all(maxima, levels, [], lookahead)
    assert len(whole) == 80
    assert repr(decide_all(maxima, levels, sizes, lookahead)) == repr(whole)


@given(st.floats(0, 600))
def test_the_lookahead_is_never_exceeded(lookahead: float) -> None:
    thresholds = Thresholds(Threshold(lookahead=lookahead), GRID, SCALES, DEGREES, 0.01)
    assert thresholds.lookahead_blocks * BLOCK_S <= lookahead + 1e-9


@pytest.mark.parametrize("lookahead", [0.0, 3.0, 9.0])
def test_blocks_beyond_the_lookahead_change_nothing(lookahead: float) -> None:
    maxima, levels = blocks(60, 1)
    ahead = int(lookahead / BLOCK_S)
    before = decide_all(maxima, levels, [], lookahead)
    maxima[:, 30:] *= 100
    levels[30:] *= 100
    after = decide_all(maxima, levels, [], lookahead)
    free = 30 - ahead
    assert repr(after[:free]) == repr(before[:free])


def test_a_threshold_never_falls_below_what_noise_passes_by_chance() -> None:
    thresholds = Thresholds(settings_of(3.0), GRID, SCALES, DEGREES, 0.01)
    thresholds.add(np.full((2, 40), 1e-3), np.full(40, 2.0))
    decided = thresholds.decide(ended=True)
    assert decided.floor == pytest.approx(2.0)
    for row, degrees in zip(decided.limits, DEGREES, strict=True):
        assert row == pytest.approx(2.0 * chance_ratio(degrees, settings_of(3.0).chance))


def test_where_nothing_is_known_nothing_passes() -> None:
    thresholds = Thresholds(settings_of(3.0), GRID, SCALES, DEGREES, 0.01)
    thresholds.add(np.full((2, 10), np.nan), np.full(10, np.nan))
    decided = thresholds.decide(ended=True)
    assert np.isinf(decided.floor).all()
    assert np.isinf(decided.limits).all()

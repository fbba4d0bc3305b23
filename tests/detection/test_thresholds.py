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
        found += np.vstack([decided.floor, decided.limits, decided.surge]).T.tolist()
    decided = thresholds.decide(ended=True)
    found += np.vstack([decided.floor, decided.limits, decided.surge]).T.tolist()
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


SHARP = (*SCALES, Scale(2, sharp=True))
SHARP_DEGREES = (*DEGREES, 4.0)


def limits_of(maxima: np.ndarray, levels: np.ndarray, lookahead: float) -> np.ndarray:
    """Return floor and limits of every block, shape (3, n_blocks)."""
    return np.array(decide_all(maxima, levels, [], lookahead)).T


@pytest.mark.parametrize(("lookahead", "together"), [(0.0, 1), (1.3, 2), (3.0, 3), (9.0, 4), (600.0, 4)])
def test_blocks_share_thresholds_with_the_first_of_their_group(lookahead: float, together: int) -> None:
    # Distinct values everywhere: two blocks that are decided for themselves never agree by chance.
    rng = np.random.default_rng(5)
    found = limits_of(rng.gumbel(10, 1, (2, 60)), rng.exponential(1, 60) + 0.5, lookahead)
    for block in range(60):
        assert found[:, block].tolist() == found[:, block - block % together].tolist()
    changes = np.flatnonzero(np.any(np.diff(found, axis=1) != 0, axis=0)) + 1
    assert set(changes % together) == {0}
    assert len(changes) > 60 / together / 2


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([0.0, 1.3, 3.0, 5.0, 9.0, 40.0]), st.integers(0, 49), st.integers(0, 50))
def test_no_block_looks_further_ahead_than_it_may(lookahead: float, block: int, seed: int) -> None:
    maxima, levels = blocks(50, seed)
    seen = block + int(lookahead / BLOCK_S) + 1
    other_maxima, other_levels = blocks(50, seed + 1)
    other_maxima[:, :seen], other_levels[:seen] = maxima[:, :seen], levels[:seen]
    one, other = limits_of(maxima, levels, lookahead), limits_of(other_maxima, other_levels, lookahead)
    assert repr(one[:, : block + 1].tolist()) == repr(other[:, : block + 1].tolist())


@pytest.mark.parametrize("lookahead", [0.0, 1.3, 3.0, 9.0, 120.0])
def test_a_block_is_decided_no_later_than_the_lookahead_and_its_group_allow(lookahead: float) -> None:
    thresholds = Thresholds(Threshold(lookahead=lookahead), GRID, SCALES, DEGREES, 0.01)
    ahead = thresholds.lookahead_blocks
    for count in range(1, 200):
        thresholds.add(np.ones((2, 1)), np.ones(1))
        decided = thresholds.decide(ended=False)
        done = decided.first + len(decided.floor)
        assert count - ahead <= done <= count


def test_sharp_rows_are_held_above_their_own_median_and_plain_ones_above_the_floor() -> None:
    # Hardly any spread: what keeps noise below the threshold is the least height alone.
    maxima = np.vstack([np.full((2, 40), 1e-3), np.full((1, 40), 50.0)])
    thresholds = Thresholds(settings_of(3.0), GRID, SHARP, SHARP_DEGREES, 1e-6)
    thresholds.add(maxima, np.full(40, 2.0))
    decided = thresholds.decide(ended=True)
    chance = settings_of(3.0).chance
    assert decided.limits[0] == pytest.approx(2.0 * chance_ratio(4.0, chance))
    # Of a block's 150 independent windows the greatest is in the middle of its distribution at this ratio.
    usual = chance_ratio(4.0, 1 - 0.5 ** (1 / (GRID.block / 2)))
    assert decided.limits[2] == pytest.approx(50.0 * chance_ratio(4.0, chance) / usual)
    assert chance_ratio(4.0, chance) > usual


def test_sharp_rows_never_fall_below_what_quantisation_leaves() -> None:
    thresholds = Thresholds(settings_of(3.0), GRID, SHARP, SHARP_DEGREES, 0.25)
    thresholds.add(np.zeros((3, 40)), np.zeros(40))
    decided = thresholds.decide(ended=True)
    # Before the predictor is learnt: a difference of two roundings has twice the power of one.
    ratio = chance_ratio(4.0, settings_of(3.0).chance)
    assert decided.limits[2] == pytest.approx(0.5 * ratio)
    assert decided.limits[0] == pytest.approx(0.25 * ratio)


def test_noise_whose_errors_nothing_is_known_of_passes_nothing() -> None:
    thresholds = Thresholds(settings_of(3.0), GRID, SHARP, SHARP_DEGREES, 0.01)
    thresholds.add(np.vstack([np.ones((2, 10)), np.full((1, 10), np.nan)]), np.ones(10))
    decided = thresholds.decide(ended=True)
    assert np.isinf(decided.limits[2]).all()
    assert np.isfinite(decided.limits[:2]).all()


def test_sharp_rows_have_the_window_of_the_plain_row_of_their_length() -> None:
    # The short scale forgets a louder past sooner than the long one; its sharp twin does so with it.
    maxima = np.random.default_rng(3).gumbel(10, 1, (1, 100)).repeat(3, axis=0)
    maxima[:, :50] *= 1000
    thresholds = Thresholds(settings_of(0.0), GRID, SHARP, SHARP_DEGREES, 1e-9)
    thresholds.add(maxima, np.full(100, 1e-3))
    short, long, sharp = (row < 1000 for row in thresholds.decide(ended=True).limits)
    assert np.argmax(short[50:]) == np.argmax(sharp[50:]) < np.argmax(long[50:])


def surges(levels: np.ndarray, lookahead: float = 120.0) -> np.ndarray:
    thresholds = Thresholds(Threshold(lookahead=lookahead), GRID, SCALES, DEGREES, 1e-9)
    thresholds.add(np.vstack([levels, levels]) * 5, levels)
    return thresholds.decide(ended=True).surge


def test_a_background_louder_for_seconds_is_told_from_one_louder_for_minutes() -> None:
    levels = np.ones(400)
    levels[100:115] = 1.3
    levels[250:] = 1.3
    surge = surges(levels)
    assert surge[102:112] == pytest.approx(1.3)
    assert surge[:90] == pytest.approx(1.0)
    assert surge[330:] == pytest.approx(1.0)


def test_a_few_loud_blocks_are_events_and_no_surge() -> None:
    levels = np.ones(200)
    levels[100:104] = 50.0
    assert surges(levels) == pytest.approx(1.0)


def test_where_nothing_is_known_there_is_no_surge() -> None:
    levels = np.ones(200)
    levels[60:160] = np.nan
    assert surges(levels) == pytest.approx(1.0)
    assert surges(np.full(20, np.nan)) == pytest.approx(1.0)
    assert surges(np.zeros(20)) == pytest.approx(1.0)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.detection.blocks import MEMORY_BLOCKS, DeadBlocks, block_levels, block_maxima


@given(st.integers(0, 1000), st.integers(0, 6), st.sampled_from([12, 60, 300]), st.floats(0, 1))
def test_maxima_are_those_of_the_usable_frames(seed: int, blocks: int, block: int, part: float) -> None:
    rng = np.random.default_rng(seed)
    energy = rng.exponential(1, blocks * block)
    usable = rng.random(blocks * block) < part
    found = block_maxima(energy, usable, block)
    for index in range(blocks):
        rows = slice(index * block, (index + 1) * block)
        if usable[rows].mean() < 0.5:
            assert np.isnan(found[index])
        else:
            assert found[index] == energy[rows][usable[rows]].max()


@pytest.mark.parametrize("part", [1.0, 0.9, 0.6])
def test_levels_are_a_low_quantile_of_the_usable_frames(part: float) -> None:
    rng = np.random.default_rng(0)
    energy = rng.exponential(1, 50 * 300)
    usable = rng.random(50 * 300) < part
    energy[~usable] = 1e9
    found = block_levels(energy, usable, 300)
    expected = -np.log(1 - 0.3)
    # The quantile of 100 to 300 frames scatters; the mean of 50 blocks does so seven times less.
    assert np.mean(found) == pytest.approx(expected, rel=0.1)


def test_a_block_with_too_little_says_nothing() -> None:
    usable = np.repeat([True, False], [149, 151])
    assert np.isnan(block_levels(np.ones(300), usable, 300)).all()
    usable[149] = True
    assert block_levels(np.ones(300), usable, 300).tolist() == [1.0]


STEP = 1 / 12
"""Power of quantisation where a step is 1."""
LOUD = 100 * STEP
"""Noise of nearly three steps RMS."""


def dead(*parts: tuple[int, float], least: float = STEP) -> list[bool]:
    """Return which of the blocks are dead, given runs of blocks of one level each."""
    levels = np.concatenate([np.full(count, level) for count, level in parts])
    return [bool(block) for block in DeadBlocks(least).among(levels)]


@pytest.mark.parametrize("silence", [0.0, STEP, 1.9 * STEP])
def test_a_sensor_whose_noise_vanishes_is_dead_until_it_comes_back(silence: float) -> None:
    assert dead((50, LOUD), (30, silence), (50, LOUD)) == [False] * 50 + [True] * 30 + [False] * 50


@pytest.mark.parametrize("noise", [0.0, STEP, 20 * STEP])
def test_the_silence_of_a_coarse_sensor_counts(noise: float) -> None:
    # It never was far from its steps, whatever loud blocks now and then held.
    assert not any(dead((50, noise), (5, LOUD), (50, 0.0)))
    assert not any(dead((50, STEP)))


def test_a_quiet_level_above_quantisation_is_the_muscle_at_rest() -> None:
    assert not any(dead((50, 1e4 * LOUD), (50, 3 * STEP)))


def test_what_has_been_silent_as_long_as_it_was_alive_counts_again() -> None:
    found = dead((30, LOUD), (100, 0.0))
    assert found == [False] * 30 + [True] * 30 + [False] * 70


def test_ten_minutes_tell_and_no_more() -> None:
    long_ago = dead((100, LOUD), (MEMORY_BLOCKS, 0.0))
    assert not any(long_ago[200:])
    # However long it was alive: after more than half the memory its silence is what it usually gives.
    found = dead((3 * MEMORY_BLOCKS, LOUD), (MEMORY_BLOCKS, 0.0))
    silent = found[3 * MEMORY_BLOCKS :]
    assert silent[: MEMORY_BLOCKS // 2 - 1] == [True] * (MEMORY_BLOCKS // 2 - 1)
    assert not any(silent[MEMORY_BLOCKS // 2 + 1 :])


def test_without_known_steps_and_without_a_past_nothing_is_dead() -> None:
    assert not any(dead((50, LOUD), (50, 0.0), least=0.0))
    assert not any(dead((50, 0.0)))
    assert dead((1, LOUD), (1, 0.0)) == [False, True]


def test_blocks_that_say_nothing_neither_are_dead_nor_tell() -> None:
    assert dead((20, LOUD), (500, np.nan), (5, 0.0)) == [False] * 520 + [True] * 5
    assert not any(dead((500, np.nan), (5, 0.0)))


def test_it_tells_whether_it_met_silence() -> None:
    for levels, met in (([LOUD, np.nan, 3 * STEP], False), ([0.0], True), ([LOUD, 0.0], True)):
        blocks = DeadBlocks(STEP)
        blocks.among(np.array(levels))
        assert blocks.met_silence == met


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, STEP, 3 * STEP, LOUD, np.nan]), max_size=60),
    st.integers(1, 7),
    st.integers(-30, 30),
)
def test_any_cutting_and_any_unit_tell_the_same(levels: list[float], size: int, exponent: int) -> None:
    whole = DeadBlocks(STEP).among(np.array(levels)).tolist()
    # Powers of two scale without rounding.
    pieces, scaled = DeadBlocks(STEP), DeadBlocks(STEP * 2.0**exponent)
    parts = [pieces.among(np.array(levels[at : at + size])) for at in range(0, len(levels), size)]
    assert [one for part in parts for one in part.tolist()] == whole
    assert scaled.among(np.array(levels) * 2.0**exponent).tolist() == whole

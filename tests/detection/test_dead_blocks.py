"""A sensor gone dead teaches nothing; one that is silent by nature does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.detection.blocks import MEMORY_BLOCKS, DeadBlocks

LEAST = 1 / 12
"""Of steps of 1."""
LOUD, SILENT = 9.0, LEAST


def told(*parts: tuple[float, int], least: float = LEAST) -> list[bool]:
    """Tell which blocks are dead where levels last for so many blocks."""
    levels = np.concatenate([np.full(count, level) for level, count in parts])
    return [bool(one) for one in DeadBlocks(least).among(levels)]


@pytest.mark.parametrize("before", [150, 400, 5000])
def test_a_cable_pulled_for_two_minutes_is_dead_and_comes_back(before: int) -> None:
    dead = told((LOUD, before), (SILENT, 100), (LOUD, 50))
    assert dead == [False] * before + [True] * 100 + [False] * 50


def test_a_coarse_sensor_is_silent_and_not_dead_however_it_began() -> None:
    assert not any(told((SILENT, 3000), (LOUD, 20), (SILENT, 3000)))
    dead = told((LOUD, 50), (SILENT, 3000))
    assert dead == [False] * 50 + [True] * 50 + [False] * 2950


def test_nobody_is_dead_for_longer_than_half_the_memory() -> None:
    assert sum(told((LOUD, 5 * MEMORY_BLOCKS), (SILENT, 5 * MEMORY_BLOCKS))) == MEMORY_BLOCKS // 2


def test_without_known_steps_and_without_samples_none_is_dead() -> None:
    assert not any(told((LOUD, 100), (0.0, 100), least=0.0))
    assert not any(told((LOUD, 100), (np.nan, 100)))


def test_only_silence_asks_for_what_came_before() -> None:
    blocks = DeadBlocks(LEAST)
    blocks.among(np.array([LOUD, np.nan, LOUD]))
    assert not blocks.met_silence
    blocks.among(np.array([SILENT]))
    assert blocks.met_silence


@given(st.lists(st.sampled_from([LOUD, SILENT, 1.0, np.nan]), max_size=60), st.integers(0, 60))
def test_it_does_not_matter_how_blocks_come(levels: list[float], cut: int) -> None:
    whole = DeadBlocks(LEAST).among(np.array(levels, float))
    parts = DeadBlocks(LEAST)
    joined = np.concatenate(
        [
            parts.among(np.array(levels[:cut], float)),
            parts.among(np.array(levels[cut:], float)),
        ]
    )
    assert np.array_equal(whole, joined)

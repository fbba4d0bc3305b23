"""Feet of ramps in noise, against where they really were."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from emgdetect.detection.flanks import BINS, foot_of

DEGREES = 1.8
LENGTH = 500
SEEDS = range(40)


def rising(foot: int, ramp: int, height: float, seed: int, before: int = 250) -> np.ndarray:
    """Return frames of noise of power 1, from ``foot`` on rising within ``ramp`` frames by ``height``."""
    frames = np.arange(before + LENGTH)
    power = 1 + height * np.clip((frames - foot) / max(ramp, 1), 0, 1)
    return power * np.random.default_rng(seed).chisquare(DEGREES, len(frames)) / DEGREES


@pytest.mark.parametrize(("ramp", "height"), [(60, 1.0), (60, 4.0), (150, 1.5), (150, 8.0)])
def test_the_foot_of_a_slow_ramp_is_found_though_the_place_given_is_late(ramp: int, height: float) -> None:
    late = ramp // 2
    errors = [
        foot_of(rising(250, ramp, height, seed), 250 + late, LENGTH - late, DEGREES) - 250 for seed in SEEDS
    ]
    assert float(np.median(np.abs(errors))) < 0.6 * late
    assert abs(float(np.median(errors))) < 0.5 * late


@pytest.mark.parametrize(("height", "frames"), [(2.0, 10), (6.0, 2), (30.0, 0)])
def test_what_begins_at_once_hardly_moves(height: float, frames: int) -> None:
    found = [foot_of(rising(250, 0, height, seed), 250, LENGTH, DEGREES) for seed in SEEDS]
    assert float(np.median(np.abs(np.array(found) - 250))) <= frames


def test_the_foot_scales_with_nothing_but_time() -> None:
    # Powers are over the floor: the same numbers give the same foot wherever they stand in the island.
    power = rising(250, 120, 2.0, seed=3)
    longer = np.concatenate([np.random.default_rng(9).chisquare(DEGREES, 4000) / DEGREES, power])
    assert foot_of(longer, 4000 + 300, LENGTH - 50, DEGREES) - 4000 == foot_of(
        power, 300, LENGTH - 50, DEGREES
    )


def test_without_room_before_it_the_foot_is_not_before_the_beginning() -> None:
    power = rising(0, 150, 1.5, seed=1, before=0)
    assert foot_of(power, 0, LENGTH, DEGREES) >= 0
    assert 0 <= foot_of(power, 40, LENGTH - 40, DEGREES) <= 200


@settings(max_examples=200, deadline=None)
@given(
    arrays.arrays(np.float64, st.integers(2 * BINS, 600), elements=st.floats(0, 1e12)),
    st.integers(0, 400),
    st.floats(0.5, 40),
)
def test_any_powers_give_a_frame_of_the_island(power: np.ndarray, place: int, degrees: float) -> None:
    place = min(place, len(power) - 2 * BINS)
    foot = foot_of(power, place, len(power) - place, degrees)
    assert 0 <= foot < len(power)
    assert foot == foot_of(power, place, len(power) - place, degrees)

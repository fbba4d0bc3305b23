from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.chain import Conditioned, Conditioner, frame_sums
from emgdetect.conditioning.grid import Grid
from emgdetect.config import Band

if TYPE_CHECKING:
    from emgdetect.types import Unit

GRID = Grid.of(1000.0)
HOP = GRID.raw_per_hop
UNBOUNDED = (-np.inf, np.inf)


def conditioner(rails: tuple[float, float] = UNBOUNDED, step: float = 0.0) -> Conditioner:
    return Conditioner(Band(), "uV", GRID, rails=rails, step=step)


def noise(hops: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 5, hops * HOP)


def usable_from(conditioned: Conditioned) -> int:
    return int(np.argmax(conditioned.usable)) * GRID.raw_per_frame


def test_the_first_moments_of_a_run_are_not_usable() -> None:
    assert usable_from(conditioner().process(noise(10))) == pytest.approx(150, abs=GRID.raw_per_frame)


@pytest.mark.parametrize("length", [1, 30, 250])
def test_after_missing_samples_the_filters_start_anew(length: int) -> None:
    values = noise(20)
    values[700 : 700 + length] = np.nan
    usable = np.repeat(conditioner().process(values).usable, GRID.raw_per_frame)
    unusable = np.flatnonzero(~usable[400:]) + 400
    assert unusable[0] == 700
    assert unusable[-1] + 1 == pytest.approx(700 + length + 150, abs=GRID.raw_per_frame)
    assert len(unusable) == unusable[-1] + 1 - 700


@pytest.mark.parametrize("gap", [slice(2000, 2100), slice(2000, 2001), slice(1950, 2000), slice(2037, 2040)])
@pytest.mark.parametrize("cut", [10, 20, 40])
def test_a_step_of_the_offset_in_a_gap_makes_no_burst(gap: slice, cut: int) -> None:
    values = noise(40)
    values[gap] = np.nan
    values[gap.stop :] += 1e9
    stage = conditioner()
    for first in range(0, 40, cut):
        conditioned = stage.process(values[first * HOP : (first + cut) * HOP])
        loud = np.abs(conditioned.samples).reshape(-1, GRID.frame).max(axis=1) > 60
        assert not (loud & conditioned.usable).any()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e16, -1e300])
def test_what_is_no_measurement_counts_as_missing(value: float) -> None:
    values = noise(5)
    values[205:215] = value
    conditioned = conditioner().process(values)
    assert conditioned.present.tolist() == [1.0, 1.0, 0.9, 1.0, 1.0]
    assert np.isfinite(conditioned.samples).all()


@pytest.mark.parametrize("value", [1e14, -1e14])
def test_large_numbers_are_still_numbers(value: float) -> None:
    values = noise(5)
    values[205:215] = value
    assert conditioner().process(values).present.tolist() == [1.0] * 5


def test_rails_are_counted() -> None:
    values = noise(6)
    values[100:150] = 1023
    values[300:310] = -2000
    conditioned = conditioner(rails=(-2000.0, 1023.0)).process(values)
    assert conditioned.clipped.tolist() == [0, 0.5, 0, 0.1, 0, 0]


def test_flat_is_told_hop_by_hop() -> None:
    values = noise(6)
    values[100:400] = 7.0
    flat = conditioner().process(values).flat
    # The first hop of a flat stretch may differ from the sample before it: it is not told yet.
    assert flat.tolist() == [False, False, True, True, False, False]


def test_one_sample_alone_is_not_flat() -> None:
    slow = Conditioner(Band(), "uV", Grid.of(10.0), rails=UNBOUNDED, step=0.0)
    values = np.random.default_rng(0).normal(0, 5, 50)
    values[20:25] = 3.0
    assert np.flatnonzero(slow.process(values).flat).tolist() == [0, 21, 22, 23, 24]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.lists(st.integers(1, 29), max_size=5))
def test_pieces_give_the_same_bits(seed: int, cuts: list[int]) -> None:
    rng = np.random.default_rng(seed)
    values = noise(30, seed)
    for _ in range(4):
        # At the border of a hop as well as anywhere.
        start = int(rng.integers(0, len(values)) if rng.random() < 0.5 else rng.integers(0, 30) * HOP)
        values[start : start + int(rng.choice([1, 40, 100, 130, 170, 600]))] = np.nan
    values[::2][rng.integers(0, 1500, 5)] += 4000
    whole = conditioner().process(values)
    stage = conditioner()
    marks = sorted({0, 30, *cuts})
    parts = [stage.process(values[a * HOP : b * HOP]) for a, b in pairwise(marks)]
    for name in ("low", "usable", "flat", "clipped", "present"):
        together = np.concatenate([getattr(part, name) for part in parts])
        assert together.tobytes() == getattr(whole, name).tobytes()
    # Samples that nothing uses may differ: a run too short to settle need not be filtered.
    usable = np.repeat(whole.usable, GRID.frame)
    samples = np.concatenate([part.samples for part in parts])
    assert samples[usable].tobytes() == whole.samples[usable].tobytes()
    assert [glitch for part in parts for glitch in part.glitches] == list(whole.glitches)


@given(st.integers(1, 60), st.integers(0, 40))
def test_frame_sums_are_sums(size: int, frames: int) -> None:
    values = np.random.default_rng(size).normal(0, 1e3, size * frames)
    expected = [float(sum(values[size * index : size * (index + 1)].tolist())) for index in range(frames)]
    assert frame_sums(values, size) == pytest.approx(expected)


@pytest.mark.parametrize("unit", ["uV", "envelope"])
@pytest.mark.parametrize("frames", [1, 6, 18, 24])
def test_a_look_ahead_sees_what_will_come_and_leaves_no_trace(unit: Unit, frames: int) -> None:
    values = noise(40) + 20 * np.sin(2 * np.pi * 50 * np.arange(40 * HOP) / 1000)
    if unit == "envelope":
        values = np.abs(values) + 100
    watched, alone = (
        Conditioner(Band(), unit, GRID, rails=UNBOUNDED, step=0.0),
        Conditioner(Band(), unit, GRID, rails=UNBOUNDED, step=0.0),
    )
    for first in range(0, len(values), HOP):
        hop = values[first : first + HOP]
        seen = watched.peek(hop[: frames * GRID.raw_per_frame])
        came, expected = watched.process(hop), alone.process(hop)
        assert came.energy.tobytes() == expected.energy.tobytes()
        assert came.samples.tobytes() == expected.samples.tobytes()
        assert len(seen) == frames
        usable = came.usable[:frames]
        assert not seen[~usable].any()
        if unit == "uV":
            # An envelope's rest is that of its whole hop.
            assert np.array_equal(seen[usable], came.energy[:frames][usable])

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.conditioning.grid import Grid
from emgdetect.conditioning.level import LevelAboveRest

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

RATE = 100.0


def rest_and_bump(level: float = 300.0) -> FloatArray:
    values = level + np.random.default_rng(0).normal(0, 1, 6000)
    values[3000:3500] += 50
    return np.asarray(values)


@pytest.mark.parametrize("level", [0.0, 300.0, 1e5])
def test_rest_is_taken_off_and_activity_stays(level: float) -> None:
    above = LevelAboveRest(Grid.of(RATE)).process(rest_and_bump(level))
    assert above.min() >= 0
    assert above[3000:3500].mean() == pytest.approx(50, abs=8)
    assert above[1000:3000].mean() < 6
    assert above[4000:].mean() < 6


def test_missing_samples_come_back_as_nothing_and_do_not_move_rest() -> None:
    values = rest_and_bump()
    holes = values.copy()
    holes[1500:1900] = np.nan
    holes[2000:2004] = np.nan
    holes[4000:4900] = np.nan
    above = LevelAboveRest(Grid.of(RATE)).process(holes)
    assert not np.isnan(above).any()
    assert not above[np.isnan(holes)].any()
    known = ~np.isnan(holes)
    plain = LevelAboveRest(Grid.of(RATE)).process(values)
    assert np.abs(above - plain)[known].max() < 5


def test_nothing_but_missing_samples() -> None:
    assert not LevelAboveRest(Grid.of(RATE)).process(np.full(500, np.nan)).any()


@pytest.mark.parametrize("step", [1, 3, 40])
def test_pieces_give_the_same_bits(step: int) -> None:
    grid = Grid.of(RATE)
    values = rest_and_bump()
    values[1500:1900] = np.nan
    whole = LevelAboveRest(grid).process(values)
    stage = LevelAboveRest(grid)
    size = step * grid.raw_per_hop
    pieces = [stage.process(values[first : first + size]) for first in range(0, len(values), size)]
    assert np.concatenate(pieces).tobytes() == whole.tobytes()


def test_only_the_past_is_used() -> None:
    values = rest_and_bump()
    other = values.copy()
    other[3000:] -= 250
    before = LevelAboveRest(Grid.of(RATE)).process(values)[:3000]
    assert np.array_equal(LevelAboveRest(Grid.of(RATE)).process(other)[:3000], before)


def test_decimation_keeps_every_nth() -> None:
    stage = LevelAboveRest(Grid.of(4000.0))
    assert stage.decimate(np.arange(400.0)).tolist() == list(range(0, 400, 4))


@pytest.mark.parametrize("rate", [50.0, 100.0, 1000.0])
@pytest.mark.parametrize("height", [20.0, 100.0, 1000.0, 1e6])
def test_a_fall_back_to_rest_teaches_nothing_of_usual_steps(rate: float, height: float) -> None:
    # What stands out from noise afterwards must not depend on how strong the last activity was: the level at
    # rest comes out as the same few usual steps as before.
    grid = Grid.of(rate)
    hop = grid.raw_per_hop
    count = int(60 * rate) // hop * hop
    values = 300 + np.random.default_rng(0).normal(0, 1, 2 * count)
    active = values.copy()
    for begin in (count - 20 * hop, count - 10 * hop):
        active[begin : begin + 5 * hop] += height
    resting, after = (
        LevelAboveRest(grid).process(each)[count : count + 10 * hop] for each in (values, active)
    )
    assert after.mean() == pytest.approx(resting.mean(), rel=0.15)


def test_a_noisier_rest_is_learnt_within_minutes() -> None:
    grid = Grid.of(RATE)
    noise = np.random.default_rng(1).normal(0, 1, 40_000)
    calm, restless = LevelAboveRest(grid), LevelAboveRest(grid)
    calm.process(300 + noise[:6000])
    restless.process(300 + noise[:6000])
    same = calm.process(300 + noise[6000:])[-3000:].mean()
    louder = restless.process(300 + 3 * noise[6000:])[-3000:].mean()
    assert louder == pytest.approx(3 * same, rel=0.3)


@pytest.mark.parametrize("factor", [1e-6, 1e-3, 2.0**10, 1e6])
def test_the_unit_is_of_no_account(factor: float) -> None:
    plain = LevelAboveRest(Grid.of(RATE)).process(rest_and_bump())
    scaled = LevelAboveRest(Grid.of(RATE)).process(rest_and_bump() * factor)
    assert scaled == pytest.approx(plain * factor, rel=1e-6, abs=1e-6 * factor)

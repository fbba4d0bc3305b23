from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.context.motion import axes_of, movement, turns

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

RATE = 25.0


def lying(seconds: float, direction: tuple[float, float, float], unit: float = 1.0) -> FloatArray:
    rng = np.random.default_rng(1)
    still = np.array(direction)[:, None] / np.linalg.norm(direction)
    values: FloatArray = unit * (still + 0.005 * rng.standard_normal((3, round(seconds * RATE))))
    return values


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["EMG", "Acc X", "Acc Y", "Acc Z"], [("Acc X", "Acc Y", "Acc Z")]),
        (["accZ", "accX", "accY"], [("accX", "accY", "accZ")]),
        (["AccelX", "AccelY", "AccelZ"], [("AccelX", "AccelY", "AccelZ")]),
        (["ACC_x_2", "ACC_y_2", "ACC_z_2", "ACC_x", "ACC_y"], [("ACC_x_2", "ACC_y_2", "ACC_z_2")]),
        (["X", "Y", "Z"], []),
        (["EXG 1", "EMG"], []),
    ],
)  # fmt: skip
def test_three_axes_make_an_accelerometer(names: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert list(axes_of(names)) == expected


@pytest.mark.parametrize("unit", [1.0, 9.81, 16384.0])
def test_lying_still_and_moving(unit: float) -> None:
    values = lying(30, (0, 0, 1), unit)
    time = np.arange(round(5 * RATE)) / RATE
    values[0, round(10 * RATE) : round(15 * RATE)] += unit * np.sin(2 * np.pi * 3 * time)
    found = movement(values, RATE)
    assert found.shape == (30,)
    # A sine of amplitude 1 g has a standard deviation of 0.71 g.
    assert np.allclose(found[10:15], np.sqrt(0.5), atol=0.03)
    assert np.all(np.delete(found, range(10, 15)) < 0.02)


def test_a_turn_is_found_where_it_is_and_once() -> None:
    back, side = lying(60, (0, 0, 1)), lying(40, (1, 0, 0.1))
    found = turns(np.concatenate([back, side, back], axis=1), RATE)
    assert found == pytest.approx([60.0, 100.0], abs=1.0)


def test_nodding_is_no_turn() -> None:
    assert turns(np.concatenate([lying(60, (0, 0, 1)), lying(60, (0, 0.5, 1))], axis=1), RATE).size == 0


def test_what_was_not_recorded_is_not_known() -> None:
    values = lying(30, (0, 0, 1))
    values[:, : round(10 * RATE)] = np.nan
    found = movement(values, RATE)
    assert np.isnan(found[:10]).all()
    assert np.isfinite(found[10:]).all()
    assert turns(values, RATE).size == 0
    assert movement(np.full((3, 50), np.nan), RATE).tolist() == pytest.approx([np.nan, np.nan], nan_ok=True)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 200), st.floats(2, 60))
def test_any_length(n_samples: int, rate: float) -> None:
    values = np.ones((3, n_samples))
    assert movement(values, rate).shape == (int(n_samples / rate + 1e-9),)
    assert turns(values, rate).size == 0

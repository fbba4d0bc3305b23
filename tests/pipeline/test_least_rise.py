"""The rule in µV of leg movements: a movement rises 8 µV above rest, where µV are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect import load_profile

if TYPE_CHECKING:
    from emgdetect.types import Unit
    from tests.pipeline.conftest import Bench

RATE = 500.0
STARTS = (60, 120)


def legs(bench: Bench, unit: Unit, scale: float) -> list[float]:
    """Two movements of a second over noise of 3 µV: to 7 µV and to 14 µV."""
    samples = np.random.default_rng(4).normal(0, 3, (1, int(180 * RATE)))
    for start, level in zip(STARTS, (7, 14), strict=True):
        samples[:, int(start * RATE) : int((start + 1) * RATE)] *= level / 3
    found = bench.run(samples * scale, bench.info(RATE, unit), load_profile("sleep-legs")).events
    return [event.onset for event in found if event.duration > 0.5]


def test_a_movement_of_less_than_8_uv_above_rest_is_none(bench: Bench) -> None:
    (onset,) = legs(bench, "uV", 1.0)
    assert onset == pytest.approx(STARTS[1], abs=0.05)


@pytest.mark.parametrize("scale", [0.1, 1.0, 50.0])
def test_without_uv_only_the_relative_threshold_counts(bench: Bench, scale: float) -> None:
    assert legs(bench, "adc", scale) == pytest.approx(STARTS, abs=0.05)

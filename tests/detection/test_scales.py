from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.grid import Grid
from emgdetect.detection.scales import moving_energy, scale_lengths

LENGTHS = [(1,), (2, 4), (1, 2, 4, 8), (2, 4, 8, 16, 32)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1e9), max_size=70), st.sampled_from(LENGTHS))
def test_every_value_is_the_mean_of_the_last_frames(energy: list[float], lengths: tuple[int, ...]) -> None:
    rows = moving_energy(np.array(energy), lengths)
    assert tuple(rows) == lengths
    for length, row in rows.items():
        naive = [sum(energy[max(0, index - length + 1) : index + 1]) / length for index in range(len(energy))]
        assert row == pytest.approx(naive, rel=1e-12)


@given(st.integers(0, 500), st.integers(0, 64))
def test_frames_before_the_longest_scale_change_no_bit(seed: int, extra: int) -> None:
    rng = np.random.default_rng(seed)
    energy = rng.exponential(1, 100) * 10.0 ** rng.integers(-6, 12, 100)
    before = rng.exponential(1e9, 32 + extra)
    short = moving_energy(np.concatenate([before[-32:], energy]), (2, 32))
    long = moving_energy(np.concatenate([before, energy]), (2, 32))
    for length in (2, 32):
        assert short[length][-100:].tobytes() == long[length][-100:].tobytes()


def test_a_loud_artefact_leaves_no_rounding_behind() -> None:
    energy = np.full(200, 1e-6)
    energy[50] = 1e20
    row = moving_energy(energy, (1, 2, 4, 8, 16))[16]
    assert row[70:] == pytest.approx(1e-6, rel=1e-12)


@given(st.floats(10, 20_000))
def test_scales_double_from_8_ms_to_half_a_second(rate: float) -> None:
    grid = Grid.of(rate)
    lengths = scale_lengths(grid)
    assert all(later == 2 * earlier for earlier, later in pairwise(lengths))
    assert lengths[-1] * grid.frame_seconds <= 0.52
    assert 2 * lengths[-1] * grid.frame_seconds > 0.52
    assert lengths[0] == 1 or lengths[0] * grid.frame_seconds < 2 * 0.0079

from __future__ import annotations

import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.grid import Grid
from emgdetect.detection.scales import (
    Scale,
    ScaleSums,
    moving_energy,
    scale_lengths,
    scales_of,
)

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


@settings(max_examples=80, deadline=None)
@given(
    seed=st.integers(0, 1000),
    sizes=st.lists(st.integers(0, 90), max_size=12),
    longest=st.sampled_from([1, 2, 8, 64]),
    data=st.data(),
)
def test_sums_are_those_of_a_plain_loop_whatever_came_when_and_was_forgotten(
    seed: int, sizes: list[int], longest: int, data: st.DataObject
) -> None:
    energy = np.random.default_rng(seed).exponential(1, sum(sizes))
    rows = ScaleSums(longest)
    count = before = undecided = 0
    for size in sizes:
        rows.append(energy[count : count + size])
        count += size
        before = data.draw(st.integers(before, count))
        undecided = data.draw(st.integers(max(before, undecided), count))
        rows.forget(before, undecided)
        assert rows.single(before, count).tolist() == energy[before:count].tolist()
        for length in (1 << power for power in range(longest.bit_length())):
            naive = [energy[max(0, stop - length) : stop].sum() for stop in range(undecided + 1, count + 1)]
            # Every sum is rounded to single precision, at each doubling once.
            precision = length.bit_length() * float(np.finfo(np.float32).eps)
            assert rows.sums(length, undecided, count) == pytest.approx(naive, rel=precision)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 500), st.lists(st.integers(1, 60), max_size=10))
def test_sums_keep_every_bit_however_they_come(seed: int, sizes: list[int]) -> None:
    rng = np.random.default_rng(seed)
    energy = rng.exponential(1, 400) * 10.0 ** rng.integers(-6, 12, 400)
    whole, pieces = ScaleSums(16), ScaleSums(16)
    whole.append(energy)
    done = 0
    for size in [*sizes, 400]:
        pieces.append(energy[done : done + size])
        done = min(done + size, 400)
        pieces.forget(done - 5, done - 2)
    assert pieces.sums(16, 398, 400).tobytes() == whole.sums(16, 398, 400).tobytes()


def test_sums_that_are_forgotten_take_no_room() -> None:
    rows = ScaleSums(32)
    for step in range(1, 2001):
        rows.append(np.full(500, float(step)))
        rows.forget(500 * step - 700, 500 * step - 100)
    assert rows.sums(32, 999_900, 1_000_000).tolist() == [32 * 2000.0] * 100
    # All of it would be 48 MB.
    assert len(pickle.dumps(rows)) < 1_000_000
    assert len(rows.sums(32, 0, 900_000)) == 0


@given(st.floats(10, 20_000))
def test_brief_scales_look_at_prediction_errors_where_twitches_fit_in(rate: float) -> None:
    grid = Grid.of(rate)
    scales = scales_of(grid, waveform=True)
    plain = [scale for scale in scales if not scale.sharp]
    assert plain == [Scale(length) for length in scale_lengths(grid)]
    sharp = [scale.length for scale in scales[len(plain) :]]
    assert [scale.length for scale in scales if scale.sharp] == sharp, "plain scales come first"
    brief = [length for length in scale_lengths(grid) if length * grid.frame_seconds <= 0.02]
    assert sharp == (brief if rate >= 200 else [])
    assert rate < 200 or sharp, "where there may be twitches there is a sharp scale"
    assert scales_of(grid, waveform=False) == tuple(plain), "an envelope has no errors worth looking at"

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.detection.edges import refine


@pytest.mark.parametrize("rate", [200.0, 1000.0, 1999.9])
@pytest.mark.parametrize("length", [1.0, 0.3])
def test_rectangles_keep_their_edges(rate: float, length: float) -> None:
    pad, count = round(0.02 * rate), round(length * rate)
    squares = np.concatenate([np.full(pad, 1.0), np.full(count, 400.0), np.full(pad, 1.0)])
    assert refine(squares, rate, 1.0, 0.003) == (pad, pad + count)


@pytest.mark.parametrize("seed", range(10))
def test_bursts_of_noise_to_a_few_milliseconds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 1, 340)
    samples[20:320] *= 20
    start, stop = refine(samples**2, 1000.0, 1.0, 0.003)
    assert start == pytest.approx(20, abs=4)
    assert stop == pytest.approx(320, abs=6)


def test_the_tail_of_a_strong_event_is_not_the_event() -> None:
    # A filter's tail 40 dB below a strong burst, but 20 dB above the floor.
    squares = np.concatenate([np.full(20, 1.0), np.full(300, 1e6), np.full(15, 1e2), np.full(5, 1.0)])
    assert refine(squares, 1000.0, 1.0, 0.003) == (20, 320)
    assert refine(squares, 1000.0, 1.0, 1e-6)[1] == 335


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 400), st.floats(1e-3, 1e3))
def test_edges_always_hold_the_strongest_moment(seed: int, count: int, floor: float) -> None:
    rng = np.random.default_rng(seed)
    squares = rng.exponential(floor, count) * 10.0 ** rng.integers(0, 4, count)
    start, stop = refine(squares, 1000.0, floor, 0.003)
    assert 0 <= start < stop <= count


def test_silence_breaks_nothing() -> None:
    start, stop = refine(np.zeros(50), 1000.0, 1e-30, 0.003)
    assert 0 <= start < stop <= 50

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.detection.edges import is_smoothed, refine, rise_of


@pytest.mark.parametrize("rate", [200.0, 1000.0, 1999.9])
@pytest.mark.parametrize("length", [1.0, 0.3])
def test_rectangles_keep_their_edges(rate: float, length: float) -> None:
    pad, count = round(0.02 * rate), round(length * rate)
    squares = np.concatenate([np.full(pad, 1.0), np.full(count, 400.0), np.full(pad, 1.0)])
    assert refine(squares, 1.0, rate, 0.003) == (pad, pad + count)


@pytest.mark.parametrize("seed", range(10))
def test_bursts_of_noise_to_a_few_milliseconds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 1, 340)
    samples[20:320] *= 20
    start, stop = refine(samples**2, 1.0, 1000.0, 0.003)
    assert start == pytest.approx(20, abs=4)
    assert stop == pytest.approx(320, abs=6)


def test_the_tail_of_a_strong_event_is_not_the_event() -> None:
    # A filter's tail 40 dB below a strong burst, but 20 dB above the floor.
    squares = np.concatenate([np.full(20, 1.0), np.full(300, 1e6), np.full(15, 1e2), np.full(5, 1.0)])
    assert refine(squares, 1.0, 1000.0, 0.003) == (20, 320)
    assert refine(squares, 1.0, 1000.0, 1e-6)[1] == 335


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 400), st.floats(1e-3, 1e3))
def test_edges_always_hold_the_strongest_moment(seed: int, count: int, floor: float) -> None:
    rng = np.random.default_rng(seed)
    squares = rng.exponential(floor, count) * 10.0 ** rng.integers(0, 4, count)
    start, stop = refine(squares, floor, 1000.0, 0.003)
    assert 0 <= start < stop <= count


def test_silence_breaks_nothing() -> None:
    start, stop = refine(np.zeros(50), 1e-30, 1000.0, 0.003)
    assert 0 <= start < stop <= 50


def smoothed(values: np.ndarray, rate: float, constant: float) -> np.ndarray:
    """Return what a sensor's one-pole smoothing makes of values, from a settled start."""
    share = 1 - np.exp(-1 / (rate * constant))
    level, found = float(values[: len(values) // 2].mean()), []
    for value in values.tolist():
        level += share * (value - level)
        found.append(level)
    return np.array(found)


def envelope(rate: float, length: float, constant: float, seed: int | None) -> tuple[np.ndarray, float]:
    """Return the squared level above rest around a burst of muscle, and the power of its noise.

    The burst, 20 dB over its background, begins 0.1 s into the returned part. Without a seed the muscle
    is a rectangle, with one it is rectified noise.
    """
    rest, burst = round(2 * rate), round(length * rate)
    gate = np.ones(rest + burst + round(0.4 * rate))
    gate[rest : rest + burst] = 10.0
    raw = gate if seed is None else gate * np.abs(np.random.default_rng(seed).normal(0, 1, len(gate)))
    level = smoothed(raw, rate, constant)
    above = np.maximum(level - np.median(level[: rest - 1]), 0.0)
    floor = float(np.mean(above[rest // 2 : rest] ** 2)) + 1e-4 * float(above.max()) ** 2
    return above[rest - round(0.1 * rate) :] ** 2, floor


@pytest.mark.parametrize("rate", [200.0, 1000.0])
@pytest.mark.parametrize("constant", [0.03, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("length", [0.02, 0.05, 0.1, 0.15])
def test_in_a_smoothed_envelope_a_burst_is_as_long_as_the_rise(
    rate: float, constant: float, length: float
) -> None:
    squares, floor = envelope(rate, length, constant, seed=None)
    start, stop = rise_of(squares, floor)
    assert is_smoothed(squares[start:])
    assert (stop - start) / rate == pytest.approx(length, rel=0.2)
    assert stop / rate == pytest.approx(0.1 + length, abs=1.01 / rate)


@pytest.mark.parametrize("constant", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("length", [0.02, 0.05, 0.1, 0.15])
def test_with_the_grain_of_muscle_four_of_five_bursts_are_within_40_per_cent(
    constant: float, length: float
) -> None:
    lengths = []
    for seed in range(20):
        squares, floor = envelope(1000.0, length, constant, seed)
        start, stop = rise_of(squares, floor)
        lengths.append((stop - start) / 1000 / length)
    near = np.abs(np.array(lengths) - 1) <= 0.4
    assert np.mean(near) >= 0.8
    assert np.median(lengths) == pytest.approx(1, abs=0.3)


def test_a_rise_from_the_first_sample_begins_there() -> None:
    assert rise_of(np.array([4.0, 9.0, 16.0, 5.0]), 1.0) == (0, 3)
    assert rise_of(np.array([16.0, 5.0, 1.0]), 1.0) == (0, 1)
    assert rise_of(np.array([9.0, 1.0, 9.0, 16.0, 5.0]), 1.0) == (2, 4)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("count", [40, 150, 300])
def test_what_is_only_rectified_is_not_taken_for_smoothed(seed: int, count: int) -> None:
    squares = np.random.default_rng(seed).normal(0, 10, count) ** 2
    falling = squares[int(np.argmax(squares)) :]
    # From a handful of samples nobody can tell.
    assert len(falling) < 20 or not is_smoothed(squares)
    assert is_smoothed(np.exp(-np.arange(count) / 20))


def test_one_sample_is_not_smoothed() -> None:
    assert not is_smoothed(np.array([3.0]))
    assert not is_smoothed(np.array([1.0, 3.0]))


@pytest.mark.parametrize("length", [0.02, 0.05, 0.1, 0.19])
def test_a_short_event_ends_before_the_tail_that_filters_leave_to_it(length: float) -> None:
    # 8 ms of a tail at a hundredth of the power, three times what would count as the end of a long event.
    count = round(length * 1000)
    squares = np.concatenate([np.full(20, 1.0), np.full(count, 1e4), np.full(8, 1e2), np.full(12, 1.0)])
    assert refine(squares, 1.0, 1000.0, 0.003) == (20, 20 + count)
    assert refine(squares, 1.0, 1000.0, 0.0001) == (20, 28 + count)


@pytest.mark.parametrize("decibels", [12.0, 20.0, 30.0])
@pytest.mark.parametrize("count", [10, 30, 100])
def test_short_bursts_of_noise_to_a_few_milliseconds(decibels: float, count: int) -> None:
    errors = []
    for seed in range(30):
        samples = np.random.default_rng(seed).normal(0, 1, count + 40)
        samples[20 : 20 + count] *= 10 ** (decibels / 20)
        start, stop = refine(samples**2, 1.0, 1000.0, 0.003)
        errors.append((abs(start - 20), abs(stop - 20 - count)))
    assert np.median(errors) <= 2
    assert np.percentile(errors, 90) <= 8


@pytest.mark.parametrize(
    ("level", "length", "counts"), [(400.0, 30, False), (30.0, 30, True), (400.0, 300, True)]
)
def test_a_strong_short_event_is_told_from_more_than_the_floor(
    level: float, length: int, *, counts: bool
) -> None:
    # 8 ms on either side are 11 times louder than the floor: a strong twitch's neighbours, a weak one's own.
    beside = np.full(8, 11.0)
    squares = np.concatenate([np.ones(20), beside, np.full(length, level), beside, np.ones(20)])
    whole = (20, 36 + length)
    assert refine(squares, 1.0, 1000.0, 0.003) == (whole if counts else (28, 28 + length))

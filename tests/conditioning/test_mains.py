from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.conditioning.grid import Grid
from emgdetect.conditioning.mains import MainsCanceller

if TYPE_CHECKING:
    from emgdetect.types import FloatArray, RealArray

RATE = 1000.0
HOP = Grid.of(RATE).raw_per_hop


def line(seconds: float, frequency: float, amplitude: float = 20.0, rate: float = RATE) -> FloatArray:
    count = int(seconds * rate) // HOP * HOP
    return np.asarray(amplitude * np.sin(2 * np.pi * frequency * np.arange(count) / rate + 1.0))


def noise(count: int, level: float = 1.0, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(0, level, count)


def cancelled(samples: FloatArray, missing: slice = slice(0, 0)) -> RealArray:
    whole = np.ones(len(samples) // HOP, bool)
    whole[missing.start // HOP : missing.stop // HOP] = False
    samples = samples.copy()
    samples[missing] = 0.0
    return MainsCanceller(Grid.of(RATE)).process(samples, whole)


def decibels(values: RealArray, reference: RealArray) -> float:
    return float(10 * np.log10(np.mean(values**2) / np.mean(reference**2)))


@pytest.mark.parametrize("frequency", [50.0, 49.95, 50.03, 60.0, 59.96, 100.0, 150.0])
def test_a_steady_line_loses_more_than_20_db(frequency: float) -> None:
    hum = line(30, frequency)
    background = noise(len(hum))
    left = cancelled(hum + background) - background
    assert decibels(left[10_000:], hum) < -20


def test_a_line_with_harmonics_at_a_slow_rate() -> None:
    grid = Grid.of(250.0)
    time = np.arange(30 * grid.raw_per_hop * 10) / 250.0
    hum = 20 * np.sin(2 * np.pi * 50.02 * time) + 8 * np.sin(2 * np.pi * 100.04 * time + 2)
    left = MainsCanceller(grid).process(hum, np.ones(300, bool))
    assert decibels(left[2500:], hum) < -20


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_never_made_louder(seed: int) -> None:
    background = noise(120_000, seed=seed)
    output = cancelled(background)
    assert decibels(output, background) < 0.05
    seconds = output.reshape(-1, 1000), background.reshape(-1, 1000)
    louder = 10 * np.log10(np.mean(seconds[0] ** 2, axis=1) / np.mean(seconds[1] ** 2, axis=1))
    assert louder.max() < 0.5


@pytest.mark.parametrize("start", [20_000, 20_130, 20_310])
@pytest.mark.parametrize(("level", "least"), [(30.0, -6), (200.0, 1)])
def test_a_burst_does_not_ring(start: int, level: float, least: float) -> None:
    # A notch of 1 Hz would ring with a part of the burst for a second. After a burst much stronger than the
    # line, the line may show again for a moment, but nothing that was not there is added.
    hum = line(40, 50.0, amplitude=10.0)
    background = noise(len(hum))
    burst = np.zeros(len(hum))
    stop = start + 900
    burst[start:stop] = noise(900, level, seed=1)
    left = cancelled(hum + background + burst) - background - burst
    assert decibels(left[17_000:start], hum) < -20
    assert decibels(left[stop : stop + 2500], hum) < least
    assert decibels(left[stop + 3000 :], hum) < -20
    assert decibels(left[start:stop], burst[start:stop]) < -10


@pytest.mark.parametrize("amplitude", [0.0, 10.0])
@pytest.mark.parametrize("length", [1500, 3000, 20_000])
def test_a_long_burst_leaves_little_and_not_for_long(length: int, amplitude: float) -> None:
    hum = line(70, 50.0, amplitude=amplitude)
    background = noise(len(hum))
    burst = np.zeros(len(hum))
    stop = 20_000 + length
    burst[20_000:stop] = noise(length, 200.0, seed=1)
    left = cancelled(hum + background + burst) - background - burst
    assert decibels(left[stop : stop + 3000], burst[20_000:stop]) < -18
    assert decibels(left[stop + 3000 : stop + 8000], background) < -5


def test_a_short_gap_is_bridged() -> None:
    hum = line(40, 49.97)
    background = noise(len(hum))
    left = cancelled(hum + background, slice(20_000, 24_000)) - background
    assert decibels(left[24_000:26_000], hum) < -15


@pytest.mark.parametrize("wobble", [0.0, 0.3, 1.7, 3.1])
def test_after_a_long_gap_a_wrong_guess_is_not_added(wobble: float) -> None:
    # The recorder's clock or the grid have moved on: the phase after a minute is anyone's guess.
    hum = line(120, 50.0)
    hum[80_000:] = np.roll(hum, int(wobble / (2 * np.pi * 50) * RATE))[80_000:]
    background = noise(len(hum))
    left = cancelled(hum + background, slice(20_000, 80_000)) - background
    for first in range(80_000, 86_000, 500):
        assert decibels(left[first : first + 500], hum[:1000]) < 1
    assert decibels(left[86_000:], hum) < -20


def test_a_line_that_is_switched_on_is_taken_out_within_seconds_and_off_again() -> None:
    hum = line(60, 50.0)
    hum[:20_000] = 0
    hum[40_000:] = 0
    background = noise(len(hum))
    output = cancelled(hum + background)
    left = output - background
    assert decibels(left[25_000:40_000], hum[25_000:40_000]) < -20
    assert decibels(left[45_000:], background[45_000:]) < -10


def test_pieces_give_the_same_bits() -> None:
    samples = line(20, 49.98) + noise(20_000)
    whole = np.ones(200, bool)
    whole[50:63] = False
    together = MainsCanceller(Grid.of(RATE)).process(samples, whole)
    for step in (1, 3, 10, 77):
        stage = MainsCanceller(Grid.of(RATE))
        pieces = [
            stage.process(samples[first * HOP : (first + step) * HOP], whole[first : first + step])
            for first in range(0, 200, step)
        ]
        assert np.concatenate(pieces).tobytes() == together.tobytes()


def test_ten_minutes_at_once_give_the_same_bits_as_minutes() -> None:
    samples = line(600, 50.02) + noise(len(line(600, 50.02)))
    whole = np.ones(len(samples) // HOP, bool)
    at_once = MainsCanceller(Grid.of(RATE)).process(samples, whole)
    canceller = MainsCanceller(Grid.of(RATE))
    minute = 600 * HOP
    pieces = [
        canceller.process(
            samples[first : first + minute], whole[: len(samples[first : first + minute]) // HOP]
        )
        for first in range(0, len(samples), minute)
    ]
    assert np.array_equal(np.concatenate(pieces), at_once)


@pytest.mark.parametrize("rate", [112.0, 128.0, 200.0, 250.0])
def test_where_there_is_room_for_one_line_hop_by_hop_gives_the_same_bits(rate: float) -> None:
    # numpy rounds the product of two complex numbers in place otherwise than that of two rows of them.
    grid = Grid.of(rate)
    hop = grid.frame * grid.hop
    samples = line(40.0, 50.0, rate=rate)
    samples = samples[: len(samples) // hop * hop] + noise(len(samples) // hop * hop)
    whole, pieces = MainsCanceller(grid), MainsCanceller(grid)
    at_once = whole.process(samples, np.ones(len(samples) // hop, bool))
    one_by_one = [pieces.process(part, np.ones(1, bool)) for part in samples.reshape(-1, hop)]
    assert np.concatenate(one_by_one).tobytes() == at_once.tobytes()

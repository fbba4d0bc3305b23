from __future__ import annotations

import numpy as np
import pytest

from emgdetect.detection.features import beat_rate, describe, median_frequency

RATE = 1000.0
NO_RHYTHM = (3.0, 8.0)


def modulated(beat: float, seconds: float = 6.0, seed: int = 0) -> np.ndarray:
    """Return noise that swells and fades ``beat`` times a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    gate = 0.1 + np.maximum(0, np.sin(2 * np.pi * beat * time))
    return np.asarray(np.random.default_rng(seed).normal(0, 10, len(time)) * gate)


@pytest.mark.parametrize("frequency", [20.0, 85.0, 250.0, 480.0])
@pytest.mark.parametrize("rate", [1000.0, 1999.9])
def test_the_median_frequency_of_a_sine_is_its_frequency(frequency: float, rate: float) -> None:
    samples = np.sin(2 * np.pi * frequency * np.arange(3000) / rate)
    assert median_frequency(samples, rate) == pytest.approx(frequency, abs=2 * rate / 3000)


def test_the_median_frequency_of_white_noise_is_half_the_band() -> None:
    assert median_frequency(np.random.default_rng(0).normal(0, 1, 4000), RATE) == pytest.approx(250, abs=20)


def test_the_middle_speaks_for_a_long_event() -> None:
    ends = np.sin(2 * np.pi * 40 * np.arange(20_000) / RATE)
    ends[8000:12_000] = np.sin(2 * np.pi * 120 * np.arange(4000) / RATE)
    assert median_frequency(ends, RATE) == pytest.approx(120, abs=1)


def test_too_short_or_silent_has_no_median_frequency() -> None:
    assert np.isnan(median_frequency(np.ones(15), RATE))
    assert not np.isnan(median_frequency(np.sin(np.arange(16.0)), RATE))
    assert np.isnan(median_frequency(np.zeros(100), RATE))


@pytest.mark.parametrize("beat", [3.5, 5.0, 7.0])
@pytest.mark.parametrize("seed", range(4))
def test_clonus_has_its_beat(beat: float, seed: int) -> None:
    assert beat_rate(modulated(beat, seed=seed), RATE, *NO_RHYTHM) == pytest.approx(beat, rel=0.06)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("seconds", [1.5, 6.0, 30.0])
def test_steady_activity_has_none(seed: int, seconds: float) -> None:
    steady = np.random.default_rng(seed).normal(0, 10, int(seconds * RATE))
    assert np.isnan(beat_rate(steady, RATE, *NO_RHYTHM))


@pytest.mark.parametrize("beat", [1.0, 14.0])
def test_a_beat_outside_the_limits_is_not_named(beat: float) -> None:
    found = beat_rate(modulated(beat), RATE, *NO_RHYTHM)
    # Every second or third beat of a fast rhythm is a rhythm, too.
    assert np.isnan(found) or 3.0 <= found <= 8.4


@pytest.mark.parametrize(("seconds", "has"), [(0.55, False), (1.6, True)])
def test_a_rhythm_needs_four_beats(seconds: float, has: bool) -> None:
    assert np.isnan(beat_rate(modulated(5.0, seconds), RATE, *NO_RHYTHM)) != has


def test_amplitudes_and_ratio() -> None:
    samples = np.array([3.0, -4.0, 0.0, 5.0, -5.0, 0.0, 0.0, 0.0])
    found = describe(samples, RATE, floor=0.25, waveform=True, rhythm=NO_RHYTHM)
    assert found.peak == 5.0
    assert found.rms == pytest.approx(np.sqrt(75 / 8))
    assert found.snr_db == pytest.approx(10 * np.log10(75 / 8 / 0.25))
    assert np.isnan(found.rhythm)


def test_an_envelope_has_no_median_frequency() -> None:
    samples = modulated(5.0)
    assert np.isnan(describe(samples, RATE, 1.0, waveform=False, rhythm=NO_RHYTHM).median_frequency)
    assert describe(samples, RATE, 1.0, waveform=True, rhythm=NO_RHYTHM).median_frequency > 0

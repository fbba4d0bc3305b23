"""Noise, tonic activity, mains and heart have the spectra and levels that the scenario names."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from emgdetect.sources.simulate import Background, Scenario, Simulation
from emgdetect.sources.simulate.heart import Heart

Values = Callable[[Simulation], NDArray[np.float64]]


def in_band(values: NDArray[np.float64], rate: float) -> float:
    """Measure the RMS from 20 to 450 Hz (or 0.45 of the rate) from a periodogram."""
    bins = np.fft.rfftfreq(values.size, 1 / rate)
    power = 2 * np.abs(np.fft.rfft(values)) ** 2 / values.size**2
    return float(np.sqrt(power[(bins >= 20) & (bins <= min(450, 0.45 * rate))].sum()))


@pytest.mark.parametrize("rate", [200.0, 199.7, 1000.0, 4000.0])
def test_noise_has_the_level_asked_for(plain: Scenario, values: Values, rate: float) -> None:
    found = in_band(values(Simulation(replace(plain, sampling_rate=rate))), rate)
    spread = 1 / math.sqrt(2 * 2 * (min(450, 0.45 * rate) - 20) * 60)
    assert found == pytest.approx(3.0, rel=5 * spread + 0.003)


def test_noise_is_white_above_the_corner_and_grows_below(plain: Scenario, values: Values) -> None:
    scenario = replace(plain, duration=240, background=replace(plain.background, corner_hz=25))
    bins, density = signal.welch(values(Simulation(scenario)), 1000, nperseg=8192)

    def level(frequency: float) -> float:
        return float(np.mean(density[(bins > 0.85 * frequency) & (bins < 1.15 * frequency)]))

    white = level(300)
    assert level(150) / white == pytest.approx(1.0, rel=0.1)
    assert level(25) / white == pytest.approx(2.0, rel=0.15)
    assert level(2.5) / white == pytest.approx(1 + 10**1.6, rel=0.35)


def test_blocks_of_the_grid_leave_no_seam(plain: Scenario, values: Values) -> None:
    # The grid has blocks of 16 s: steps from sample to sample are as large there as anywhere.
    steps = np.abs(np.diff(values(Simulation(replace(plain, duration=600)))))
    seams = steps[16383::16384]
    assert seams.size > 30
    assert np.mean(seams) == pytest.approx(np.mean(steps), rel=5 * 0.76 / math.sqrt(seams.size))


def test_tonic_activity_has_its_level_and_the_band_of_muscle(plain: Scenario, values: Values) -> None:
    background = Background(noise_uv=0.01, tonic_uv=5.0, mains_uv=0.0, postures_per_hour=0)
    simulation = Simulation(replace(plain, duration=300, background=background, seed=9))
    tonic = values(simulation)
    assert simulation.background_rms("EMG", 0, 300) > 2
    assert in_band(tonic, 1000) == pytest.approx(simulation.background_rms("EMG", 0, 300), rel=0.1)
    bins = np.fft.rfftfreq(tonic.size, 1e-3)
    power = np.cumsum(np.abs(np.fft.rfft(tonic)) ** 2 * (bins > 5))
    assert 50 < bins[np.searchsorted(power, power[-1] / 2)] < 150
    assert power[np.searchsorted(bins, 15)] < 0.05 * power[-1]


def test_tonic_activity_steps_with_posture(plain: Scenario) -> None:
    background = Background(tonic_uv=5.0, postures_per_hour=30)
    simulation = Simulation(replace(plain, duration=3600, background=background, seed=8))
    levels = [simulation.background_rms("EMG", t, t + 1) for t in range(0, 3600, 10)]
    jumps = np.abs(np.diff(np.log(levels)))
    assert max(levels) > 2 * min(levels)
    assert np.percentile(jumps, 60) < 0.15 < np.max(jumps)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_mains_has_harmonics_and_a_wandering_strength(
    plain: Scenario, values: Values, mains_hz: float
) -> None:
    background = replace(plain.background, mains_hz=mains_hz, mains_uv=20.0)
    hum = values(Simulation(replace(plain, duration=300, background=background)))
    bins, density = signal.welch(hum, 1000, nperseg=4000)

    def excess(frequency: float) -> float:
        near = np.abs(bins - frequency)
        return float(density[near < 1].max() / np.median(density[(near > 3) & (near < 12)]))

    assert excess(mains_hz) > 1000
    assert excess(3 * mains_hz) > 50
    assert excess(5 * mains_hz) > 10
    assert excess(4.5 * mains_hz) < 5
    narrow = signal.butter(2, [mains_hz - 1, mains_hz + 1], "bandpass", fs=1000, output="sos")
    strength = np.sqrt(np.mean(signal.sosfiltfilt(narrow, hum)[:300000].reshape(300, 1000) ** 2, axis=1))
    assert 8 < np.median(strength) < 22
    assert np.ptp(strength) > 0.3 * np.median(strength)


def test_the_heart_beats_at_its_rate_and_never_quite_regularly(plain: Scenario, values: Values) -> None:
    background = replace(plain.background, ecg_uv=200.0, heart_rate=70)
    heart = Heart(plain.seed, background, 0)
    beats = heart.beats(0, 600)
    intervals = np.diff(beats)
    assert np.mean(intervals) == pytest.approx(60 / 70, rel=0.07)
    assert 0.01 < np.std(intervals) / np.mean(intervals) < 0.12
    assert np.min(intervals) > 0.4
    np.testing.assert_array_equal(heart.beats(100, 200), beats[(beats >= 100) & (beats < 200)])
    trace = values(Simulation(replace(plain, background=background)))
    waves = [trace[round(beat * 1000)] for beat in beats[(beats > 1) & (beats < 59)]]
    assert abs(np.mean(waves)) > 100
    assert np.std(waves) < 20

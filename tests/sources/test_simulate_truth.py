"""The truth is what can be measured on an event alone, and its SNR is what was promised."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from emgdetect.sources.simulate import Rates, Scenario, Simulation, simulate

Values = Callable[[Simulation], NDArray[np.float64]]

DURATIONS = {
    "twitch": (0.005, 0.030),
    "jerk": (0.030, 0.150),
    "leg_movement": (0.5, 10.0),
    "spasm": (2.0, 120.0),
    "clonus": (1.0, 15.0),
}


def measured(values: NDArray[np.float64], rate: float, window: float) -> tuple[float, float]:
    """Find first and last crossing by a plain moving average, in seconds from the first value."""
    width = round(window * rate)
    power = np.convolve(values**2, np.ones(width) / width)
    level = np.sqrt(power)[width - 1 - width // 2 :][: values.size]
    audible = level[level > 0.01 * level.max()]
    above = np.flatnonzero(level > 0.1 * np.percentile(audible, 90))
    return above[0] / rate, (above[-1] + 1) / rate


def test_onset_and_offset_are_where_the_event_alone_passes_its_threshold(
    mixed_simulation: Simulation,
) -> None:
    for index, event in enumerate(mixed_simulation.events):
        alone = mixed_simulation.render(index)
        window = 0.002 if event.trial_type == "twitch" else 0.010
        onset, offset = measured(alone.values, alone.rate, window)
        # Half a sample more or less on either side: an even window has no middle.
        assert event.onset == pytest.approx(alone.start / alone.rate + onset, abs=1.5 / alone.rate)
        assert event.onset + event.duration == pytest.approx(
            alone.start / alone.rate + offset, abs=1.5 / alone.rate
        )


@pytest.mark.parametrize("kind", DURATIONS)
def test_measured_durations_are_those_of_the_kind(mixed_simulation: Simulation, kind: str) -> None:
    durations = [event.duration for event in mixed_simulation.events if event.trial_type == kind]
    low, high = DURATIONS[kind]
    assert durations
    assert low <= min(durations)
    assert max(durations) <= high


def test_twitches_are_of_many_lengths() -> None:
    durations = [event.duration for event in simulate("twitch-night").events if event.trial_type == "twitch"]
    assert len(durations) == 200
    assert np.percentile(durations, 10) < 0.010
    assert np.percentile(durations, 90) > 0.017


def test_events_of_a_channel_are_apart_and_after_the_quiet_start(mixed_simulation: Simulation) -> None:
    events = sorted(mixed_simulation.events, key=lambda event: event.onset)
    assert events[0].onset >= 6.0
    for before, after in itertools.pairwise(events):
        assert after.onset - (before.onset + before.duration) > 0.5


@pytest.mark.parametrize("rate", [250.0, 1000.0])
@pytest.mark.parametrize("snr_db", [3.0, 10.0, 24.0])
def test_snr_of_events_is_as_promised(plain: Scenario, values: Values, rate: float, snr_db: float) -> None:
    rates = Rates(twitch=600, jerk=600, leg_movement=240, spasm=60, clonus=60)
    scenario = replace(plain, rates=rates, snr_db=(snr_db, snr_db), sampling_rate=rate)
    with_events = Simulation(scenario)
    noise = values(Simulation(replace(scenario, rates=Rates())))
    muscle = values(with_events) - noise
    band = signal.butter(8, [20, min(450, 0.45 * rate)], "bandpass", fs=rate, output="sos")
    background = np.std(signal.sosfiltfilt(band, noise))
    # The band is not exactly rectangular: a tenth of a dB. Independent values in 60 s: 2 * band * 60.
    estimate = 0.1 + 5 * 8.7 / math.sqrt(2 * 2 * (min(450, 0.45 * rate) - 20) * 60)
    for event in with_events.events:
        start, stop = round(event.onset * rate), round((event.onset + event.duration) * rate)
        found = 20 * math.log10(np.sqrt(np.mean(muscle[start:stop] ** 2)) / background)
        # Counting a sample too many or too few at either edge, each with at most its fair share of the power,
        # and the mean square of few samples of a narrow pulse.
        edges = 10 * math.log10(1 + 2.5 / (stop - start))
        assert found == pytest.approx(snr_db, abs=estimate + edges), event


def test_local_background_follows_the_steps_of_the_floor(plain: Scenario, values: Values) -> None:
    scenario = replace(plain, duration=120, traps=replace(plain.traps, noise_step=120), sampling_rate=500.0)
    simulation = Simulation(scenario)
    steps = [a for a in simulation.artefacts if a.trial_type == "noise_step"]
    passed = signal.sosfiltfilt(
        signal.butter(8, [20, 225], "bandpass", fs=500, output="sos"), values(simulation)
    )
    edges = [0.0, *[step.onset for step in steps], 120.0]
    levels = []
    for step_end, stop in zip([0.0, *[s.onset + s.duration for s in steps]], edges[1:], strict=True):
        if stop - step_end > 8:
            here = passed[int(step_end * 500) : int(stop * 500)]
            promised = simulation.background_rms("EMG", step_end, stop)
            spread = 1 / math.sqrt(2 * 2 * 205 * (stop - step_end) / 2)
            assert np.std(here) == pytest.approx(promised, rel=5 * spread + 0.02)
            levels.append(promised)
    assert max(levels) > 1.2 * min(levels)


def test_dense_activity_fills_a_fifth_to_three_fifths_of_the_time() -> None:
    shares = []
    for seed in range(12):
        simulation = simulate("busy", seed=seed, duration=30)
        assert simulation.events[0].onset < 1.0
        shares.append(sum(event.duration for event in simulation.events) / 30)
    assert min(shares) > 0.15
    assert max(shares) < 0.65


def test_a_recording_of_rest_has_no_event() -> None:
    assert simulate("rest").events == ()
    assert simulate("noise-artefacts", duration=600).events == ()

"""Events out of whole recordings: what is one event, how long it is, and what beside it does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import signal

from emgdetect.api import detect, from_array
from emgdetect.config import Profile

if TYPE_CHECKING:
    from emgdetect.types import Event, FloatArray, Unit

RATE = 1000
PROFILE = Profile(name="plain")
DB_4, DB_8 = 10 ** (4 / 20), 10 ** (8 / 20)


def discharge() -> FloatArray:
    """Return the triphasic shape of a motor unit, about 15 ms from end to end."""
    time = np.arange(-12, 12) / 1.6
    return np.asarray((1 - time**2) * np.exp(-(time**2) / 2))


def events_in(samples: FloatArray, start: float, stop: float, unit: Unit = "uV") -> list[Event]:
    """Return the events that reach into a part of a recording, by seconds."""
    events = detect(from_array(samples, RATE, unit=unit), PROFILE).events
    return [event for event in events if event.onset < stop and event.onset + event.duration > start]


def restless(seed: int, louder: float = DB_4) -> tuple[FloatArray, list[float]]:
    """Return two minutes of noise that is louder for 3 s again and again, and when that begins."""
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 5, 120 * RATE)
    begins = []
    time = 3.0
    while time < 115:
        begins.append(time)
        samples[int(time * RATE) : int((time + 3) * RATE)] *= louder
        time += 3 + rng.uniform(2, 4)
    return samples, begins


def test_a_twitch_on_a_background_that_has_risen_is_found_as_a_twitch() -> None:
    right = 0
    for seed in range(20):
        samples, begins = restless(seed)
        begin = begins[len(begins) // 2]
        at = int((begin + 1.3) * RATE)
        # Over 15 ms: 20 dB above the quiet noise.
        samples[at : at + 24] += 5 * 18 * discharge()
        found = events_in(samples, begin, begin + 3)
        assert all(event.kind == "twitch" and event.duration < 0.06 for event in found)
        assert all(event.onset == pytest.approx(at / RATE + 0.012, abs=0.03) for event in found)
        right += len(found) == 1
    # Where noise right beside it happens to go with it, it may be doubted.
    assert right >= 19


@pytest.mark.parametrize("seed", range(6))
def test_a_contraction_with_the_same_spike_stays_whole(seed: int) -> None:
    samples = np.random.default_rng(seed).normal(0, 5, 60 * RATE)
    samples[30_000:33_000] *= DB_8
    samples[31_300:31_324] += 5 * 18 * discharge()
    (event,) = events_in(samples, 30, 33)
    assert event.kind == "spasm"
    assert event.onset == pytest.approx(30, abs=0.1)
    assert event.duration == pytest.approx(3, abs=0.2)


def test_a_twitch_is_no_longer_for_a_risen_background_beside_it() -> None:
    durations = []
    for seed in range(20):
        samples, begins = restless(seed, louder=2.0)
        at = int((begins[len(begins) // 2] + 1.3) * RATE)
        samples[at : at + 24] += 5 * 25 * discharge()
        durations += [event.duration for event in events_in(samples, at / RATE, at / RATE + 0.03)]
    assert len(durations) >= 17
    # The shape stands above noise for about 10 ms.
    assert np.median(durations) <= 0.012
    assert max(durations) <= 0.024


def one_pole(values: FloatArray, constant: float) -> FloatArray:
    share = 1 - np.exp(-1 / (RATE * constant))
    return np.asarray(signal.lfilter([share], [1, share - 1], values))


BURSTS = range(8, 82, 6)


def envelope(length: float, seed: int, constant: float | None) -> FloatArray:
    """Return a rectified recording with bursts of 24 dB, smoothed by the sensor or not."""
    rng = np.random.default_rng(seed)
    gate = np.ones(90 * RATE)
    for second in BURSTS:
        gate[second * RATE : int((second + length) * RATE)] = 15
    values = np.abs(rng.normal(0, 5, len(gate)) * gate)
    return 300 + (values if constant is None else one_pole(values, constant))


def lengths_found(length: float, constant: float | None) -> FloatArray:
    found = []
    for seed in range(2):
        events = detect(from_array(envelope(length, seed, constant), RATE, unit="envelope"), PROFILE).events
        for second in BURSTS:
            near = [e.duration for e in events if abs(e.onset - second) < 0.3]
            found.append(sum(near) if len(near) == 1 else np.inf)
    return np.array(found) / length


@pytest.mark.parametrize("length", [0.02, 0.05, 0.1, 0.15])
def test_events_of_a_smoothed_envelope_last_as_long_as_the_muscle_did(length: float) -> None:
    lengths = lengths_found(length, 0.03)
    assert np.mean(np.abs(lengths - 1) <= 0.4) >= 0.75
    assert np.median(lengths) == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize("length", [0.05, 0.1, 0.15, 0.3])
def test_events_of_an_envelope_that_is_only_rectified_are_not_cut_at_their_peak(length: float) -> None:
    lengths = lengths_found(length, None)
    assert np.mean(np.abs(lengths - 1) <= 0.1) >= 0.8


@pytest.mark.parametrize("unit", ["uV", "envelope"])
def test_the_first_ten_seconds_are_flagged(unit: Unit) -> None:
    samples = np.random.default_rng(0).normal(0, 5, 40 * RATE)
    for second in (8, 9.8, 20):
        samples[int(second * RATE) : int((second + 0.3) * RATE)] *= 20
    values = np.abs(samples) if unit == "envelope" else samples
    strong = [event for event in events_in(values, 0, 40, unit) if event.snr_db > 15]
    assert [("settling" in event.flags, round(event.onset, 1)) for event in strong] == [
        (True, 8.0),
        (True, 9.8),
        (False, 20.0),
    ]

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.api import detect, from_array
from emgdetect.conditioning.bandpass import BandPass
from emgdetect.conditioning.grid import Grid
from emgdetect.detection.artefacts import Baseline, artefact_cause

if TYPE_CHECKING:
    from emgdetect.types import Event

STILL = Baseline(swing=0.0, jump=0.0)


def muscle(count: int, level: float = 30.0, seed: int = 0) -> np.ndarray:
    """Return noise between about 50 and 200 Hz, as muscle has it, at 1000 Hz."""
    white = np.random.default_rng(seed).normal(0, 1, count + 4)
    band = white[4:] - white[:-4]
    return np.asarray(level * band / band.std())


def mains(count: int, base: float, level: float = 30.0) -> np.ndarray:
    time = np.arange(count) / 1000
    return np.asarray(level * (np.sin(2 * np.pi * base * time) + 0.3 * np.sin(6 * np.pi * base * time)))


@pytest.mark.parametrize("count", [12, 60, 300, 3000])
def test_muscle_is_no_artefact(count: int) -> None:
    assert artefact_cause(muscle(count), 1000.0, 1.0, STILL) is None


@pytest.mark.parametrize("base", [50.0, 60.0])
def test_hum_is_named(base: float) -> None:
    assert artefact_cause(mains(1500, base), 1000.0, 1.0, STILL) == "mains"
    assert artefact_cause(mains(1500, base) + muscle(1500, 60.0), 1000.0, 1.0, STILL) is None
    assert artefact_cause(mains(200, base), 1000.0, 1.0, STILL) is None, (
        "too short to tell a line from muscle"
    )


def test_a_swinging_baseline_is_electrode_motion() -> None:
    brief = muscle(60)
    swing = 3 * float(np.abs(brief).max())
    assert artefact_cause(brief, 1000.0, 1.0, Baseline(swing, 0.0)) == "electrode motion"
    # A limb that moves for a second swings cables, too.
    assert artefact_cause(muscle(1000), 1000.0, 1.0, Baseline(swing, 0.0)) is None


def test_silence_is_no_artefact_and_no_error() -> None:
    assert artefact_cause(np.zeros(500), 1000.0, 1e-30, STILL) is None


def found_around(samples: np.ndarray, second: float) -> list[Event]:
    return [event for event in detect(from_array(samples, 1000.0)).events if abs(event.onset - second) < 1.0]


@pytest.mark.parametrize("height", [600.0, -3000.0])
@pytest.mark.parametrize("decay", [0.1, 0.4])
def test_an_electrode_pop_is_not_a_twitch(height: float, decay: float) -> None:
    samples = np.random.default_rng(1).normal(0, 4, 60_000)
    time = np.arange(30_000) / 1000
    samples[30_000:] += height * np.exp(-time / decay)
    events = found_around(samples, 30.0)
    assert events
    assert {event.kind for event in events} == {"artefact"}


@pytest.mark.parametrize("size", [2000.0, 10_000.0])
def test_cable_motion_is_not_a_spasm(size: float) -> None:
    samples = np.random.default_rng(2).normal(0, 4, 60_000)
    time = np.arange(3000) / 1000
    samples[30_000:33_000] += size * np.sin(2 * np.pi * 1.3 * time) * np.hanning(3000)
    assert all(event.kind == "artefact" for event in found_around(samples, 31.5))


def test_artefacts_are_kept_and_name_their_cause() -> None:
    samples = np.random.default_rng(3).normal(0, 4, 60_000)
    samples[30_050] += 5000
    (event,) = found_around(samples, 30.0)
    assert (event.kind, event.flags[0]) == ("artefact", "glitch")
    assert (event.sample, event.n_samples) == (30_050, 1)


def filtered(samples: np.ndarray, rate: float) -> np.ndarray:
    """Return what the filters make of samples, at the working rate."""
    stage = BandPass(30.0, 400.0, Grid.of(rate))
    return stage.decimate(stage.process(samples))


def discharge(rate: float, size: float) -> np.ndarray:
    """Return the triphasic shape of a motor unit, about 15 ms from end to end."""
    time = np.arange(-12, 12, 1000 / rate) / 1.6
    return np.asarray(size * (1 - time**2) * np.exp(-(time**2) / 2))


@pytest.mark.parametrize("rate", [250.0, 500.0, 1000.0, 2000.0])
@pytest.mark.parametrize("milliseconds", [30, 50])
def test_the_echo_of_a_small_jump_is_a_pop_and_a_discharge_on_it_is_not(
    rate: float, milliseconds: int
) -> None:
    step = np.repeat([0.0, 100.0], round(rate))
    working = Grid.of(rate).working_rate
    part = slice(round(working), round(working + milliseconds * working / 1000))
    echo = filtered(step, rate)[part]
    # A jump of 0.4 of what passes the filters; a jump without slow waves is another matter.
    beside = Baseline(0.0, 0.4 * float(np.abs(echo).max()))
    assert artefact_cause(echo, working, 1.0, beside) == "electrode pop"
    assert artefact_cause(echo, working, 1.0, STILL) is None
    muscle_alone = np.zeros_like(step)
    shape = discharge(rate, 300.0)
    muscle_alone[round(rate) : round(rate) + len(shape)] = shape
    twitch = filtered(muscle_alone, rate)[part]
    jumping = Baseline(0.0, 0.4 * float(np.abs(twitch).max()))
    assert artefact_cause(twitch, working, 1.0, jumping) is None


def hanging(seconds: float, power: float, swing: float) -> str | None:
    """Return the cause of a strong event, ``swing`` in its own peaks, with the spectrum of muscle."""
    samples = muscle(round(1000 * seconds), power**0.5)
    return artefact_cause(samples, 1000.0, 1.0, Baseline(swing * float(np.abs(samples).max()), 0.0))


@pytest.mark.parametrize(
    ("seconds", "power", "swing", "cause"),
    [
        (2.1, 1700.0, 2.1, "lead-off"),
        (60.0, 1e6, 10.0, "lead-off"),
        (1.9, 1700.0, 2.1, None),
        (2.1, 1500.0, 2.1, None),
        (2.1, 1700.0, 1.9, None),
        # So far above rest no muscle is; then a lesser swing will do, but not none, and not for a moment.
        (2.1, 9000.0, 1.0, "lead-off"),
        (2.1, 9000.0, 0.8, None),
        (2.1, 7000.0, 1.0, None),
        (1.9, 9000.0, 1.0, None),
    ],
)
def test_an_electrode_in_the_air_is_louder_and_swings_further_than_muscle_for_seconds(
    seconds: float, power: float, swing: float, cause: str | None
) -> None:
    assert hanging(seconds, power, swing) == cause


def slow_part(share: float) -> np.ndarray:
    """Return 0.4 s of muscle with so much of its power at 27.5 Hz."""
    slow = np.sin(2 * np.pi * 27.5 * np.arange(400) / 1000)
    return np.asarray(muscle(400, 30 * (1 - share) ** 0.5) + 30 * (2 * share) ** 0.5 * slow)


@pytest.mark.parametrize("share", [0.05, 0.25, 0.5])
@pytest.mark.parametrize("swing", [0.5, 1.2])
def test_a_baseline_that_left_and_came_back_is_a_pop(share: float, swing: float) -> None:
    # No jump remains of it: what gives it away is power below the band, and a swing as large as the event.
    samples = slow_part(share)
    beside = Baseline(swing * float(np.abs(samples).max()), 0.0)
    expected = "electrode pop" if share > 0.2 and swing > 1 else None
    assert artefact_cause(samples, 1000.0, 1.0, beside) == expected


@pytest.mark.parametrize("rate", [10.0, 20.0, 34.81, 50.0, 100.0, 128.0, 199.0])
@pytest.mark.parametrize("seconds", [0.5, 3.0])
def test_at_slow_rates_where_all_there_is_lies_below_the_band_no_event_is_a_pop_for_that(
    rate: float, seconds: float
) -> None:
    samples = np.random.default_rng(6).normal(0, 30, max(8, round(seconds * rate)))
    assert artefact_cause(samples, rate, 1.0, Baseline(1.2 * float(np.abs(samples).max()), 0.0)) is None


@pytest.mark.parametrize("rate", [50.0, 80.0, 128.0, 150.0])
def test_contractions_in_slow_recordings_are_muscle(rate: float) -> None:
    samples = np.random.default_rng(7).normal(0, 5, round(300 * rate))
    for second in range(20, 290, 20):
        samples[round(second * rate) : round((second + 3) * rate)] *= 8
    events = detect(from_array(samples, rate)).events
    for second in range(20, 290, 20):
        kinds = {event.kind for event in events if second - 1 < event.onset < second + 4}
        assert kinds == {"spasm"}, second


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1e3, 1e9])
@pytest.mark.parametrize(("seconds", "swing", "jump"), [(0.03, 0.0, 0.5), (0.1, 2.0, 0.0), (3.0, 3.0, 0.0)])
def test_causes_do_not_depend_on_the_unit(factor: float, seconds: float, swing: float, jump: float) -> None:
    samples = np.cumsum(np.random.default_rng(0).normal(0, 30, round(seconds * 1000)))
    peak = float(np.abs(samples).max())
    cause = artefact_cause(samples, 1000.0, 0.3, Baseline(swing * peak, jump * peak))
    assert cause is not None
    scaled = Baseline(swing * peak * factor, jump * peak * factor)
    assert artefact_cause(samples * factor, 1000.0, 0.3 * factor**2, scaled) == cause


def kinds_near(samples: np.ndarray, second: float) -> list[str]:
    return [
        event.kind for event in detect(from_array(samples, 1000.0)).events if abs(event.onset - second) < 0.06
    ]


@pytest.mark.parametrize("height", [40.0, 100.0, -600.0])
def test_twitches_beside_a_pop_stay_twitches(height: float) -> None:
    samples = np.random.default_rng(4).normal(0, 4, 60_000)
    samples[30_000:] += height * np.exp(-np.arange(30_000) / 300)
    for at in (29_300, 30_700):
        samples[at : at + 24] += discharge(1000.0, 60.0)
    assert [kinds_near(samples, second) for second in (29.31, 30.0, 30.71)] == [
        ["twitch"],
        ["artefact"],
        ["twitch"],
    ]


@pytest.mark.parametrize("size", [500.0, 5000.0])
@pytest.mark.parametrize("seconds", [3, 6])
def test_an_electrode_in_the_air_hides_no_twitch_before_or_after(size: float, seconds: int) -> None:
    rng = np.random.default_rng(5)
    samples = rng.normal(0, 4, 90_000)
    stop = 40_000 + 1000 * seconds
    time = np.arange(stop - 40_000) / 1000
    samples[40_000:stop] = rng.normal(0, size / 2, len(time)) + size * np.sin(2 * np.pi * 50 * time)
    samples[40_000:stop] += 8 * size * np.sin(2 * np.pi * 0.4 * time + 1)
    # The hum that was picked up is still expected for up to three seconds (conditioning.mains).
    for at in (39_000, stop + 3500):
        samples[at : at + 24] += discharge(1000.0, 60.0)
    assert kinds_near(samples, 39.01) == kinds_near(samples, stop / 1000 + 3.51) == ["twitch"]
    (event,) = [
        event for event in found_around(samples, 40.0) if event.onset + event.duration > stop / 1000 - 0.5
    ]
    assert (event.kind, event.flags[0]) == ("artefact", "lead-off")

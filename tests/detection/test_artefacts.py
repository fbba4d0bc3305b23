from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.api import detect, from_array
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

"""Edges of whole events: weak ones that build up slowly, close neighbours, gaps, strong ones."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.api import detect, from_array
from emgdetect.config import Profile

if TYPE_CHECKING:
    from emgdetect.types import Event, FloatArray

RATE = 1000
PROFILE = Profile(name="plain")
BEGINS = range(10, 170, 16)


def swelling(rise: float, decibels: float, seed: int, hold: float = 1.5) -> FloatArray:
    """Return noise on which every 16 s a power ``decibels`` above it builds up, and falls, in ``rise`` s."""
    rng = np.random.default_rng(seed)
    time = np.arange(180 * RATE) / RATE
    power = np.ones(len(time))
    for begin in BEGINS:
        after, before = time - begin, begin + 2 * rise + hold - time
        power += 10 ** (decibels / 10) * np.clip(np.minimum(after, before) / rise, 0, 1)
    return np.asarray(5 * np.sqrt(power) * rng.normal(0, 1, len(time)))


def found_in(samples: FloatArray, profile: Profile = PROFILE) -> list[Event]:
    return [event for event in detect(from_array(samples, RATE), profile).events if event.kind != "artefact"]


@pytest.mark.parametrize(("rise", "decibels"), [(0.3, 5.0), (0.6, 5.0), (0.6, 8.0), (1.2, 6.0)])
def test_a_weak_event_begins_and_ends_with_its_ramps(rise: float, decibels: float) -> None:
    onsets, ends = [], []
    for seed in range(3):
        for event in found_in(swelling(rise, decibels, seed)):
            begin = 10 + 16 * round((event.onset - 10) / 16)
            onsets.append(event.onset - begin)
            ends.append(event.onset + event.duration - begin - 2 * rise - 1.5)
    assert len(onsets) >= 25
    # The middle of the ramp, where it stands out, is half a rise later.
    assert abs(float(np.median(onsets))) < 0.2 * rise
    assert abs(float(np.median(ends))) < 0.2 * rise


def test_widened_neighbours_do_not_overlap_even_if_nothing_is_merged() -> None:
    profile = PROFILE.model_copy(update={"edges": PROFILE.edges.model_copy(update={"merge_gap": 0.06})})
    rng = np.random.default_rng(5)
    samples = rng.normal(0, 5, 120 * RATE)
    for begin in range(10, 110, 5):
        for part in range(4):
            first = int((begin + 0.5 * part) * RATE)
            samples[first : first + 380] *= 3.2
    events = found_in(samples, profile)
    assert len(events) > 40
    for earlier, later in pairwise(events):
        assert earlier.sample + earlier.n_samples <= later.sample


def test_a_gap_ends_a_weak_event() -> None:
    samples = swelling(0.6, 6.0, seed=0)
    for begin in BEGINS:
        samples[int((begin + 0.5) * RATE) : int((begin + 0.7) * RATE)] = np.nan
    events = found_in(samples)
    assert len(events) >= 8
    missing = np.isnan(samples)
    assert not any(missing[event.sample : event.sample + event.n_samples].any() for event in events)


def test_a_strong_event_keeps_the_edges_of_its_samples() -> None:
    rng = np.random.default_rng(2)
    samples = rng.normal(0, 5, 120 * RATE)
    for begin in range(10, 110, 10):
        samples[begin * RATE : begin * RATE + 800] *= 8
    events = found_in(samples)
    assert [event.onset for event in events] == pytest.approx(list(range(10, 110, 10)), abs=0.01)
    assert [event.duration for event in events] == pytest.approx([0.8] * 10, abs=0.02)

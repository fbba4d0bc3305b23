from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.config import load_profile
from emgdetect.detection.features import energy_spread
from emgdetect.detection.kinds import SINGLE_DISCHARGE_S, is_single_discharge
from emgdetect.evaluate import Mark, score
from emgdetect.pipeline import detect_stream
from emgdetect.sources.simulate import simulate

FLAG = "single discharge"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60), st.sampled_from([250.0, 1000.0, 1999.9]))
def test_the_spread_is_the_shortest_stretch_that_holds_most(seed: int, count: int, rate: float) -> None:
    samples = np.random.default_rng(seed).normal(0, 1, count)
    energy = samples**2
    # A hair less than four fifths: sums in another order differ in their last bits.
    shortest = min(
        stop - start
        for start in range(count)
        for stop in range(start + 1, count + 1)
        if energy[start:stop].sum() >= (0.8 - 1e-12) * energy.sum()
    )
    assert energy_spread(samples, rate) == pytest.approx(shortest / rate)
    assert energy_spread(1000 * samples, rate) == pytest.approx(shortest / rate)


def test_silence_has_no_spread_and_is_no_discharge() -> None:
    spread = energy_spread(np.zeros(10), 1000.0)
    assert np.isnan(spread)
    assert not is_single_discharge("twitch", spread, 1000.0)


def test_only_brief_twitches_at_fast_rates_are_single_discharges() -> None:
    assert is_single_discharge("twitch", SINGLE_DISCHARGE_S, 400.0)
    assert not is_single_discharge("twitch", 1.1 * SINGLE_DISCHARGE_S, 400.0)
    assert not is_single_discharge("twitch", SINGLE_DISCHARGE_S, 399.0)
    assert not is_single_discharge("burst", SINGLE_DISCHARGE_S, 1000.0)


def test_discharges_are_told_from_jerks_of_the_simulator() -> None:
    right: dict[str, list[bool]] = {"twitch": [], "jerk": []}
    for seed in (5, 6):
        simulation = simulate("clean", seed=seed, duration=1200)
        events = detect_stream(simulation.stream(), load_profile("generic")).events
        found = [event for event in events if event.kind != "artefact"]
        truth = [Mark(one.onset, one.duration, one.trial_type, one.channel) for one in simulation.events]
        marks = [Mark(event.onset, event.duration, event.kind, event.channel) for event in found]
        for true, mark in score(truth, marks, hours=1200 / 3600).pairs:
            kind = truth[true].kind
            if kind in right and found[mark].kind == "twitch":
                right[kind].append((FLAG in found[mark].flags) == (kind == "twitch"))
    assert all(len(answers) > 20 for answers in right.values())
    balanced = np.mean([np.mean(answers) for answers in right.values()])
    # What durations overlap cannot be told apart; a coin would give a half.
    assert balanced > 0.8

"""A sample depends on its place alone, never on how it was asked for."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.sources.simulate import SCENARIOS, SENSORS, Scenario, Simulation, simulate
from emgdetect.types import Chunk, Gap

if TYPE_CHECKING:
    from numpy.typing import NDArray

LENGTH = 40.0
RATE = 125.0


@pytest.fixture(scope="module", params=["uV", "envelope"])
def kept(request: pytest.FixtureRequest, crowded: Scenario) -> tuple[Simulation, NDArray[np.int32]]:
    """A simulation, and all its numbers read at once by another one."""
    sensor = SENSORS["wearable-16bit" if request.param == "uV" else "myoware-envelope"]
    scenario = replace(crowded, duration=LENGTH, sampling_rate=RATE, sensor=sensor)
    whole = Simulation(scenario)
    return Simulation(scenario), whole.fetch(0, whole.n_samples)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, int(LENGTH * RATE)), max_size=12))
def test_any_stretch_in_any_order_is_the_same(
    kept: tuple[Simulation, NDArray[np.int32]], cuts: list[int]
) -> None:
    simulation, whole = kept
    for start, stop in itertools.pairwise(cuts):
        low, high = sorted((start, stop))
        np.testing.assert_array_equal(simulation.fetch(low, high), whole[:, low:high])


@pytest.mark.parametrize("chunk_samples", [1, 7, 333, 10**6])
def test_pieces_of_any_size_hold_the_same_samples(
    kept: tuple[Simulation, NDArray[np.int32]], chunk_samples: int
) -> None:
    simulation, whole = kept
    at = 0
    for piece in simulation.pieces(chunk_samples):
        assert piece.start == at
        if isinstance(piece, Chunk):
            assert piece.data.shape[1] <= chunk_samples
            np.testing.assert_array_equal(piece.data, whole[:, piece.start : piece.stop])
        at = piece.stop
    assert at == simulation.n_samples


def test_pieces_leave_out_what_is_lost(kept: tuple[Simulation, NDArray[np.int32]]) -> None:
    simulation, _ = kept
    assert tuple(p for p in simulation.pieces(1000) if isinstance(p, Gap)) == simulation.gaps
    assert simulation.gaps


def test_one_seed_gives_one_recording_and_another_seed_another() -> None:
    first, again, other = (simulate("snr15", duration=20, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.fetch(0, 20000), again.fetch(0, 20000))
    assert first.events == again.events
    assert first.artefacts == again.artefacts
    assert np.mean(first.fetch(0, 20000) == other.fetch(0, 20000)) < 0.2


def test_channels_have_muscles_of_their_own() -> None:
    left, right = simulate("plm-night", duration=30).fetch(0, 7500).astype(float)
    assert abs(np.corrcoef(np.diff(left), np.diff(right))[0, 1]) < 0.6


def test_events_do_not_change_the_noise_around_them() -> None:
    with_events = simulate(SCENARIOS["snr10"], duration=120)
    without = simulate(replace(SCENARIOS["snr10"], rates=SCENARIOS["rest"].rates), duration=120)
    first = int((with_events.events[0].onset - 0.1) * 1000)
    np.testing.assert_array_equal(with_events.fetch(0, first), without.fetch(0, first))

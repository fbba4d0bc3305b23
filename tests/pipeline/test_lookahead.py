"""Invariant 2: what is final stays, whatever comes after; and final comes within the look-ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.pipeline import Pipeline
from emgdetect.types import Chunk

if TYPE_CHECKING:
    from emgdetect.config import Profile
    from emgdetect.types import RawArray
    from tests.pipeline.conftest import Bench

RATE = 250.0
SECONDS = 90.0


def final_so_far(bench: Bench, samples: RawArray, profile: Profile) -> list[str]:
    """Return what is final without the end being told."""
    pipeline = Pipeline(bench.info(RATE), profile)
    return sorted(repr(event) for event in pipeline.push(Chunk(samples, 0)).events)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 1000),
    stop=st.integers(int(10 * RATE), int(SECONDS * RATE)),
    lookahead=st.sampled_from([0.0, 2.0, 10.0]),
    future=st.sampled_from(["silence", "louder", "other", "nothing measured"]),
)
def test_another_future_does_not_change_what_is_final(
    bench: Bench, seed: int, stop: int, lookahead: float, future: str
) -> None:
    profile = bench.quick(lookahead)
    samples = bench.signal(RATE, SECONDS, seed)
    final = final_so_far(bench, samples[:, :stop], profile)
    changed = samples.copy()
    later = changed[:, stop:]
    later[:] = {
        "silence": np.zeros_like(later),
        "louder": later * 30,
        "other": bench.signal(RATE, SECONDS, seed + 1)[:, stop:],
        "nothing measured": np.full_like(later, np.nan),
    }[future]
    for stream in (samples, changed):
        everything = {repr(event) for event in bench.run(stream, bench.info(RATE), profile).events}
        assert set(final) <= everything


def test_most_events_are_final_long_before_the_end(bench: Bench) -> None:
    # Otherwise the test above would hold for a detector that never decides before the end.
    samples = bench.signal(RATE, SECONDS, seed=5)
    everything = bench.run(samples, bench.info(RATE), bench.quick(5.0)).events
    final = final_so_far(bench, samples, bench.quick(5.0))
    assert len(final) >= 0.7 * len(everything) > 5


@pytest.mark.parametrize("lookahead", [0.0, 5.0, 30.0])
def test_a_lone_event_is_final_after_its_lookahead(bench: Bench, lookahead: float) -> None:
    rng = np.random.default_rng(0)
    samples = rng.normal(0, 5, (1, int(150 * RATE)))
    samples[:, 15000:15100] *= 20
    pipeline = Pipeline(bench.info(RATE), bench.quick(lookahead))
    known_at = None
    for start in range(0, samples.shape[1], 25):
        update = pipeline.push(Chunk(samples[:, start : start + 25], start))
        if any(abs(event.sample - 15000) < 25 for event in update.events) and known_at is None:
            known_at = start + 25
    assert known_at is not None
    # Four seconds: quiet around an island, whole blocks, and the longest scale.
    assert (known_at - 15100) / RATE <= lookahead + 6.0

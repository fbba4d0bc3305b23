"""Provisional events come at once, never disturb final ones, and none of them is left hanging."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.pipeline import Pipeline
from emgdetect.types import Chunk, Gap

if TYPE_CHECKING:
    from emgdetect.types import Event, Unit
    from tests.pipeline.conftest import Bench

RATE = 500.0
LONGEST_SCALE = 0.6


def last_word(events: list[Event]) -> dict[int, Event]:
    """Return the latest announcement of each provisional event; updates come under the same sample."""
    return {event.sample: event for event in events}


def confirms(final: Event, event: Event) -> bool:
    reach = LONGEST_SCALE * RATE
    return (
        final.kind != "artefact"
        and final.sample < event.sample + event.n_samples
        and event.sample - reach < final.sample + final.n_samples
    )


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    stop=st.integers(int(5 * RATE), int(60 * RATE)),
    lookahead=st.sampled_from([0.0, 2.0, 120.0]),
    step=st.sampled_from([20, 50, 333]),
)
def test_each_is_confirmed_or_withdrawn(
    bench: Bench, seed: int, stop: int, lookahead: float, step: int
) -> None:
    samples = bench.signal(RATE, 60.0, seed)[:, :stop]
    info, profile = bench.info(RATE), bench.quick(lookahead)
    told = bench.run(samples, info, profile, cuts=range(0, stop, step), provisional=True)
    silent = bench.run(samples, info, profile)
    assert [repr(event) for event in told.events] == [repr(event) for event in silent.events]
    assert not silent.provisional
    withdrawn = {event.sample for event in told.withdrawn}
    announced = last_word(told.provisional)
    assert withdrawn <= set(announced)
    assert len(withdrawn) == len(told.withdrawn)
    for sample, event in announced.items():
        confirmed = any(confirms(final, event) for final in told.events)
        assert confirmed != (sample in withdrawn)
    assert {event.status for event in told.provisional} <= {"provisional"}
    assert {event.status for event in told.withdrawn} <= {"withdrawn"}


@pytest.mark.parametrize("rate", [10.0, 34.81, 128.0, 250.0, 500.0, 1000.0, 2048.0])
@settings(max_examples=4, deadline=None, derandomize=True)
@given(data=st.data())
def test_what_is_final_does_not_notice_any_look(bench: Bench, rate: float, data: st.DataObject) -> None:
    unit: Unit = data.draw(st.sampled_from(("uV", "adc", "envelope")))
    chunk = max(1, round(data.draw(st.sampled_from([0.005, 0.02, 0.033, 0.05, 0.1])) * rate))
    seed = data.draw(st.integers(0, 10_000))
    values = bench.signal(rate, 20.0, seed, unit)
    if data.draw(st.booleans()):
        values = bench.holes(values, rate, seed)
    first = data.draw(st.integers(0, values.shape[1] // 2))
    gaps = data.draw(st.sampled_from([(), (Gap(first, max(1, int(0.7 * rate)), "lost packets"),)]))
    info, profile = bench.info(rate, unit), bench.quick(2.0)
    cuts = range(0, values.shape[1], chunk)
    silent = bench.run(values, info, profile, gaps=gaps, cuts=cuts)
    told = bench.run(values, info, profile, gaps=gaps, cuts=cuts, provisional=True)
    assert told.fingerprint() == silent.fingerprint()


def test_looks_between_hops_are_at_the_same_places_however_small_chunks_are(bench: Bench) -> None:
    rng = np.random.default_rng(7)
    samples = rng.normal(0, 5, (1, int(30 * RATE)))
    samples[:, int(20 * RATE) : int(23 * RATE)] *= 15
    runs = [
        bench.run(
            samples, bench.info(RATE), bench.quick(), cuts=range(0, samples.shape[1], step), provisional=True
        )
        for step in (1, 2)
    ]
    assert repr(runs[0].provisional) == repr(runs[1].provisional)
    lengths = [event.duration for event in runs[0].provisional if event.sample > 19 * RATE]
    # From its first announcement on, and until it is over for all but the longest scale.
    grown = np.diff([length for length in lengths if 0.2 < length < 2.9])
    assert len(grown) > 80
    # A quarter of a hop, the frame that is left of it, and a lull of the muscle.
    assert grown.max() <= 0.04


@pytest.mark.parametrize("length", [0.05, 0.4, 3.0, 20.0])
def test_announced_within_half_a_second_of_its_end_and_before_it_is_final(
    bench: Bench, length: float
) -> None:
    rng = np.random.default_rng(3)
    samples = rng.normal(0, 5, (1, int(90 * RATE)))
    start, stop = int(50 * RATE), int((50 + length) * RATE)
    samples[:, start:stop] *= 15
    pipeline = Pipeline(bench.info(RATE), bench.quick(20.0), provisional=True)
    announced, final = [], []
    for first in range(0, samples.shape[1], 10):
        update = pipeline.push(Chunk(samples[:, first : first + 10], first))
        announced += [first + 10 for event in update.provisional if start - 50 < event.sample < stop]
        final += [first + 10 for event in update.events if start - 50 < event.sample < stop]
    assert announced
    assert announced[0] <= stop + 0.5 * RATE
    assert announced[0] < final[0]


def test_what_still_goes_on_at_the_end_is_announced_as_ended(bench: Bench) -> None:
    rng = np.random.default_rng(4)
    samples = rng.normal(0, 5, (1, int(30 * RATE)))
    samples[:, int(27 * RATE) :] *= 15
    told = bench.run(samples, bench.info(RATE), bench.quick(), cuts=range(0, 15000, 50), provisional=True)
    event = last_word(told.provisional)[max(last_word(told.provisional))]
    assert event.duration == pytest.approx(3.0, abs=0.2)
    assert not told.withdrawn


def test_an_event_confirmed_while_it_still_runs_is_not_withdrawn(bench: Bench) -> None:
    # With no look-ahead everything is final before the provisional event, held open by its merge gap, ends.
    rng = np.random.default_rng(5)
    samples = rng.normal(0, 5, (1, int(60 * RATE)))
    for start in range(int(20 * RATE), int(40 * RATE), int(2.6 * RATE)):
        samples[:, start : start + 100] *= 15
    told = bench.run(
        samples,
        bench.info(RATE),
        bench.quick(0.0, edges={"merge_gap": 5.0}),
        cuts=range(0, 30000, 50),
        provisional=True,
    )
    assert told.events
    assert told.provisional
    assert not told.withdrawn


@pytest.mark.parametrize("held", [0.3, 1.0, 2.2, 5.0])
def test_what_goes_on_is_told_within_a_tenth_of_a_second_of_being_held(bench: Bench, held: float) -> None:
    rng = np.random.default_rng(6)
    samples = rng.normal(0, 5, (1, int(80 * RATE)))
    start = int(50 * RATE)
    samples[:, start : start + int(20 * RATE)] *= 15
    pipeline = Pipeline(bench.info(RATE), bench.quick(5.0), provisional=True)
    told = (
        first + 20
        for first in range(0, samples.shape[1], 20)
        for event in pipeline.push(Chunk(samples[:, first : first + 20], first)).provisional
        if event.sample + event.n_samples > start and event.duration >= held
    )
    assert held <= (next(told) - start) / RATE <= held + 0.1

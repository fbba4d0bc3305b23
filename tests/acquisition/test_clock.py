"""The clock of a stream, from arrivals that are late by chance."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.acquisition import Estimate, StreamClock, rate_to_use

if TYPE_CHECKING:
    from collections.abc import Iterator

PER_PACKET = 20


def arrivals(
    rate: float, seconds: float, *, seed: int = 0, clump: float = 0.0
) -> Iterator[tuple[int, float]]:
    """Packets of 20 samples, late by 5 ms on average; ``clump`` delivers in bursts that far apart."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    last = 0.0
    for number in range(1, int(seconds * rate / PER_PACKET)):
        made = number * PER_PACKET / rate
        if clump:
            made = (made // clump + 1) * clump
        last = max(last, made + rng.expovariate(200))
        yield number * PER_PACKET, 1000.0 + last


@settings(max_examples=25, deadline=None)
@given(st.floats(-300, 300), st.integers(0, 1000))
def test_drift_is_measured_to_a_few_parts_per_million(ppm: float, seed: int) -> None:
    clock = StreamClock(1000.0)
    for stop, time in arrivals(1000.0 * (1 + ppm / 1e6), 240.0, seed=seed):
        clock.observe(stop, time)
    assert clock.estimate is not None
    assert clock.estimate.ppm(1000.0) == pytest.approx(ppm, abs=30)
    assert abs(clock.estimate.ppm(1000.0) - ppm) < 3e6 * clock.estimate.uncertainty


@pytest.mark.parametrize("clump", [0.0, 0.03, 0.25])
def test_samples_are_placed_within_a_packet_however_they_are_delivered(clump: float) -> None:
    clock = StreamClock(500.0)
    for stop, time in arrivals(500.0 * (1 - 2e-4), 120.0, clump=clump):
        clock.observe(stop, time)
        if stop > 30 * 500:
            placed = clock.time_of(stop)
            assert placed is not None
            # The last sample of a clump was taken just before it was sent.
            assert abs(placed - 1000.0 - stop / (500.0 * (1 - 2e-4))) < PER_PACKET / 500.0


def test_a_step_of_the_drift_keeps_samples_within_a_packet() -> None:
    clock = StreamClock(1000.0)
    turn = 200_000
    fast, slow = 1000.0 * (1 + 2e-4), 1000.0 * (1 - 2e-4)
    rng = random.Random(1)  # noqa: S311 - no secret
    for stop in range(PER_PACKET, 600_000, PER_PACKET):
        true = min(stop, turn) / fast + max(0, stop - turn) / slow
        clock.observe(stop, true + rng.expovariate(200))
        placed = clock.time_of(stop)
        assert placed is not None
        assert abs(placed - true) < PER_PACKET / 1000.0 or stop < 2000
    assert clock.estimate is not None
    assert clock.estimate.ppm(1000.0) == pytest.approx(-200, abs=30)


def test_a_stall_of_29_seconds_does_not_move_the_clock() -> None:
    clock = StreamClock(1000.0)
    for stop, time in arrivals(1000.1, 180.0):
        clock.observe(stop, max(time, 1129.0) if 1100.0 < time < 1129.0 else time)
    assert clock.estimate is not None
    assert clock.estimate.ppm(1000.0) == pytest.approx(100, abs=30)
    expected = clock.expected(1180.0)
    assert expected == pytest.approx(180 * 1000.1, abs=PER_PACKET)


def test_a_rate_that_is_unknown_or_claimed_wrongly_is_found() -> None:
    for claimed in (float("nan"), 0.0, 1000.0):
        clock = StreamClock(claimed)
        assert clock.time_of(0) is None
        for stop, time in arrivals(812.5, 30.0):
            clock.observe(stop, time)
        assert clock.rate == pytest.approx(812.5, rel=5e-4)


def test_a_rate_close_to_the_claimed_one_is_not_guessed_from_a_few_seconds() -> None:
    clock = StreamClock(1000.0)
    for stop, time in arrivals(1000.0, 3.0, clump=0.5):
        clock.observe(stop, time)
    assert clock.rate == 1000.0


def test_memory_does_not_grow() -> None:
    clock = StreamClock(100.0)
    sizes = []
    for stop, time in arrivals(100.0, 4000.0):
        clock.observe(stop, time)
        if stop % 40_000 == 0:
            sizes.append(sum(len(bucket.points) for bucket in clock._closed))
    assert len(sizes) > 5
    assert max(sizes[1:]) < 1.2 * sizes[1]


def test_after_an_uncertain_gap_the_rate_stays_and_the_places_are_new() -> None:
    clock = StreamClock(1000.0)
    for stop, time in arrivals(1000.2, 60.0):
        clock.observe(stop, time)
    clock.set_anew()
    assert clock.rate == pytest.approx(1000.2, rel=1e-4)
    assert clock.expected(1100.0) is None
    clock.observe(100, 1100.0)
    assert clock.expected(1101.0) == pytest.approx(1100.2, abs=0.2)


def test_which_rate_a_stream_is_described_with() -> None:
    assert rate_to_use(1000.0, None) is None
    assert rate_to_use(1000.0, Estimate(990.0, 0.01, 4.0)) is None
    assert rate_to_use(1000.0, Estimate(990.0, 0.01, 6.0)) == 1000.0
    assert rate_to_use(1000.0, Estimate(812.34567, 0.01, 6.0)) is None
    assert rate_to_use(1000.0, Estimate(812.34567, 0.001, 20.0)) == 812.346
    assert rate_to_use(None, Estimate(812.34567, 0.001, 20.0)) == 812.346


@pytest.mark.parametrize("ppm", [-200.0, 60.0, 200.0])
def test_packets_in_a_rhythm_hide_the_drift_for_minutes_only(ppm: float) -> None:
    clock = StreamClock(1000.0)
    sent = 0
    for step in range(round(1800 / 0.05)):
        time = step * 0.05
        # Frames of 25 samples leave with the link's next turn.
        ready = int(time * 1000 * (1 + ppm / 1e6)) // 25 * 25
        if ready > sent:
            sent = ready
            clock.observe(sent, time)
    steady = clock.steady
    assert steady is not None
    assert steady.ppm(1000.0) == pytest.approx(ppm, abs=35)
    clock.set_anew()
    assert clock.steady is None

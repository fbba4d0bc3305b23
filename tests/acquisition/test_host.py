"""Sleep and clock changes, from readings of the computer's clocks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from emgdetect.acquisition import HostClock, Reading, Slept, WallClockSet


@given(st.lists(st.floats(0, 5), max_size=20))
def test_time_that_just_passes_is_no_news(steps: list[float]) -> None:
    clock, now = HostClock(Reading(0.0, 1e9, 50.0)), 0.0
    for step in steps:
        now += step
        assert clock.read(Reading(now, 1e9 + now * 1.0005, 50.0 + now)) == ()


def test_sleep_shows_where_a_clock_stands_still_in_it() -> None:
    clock = HostClock(Reading(0.0, 1e9, 50.0))
    assert clock.read(Reading(8.25, 1e9 + 8.25, 50.25)) == (Slept(8.0),)
    assert clock.read(Reading(8.5, 1e9 + 8.5, 50.5)) == ()


def test_without_such_a_clock_a_long_stop_is_sleep() -> None:
    clock = HostClock(Reading(0.0, 1e9))
    assert clock.read(Reading(8.0, 1e9 + 8)) == ()
    assert clock.read(Reading(3608.0, 1e9 + 3608)) == (Slept(3600.0),)


def test_a_program_that_was_stopped_while_the_computer_was_awake_counts_as_asleep() -> None:
    clock = HostClock(Reading(0.0, 1e9, 0.0))
    assert clock.read(Reading(100.0, 1e9 + 100, 100.0)) == (Slept(100.0),)


def test_a_clock_that_is_set_is_not_sleep() -> None:
    clock = HostClock(Reading(0.0, 1e9, 50.0))
    assert clock.read(Reading(0.25, 1e9 + 7200.25, 50.25)) == (WallClockSet(7200.0),)
    assert clock.read(Reading(0.5, 1e9 + 0.5, 50.5)) == (WallClockSet(-7200.0),)


def test_a_clock_set_during_sleep_shows_as_both() -> None:
    clock = HostClock(Reading(0.0, 1e9, 0.0))
    assert clock.read(Reading(101.0, 1e9 + 161, 1.0)) == (Slept(100.0), WallClockSet(60.0))

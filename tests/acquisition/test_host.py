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
    assert clock.uncounted == 0.0


def test_a_clock_that_stands_still_in_sleep_is_made_up_for() -> None:
    clock = HostClock(Reading(0.0, 1e9, 50.0))
    assert clock.read(Reading(0.25, 1e9 + 3600.25, 3650.25)) == (Slept(3600.0),)
    assert clock.uncounted == 3600.0
    assert clock.read(Reading(0.5, 1e9 + 3600.5, 3650.5)) == ()


def test_a_clock_that_goes_on_in_sleep_needs_no_help() -> None:
    clock = HostClock(Reading(0.0, 1e9))
    assert clock.read(Reading(3600.0, 1e9 + 3600)) == (Slept(3600.0),)
    assert clock.uncounted == 0.0


def test_summer_time_is_not_sleep() -> None:
    clock = HostClock(Reading(0.0, 1e9, 50.0))
    assert clock.read(Reading(0.25, 1e9 + 7200.25, 50.25)) == (WallClockSet(7200.0),)
    assert clock.read(Reading(0.5, 1e9 + 0.5, 50.5)) == (WallClockSet(-7200.0),)
    assert clock.uncounted == 0.0


def test_a_clock_set_during_sleep_shows_as_both() -> None:
    clock = HostClock(Reading(0.0, 1e9, 0.0))
    assert clock.read(Reading(1.0, 1e9 + 161, 101.0)) == (Slept(100.0), WallClockSet(60.0))

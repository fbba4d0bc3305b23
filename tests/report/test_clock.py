from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.report.clock import Clock, zone

NIGHT = datetime(2026, 2, 13, 22, 48, 30, tzinfo=timezone(timedelta(hours=2)))


def test_ticks_stand_at_round_times_of_the_clock() -> None:
    ticks = Clock(NIGHT).ticks(0, 4 * 3600, 5)
    assert ticks == [(690.0 + 3600 * n, text) for n, text in enumerate(("23:00", "00:00", "01:00", "02:00"))]


def test_without_a_start_time_counts_from_zero() -> None:
    clock = Clock(None)
    assert clock.ticks(0, 3600, 4) == [(n * 900.0, f"0:{n * 15:02d}:00") for n in range(4)] + [
        (3600.0, "1:00:00")
    ]
    assert clock.ticks(0, 4, 5)[:2] == [(0.0, "0"), (1.0, "1")]
    assert (clock.text(3723.4567), clock.text(3723.4567, fine=True)) == ("1:02:03", "1:02:03.457")


@pytest.mark.parametrize("stop", [0.4, 4, 59, 600, 7200, 86_400, 400_000])
@given(at_most=st.integers(4, 14))
def test_ticks_are_few_inside_and_evenly_apart(stop: float, at_most: int) -> None:
    for clock in (Clock(None), Clock(NIGHT)):
        ticks = [seconds for seconds, _ in clock.ticks(0, stop, at_most)]
        assert all(0 <= seconds <= stop for seconds in ticks)
        assert len(ticks) <= at_most + 1
        assert len({round(b - a, 6) for a, b in pairwise(ticks)}) <= 1


def test_times_of_day() -> None:
    clock = Clock(NIGHT)
    assert clock.text(1.6) == "22:48:32"
    assert clock.text(1.6004, fine=True) == "22:48:31.600"
    assert clock.minutes(90) == "22:50"
    assert clock.axis_label(10) == "clock time (UTC+02:00)"
    assert Clock(NIGHT.replace(tzinfo=None)).axis_label(10) == "clock time (as the recorder had it)"


def test_the_clock_that_people_had_when_it_changed() -> None:
    spring = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert Clock(spring).minutes(1800) == "03:00"


@pytest.mark.parametrize(("minutes", "text"), [(0, "UTC+00:00"), (-210, "UTC-03:30"), (345, "UTC+05:45")])
def test_offsets(minutes: int, text: str) -> None:
    assert zone(NIGHT.replace(tzinfo=timezone(timedelta(minutes=minutes)))) == text
    assert zone(datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)) == "no time zone"

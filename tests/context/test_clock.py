from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.context.clock import DAY_S, parse_date, parse_moment, seconds_in, seconds_of_day, unwrap


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("22:19:06", 22 * 3600 + 19 * 60 + 6.0), ("22.19.06", 80346.0), ("01:00:00,750", 3600.75),
        ("1:00:00 PM", 46800.0), ("12:00:30 AM", 30.0), ("03:20", 12000.0), ("24:10:00", 87000.0),
        ("7", None), ("12:61:00", None), ("13:00 PM", None), ("noon", None), ("", None),
        ("12:30:15.25", 45015.25),
    ],
)  # fmt: skip
def test_times_of_day(text: str, seconds: float | None) -> None:
    assert seconds_of_day(text) == seconds


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("23.09.2020", False, (date(2020, 9, 23), False)),
        ("2020-09-23", False, (date(2020, 9, 23), False)),
        ("9/23/2020", False, (date(2020, 9, 23), False)),
        ("02/03/2020", False, (date(2020, 3, 2), True)),
        ("02/03/2020", True, (date(2020, 2, 3), False)),
        ("05/05/2020", False, (date(2020, 5, 5), False)),
        ("1.2.21", False, (date(2021, 2, 1), False)),
        ("31.02.2020", False, (None, False)),
        ("later", False, (None, False)),
    ],
)
def test_dates_and_doubts_about_them(
    text: str, month_first: bool, expected: tuple[date | None, bool]
) -> None:
    assert parse_date(text, month_first=month_first) == expected


def test_who_writes_pm_writes_the_month_first() -> None:
    assert parse_moment("2/3/2020 11:30:00 PM") == (datetime(2020, 2, 3, 23, 30), False)  # noqa: DTZ001 - as written
    assert parse_moment("2020-02-03 11:30:00+01:00")[0] == datetime.fromisoformat("2020-02-03T11:30:00+01:00")
    assert parse_moment("at night") == (None, False)


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "x", ""])
def test_seconds_are_finite(text: str) -> None:
    assert seconds_in(text) is None


@given(
    start=st.floats(0, DAY_S - 1),
    first=st.floats(0, DAY_S - 3700),
    steps=st.lists(st.floats(-3600, 11 * 3600), max_size=40),
)
def test_seconds_come_back_from_times_of_day(start: float, first: float, steps: list[float]) -> None:
    onsets = [first]
    for step in steps:
        onsets.append(onsets[-1] + step)
    times = [(start + onset) % DAY_S for onset in onsets]
    assert unwrap(times, start) == pytest.approx(onsets, abs=1e-3)


def test_nothing_to_unwrap() -> None:
    assert unwrap([], 5.0) == []

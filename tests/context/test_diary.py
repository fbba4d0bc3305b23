from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from emgdetect.context.diary import Around, Entry, checked_pain, moment_of, parse_dose, placed
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR = 3600.0


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this computer stand in Berlin: summer time until 25 October 2026, 03:00, from 29 March, 02:00."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system does not let a program change its time zone")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def around(start: str | None, hours: float = 8.0, now: str = "2026-11-21T12:00:00+01:00") -> Around:
    return Around(None if start is None else moment(start), hours * HOUR, moment(now))


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("03:20", "2026-11-20T23:00:00+01:00", "2026-11-21T03:20:00+01:00"),
        ("23:30", "2026-11-20T23:00:00+01:00", "2026-11-20T23:30:00+01:00"),
        ("22:00", "2026-11-20T23:00:00+01:00", "2026-11-20T22:00:00+01:00"),
        ("09:00", "2026-11-20T23:00:00+01:00", "2026-11-21T09:00:00+01:00"),
        ("03:20:15", "2026-11-20T23:00:00+01:00", "2026-11-21T03:20:15+01:00"),
        ("2026-11-18 22:00", "2026-11-20T23:00:00+01:00", "2026-11-18T22:00:00+01:00"),
        ("2026-11-20 22:00+02:00", "2026-11-20T23:00:00+01:00", "2026-11-20T22:00:00+02:00"),
        # The recorder's clock had no zone: neither has what is said beside it.
        ("03:20", "2026-11-20T23:00:00", "2026-11-21T03:20:00"),
        # Recorded in New York, noted down in Berlin: the clock of the night counts.
        ("03:20", "2026-11-20T23:00:00-05:00", "2026-11-21T03:20:00-05:00"),
        # The night the clocks are put back: before and after.
        ("01:30", "2026-10-24T23:00:00+02:00", "2026-10-25T01:30:00+02:00"),
        ("04:30", "2026-10-24T23:00:00+02:00", "2026-10-25T04:30:00+01:00"),
        ("02:30", "2026-10-24T23:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        # Without a start: the last one there was.
        ("03:20", None, "2026-11-21T03:20:00+01:00"),
        ("22:00", None, "2026-11-20T22:00:00+01:00"),
    ],
)
def test_when_it_was(text: str, start: str | None, expected: str) -> None:
    found, _ = moment_of(text, around(start))
    assert found == moment(expected)
    assert found.utcoffset() == moment(expected).utcoffset()


@pytest.mark.usefixtures("berlin")
def test_what_had_to_be_assumed_is_said() -> None:
    assert "came twice" in moment_of("02:30", around("2026-10-24T23:00:00+02:00"))[1]
    assert "recording's zone" in moment_of("03:20", around("2026-11-20T23:00:00-05:00"))[1]
    assert moment_of("03:20", around("2026-11-20T23:00:00+01:00"))[1] == ""


@pytest.mark.usefixtures("berlin")
def test_an_hour_that_was_left_out() -> None:
    with pytest.raises(UsageError, match="did not exist on 2026-03-29"):
        moment_of("02:30", around("2026-03-28T23:00:00+01:00"))


def test_now() -> None:
    assert moment_of("", around(None)) == (moment("2026-11-21T12:00:00+01:00"), "")


@pytest.mark.parametrize("text", ["soon", "25:00", "3.20", "2026-13-01 22:00", "22:00+01:00"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        moment_of(text, around(None))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("300 mg", (300, "mg")), ("0.5ml", (0.5, "ml")), ("2 tablets", (2, "tablets")), ("0,5 l", (0.5, "l"))],
)
def test_doses(text: str, expected: tuple[float, str]) -> None:
    assert parse_dose(text) == expected


@pytest.mark.parametrize("text", ["mg", "0 mg", "-1 mg", "5", "", "1.2.3 mg"])
def test_what_is_no_dose(text: str) -> None:
    with pytest.raises(UsageError, match="is no dose"):
        parse_dose(text)


@pytest.mark.parametrize("pain", [-0.1, 10.1, float("nan"), float("inf")])
def test_pain_has_a_scale(pain: float) -> None:
    assert checked_pain(0) == 0
    assert checked_pain(10) == 10
    with pytest.raises(UsageError, match="0 to 10"):
        checked_pain(pain)


def test_before_during_and_after() -> None:
    start = datetime(2026, 11, 20, 22, tzinfo=UTC)
    times = [start + timedelta(hours=hours) for hours in (9, -2, 0, 7.999, 8)]
    entries = [Entry("note", str(place), one) for place, one in enumerate(times)]
    found = placed(entries, start, 8 * HOUR)
    assert [(one.entry.text, one.when) for one in found] == [
        ("1", "before"), ("2", "during"), ("3", "during"), ("4", "after"), ("0", "after"),
    ]  # fmt: skip
    assert found[0].onset == -2 * HOUR
    assert [one.onset for one in placed(entries, None, 0.0)] == [None] * 5


def test_tags_do_not_mind_case_and_spaces() -> None:
    start = datetime(2026, 11, 20, 22, tzinfo=UTC)
    assert Entry("trigger", "  Red  Wine", start).tag == "red wine"
    assert Entry("note", "red wine", start).tag == ""

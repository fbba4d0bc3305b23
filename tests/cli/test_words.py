from __future__ import annotations

from datetime import datetime

import pytest

from emgdetect.cli.words import clock_time, duration, plural, rate


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 s"),
        (0.25, "0.25 s"),
        (59.9, "59.9 s"),
        (60, "1 min"),
        (65, "1 min 5 s"),
        (3600, "1 h"),
        (3599.6, "1 h"),
        (28740, "7 h 59 min"),
        (90061, "25 h 1 min 1 s"),
    ],
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(("hertz", "words"), [(1000.0, "1000 Hz"), (199.7, "199.7 Hz"), (34.81, "34.81 Hz")])
def test_rate(hertz: float, words: str) -> None:
    assert rate(hertz) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 gaps"), (1, "1 gap"), (1200, "1,200 gaps")])
def test_plural(count: int, words: str) -> None:
    assert plural(count, "gap") == words


def test_a_start_nobody_knows_is_not_made_up() -> None:
    assert clock_time(None) == "not known"


def test_a_start_has_milliseconds() -> None:
    # A recorder's clock without a UTC offset is shown as it is.
    start = datetime(2024, 2, 3, 23, 0, 1, 500_000)  # noqa: DTZ001 - the case shown
    assert clock_time(start) == "2024-02-03 23:00:01.500"

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.report import words
from emgdetect.summary import Spread

NAN = float("nan")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.005, "5.0 ms"),
        (0.0854, "85 ms"),
        (0.9996, "1.00 s"),
        (0.25, "250 ms"),
        (1.0, "1.00 s"),
        (12.34, "12.3 s"),
        (59.97, "1 min"),
        (60, "1 min"),
        (185, "3 min 5 s"),
        (3599.6, "1 h"),
        (27720, "7 h 42 min"),
        (360000, "100 h"),
        (NAN, "\u2013"),
        (None, "\u2013"),
    ],
)
def test_stretches_of_time(seconds: float | None, text: str) -> None:
    assert words.span(seconds).replace(words.FIXED, " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.00123, "0.00123"),
        (1.0, "1.00"),
        (97.04, "97.0"),
        (1611.2, "1,611"),
        (1e9, "1,000,000,000"),
        (-2.5, "-2.50"),
        (NAN, "\u2013"),
        (float("inf"), "\u2013"),
        (None, "\u2013"),
    ],
)
def test_numbers(value: float | None, text: str) -> None:
    assert words.number(value) == text


@given(st.floats(1e-12, 1e12))
def test_a_number_can_be_read_back(value: float) -> None:
    text = words.number(value)
    assert "e" not in text
    assert float(text.replace(",", "")) == pytest.approx(value, rel=6e-3)


@given(st.floats(0, 1))
def test_per_cent_never_pretends(fraction: float) -> None:
    text = words.percent(fraction).replace(words.FIXED, " ")
    assert (text == "0 %") == (fraction == 0)
    assert (text == "100 %") == (fraction == 1)
    assert not text.startswith(("0.0 ", "100.0"))


@given(st.floats(0, 1e6))
def test_only_a_rate_of_nothing_is_zero(value: float) -> None:
    assert (words.per_hour(value).strip("0.") == "") == (value == 0)


@given(st.floats(0, 1))
def test_a_chance_is_never_none_and_never_certain(value: float) -> None:
    text = words.chance(value)
    assert (text == "0.00") == (value == 0)
    assert (text == "1.00") == (value == 1)


def test_counts_lists_and_names() -> None:
    assert words.several(1, "twitch").split() == ["1", "twitch"]
    assert words.several(1200, "twitch").split() == ["1,200", "twitches"]
    assert [words.listed(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
    assert words.shortened("abcdef", 6) == "abcdef"
    assert words.shortened("abcdefg", 6) == "abcde…"


def test_one_value_has_no_quartiles() -> None:
    assert words.quartiles(Spread(1, 2.0, 2.0, 2.0), words.number) == ""
    assert words.quartiles(Spread(2, 2.0, 1.5, 2.5), words.number) == "1.50 to 2.50"
    assert words.quartiles(None, words.number) == ""


def test_ticks_have_a_true_minus() -> None:
    assert [words.tick(value) for value in (-50.0, 0.0, 0.25, 1000.0)] == ["\u221250", "0", "0.25", "1,000"]

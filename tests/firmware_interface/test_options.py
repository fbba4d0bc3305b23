"""Options as people type them."""

from __future__ import annotations

import pytest

from emgdetect.errors import UsageError
from firmware_interface.options import Given

KNOWN = ("rate", "n", "kind", "channels")


def given(**options: str) -> Given:
    return Given("board", options, KNOWN)


def test_what_was_not_given_has_its_default() -> None:
    nothing = given()
    assert nothing.number("rate") is None
    assert nothing.number("rate", 5) == 5
    assert nothing.count("n", 3, 6) == 3
    assert nothing.choice("kind", "raw", ("raw", "env")) == "raw"
    assert nothing.names("channels") == ()
    assert "rate" not in nothing


def test_what_was_given_is_read() -> None:
    said = given(rate=" 12.5 ", n="6", kind="ENV", channels="a, b")
    assert said.number("rate") == 12.5
    assert said.count("n", None, 6) == 6
    assert said.choice("kind", "raw", ("raw", "env")) == "env"
    assert said.names("channels") == ("a", "b")
    assert "rate" in said


@pytest.mark.parametrize("text", ["", "x", "0", "-1", "nan", "inf", "1e999"])
def test_a_number_is_above_zero(text: str) -> None:
    with pytest.raises(UsageError, match="board: option 'rate' must be a number above zero"):
        given(rate=text).number("rate")


@pytest.mark.parametrize("text", ["", "0", "7", "1.0", "²", "-1", "00000001", "9" * 5000])
def test_a_count_is_whole_and_in_range(text: str) -> None:
    with pytest.raises(UsageError, match="whole number from 1 to 6"):
        given(n=text).count("n", None, 6)


@pytest.mark.parametrize("text", ["", "a,", "a,a"])
def test_names_are_different_and_not_empty(text: str) -> None:
    with pytest.raises(UsageError, match="channels"):
        given(channels=text).names("channels")


def test_what_the_device_does_not_have_is_refused() -> None:
    with pytest.raises(UsageError, match=r"there is no option 'baud' \(it has: rate, n, kind, channels\)"):
        given(baud="1")
    with pytest.raises(UsageError, match="it has none"):
        Given("board", {"baud": "1"}, ())
    with pytest.raises(UsageError, match="one of raw, env"):
        given(kind="x").choice("kind", "raw", ("raw", "env"))

"""One line of text to the numbers in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_interface.text.parsing import MOST_FIELDS, parse

INTEGERS = st.integers(-(10**18) + 1, 10**18 - 1)
NAMES = st.from_regex(r"[A-Za-z_][\w.-]{0,9}", fullmatch=True).filter(str.isascii)


@given(numbers=st.lists(INTEGERS, min_size=1, max_size=MOST_FIELDS), between=st.sampled_from(",;\t "))
def test_integers_of_a_line(numbers: list[int], between: str) -> None:
    line = parse(between.join(map(str, numbers)).encode())
    assert line is not None
    assert (line.form, line.keys, line.values) == ("plain", ("",) * len(numbers), tuple(numbers))


@given(numbers=st.dictionaries(NAMES, INTEGERS, min_size=1, max_size=8))
def test_labels_and_json_say_the_same(numbers: dict[str, int]) -> None:
    labelled = parse("\t".join(f"{name}: {value}" for name, value in numbers.items()).encode())
    written = parse(json.dumps({**numbers, "": "text", "?": True}).encode())
    assert labelled is not None
    assert written is not None
    assert (labelled.keys, labelled.values) == (written.keys, written.values)
    assert labelled.values == tuple(numbers.values())


@given(value=st.floats(-1e9, 1e9))
def test_floats_as_sketches_print_them(value: float) -> None:
    line = parse(f"{value:.2f}".encode())
    assert line is not None
    assert line.values == (float(f"{value:.2f}"),)
    assert type(line.values[0]) is float


@given(line=st.binary(max_size=256))
def test_no_bytes_raise(line: bytes) -> None:
    found = parse(line)
    assert found is None or len(found.keys) == len(found.values) > 0


@pytest.mark.parametrize(
    "line",
    [
        *(
            b"",
            b" ",
            b"1,,2",
            b"1 2 x",
            b"0x1F",
            b"1.2.3",
            b"--5",
            b"5-",
            b"raw:1 raw:2",
            b"raw:",
            b"raw:1 2",
        ),
        *(b"{}", b'{"a":"1"}', b'{"a":1', b"[1]", b"\xb2", b"9" * 19, b"1," * 40 + b"1"),
        b'{"a":[' + b"[" * 240,
    ],
)
def test_what_is_no_line_of_numbers(line: bytes) -> None:
    assert parse(line) is None

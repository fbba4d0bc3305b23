"""Lines of a byte stream, however it is cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firmware_interface.lines import LineSplitter

LINES = st.lists(st.binary(max_size=12).map(lambda line: line.replace(b"\n", b".").replace(b"\r", b".")))


@given(lines=LINES, end=st.sampled_from([b"\n", b"\r\n"]), cuts=st.lists(st.integers(0, 200)))
def test_cuts_change_nothing_and_long_lines_are_none(lines: list[bytes], end: bytes, cuts: list[int]) -> None:
    splitter = LineSplitter(longest=9)
    stream = b"".join(line + end for line in lines) + b"rest"
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    found = [line for start, stop in pairwise(places) for line in splitter.feed(stream[start:stop])]
    longest = 9 - (len(end) - 1)
    assert found == [line if len(line) <= longest else None for line in lines]
    splitter.forget()
    assert splitter.feed(b"next\n") == [b"next"]

"""Time stamps of data records: blocks read at once give what each record gives by itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.formats.edf_times import RecordTimes, _read_block

WIDTH = 24
ONSETS = st.decimals(0, 99_999, places=3, allow_nan=False).map(lambda number: f"{number.normalize():f}")
STAMPS = st.tuples(st.sampled_from(["+", "-", ""]), ONSETS).map("".join)


def alone(stamp: str) -> bytes:
    return stamp.encode() + b"\x14\x14\x00"


RECORDS = st.one_of(
    STAMPS.map(alone),
    STAMPS.map(alone),
    STAMPS.map(alone),
    STAMPS.map(lambda stamp: alone(stamp) + b"+1.5\x14abc\x14\x00"),
    STAMPS.map(lambda stamp: stamp.encode() + b"\x14\x14abc\x14\x00"),
    STAMPS.map(lambda stamp: (stamp.encode() + b"\x14\x14" + b"x" * WIDTH)[:WIDTH]),
    st.sampled_from([b"", b"\x14\x14\x00", b"garbage", b"+1.2.3\x14\x14\x00", b"+1\x00\x14\x14\x00"]),
    st.binary(max_size=WIDTH),
)


def column(records: list[bytes]) -> np.ndarray:
    return np.array([list(record[:WIDTH].ljust(WIDTH, b"\x00")) for record in records], np.uint8)


def read(records: list[bytes]) -> RecordTimes:
    times = RecordTimes()
    _read_block(column(records), times)
    return times


@settings(max_examples=300, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=12))
def test_a_block_is_read_as_its_records_one_by_one(records: list[bytes]) -> None:
    together = read(records)
    singly = [read([record]) for record in records]
    assert np.array_equal(together.starts, [one.starts[0] for one in singly], equal_nan=True)
    assert together.decimals == max(one.decimals for one in singly)
    assert together.annotations == [mark for one in singly for mark in one.annotations]


@given(st.lists(STAMPS, min_size=1, max_size=12))
def test_times_alone_are_their_numbers(stamps: list[str]) -> None:
    times = read([alone(stamp) for stamp in stamps])
    assert list(times.starts) == [float(stamp) for stamp in stamps]
    assert times.decimals == max(len(stamp.partition(".")[2]) for stamp in stamps)
    assert times.annotations == []


@pytest.mark.parametrize("filler", [b"", b"\x14", b"\x14\x00"])
def test_a_text_may_fill_its_record_to_the_last_byte(filler: bytes) -> None:
    text = b"x" * (WIDTH - len(b"+12.5\x14\x14" + filler))
    times = read([alone("+11.5"), b"+12.5\x14\x14" + text + filler])
    assert list(times.starts) == [11.5, 12.5]
    assert [mark.text for mark in times.annotations] == [text.decode()]


def test_a_record_that_says_no_time_has_none() -> None:
    times = read([alone("+1"), b"", b"garbage", alone("+4")])
    assert times.starts[0] == 1
    assert math.isnan(times.starts[1])
    assert math.isnan(times.starts[2])
    assert times.starts[3] == 4

"""A calibration survives its file, and gives a floor to the channel it was made of and to no other."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.calibration import KEEPS, Calibration, from_json, initial_floors, to_json
from emgdetect.errors import FormatError
from emgdetect.types import Channel, StreamInfo

EVENING = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
LEFT = Calibration("left", "board", "uV", 1000.0, EVENING, 5.0, (30.0, 400.0), 4.5, 120.0, 50.0, 2.0, "calf")
INFO = StreamInfo(1000.0, (Channel("right", "uV"), Channel("left", "uV")), device="board")

numbers = st.floats(0, 1e6) | st.just(math.nan)


@given(st.text(max_size=20), numbers, numbers, st.datetimes(timezones=st.just(UTC)))
def test_what_is_written_is_read(name: str, rest: float, tense: float, time: datetime) -> None:
    one = replace(LEFT, channel=name, rest=rest, tense=tense, time=time.replace(fold=0))
    (back,) = from_json(to_json([one]))
    # NaN is not equal to itself; as text it is.
    assert repr(back) == repr(one)


def test_it_is_one_line_of_plain_json() -> None:
    text = to_json([replace(LEFT, tense=math.nan)])
    assert "\n" not in text
    assert "NaN" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no calibration"),
        ("[1]", "no calibration"),
        ('{"kind": "something else"}', "no calibration"),
        (to_json([LEFT]).replace('"version": 1', '"version": 2'), "newer"),
        (to_json([LEFT]).replace('"rest": 4.5', '"rest": "loud"'), "damaged"),
        (to_json([LEFT]).replace('"unit": "uV"', '"unit": "mV"'), "damaged"),
        (to_json([LEFT]).replace("+00:00", ""), "damaged"),
        (to_json([LEFT]).replace('"device"', '"gadget"'), "damaged"),
        (to_json([LEFT]).replace("[30.0, 400.0]", "[30.0]"), "damaged"),
    ],
)
def test_anything_else_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        from_json(text, where="calf.json")


def test_the_channel_it_was_made_of_begins_with_its_floor() -> None:
    right, left = initial_floors([LEFT], INFO)
    assert math.isnan(right)
    assert left == 4.5


def test_the_newest_counts() -> None:
    later = replace(LEFT, time=EVENING + timedelta(minutes=5), rest=3.0)
    for known in ([LEFT, later], [later, LEFT]):
        assert initial_floors(known, INFO)[1] == 3.0


@pytest.mark.parametrize(
    "other",
    [
        replace(LEFT, channel="thigh"),
        replace(LEFT, device="other board"),
        replace(LEFT, unit="adc"),
        replace(LEFT, sampling_rate=500.0),
        replace(LEFT, rest=math.nan),
        replace(LEFT, rest=0.0),
    ],
)
def test_one_of_something_else_does_not(other: Calibration) -> None:
    assert math.isnan(initial_floors([other], INFO)[1])


def test_two_sensors_of_a_kind_are_told_apart_by_name() -> None:
    both = [LEFT, replace(LEFT, sensor="thigh", rest=9.0)]
    assert initial_floors(both, INFO, sensor="calf")[1] == 4.5
    assert initial_floors(both, INFO, sensor="thigh")[1] == 9.0
    assert math.isnan(initial_floors(both, INFO, sensor="arm")[1])


@pytest.mark.parametrize(
    ("after", "is_used"),
    [
        (timedelta(0), True),
        (KEEPS, True),
        (KEEPS + timedelta(seconds=1), False),
        (timedelta(minutes=-1), False),
    ],
)
def test_an_old_one_is_left_out(after: timedelta, is_used: bool) -> None:
    assert math.isnan(initial_floors([LEFT], INFO, at=EVENING + after)[1]) is not is_used


def test_an_envelope_is_measured_from_where_it_rests_now() -> None:
    info = StreamInfo(1000.0, (Channel("left", "envelope"),), device="board")
    assert math.isnan(initial_floors([replace(LEFT, unit="envelope")], info)[0])

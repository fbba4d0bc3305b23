from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.context import placement_of, placements, same_place
from emgdetect.errors import UsageError


@pytest.mark.parametrize(
    ("name", "muscle", "side"),
    [
        ("EMG LAT", "tibialis anterior", "left"),
        ("RAT", "tibialis anterior", "right"),
        ("ATL", "tibialis anterior", "left"),
        ("LAT-RAT", "tibialis anterior", ""),
        ("TA left", "tibialis anterior", "left"),
        ("EMG_TA_R", "tibialis anterior", "right"),
        ("Tib ant li", "tibialis anterior", "left"),
        ("m. tibialis anterior rechts", "tibialis anterior", "right"),
        ("RLEG", "leg", "right"),
        ("LeftLeg", "leg", "left"),
        ("Leg/L", "leg", "left"),
        ("LegsR", "leg", "right"),
        ("PLMl", "leg", "left"),
        ("Bein links", "leg", "left"),
        ("Jambe G", "leg", "left"),
        ("Mollet D", "calf", "right"),
        ("Pierna izq", "leg", "left"),
        ("Gamba dx", "leg", "right"),
        ("EMG Chin", "chin", ""),
        ("Chin1-Chin2", "chin", ""),
        ("Kinn", "chin", ""),
        ("submentalis", "chin", ""),
        ("Masseter R", "masseter", "right"),
        ("R. Masseter", "masseter", "right"),
        ("FDS left", "flexor digitorum superficialis", "left"),
        ("Gastrocnemius med. li.", "gastrocnemius medialis", "left"),
        ("biceps femoris R", "biceps femoris", "right"),
        ("Left Bicep", "biceps brachii", "left"),
        ("vastus lateralis", "vastus lateralis", ""),
        ("Right Arm", "arm", "right"),
        ("EMG1", "", ""),
        ("A2", "", ""),
        ("", "", ""),
    ],
)
def test_names_as_laboratories_write_them(name: str, muscle: str, side: str) -> None:
    place = placement_of(name)
    assert (place.muscle, place.side, place.told) == (muscle, side, False)


def test_what_the_user_says_comes_first() -> None:
    found = placements(["EMG1", "TA left"], {"emg1": "left soleus", "TA left": "tongue right"})
    assert (found["EMG1"].muscle, found["EMG1"].side, found["EMG1"].told) == ("soleus", "left", True)
    assert (str(found["TA left"]), found["TA left"].region) == ("tongue, right", "")


def test_a_channel_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="there are: EMG1"):
        placements(["EMG1"], {"EMG2": "left soleus"})


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("TA left", "LeftLeg", True),
        ("LAT", "tibialis anterior links", True),
        ("a", "A", True),
        ("TA left", "RightLeg", False),
        ("TA left", "Soleus left", False),
        ("EMG1", "EMG2", False),
        ("TA left", "TA", False),
    ],
)
def test_two_names_for_one_place(first: str, second: str, same: bool) -> None:
    assert same_place(first, second) is same
    assert same_place(second, first) is same


@given(st.text(max_size=30))
def test_any_name_is_fine(name: str) -> None:
    assert placement_of(name).side in {"left", "right", ""}

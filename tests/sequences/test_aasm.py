"""The AASM rule held to its text; where that is silent, to what docs/sequences.md promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import score
from emgdetect.sequences.aasm import Aasm

if TYPE_CHECKING:
    from emgdetect.sequences import Score
    from tests.sequences.conftest import MakeContext, MakeEvent

SERIES = (100, 120, 140, 160)


def flags(result: Score) -> str:
    return "".join("1" if "PLM" in one.classes else "0" for one in result.movements)


@pytest.mark.parametrize(
    ("interval", "expected"), [(5.0, "1111"), (7.0, "1111"), (90.0, "1111"), (90.005, "0000")]
)
def test_four_in_a_row_at_five_to_ninety_seconds_are_a_series(
    interval: float, expected: str, event: MakeEvent, context: MakeContext
) -> None:
    events = [event(100.005 + interval * turn) for turn in range(4)]
    assert flags(score("aasm", events, context())) == expected


def test_three_in_a_row_are_no_series(event: MakeEvent, context: MakeContext) -> None:
    assert flags(score("aasm", [event(onset) for onset in SERIES[:3]], context())) == "000"


@pytest.mark.parametrize(("duration", "movements"), [(0.495, 0), (0.5, 1), (10.0, 1), (10.005, 0)])
def test_a_movement_lasts_from_half_a_second_to_ten(
    duration: float, movements: int, event: MakeEvent, context: MakeContext
) -> None:
    assert len(score("aasm", [event(100, duration)], context()).movements) == movements


def test_a_movement_that_is_too_long_does_not_end_a_series(event: MakeEvent, context: MakeContext) -> None:
    # It is no leg movement of this rule, so 120 and 160 are neighbours at 40 s. WASM keeps it and ends there.
    events = [event(100), event(120), event(140, 12.0), event(160), event(180)]
    assert flags(score("aasm", events, context())) == "1111"
    assert flags(score("wasm2016", events, context())) == "00000"


@pytest.mark.parametrize(("later", "movements"), [(4.995, 1), (5.0, 2)])
def test_onsets_of_two_legs_below_five_seconds_are_one(
    later: float, movements: int, event: MakeEvent, context: MakeContext
) -> None:
    result = score("aasm", [event(100), event(100 + later, 1.0, "RAT")], context())
    assert len(result.movements) == movements
    assert (result.movements[0].side == "both") == (movements == 1)


def test_the_interval_is_taken_from_the_first_onset_of_both_legs(
    event: MakeEvent, context: MakeContext
) -> None:
    # Left every 93 s, right 4 s later: from right to left it would be 89 s, from first to first it is 93 s.
    events = [event(100 + 93 * turn) for turn in range(4)]
    events += [event(104 + 93 * turn, 1.0, "RAT") for turn in range(4)]
    assert flags(score("aasm", events, context())) == "0000"


def test_a_movement_that_follows_too_soon_is_passed_over_or_ends_the_series(
    event: MakeEvent, context: MakeContext
) -> None:
    # 143 comes 3 s after 140, on the same leg; from 140 to 160 it is 20 s.
    events = [event(onset) for onset in (100, 120, 140, 143, 160)]
    assert flags(score("aasm", events, context())) == "11101"
    assert flags(score("aasm", events, context(), Aasm(short_interval="ends"))) == "00000"
    assert flags(score("wasm2016", events, context())) == "00000"


def test_after_a_gap_nothing_is_passed_over(event: MakeEvent, context: MakeContext) -> None:
    # 143 comes 3 s after 140, but what was before the gap is another night: four from 143 on are a series.
    events = [event(onset) for onset in (140, 143, 163, 183, 203)]
    assert flags(score("aasm", events, context())) == "10111"
    assert flags(score("aasm", events, context(gaps=((141.5, 142.0),)))) == "01111"


def test_movements_in_wake_are_none(event: MakeEvent, context: MakeContext) -> None:
    staged = context(stages=((0.0, 110.0, "N2"), (110.0, 130.0, "W"), (130.0, 7200.0, "N2")))
    result = score("aasm", [event(onset) for onset in (100, 120, 140, 160, 180)], staged)
    # 20 s of wake do not end the series: from 100 to 140 there are 40 s.
    assert flags(result) == "1111"
    assert result.classes[1] == ()
    assert result.index("PLMS index").count == 4
    assert result.index("PLMS index").value == pytest.approx(4 / (7180 / 3600))
    with pytest.raises(KeyError):
        result.index("PLMW index")


@pytest.mark.parametrize(
    ("breath", "scored"),
    [((80.0, 99.49), True), ((80.0, 99.5), False), ((101.5, 120.0), False), ((101.51, 120.0), True)],
)
def test_movements_with_breathing_are_none(
    breath: tuple[float, float], scored: bool, event: MakeEvent, context: MakeContext
) -> None:
    result = score("aasm", [event(100)], context(respiratory=(breath,)))
    assert bool(result.movements) == scored


def test_arousals_are_linked_below_half_a_second(event: MakeEvent, context: MakeContext) -> None:
    arousals = ((98.0, 99.0), (121.4, 125.0), (161.5, 165.0))
    result = score("aasm", [event(onset) for onset in SERIES], context(arousals=arousals))
    assert ["arousal" in one.classes for one in result.movements] == [False, True, False, False]
    assert result.index("PLM with arousal index").count == 1


def test_without_a_hypnogram_nothing_is_called_sleep(event: MakeEvent, context: MakeContext) -> None:
    result = score("aasm", [event(onset) for onset in SERIES], context())
    words = [index.name + " " + index.per for index in result.indices]
    assert not [word for word in words if "sleep" in word or "PLMS" in word]
    assert "movements in wake are among them: there is no hypnogram" in result.notices


@pytest.mark.parametrize("unit", ["adc", "envelope"])
def test_uncalibrated_channels_are_refused(unit: str, event: MakeEvent, context: MakeContext) -> None:
    result = score("aasm", [event(100)], context(unit=unit))  # type: ignore[arg-type]  # from a list
    assert not result.applies
    assert result.refused[0].what == "aasm"


def test_marks_of_a_scorer_are_taken(event: MakeEvent, context: MakeContext) -> None:
    nothing = float("nan")
    marks = [event(onset, peak=nothing, snr_db=nothing) for onset in SERIES]
    assert flags(score("aasm", marks, context(unit=None))) == "1111"

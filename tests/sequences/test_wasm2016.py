"""WASM 2016 held to the conformance vectors that PLMScoRe and SOMAS were run on, and to its text."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import score
from emgdetect.sequences.wasm2016 import SOMAS, Wasm2016

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.sequences import Score
    from tests.sequences.conftest import MakeContext, MakeEvent


def flags(result: Score) -> str:
    """Write the movements as in the vectors: 1 for a periodic one, 0 for any other."""
    return "".join("1" if "PLM" in one.classes else "0" for one in result.movements)


# Onsets in s, durations other than 1 s, flags of PLMScoRe 0.1.3, flags of the series loop of SOMAS.
# PLMScoRe's column was run without the trailing movement that SOMAS needs (its loop loses a run that ends at
# the last one); that movement is more than 90 s away and belongs to nothing, so its flag is 0.
VECTORS = {
    "A": ([100, 110, 120, 130], {}, "1111", "0000"),
    "A+": ([100, 110, 120, 130, 400], {}, "11110", "11110"),
    "B": ([100, 190, 280, 370], {}, "1111", "0000"),
    "B+": ([100, 190, 280, 370, 600], {}, "11110", "00000"),
    "C": ([100, 120, 140, 145, 165, 185, 205], {}, "0001111", "0000000"),
    "C+": ([100, 120, 140, 145, 165, 185, 205, 500], {}, "00011110", "00000000"),
    "D": ([95, 100, 120, 140, 160], {}, "01111", "00000"),
    "D+": ([95, 100, 120, 140, 160, 500], {}, "011110", "000000"),
    "E": ([100, 120, 140, 160, 180, 200, 220], {160: 12.0}, "0000000", "0000000"),
}


@pytest.mark.parametrize("name", VECTORS)
def test_series_are_those_of_plmscore(name: str, event: MakeEvent, context: MakeContext) -> None:
    onsets, longer, expected, _ = VECTORS[name]
    events = [event(onset, longer.get(onset, 1.0)) for onset in onsets]
    assert flags(score("wasm2016", events, context())) == expected


@pytest.mark.parametrize("name", VECTORS)
def test_series_are_those_of_somas_where_asked_for(name: str, event: MakeEvent, context: MakeContext) -> None:
    onsets, longer, _, expected = VECTORS[name]
    events = [event(onset, longer.get(onset, 1.0)) for onset in onsets]
    assert flags(score("wasm2016", events, context(), SOMAS)) == expected


def test_a_movement_that_closes_a_short_interval_may_be_kept_from_starting_a_run(
    event: MakeEvent, context: MakeContext
) -> None:
    strict = Wasm2016(closing_starts=False)
    four_after = [event(onset) for onset in (95, 100, 120, 140, 160)]
    five_after = [*four_after, event(180)]
    assert flags(score("wasm2016", four_after, context(), strict)) == "00000"
    # The movement at 100 is left out of the run, and four remain.
    assert flags(score("wasm2016", five_after, context(), strict)) == "001111"


@pytest.mark.parametrize(("later", "expected", "side"), [(1.4, "1111", "both"), (1.5, "00000000", "left")])
def test_two_legs_are_one_movement_below_half_a_second(
    later: float, expected: str, side: str, event: MakeEvent, context: MakeContext
) -> None:
    # Vectors F and G: the right leg begins 0.4 s and 0.5 s after the left one's end.
    onsets = (100, 120, 140, 160)
    events = [event(onset) for onset in onsets] + [event(onset + later, 1.0, "RAT") for onset in onsets]
    result = score("wasm2016", events, context())
    assert flags(result) == expected
    assert result.movements[0].side == side


def kinds(events: Sequence[object], result: Score) -> list[bool]:
    assert len(result.classes) == len(events)
    return ["CLM" in one.classes for one in result.movements]


@pytest.mark.parametrize(
    ("duration", "movements", "candidate"),
    [(0.495, 0, False), (0.5, 1, True), (10.0, 1, True), (10.005, 1, False)],
)
def test_a_movement_of_one_leg_is_a_candidate_from_half_to_ten_seconds(
    duration: float, movements: int, candidate: bool, event: MakeEvent, context: MakeContext
) -> None:
    result = score("wasm2016", [event(100, duration)], context())
    assert len(result.movements) == movements
    assert any("CLM" in one.classes for one in result.movements) == candidate


@pytest.mark.parametrize(("second", "candidate"), [(8.0, True), (8.005, False)])
def test_a_movement_of_both_legs_is_a_candidate_up_to_fifteen_seconds(
    second: float, candidate: bool, event: MakeEvent, context: MakeContext
) -> None:
    # Left from 100 to 108, right from 107 on: 15 s and a little more in all, no part above 10 s.
    result = score("wasm2016", [event(100, 8.0), event(107, second, "RAT")], context())
    assert len(result.movements) == 1
    assert ("CLM" in result.movements[0].classes) == candidate


def test_a_part_above_ten_seconds_spoils_a_movement_of_both_legs(
    event: MakeEvent, context: MakeContext
) -> None:
    result = score("wasm2016", [event(100, 11.0), event(110, 1.0, "RAT")], context())
    assert [one.classes for one in result.movements] == [("LM", "bilateral")]


@pytest.mark.parametrize(("n_parts", "candidate"), [(4, True), (5, False)])
def test_a_movement_of_both_legs_has_four_parts_at_most(
    n_parts: int, candidate: bool, event: MakeEvent, context: MakeContext
) -> None:
    # Legs take turns every 0.75 s with parts of 1 s: each leg pauses for 0.5 s, so its parts stay apart.
    events = [event(100 + 0.75 * turn, 1.0, ("LAT", "RAT")[turn % 2]) for turn in range(n_parts)]
    result = score("wasm2016", events, context())
    assert len(result.movements) == 1
    assert result.movements[0].events == tuple(range(n_parts))
    assert ("CLM" in result.movements[0].classes) == candidate


@pytest.mark.parametrize(("pause", "movements"), [(0.495, 1), (0.5, 2)])
def test_parts_of_one_leg_are_joined_below_half_a_second(
    pause: float, movements: int, event: MakeEvent, context: MakeContext
) -> None:
    result = score("wasm2016", [event(100, 1.0), event(101 + pause, 1.0)], context())
    assert len(result.movements) == movements


def test_parts_are_joined_before_the_short_ones_are_left_out(event: MakeEvent, context: MakeContext) -> None:
    # 0.2 s, a pause of 0.2 s, 0.2 s: neither part is a movement, together they are one of 0.6 s.
    result = score("wasm2016", [event(100, 0.2), event(100.4, 0.2)], context())
    assert [one.duration for one in result.movements] == [pytest.approx(0.6)]
    assert result.classes == (("LM", "CLM", "isolated"),) * 2


@pytest.mark.parametrize(
    ("interval", "expected"), [(9.995, "0000"), (10.0, "1111"), (90.0, "1111"), (90.005, "0000")]
)
def test_both_limits_of_the_interval_are_included(
    interval: float, expected: str, event: MakeEvent, context: MakeContext
) -> None:
    events = [event(100.005 + interval * turn) for turn in range(4)]
    assert flags(score("wasm2016", events, context())) == expected


@pytest.mark.parametrize("rate", [128.0, 256.0, 199.7, 34.81, 1000 / 3])
def test_ten_seconds_are_ten_seconds_at_any_rate_and_hour(
    rate: float, event: MakeEvent, context: MakeContext
) -> None:
    step = math.ceil(10 * rate - 1e-6)
    first = round(8 * 3600 * rate)
    events = [
        replace(event(0), onset=(first + turn * step) / rate, sample=first + turn * step) for turn in range(5)
    ]
    assert flags(score("wasm2016", events, context(10 * 3600.0))) == "11111"


def test_three_in_a_row_are_no_series(event: MakeEvent, context: MakeContext) -> None:
    result = score("wasm2016", [event(onset) for onset in (100, 120, 140)], context())
    assert flags(result) == "000"
    assert not result.sequences


def test_every_candidate_is_periodic_or_short_or_isolated(event: MakeEvent, context: MakeContext) -> None:
    onsets = (100, 104, 200, 220, 240, 260, 600)
    result = score("wasm2016", [event(onset) for onset in onsets], context())
    # 104 is 4 s after 100; 100 and 600 have no neighbour in reach; the four between are a series.
    words = ["isolated", "short-interval", "PLM", "PLM", "PLM", "PLM", "isolated"]
    assert [one.classes[-1] for one in result.movements] == words
    assert (result.sequences[0].onset, result.sequences[0].duration) == (200, 61)
    assert result.sequences[0].events == (2, 3, 4, 5)
    assert result.index("periodicity index").value == pytest.approx(4 / 7)
    assert result.index("PLM index").value == pytest.approx(4 / 2)
    assert result.index("PLM index").per == "per hour of valid recording"


def test_a_gap_ends_a_series_and_voids_the_interval(event: MakeEvent, context: MakeContext) -> None:
    events = [event(onset) for onset in (100, 120, 140, 160, 180, 200)]
    whole = score("wasm2016", events, context())
    torn = score("wasm2016", events, context(gaps=((150.0, 150.5),)))
    assert flags(whole) == "111111"
    assert flags(torn) == "000000"
    assert len(whole.intervals) == 5
    assert torn.intervals == pytest.approx((20, 20, 20, 20))
    assert torn.index("PLM index").denominator == pytest.approx((7200 - 0.5) / 3600)


@pytest.mark.parametrize(("lost", "expected"), [(9, "11111"), (10, "00000")])
def test_ten_seconds_that_are_not_valid_end_a_series(
    lost: int, expected: str, event: MakeEvent, context: MakeContext
) -> None:
    whole = context(channels=["LAT"])
    site = replace(whole.sites[0], valid=((0.0, 141.5), (141.5 + lost, 7200.0)))
    events = [event(onset) for onset in (100, 120, 140, 160, 180)]
    assert flags(score("wasm2016", events, replace(whole, sites=(site,)))) == expected


def test_a_movement_nobody_could_judge_ends_a_series(event: MakeEvent, context: MakeContext) -> None:
    whole = context(channels=["LAT"])
    site = replace(whole.sites[0], valid=((0.0, 139.0), (142.0, 7200.0)))
    events = [event(onset) for onset in (100, 120, 140, 160, 180)]
    result = score("wasm2016", events, replace(whole, sites=(site,)))
    assert flags(result) == "0000"
    assert result.classes[2] == ()
    assert "1 event begins in time that is not valid in LAT: not counted" in result.notices


SERIES = (100, 120, 140, 160)


@pytest.mark.parametrize(
    ("arousal", "linked"),
    [((98.0, 99.495), False), ((98.0, 99.505), True), ((101.495, 110.0), True), ((101.5, 110.0), False)],
)
def test_arousals_go_with_movements_less_than_half_a_second_away(
    arousal: tuple[float, float], linked: bool, event: MakeEvent, context: MakeContext
) -> None:
    result = score("wasm2016", [event(onset) for onset in SERIES], context(arousals=(arousal,)))
    assert ("arousal" in result.movements[0].classes) == linked
    assert result.index("PLM with arousal index").count == int(linked)


@pytest.mark.parametrize(
    ("end", "linked"), [(89.74, False), (89.75, True), (95.0, True), (103.0, True), (103.01, False)]
)
def test_breathing_reaches_from_two_seconds_before_its_end_to_ten_and_a_quarter_after(
    end: float, linked: bool, event: MakeEvent, context: MakeContext
) -> None:
    # The movement lasts from 100 to 101: end + 10.25 s may be 100 at the least, end - 2 s may be 101 at most.
    result = score("wasm2016", [event(100)], context(respiratory=((end - 20, end),)))
    assert ("respiratory" in result.movements[0].classes) == linked


def test_series_are_found_again_without_respiratory_movements(event: MakeEvent, context: MakeContext) -> None:
    # Five in a row every 20 s; without the third there are two intervals of 20 s and one of 40 s: still four.
    events = [event(onset) for onset in (100, 120, 140, 160, 180)]
    result = score("wasm2016", events, context(respiratory=((120.0, 136.0),)))
    assert flags(result) == "11111"
    assert ["PLMnr" in one.classes for one in result.movements] == [True, True, False, True, True]
    assert result.index("PLMnr index").count == 4
    assert result.index("CLMr index").count == 1


def test_sleep_and_wake_are_told_apart_only_with_a_hypnogram(event: MakeEvent, context: MakeContext) -> None:
    events = [event(onset) for onset in (1000, 1020, 1040, 1060, 3700, 3720, 3740, 3760, 3780)]
    blind = score("wasm2016", events, context())
    names = " ".join(index.name + index.per for index in blind.indices)
    assert "sleep" not in names
    assert "PLMS" not in names
    assert blind.refused[0].what == "indices of sleep and wake"
    staged = score("wasm2016", events, context(stages=((0.0, 3600.0, "N2"), (3600.0, 7200.0, "W"))))
    assert staged.index("PLMS index").value == pytest.approx(4.0)
    assert staged.index("PLMW index").value == pytest.approx(5.0)
    assert staged.index("PLM index in REM sleep").value is None
    assert staged.index("PLMS index").per == "per hour of valid sleep"
    assert [run.stage for run in staged.sequences] == ["N2", "W"]


def test_ln_of_intervals_is_described_both_ways(event: MakeEvent, context: MakeContext) -> None:
    # Intervals 10, 40, 90 and 95 s: the last is out of range. Mean ln = ln(36000) / 3.
    events = [event(onset) for onset in (100, 110, 150, 240, 335)]
    result = score("wasm2016", events, context())
    logs = [math.log(10), math.log(40), math.log(90)]
    centre = sum(logs) / 3
    width = math.sqrt(sum((one - centre) ** 2 for one in logs) / 2)
    assert result.index("mean ln interval").value == pytest.approx(centre)
    assert result.index("SD of ln interval").value == pytest.approx(width)
    assert result.index("geometric mean interval").value == pytest.approx(36000 ** (1 / 3))
    assert result.index("geometric SD of interval").value == pytest.approx(math.exp(width))


def test_with_a_hypnogram_the_intervals_shown_end_in_sleep(event: MakeEvent, context: MakeContext) -> None:
    # 20 s end in sleep, 30 s in wake, 40 s in wake.
    events = [event(onset) for onset in (100, 120, 150, 190)]
    result = score("wasm2016", events, context(stages=((0.0, 130.0, "N2"), (130.0, 7200.0, "W"))))
    assert result.index("geometric mean interval").value == pytest.approx(20)
    assert result.index("geometric mean interval").per == "over intervals that end in valid sleep"
    assert sum(result.histograms[0].counts) == 1
    assert len(result.intervals) == 3


def test_histograms_hold_each_interval_once(event: MakeEvent, context: MakeContext) -> None:
    # 10 s stands on the edge of two bins and belongs to the upper one; 90 s to the last; 95 s to none.
    events = [event(onset) for onset in (100.005, 110.005, 150.005, 240.005, 335.005)]
    linear, logarithmic = score("wasm2016", events, context()).histograms
    assert {linear.edges[place]: n for place, n in enumerate(linear.counts) if n} == {10: 1, 40: 1, 88: 1}
    filled = {logarithmic.edges[place]: n for place, n in enumerate(logarithmic.counts) if n}
    # ln 10 = 2.303, ln 40 = 3.689, ln 90 = 4.4998
    assert filled == pytest.approx({2.3: 1, 3.6: 1, 4.4: 1})
    assert (linear.outside, logarithmic.outside) == (1, 1)


def test_cut_movements_leave_the_durations(event: MakeEvent, context: MakeContext) -> None:
    events = [event(100, 2.0), event(200, 4.0, flags=("truncated",))]
    result = score("wasm2016", events, context())
    assert result.index("mean duration of CLM").value == 2.0
    assert result.index("CLM index").count == 2


def test_counts_of_unknown_gain_are_refused_by_name(event: MakeEvent, context: MakeContext) -> None:
    result = score("wasm2016", [event(100)], context(unit="adc"))
    assert not result.applies
    assert "LAT, RAT" in result.refused[0].reason
    assert "µV" in result.refused[0].reason
    assert result.classes == ((),)
    assert not result.indices


def test_one_uncalibrated_channel_is_left_out_by_name(event: MakeEvent, context: MakeContext) -> None:
    both = context()
    mixed = replace(both, sites=(both.sites[0], replace(both.sites[1], unit="adc")))
    result = score("wasm2016", [event(100), event(100, 1.0, "RAT")], mixed)
    assert result.channels == ("LAT",)
    assert result.refused[0].what == "RAT"
    assert result.movements[0].side == "left"


def test_channels_without_a_side_are_legs_of_their_own(event: MakeEvent, context: MakeContext) -> None:
    result = score(
        "wasm2016",
        [event(100, 1.0, "Leg 1"), event(101.4, 1.0, "Leg 2")],
        context(channels=["Leg 1", "Leg 2"]),
    )
    assert [one.side for one in result.movements] == ["unknown"]
    assert any("the side is not known" in notice for notice in result.notices)
    alone = score("wasm2016", [event(onset, 1.0, "Leg") for onset in SERIES], context(channels=["Leg"]))
    assert flags(alone) == "1111"


def test_a_leg_of_unknown_side_leaves_the_side_of_both_unknown(
    event: MakeEvent, context: MakeContext
) -> None:
    events = [event(100), event(100.2, 1.0, "Leg")]
    result = score("wasm2016", events, context(channels=["LAT", "Leg"]))
    assert [(one.side, one.classes[:2]) for one in result.movements] == [("unknown", ("LM", "bilateral"))]


def test_two_channels_of_one_leg_are_one_leg(event: MakeEvent, context: MakeContext) -> None:
    channels = ["LAT", "left gastrocnemius"]
    events = [event(100, 3.0), event(101, 3.0, channels[1])]
    result = score("wasm2016", events, context(channels=channels))
    assert [(one.side, one.duration, one.classes[0:2]) for one in result.movements] == [
        ("left", 4.0, ("LM", "CLM"))
    ]


def test_a_leg_that_nobody_recorded_has_no_index(event: MakeEvent, context: MakeContext) -> None:
    sided = {"PLM index left", "PLM index right", "PLM index bilateral"}

    def named(*channels: str) -> set[str]:
        result = score("wasm2016", [event(100, 1.0, channels[0])], context(channels=channels))
        return {index.name for index in result.indices} & sided

    assert named("LAT", "RAT") == sided
    assert named("LAT") == set()
    assert named("Leg 1", "Leg 2") == {"PLM index bilateral"}
    assert named("LAT", "Leg 2") == {"PLM index left", "PLM index bilateral"}

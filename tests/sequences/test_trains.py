"""Rules for movements that follow each other at a frequency: alternating legs, feet, quick leg movements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import score

if TYPE_CHECKING:
    from emgdetect.sequences import Score
    from emgdetect.types import Event
    from tests.sequences.conftest import MakeContext, MakeEvent


def extents(result: Score) -> list[tuple[float, int]]:
    """Write sequences as onset and number of movements."""
    return [(one.onset, one.beats) for one in result.sequences]


class TestAlternatingLegs:
    """0.1-0.5 s, changing legs, at least four at 0.5-3 Hz from burst to burst."""

    def walk(self, event: MakeEvent, legs: str, step: float = 0.5, duration: float = 0.2) -> list[Event]:
        channel = {"L": "LAT", "R": "RAT"}
        return [event(100 + step * turn, duration, channel[leg]) for turn, leg in enumerate(legs)]

    @pytest.mark.parametrize(
        ("legs", "expected"),
        [
            ("LRLR", [(100, 4)]),
            ("LRL", []),  # three are too few
            ("LLLL", []),  # one leg only
            ("LRLLRL", []),  # three and three: the leg that comes twice parts them
            ("LRLRRLRL", [(100, 4), (102, 4)]),  # four and four, parted by the same
            ("RLRLRL", [(100, 6)]),
        ],
    )
    def test_bursts_change_legs(
        self, legs: str, expected: list[tuple[float, int]], event: MakeEvent, context: MakeContext
    ) -> None:
        assert extents(score("alma", self.walk(event, legs), context())) == expected

    @pytest.mark.parametrize(
        ("step", "found"), [(0.33, False), (0.335, True), (1.0, True), (2.0, True), (2.005, False)]
    )
    def test_they_follow_at_half_to_three_hertz(
        self, step: float, found: bool, event: MakeEvent, context: MakeContext
    ) -> None:
        # 3 Hz is one every 0.333 s, 0.5 Hz one every 2 s.
        events = self.walk(event, "LRLR", step)
        assert bool(score("alma", events, context()).sequences) == found

    @pytest.mark.parametrize(
        ("duration", "found"), [(0.095, False), (0.1, True), (0.5, True), (0.505, False)]
    )
    def test_bursts_are_brief(
        self, duration: float, found: bool, event: MakeEvent, context: MakeContext
    ) -> None:
        events = self.walk(event, "LRLR", 0.6, duration)
        assert bool(score("alma", events, context()).sequences) == found

    def test_frequency_and_rate(self, event: MakeEvent, context: MakeContext) -> None:
        result = score("alma", self.walk(event, "LRLRL"), context())
        # Four intervals of 0.5 s are 2 Hz; from 100 to 102.2 s; one series in two hours.
        assert result.sequences[0].frequency == pytest.approx(2.0)
        assert result.sequences[0].duration == pytest.approx(2.2)
        assert result.sequences[0].channels == ("LAT", "RAT")
        assert result.index("alternating series").value == pytest.approx(0.5)
        assert result.classes[0] == ("burst", "ALMA")

    def test_one_leg_cannot_alternate(self, event: MakeEvent, context: MakeContext) -> None:
        alone = score("alma", [event(100)], context(channels=["LAT"]))
        assert not alone.applies
        assert alone.refused[0].reason == "needs 2 channels, and has 1"
        same = score("alma", [event(100)], context(channels=["LAT", "left soleus"]))
        assert same.refused[0].reason == "only one leg is seen"
        assert not same.indices

    def test_two_channels_of_unknown_side_may_be_two_legs(
        self, event: MakeEvent, context: MakeContext
    ) -> None:
        legs = ["Leg 1", "Leg 2"]
        events = [event(100 + 0.5 * turn, 0.2, legs[turn % 2]) for turn in range(4)]
        assert extents(score("alma", events, context(channels=legs))) == [(100, 4)]


class TestFeet:
    """0.25-1 s, at least four of a leg at 0.3-4 Hz."""

    @pytest.mark.parametrize(
        ("duration", "found"), [(0.245, False), (0.25, True), (0.7, True), (1.0, True), (1.005, False)]
    )
    def test_bursts_last_a_quarter_to_one_second(
        self, duration: float, found: bool, event: MakeEvent, context: MakeContext
    ) -> None:
        events = [event(100 + 1.2 * turn, duration) for turn in range(4)]
        assert bool(score("foot-tremor", events, context()).sequences) == found

    @pytest.mark.parametrize(
        ("step", "found"), [(0.245, False), (0.25, True), (1.0, True), (3.33, True), (3.335, False)]
    )
    def test_they_follow_at_a_third_to_four_hertz(
        self, step: float, found: bool, event: MakeEvent, context: MakeContext
    ) -> None:
        # 4 Hz is one every 0.25 s, 0.3 Hz one every 3.333 s.
        events = [event(100 + step * turn, 0.25) for turn in range(4)]
        assert bool(score("foot-tremor", events, context()).sequences) == found

    def test_each_leg_is_judged_on_its_own(self, event: MakeEvent, context: MakeContext) -> None:
        # Two on each leg, taking turns: four in all, but two of a leg.
        events = [event(100 + turn, 0.5, ("LAT", "RAT")[turn % 2]) for turn in range(4)]
        assert not score("foot-tremor", events, context()).sequences

    def test_another_movement_between_ends_the_train(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(at, 0.5) for at in (100, 101, 104, 105)] + [event(102, 1.5)]
        assert not score("foot-tremor", events, context()).sequences

    def test_a_movement_that_does_not_fit_begins_no_train(
        self, event: MakeEvent, context: MakeContext
    ) -> None:
        events = [event(99, 1.5)] + [event(at, 0.5) for at in (101, 102, 103)]
        assert not score("foot-tremor", events, context()).sequences

    def test_the_stage_stands_with_the_series(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100 + turn, 0.5) for turn in range(12)]
        result = score("foot-tremor", events, context(stages=((0.0, 300.0, "W"), (300.0, 7200.0, "N1"))))
        assert [(one.stage, one.beats, one.frequency) for one in result.sequences] == [("W", 12, 1.0)]
        assert result.index("rhythmic series", "LAT").count == 1
        assert result.index("rhythmic series", "RAT").count == 0


class TestHighFrequency:
    """At least four discrete movements at 0.3-4 Hz, per hour in bed."""

    @pytest.mark.parametrize(("n", "found"), [(3, False), (4, True)])
    def test_four_make_a_sequence(self, n: int, found: bool, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100 + 0.6 * turn, 0.3) for turn in range(n)]
        assert bool(score("high-frequency", events, context()).sequences) == found

    def test_the_index_is_per_hour_in_bed(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(1000 + 0.6 * turn, 0.3) for turn in range(6)]
        result = score("high-frequency", events, context(in_bed=(600.0, 4200.0)))
        index = result.index("HFLM index", "LAT")
        assert (index.value, index.per) == (1.0, "per hour of valid time in bed")
        plain = score("high-frequency", events, context()).index("HFLM index", "LAT")
        assert (plain.value, plain.per) == (0.5, "per hour of valid recording")

    def test_a_gap_parts_a_sequence(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100 + 0.6 * turn, 0.3) for turn in range(6)]
        torn = score("high-frequency", events, context(gaps=((101.52, 101.7),)))
        assert not torn.sequences

    def test_what_the_detection_joins_is_said(self, event: MakeEvent, context: MakeContext) -> None:
        blurred = score("high-frequency", [event(100)], context(resolution=0.5))
        assert any("joins what pauses for less than 0.5 s" in notice for notice in blurred.notices)
        sharp = score("high-frequency", [event(100)], context(resolution=0.1))
        assert not sharp.notices

"""Large movements: several channels at once, 3-45 s, and nothing else that they could be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import score
from emgdetect.sequences.large_movements import CHILD

if TYPE_CHECKING:
    from tests.sequences.conftest import MakeContext, MakeEvent

CHANNELS = ("LAT", "RAT", "Chin")


@pytest.mark.parametrize(
    ("duration", "found"), [(2.995, False), (3.0, True), (12.4, True), (45.0, True), (45.005, False)]
)
def test_they_last_from_three_to_forty_five_seconds(
    duration: float, found: bool, event: MakeEvent, context: MakeContext
) -> None:
    events = [event(100, duration), event(100, 1.0, "Chin")]
    assert bool(score("large-movements", events, context(channels=CHANNELS)).sequences) == found


def test_in_children_up_to_thirty(event: MakeEvent, context: MakeContext) -> None:
    events = [event(100, 31.0), event(100, 1.0, "Chin")]
    assert score("large-movements", events, context(channels=CHANNELS)).sequences
    assert not score("large-movements", events, context(channels=CHANNELS), CHILD).sequences


def test_one_channel_is_not_enough(event: MakeEvent, context: MakeContext) -> None:
    assert not score("large-movements", [event(100, 10.0)], context(channels=CHANNELS)).sequences
    alone = score("large-movements", [event(100, 10.0)], context(channels=["LAT"]))
    assert not alone.applies


def test_one_channel_with_valid_time_is_not_enough(event: MakeEvent, context: MakeContext) -> None:
    known = context(channels=["LAT", "Chin"])
    dead = replace(known, sites=(known.sites[0], replace(known.sites[1], valid=())))
    result = score("large-movements", [event(100, 10.0)], dead)
    assert result.refused[0].reason == "only one channel has valid time"
    assert not result.indices


@pytest.mark.parametrize(("later", "n"), [(5.495, 1), (5.5, 0)])
def test_pauses_below_half_a_second_do_not_part_them(
    later: float, n: int, event: MakeEvent, context: MakeContext
) -> None:
    # The leg moves for 5 s; the chin follows. Apart, each is in one channel only.
    events = [event(100, 5.0), event(100 + later, 5.0, "Chin")]
    assert len(score("large-movements", events, context(channels=CHANNELS)).sequences) == n


@pytest.mark.parametrize(("duration", "n"), [(14.0, 0), (15.0, 0), (16.0, 1)])
def test_a_movement_of_both_legs_is_another_type(
    duration: float, n: int, event: MakeEvent, context: MakeContext
) -> None:
    events = [event(100, duration), event(100, 5.0, "RAT")]
    assert len(score("large-movements", events, context(channels=CHANNELS)).sequences) == n


def test_index_and_members(event: MakeEvent, context: MakeContext) -> None:
    events = [event(100, 10.0), event(104, 12.0, "Chin"), event(300, 1.0)]
    result = score("large-movements", events, context(channels=CHANNELS))
    movement = result.sequences[0]
    assert (movement.onset, movement.duration, movement.channels) == (100, 16, ("Chin", "LAT"))
    assert movement.events == (0, 1)
    assert result.index("LMM index").value == pytest.approx(0.5)
    assert result.index("median duration").value == 16
    assert result.classes == (("LMM",), ("LMM",), ())

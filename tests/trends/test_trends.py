from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emgdetect.trends import Contrast, Night, NightChannel, Wish, trends
from emgdetect.trends.contrasts import Group, contrasted

if TYPE_CHECKING:
    from tests.trends.conftest import MakeNight

FIRST = datetime.fromisoformat("2026-11-01T22:00:00+01:00")


def test_rates_over_nights(night: MakeNight) -> None:
    found = trends([night(0, 80), night(1, 40), night(2, 30, 6.0)])
    series = found.of("TA left")
    assert [value.rate.per_valid_hour for value in series.nights if value.rate] == [10.0, 5.0, 5.0]
    assert series.pooled.value == pytest.approx(150 / 22)
    assert (series.median.value, series.lowest, series.highest) == (5.0, 5.0, 10.0)
    assert series.n_used == 3
    assert series.pooled.low is None
    assert {one.kind for one in found.series} == {"all", "twitch"}


def test_an_interval_from_five_nights_on(night: MakeNight) -> None:
    pooled = trends([night(day, 40 + 10 * day) for day in range(6)]).of("TA left").pooled
    assert pooled.value is not None
    assert pooled.low is not None
    assert pooled.high is not None
    assert 5.0 <= pooled.low < pooled.value < pooled.high <= 90 / 8


@pytest.mark.parametrize(
    ("hours", "share", "reason"),
    [(3.99, 1.0, "less than 4 h valid"), (5.0, 0.69, "less than 70 % valid"), (0.0, 0.0, "no valid time")],
)
def test_thin_nights_are_shown_and_left_out(
    night: MakeNight, hours: float, share: float, reason: str
) -> None:
    found = trends([night(0, 80), night(1, 400, hours, share=share), night(2, 80)])
    series = found.of("TA left")
    assert [value.reason for value in series.nights] == ["", reason, ""]
    assert series.pooled.value == 10.0
    assert series.nights[1].count == 400
    assert (series.nights[1].rate is None) == (hours == 0)
    assert series.profile[0].count == 160


def test_the_limits_belong_to_the_user(night: MakeNight) -> None:
    short = [night(day, 10, 1.0, share=0.5) for day in range(3)]
    assert trends(short).of("TA left").n_used == 0
    assert trends(short, Wish(min_hours=0.5, min_share=0.4)).of("TA left").n_used == 3


def test_other_settings_are_not_mixed(night: MakeNight) -> None:
    found = trends([night(0, 80), night(1, 800, rules="def"), night(2, 80)])
    series = found.of("TA left")
    assert series.pooled.value == 10.0
    assert series.nights[1].reason == "found with other settings (generic def)"


def test_of_settings_as_frequent_the_newest_count(night: MakeNight) -> None:
    series = trends([night(0, 80), night(1, 40, rules="def")]).of("TA left")
    assert [value.used for value in series.nights] == [False, True]


def test_a_kind_that_was_refused_counts_nothing(night: MakeNight) -> None:
    every = [night(0, 80), night(1, 80), night(2, 0, refused=("twitch",))]
    found = trends(every)
    assert found.of("TA left", "twitch").nights[2].count is None
    assert found.of("TA left").nights[2].reason == "other kinds looked for"


def test_nights_that_were_not_searched_and_channels_that_were_not_there(night: MakeNight) -> None:
    other = replace(night(2, 8), channels=(replace(night(2, 8).channels[0], name="TA right"),))
    nothing = Night("night 3", FIRST, 8 * 3600.0, problem="no detection is stored")
    found = trends([night(0, 80), other, nothing])
    assert [value.reason for value in found.of("TA left").nights] == [
        "",
        "no detection is stored",
        "the channel was not recorded or not searched",
    ]
    assert found.of("TA right").n_used == 1
    with pytest.raises(KeyError):
        found.of("TA right", "spasm")


def test_nothing_at_all(night: MakeNight) -> None:
    empty = trends([])
    assert (empty.nights, empty.series) == ((), ())
    silent = trends([night(0, 0)]).of("TA left")
    assert (silent.pooled.value, silent.first_seen) == (0.0, None)
    dead = trends([night(0, 0, 0.0, share=0.0)]).of("TA left")
    assert (dead.pooled.value, dead.median.value, dead.spread, dead.profile) == (None, None, None, ())


def test_nights_go_by_their_start_over_zones_and_clock_changes(night: MakeNight) -> None:
    zones = {
        "autumn, before": "2026-10-25T02:30:00+02:00",
        "autumn, after": "2026-10-25T02:10:00+01:00",
        "tokyo": "2026-10-25T09:50:00+09:00",
    }
    every = [
        replace(night(0, 8), name=name, start=datetime.fromisoformat(text)) for name, text in zones.items()
    ]
    for order in itertools.permutations([*every, replace(night(0, 8), name="undated", start=None)]):
        found = trends(order)
        assert [one.name for one in found.nights] == ["autumn, before", "tokyo", "autumn, after", "undated"]
    assert any("undated" in line for line in found.notices)
    assert sum("overlap" in line for line in found.notices) == 2


def test_first_seen_looks_at_all_nights(night: MakeNight) -> None:
    found = trends([night(0, 0), night(1, 5, 2.0), night(2, 80)])
    seen = found.of("TA left").first_seen
    assert seen is not None
    assert (seen.night, seen.onset) == (1, 60.0)
    assert seen.time == FIRST + timedelta(days=1, seconds=60)


def test_the_profile_begins_in_the_evening(night: MakeNight) -> None:
    at = [FIRST.replace(hour=hour) for hour in (1, 23, 23, 11)]
    found = trends(
        [
            replace(night(day, 8 + day), start=start, channels=_at(night(day, 8 + day), start.hour))
            for day, start in enumerate(at)
        ]
    )
    profile = found.of("TA left").profile
    assert [(one.hour, one.nights, one.count) for one in profile] == [(23, 2, 19), (1, 1, 8), (11, 1, 11)]
    assert found.by_clock
    assert not trends([night(0, 8, start=None)]).by_clock


def _at(one: Night, hour: int) -> tuple[NightChannel, ...]:
    channel = one.channels[0]
    return (replace(channel, hours=(replace(channel.hours[0], hour=hour),)),)


def test_before_and_after_an_intervention(night: MakeNight) -> None:
    nights = [
        night(day, 80 + day, entries=[("intervention", "new mattress")] if day == 4 else [])
        for day in range(4)
    ]
    nights += [night(day, 40 + day, entries=[("intervention", "New  mattress")]) for day in range(4, 9)]
    (change,) = trends(nights).of("TA left").changes
    assert (change.what, change.kind, change.n_without, change.n_with) == (
        "new mattress",
        "intervention",
        4,
        5,
    )
    assert change.since == FIRST + timedelta(days=4, hours=-1)
    assert change.rate_without == pytest.approx((80 + 81 + 82 + 83) / 32)
    assert change.ratio.value == pytest.approx(((44 + 45 + 46 + 47 + 48) / 40) / (326 / 32))
    assert change.difference.value == pytest.approx(46 / 8 - 81.5 / 8)
    assert change.dominance.value == -1.0
    assert change.ratio.high is not None
    assert change.ratio.high < 1.0


def test_never_from_fewer_than_three_nights_on_a_side(night: MakeNight) -> None:
    nights = [
        night(day, 80, entries=[("trigger", "wine")] if day < 2 else [("note", "x")]) for day in range(9)
    ]
    found = trends(nights)
    (wine,) = found.of("TA left").associations
    assert (wine.n_with, wine.n_without, wine.ratio.value, wine.rate_with) == (2, 7, None, None)
    assert "fewer than 3" in wine.reason
    assert any("fewer than 3" in line for line in found.notices)


def test_only_nights_with_a_diary_can_be_without(night: MakeNight) -> None:
    nights = [night(day, 80, entries=[("trigger", "wine")]) for day in range(3)]
    nights += [night(day, 40, entries=[("note", "nothing")]) for day in range(3, 6)]
    nights += [night(day, 400) for day in range(6, 9)]
    found = trends(nights)
    (wine,) = found.of("TA left").associations
    assert (wine.n_with, wine.n_without) == (3, 3)
    assert wine.ratio.value == pytest.approx(2.0)
    assert any("without any entry" in line and line.endswith("3") for line in found.notices)


def test_left_out_nights_are_on_no_side(night: MakeNight) -> None:
    nights = [night(day, 80, 3.0 if day == 1 else 8.0, entries=[("trigger", "wine")]) for day in range(4)]
    nights += [night(day, 40, entries=[("note", "nothing")]) for day in range(4, 8)]
    (wine,) = trends(nights).of("TA left").associations
    assert (wine.n_with, wine.n_without) == (3, 4)


def test_a_date_by_the_user(night: MakeNight) -> None:
    since = FIRST + timedelta(days=3, hours=-4)
    (change,) = trends([night(day, 80) for day in range(7)], Wish(since=since)).of("TA left").changes
    assert (change.kind, change.n_without, change.n_with, change.ratio.value) == ("date", 3, 4, 1.0)
    naive = trends([night(day, 80) for day in range(7)], Wish(since=since.replace(tzinfo=None)))
    assert naive.of("TA left").changes[0].n_without == 3


def test_many_words_are_a_warning(night: MakeNight) -> None:
    words = [("trigger", "wine"), ("trigger", "walk")]
    nights = [night(day, 80, entries=words if day % 2 else [("note", "x")]) for day in range(8)]
    assert any("by chance" in line for line in trends(nights).notices)


COUNTS = st.lists(st.integers(0, 500), min_size=3, max_size=8)


@settings(deadline=None, max_examples=50)
@given(COUNTS, COUNTS, st.integers(4, 9))
def test_contrasts_by_hand(before: list[int], after: list[int], hours: int) -> None:
    sides = [Group(np.array(counts, float), np.full(len(counts), float(hours))) for counts in (before, after)]
    found = contrasted(Contrast("x", "date", None, 0, 0), *sides)
    pairs = list(itertools.product(after, before))
    delta = sum((b > a) - (b < a) for b, a in pairs) / len(pairs)
    assert found.dominance.value == pytest.approx(delta)
    assert found.difference.value == pytest.approx((np.median(after) - np.median(before)) / hours)
    if sum(before):
        mean = [sum(counts) / len(counts) for counts in (before, after)]
        assert found.ratio.value == pytest.approx(mean[1] / mean[0])
    else:
        assert found.ratio.value is None
    for one in (found.dominance, found.difference):
        assert one.low is not None
        assert one.high is not None
        assert one.low - 1e-9 <= one.high


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0.1, 12)), min_size=1, max_size=12))
def test_the_order_of_nights_does_not_matter(night: MakeNight, values: list[tuple[int, float]]) -> None:
    nights = [night(day, count, hours) for day, (count, hours) in enumerate(values)]
    assert trends(nights) == trends(reversed(nights))

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emgdetect.summary import counted_events, onset_intervals, summarise
from emgdetect.types import Gap, Refusal

if TYPE_CHECKING:
    from tests.summary.conftest import MakeDetection, MakeEvent

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_counts_rates_and_hours_of_a_plain_recording(detection: MakeDetection, event: MakeEvent) -> None:
    found = detection((event(10), event(20, 1.0, "burst"), event(4000)))
    row = summarise(found).row("a", "twitch")
    assert (row.count, row.in_invalid, row.valid_hours) == (2, 0, 2.0)
    assert row.rate is not None
    assert row.rate.per_valid_hour == 1.0
    assert (row.first, row.last) == (10.0, 4000.0)
    assert [(hour.index, hour.start, hour.count) for hour in row.hours] == [(0, 0.0, 1), (1, 3600.0, 1)]
    assert summarise(found).row("a").count == 3
    assert summarise(found).row("a", "spasm").count == 0
    assert row.clock_hours == ()


def test_rows_go_by_channel_then_kind_and_totals_over_channels(
    detection: MakeDetection, event: MakeEvent
) -> None:
    summary = summarise(detection((event(5), event(5, channel="b")), channels=("a", "b")))
    kinds = ["twitch", "burst", "spasm", "all"]
    assert [(row.channel, row.kind) for row in summary.rows] == [
        (name, kind) for name in "ab" for kind in kinds
    ]
    assert {total.kind: total.count for total in summary.totals} == {
        "twitch": 2,
        "burst": 0,
        "spasm": 0,
        "all": 2,
    }
    with pytest.raises(KeyError):
        summary.row("c")


def test_events_in_invalid_time_stand_apart(detection: MakeDetection, event: MakeEvent) -> None:
    found = detection(
        (event(99.9, 5.0, "spasm"), event(100), event(159), event(160)), invalid={(100, 160): "lead-off"}
    )
    summary = summarise(found)
    row = summary.row("a")
    assert (row.count, row.in_invalid) == (2, 2)
    assert row.valid_hours == pytest.approx((7200 - 60) / 3600)
    assert [one.onset for one in counted_events(found, "a")] == [99.9, 160.0]
    assert summary.coverage[0].invalid_seconds == (("lead-off", 60.0),)
    assert row.peak is not None
    assert row.peak.n == 2


def test_truncated_events_count_but_have_no_duration(detection: MakeDetection, event: MakeEvent) -> None:
    found = detection((event(1, 3.0, "spasm"), event(20, 9.0, "spasm", flags=("sustained", "truncated"))))
    row = summarise(found).row("a", "spasm")
    assert (row.count, row.truncated, row.total_duration) == (2, 1, 3.0)
    assert row.duration is not None
    assert (row.duration.n, row.duration.median) == (1, 3.0)
    assert row.active_share == pytest.approx(12 / 7200)


def test_artefacts_are_listed_by_cause_and_never_counted(detection: MakeDetection, event: MakeEvent) -> None:
    found = detection((
        event(1, 0.1, "artefact", flags=("pop",)),
        event(2, 0.3, "artefact", flags=("pop",)),
        event(3, 1.0, "artefact", flags=("motion", "truncated")),
    ))  # fmt: skip
    summary = summarise(found, artefacts=True)
    listed = [(one.cause, one.count, one.seconds) for one in summary.artefacts]
    assert listed == [("motion", 1, 1.0), ("pop", 2, pytest.approx(0.4))]
    assert all(row.count == 0 for row in summary.rows)
    assert summarise(found).artefacts == ()


def test_without_valid_time_there_are_no_rates(detection: MakeDetection, event: MakeEvent) -> None:
    summary = summarise(detection((event(3),), seconds=60, invalid={(0, 60): "flat"}))
    row = summary.row("a")
    assert (row.rate, row.active_share, row.count, row.in_invalid) == (None, None, 0, 1)
    assert [hour.count for hour in row.hours] == [None]
    assert summary.coverage[0].valid_fraction == 0
    assert summary.coverage[0].low
    assert summary.coverage[0].floor is None


def test_a_recording_without_samples(detection: MakeDetection) -> None:
    summary = summarise(detection(seconds=0))
    assert summary.row("a").rate is None
    assert summary.row("a").hours == ()
    assert summary.coverage[0].valid_fraction == 0


def test_seconds_that_nobody_judged_are_not_recorded(detection: MakeDetection) -> None:
    found = detection(seconds=100)
    half = replace(found.quality[0], reason=found.quality[0].reason[:50], floor=found.quality[0].floor[:50])
    summary = summarise(replace(found, quality=(half,)))
    assert summary.coverage[0].invalid_seconds == (("not recorded", 50.0),)
    assert summarise(replace(found, quality=())).row("a").rate is None


def test_a_last_second_that_was_not_completed_weighs_less(detection: MakeDetection) -> None:
    assert summarise(detection(seconds=1800.25)).coverage[0].valid_hours == pytest.approx(1800.25 / 3600)


def test_a_refused_kind_has_no_rate(detection: MakeDetection) -> None:
    no_twitch = Refusal("twitch", "a", "twitches need at least 100 Hz; this file has 1 Hz")
    summary = summarise(replace(detection(), refused=(no_twitch,)))
    assert summary.row("a", "twitch").rate is None
    assert summary.row("a", "twitch").refused == no_twitch.reason
    assert summary.row("a", "burst").rate is not None
    assert summary.row("a").refused == ""
    nothing = tuple(replace(no_twitch, kind=kind) for kind in ("twitch", "burst", "spasm"))
    assert summarise(replace(detection(), refused=nothing)).row("a").rate is None


@pytest.mark.parametrize(
    ("invalid", "gaps", "expected"),
    [
        ({}, (), [20.0, 20.0]),
        ({(35, 44): "flat"}, (), [20.0, 20.0]),
        ({(35, 45): "flat"}, (), [20.0]),
        ({}, (Gap(3500, 1, "lost packets"),), [20.0]),
        ({(5, 9): "flat", (12, 15): "flat"}, (Gap(900, 50, "sleep"), Gap(5100, 900, "sleep")), [20.0, 20.0]),
        ({(30, 31): "flat"}, (), []),
    ],
    ids=["plain", "9 s lost", "10 s lost", "a gap", "losses outside", "an event in invalid time"],
)
def test_intervals_never_cross_lost_time(
    detection: MakeDetection,
    event: MakeEvent,
    invalid: dict[tuple[int, int], str],
    gaps: tuple[Gap, ...],
    expected: list[float],
) -> None:
    found = detection((event(10), event(30), event(50)), invalid=invalid, gaps=gaps)
    assert onset_intervals(found, "a").tolist() == pytest.approx(expected)


def test_intervals_are_between_events_of_the_same_kind_and_channel(
    detection: MakeDetection, event: MakeEvent
) -> None:
    found = detection(
        (event(10), event(12, 1.0, "burst"), event(13, channel="b"), event(30)), channels=("a", "b")
    )
    assert onset_intervals(found, "a", "twitch").tolist() == [20.0]
    assert onset_intervals(found, "a").tolist() == [2.0, 18.0]
    assert onset_intervals(found, "b").tolist() == []


def test_coverage_tells_recorded_from_valid(detection: MakeDetection) -> None:
    gaps = (Gap(10_000, 6_000, "disconnect"), Gap(50_000, 1, "lost packets"))
    found = detection(seconds=3600, invalid={(100, 160): "gap", (0, 6): "settling"}, gaps=gaps)
    (cover,) = summarise(found).coverage
    assert cover.gaps == 2
    assert cover.gap_seconds == pytest.approx(60.01)
    assert cover.recorded_hours == pytest.approx((3600 - 60.01) / 3600)
    assert cover.valid_fraction == pytest.approx((3534 - 0.01) / 3600)
    assert dict(cover.invalid_seconds) == pytest.approx({"gap": 60.01, "settling": 6.0})
    assert [reason for reason, _ in cover.invalid_seconds] == ["gap", "settling"]
    assert cover.floor is not None
    assert cover.floor.median == 2.0
    assert not cover.low


def test_hours_of_the_clock_begin_at_full_hours(detection: MakeDetection, event: MakeEvent) -> None:
    start = datetime(2026, 11, 20, 22, 37, 10)  # noqa: DTZ001 - the clock of a recorder
    found = detection((event(0), event(1369.99), event(1370)), seconds=5000, start=start)
    hours = summarise(found).row("a").clock_hours
    assert [(hour.clock.hour if hour.clock else None, hour.start, hour.count) for hour in hours] == [
        (22, 0.0, 2),
        (23, 1370.0, 1),
        (0, 4970.0, 0),
    ]
    assert [hour.recorded_seconds for hour in hours] == [1370, 3600, 30]
    assert [hour.clock for hour in summarise(found).row("a").hours] == [
        start,
        datetime(2026, 11, 20, 23, 37, 10),  # noqa: DTZ001 - the clock of a recorder
    ]


def test_the_clock_goes_back_in_autumn(detection: MakeDetection) -> None:
    start = datetime(2026, 10, 25, 1, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    hours = summarise(detection(seconds=4 * 3600, start=start)).row("a").clock_hours
    assert [hour.clock.hour for hour in hours if hour.clock] == [1, 2, 2, 3]
    assert hours[3].clock == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "invalid", "enough"),
    [(3600, 3001, False), (3600, 3000, True), (100, 50, True), (100, 51, False), (100, 100, False)],
)
def test_an_hour_with_little_valid_time_is_not_to_be_shown(
    detection: MakeDetection, seconds: int, invalid: int, *, enough: bool
) -> None:
    (hour,) = summarise(detection(seconds=seconds, invalid={(0, invalid): "flat"})).row("a").hours
    assert hour.enough is enough


@SHARED
@given(
    onsets=st.lists(st.integers(0, 899_999), max_size=40),
    lost=st.tuples(st.integers(0, 9000), st.integers(1, 4000)),
    minute=st.integers(0, 59),
)
def test_hours_add_up(
    detection: MakeDetection, event: MakeEvent, onsets: list[int], lost: tuple[int, int], minute: int
) -> None:
    found = detection(
        tuple(event(sample / 100) for sample in onsets),
        seconds=9000.5,
        invalid={(lost[0], sum(lost)): "mains"},
        start=datetime(2026, 1, 1, 23, minute, 59, 250_000, tzinfo=UTC),
    )
    row = summarise(found).row("a")
    outside = sum(lost[0] <= sample // 100 < sum(lost) for sample in onsets)
    assert (row.count, row.in_invalid) == (len(onsets) - outside, outside)
    for hours in (row.hours, row.clock_hours):
        assert sum(hour.count or 0 for hour in hours) == row.count
        assert sum(hour.valid_seconds for hour in hours) == pytest.approx(row.valid_hours * 3600)
        assert sum(hour.recorded_seconds for hour in hours) == pytest.approx(9000.5)


@SHARED
@given(
    spans=st.lists(st.tuples(st.integers(0, 5_000), st.integers(1, 800)), min_size=1, max_size=12),
    lost=st.tuples(st.integers(0, 59), st.integers(1, 20)),
)
def test_active_share_is_counted_sample_by_sample(
    detection: MakeDetection, event: MakeEvent, spans: list[tuple[int, int]], lost: tuple[int, int]
) -> None:
    found = detection(
        tuple(event(start / 100, length / 100, "burst") for start, length in spans),
        seconds=60,
        invalid={(lost[0], sum(lost)): "flat"},
    )
    valid = np.ones(6000, dtype=bool)
    valid[lost[0] * 100 : sum(lost) * 100] = False
    active = np.zeros(6000, dtype=bool)
    for start, length in spans:
        if valid[start]:
            active[start : start + length] = True
    assert summarise(found).row("a", "burst").active_share == pytest.approx(
        (active & valid).sum() / valid.sum()
    )


def test_ten_thousand_events(detection: MakeDetection, event: MakeEvent) -> None:
    found = detection(tuple(event(i * 2.5) for i in range(10_000)), seconds=25_000)
    row = summarise(found).row("a")
    assert row.count == 10_000
    assert row.intervals is not None
    assert (row.intervals.spread.n, row.intervals.spread.median) == (9_999, 2.5)
    assert row.intervals.log_mean == pytest.approx(2.5)


def test_a_second_that_is_partly_a_gap_is_valid_for_the_rest(detection: MakeDetection) -> None:
    # Half a second is missing in one second, and a quarter each in two that touch.
    gaps = (Gap(1050, 50, "lost packets"), Gap(3075, 50, "lost packets"))
    (cover,) = summarise(detection(seconds=60, gaps=gaps)).coverage
    assert cover.valid_hours * 3600 == pytest.approx(59)
    assert dict(cover.invalid_seconds) == pytest.approx({"gap": 1.0})
    assert cover.valid_hours <= cover.recorded_hours


def test_what_is_invalid_for_another_reason_is_not_counted_twice(detection: MakeDetection) -> None:
    gaps = (Gap(1050, 150, "lost packets"),)
    invalid = {(10, 11): "flat", (11, 12): "gap"}
    (cover,) = summarise(detection(seconds=60, gaps=gaps, invalid=invalid)).coverage
    assert dict(cover.invalid_seconds) == pytest.approx({"gap": 1.5, "flat": 0.5})
    assert cover.valid_hours * 3600 == pytest.approx(58)


@SHARED
@given(
    edges=st.lists(st.integers(0, 20_000), max_size=20, unique=True),
    n_samples=st.integers(1, 20_000),
    lost=st.tuples(st.integers(0, 150), st.integers(0, 60)),
)
def test_recorded_time_is_never_less_than_valid_time_and_all_time_has_a_reason(
    detection: MakeDetection, edges: list[int], n_samples: int, lost: tuple[int, int]
) -> None:
    inside = sorted(edge for edge in edges if edge < n_samples)
    gaps = tuple(Gap(a, b - a, "x") for a, b in zip(inside[::2], inside[1::2], strict=False))
    found = detection(seconds=n_samples / 100, gaps=gaps, invalid={(lost[0], sum(lost)): "mains"})
    summary = summarise(found)
    (cover,) = summary.coverage
    missing = np.zeros(n_samples, dtype=bool)
    for gap in gaps:
        missing[gap.start : gap.stop] = True
    mains = np.zeros(n_samples, dtype=bool)
    mains[lost[0] * 100 : sum(lost) * 100] = True
    assert cover.valid_hours * 3600 == pytest.approx((~missing & ~mains).sum() / 100, abs=1e-6)
    assert cover.valid_hours <= cover.recorded_hours
    total = sum(seconds for _, seconds in cover.invalid_seconds) + cover.valid_hours * 3600
    assert total == pytest.approx(n_samples / 100, abs=1e-6)
    assert sum(hour.valid_seconds for hour in summary.row("a").hours) == pytest.approx(
        cover.valid_hours * 3600, abs=1e-6
    )

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.report import axis, canvas, hourly, overview
from emgdetect.report.lost import Stretch, lost_stretches
from emgdetect.report.material import gather
from emgdetect.report.options import ReportOptions
from emgdetect.summary import summarise
from emgdetect.types import Gap, Quality

if TYPE_CHECKING:
    from emgdetect.report.material import Material
    from emgdetect.types import Detection
    from tests.report.conftest import Maker


def material_of(detection: Detection) -> Material:
    return gather(detection, summarise(detection), None, ReportOptions())


def with_reasons(make: Maker, reasons: list[int], gaps: tuple[Gap, ...] = ()) -> Detection:
    reason = np.array(reasons, np.uint8)
    quality = Quality("leg", 0, np.full(reason.size, 4.0, np.float32), reason)
    return make.detection(reason.size, quality=(quality,), gaps=gaps)


def test_lost_time_has_its_cause(make: Maker) -> None:
    gap = Gap(round(7 * make.rate), round(2 * make.rate), "sleep")
    found = lost_stretches(with_reasons(make, [8, 0, 5, 5, 4, 0, 0, 1, 1, 0], (gap,)), "leg", at_least=0)
    assert found == [Stretch(0, 1, "settling"), Stretch(2, 5, "lead-off"), Stretch(7, 9, "gap: sleep")]


def test_a_lost_second_in_a_night_stays_visible(make: Maker) -> None:
    reasons = [0] * 1000
    reasons[500] = reasons[503] = 4
    (only,) = lost_stretches(with_reasons(make, reasons), "leg", at_least=10)
    assert (only.start, only.stop) == (500, 510)


def test_seconds_nobody_judged_are_lost(make: Maker) -> None:
    (only,) = lost_stretches(make.detection(30, quality=()), "leg", at_least=0)
    assert only == Stretch(0, 30, "not recorded")


@pytest.mark.parametrize("duration", [4, 90, 1800, 2 * 3600, 5 * 3600])
def test_every_counted_event_is_in_one_bar(make: Maker, duration: int) -> None:
    material = material_of(make.busy(duration + 20, 60))
    table = hourly.bins(material, "leg")
    for kind in ("twitch", "burst", "spasm"):
        row = material.summary.row("leg", kind)
        assert sum(one.counts[kind] for one in table) == row.count
    assert sum(one.valid_seconds for one in table) == pytest.approx(
        material.summary.coverage[0].valid_hours * 3600
    )
    assert [a.stop for a in table[:-1]] == pytest.approx([b.start for b in table[1:]])
    assert table[-1].stop == pytest.approx(material.duration)


def test_bars_of_a_night_are_the_summary_s_clock_hours(make: Maker) -> None:
    material = material_of(make.busy(5 * 3600, 60))
    hours = material.summary.row("leg").clock_hours
    table = hourly.bins(material, "leg")
    assert [sum(one.counts.values()) for one in table] == [hour.count for hour in hours]
    assert hourly.step_words(material) == "hour of the clock"


def test_a_bar_without_valid_time_is_not_a_zero(make: Maker) -> None:
    material = material_of(with_reasons(make, [0] * 50 + [5] * 50))
    assert [one.enough for one in hourly.bins(material, "leg")] == [True] * 10 + [False] * 10


@given(st.integers(1, 2000), st.integers(20, 300))
def test_thinning_keeps_the_largest_and_stays_in_bounds(make: Maker, n_events: int, budget: int) -> None:
    rng = np.random.default_rng(n_events)
    events = [make.event(float(t), 0.1, peak=float(p)) for t, p in rng.uniform(1, 5000, (n_events, 2))]
    kept = overview.thinned(events, 1.0, budget)
    assert len(kept) <= budget + 1
    assert max(event.peak for event in kept) == max(event.peak for event in events)


def test_the_background_is_that_of_valid_seconds(make: Maker) -> None:
    quality = Quality(
        "leg", 0, np.array([9, 1, 2, np.nan, 4], np.float32), np.array([4, 0, 0, 0, 0], np.uint8)
    )
    times, low, middle, high = overview.floor_trace(material_of(make.detection(5, quality=(quality,))), "leg")
    np.testing.assert_array_equal(times, np.arange(5) + 0.5)
    for values in (low, middle, high):
        np.testing.assert_array_equal(values, [np.nan, 1, 2, np.nan, 4])


def test_the_background_of_a_day_is_drawn_with_few_points(make: Maker) -> None:
    floor = np.random.default_rng(1).uniform(2, 6, 86_400).astype(np.float32)
    quality = Quality("leg", 0, floor, np.zeros(86_400, np.uint8))
    _, low, middle, high = overview.floor_trace(
        material_of(make.detection(86_400, quality=(quality,))), "leg"
    )
    assert low.size <= 400
    assert np.all((low <= middle) & (middle <= high))
    assert (low.min(), high.max()) == (floor.min(), floor.max())


@given(st.floats(1e-9, 1e9), st.floats(1.01, 1e9), st.integers(1, 8))
def test_logarithmic_ticks_are_few_and_inside(low: float, ratio: float, at_most: int) -> None:
    ticks = axis.log_ticks(low, low * ratio, at_most)
    assert len(ticks) <= at_most
    assert all(low <= tick <= low * ratio for tick in ticks)


def test_limits_hold_every_value() -> None:
    assert axis.limits([]) == (1.0, 10.0)
    low, high = axis.limits([5.0, 80.0, -1.0, 0.0])
    assert 0 < low < 5
    assert high > 80
    low, high = axis.limits([7.0])
    assert low < 7 < high


def test_only_tags_are_rewritten() -> None:
    inner = '<text id="b">id="c" url(#d) x="1.23456"</text><use xlink:href="#a"/>'
    svg = f'<svg viewBox="0 0 1 1"><g id="a">{inner}</g></svg>'
    text = canvas.embedded(svg, "n", "what & why")
    assert 'id="c" url(#d) x="1.23456"' in text
    assert '<g id="n-a">' in text
    assert '<use href="#n-a"/>' in text
    assert "<title>what &amp; why</title>" in text
    assert 'id="b"' not in text


def test_both_widths_show_the_same_channels(make: Maker) -> None:
    material = material_of(replace(make, start=None).busy(600, 20, ("first leg", "second leg")))
    with canvas.drawing_style():
        wide, narrow = (overview.overview(material, one) for one in (overview.WIDE, overview.NARROW))
    for name in ("first leg", "second leg"):
        assert name in wide
        assert name in narrow
    assert 'viewBox="0 0 358 ' in narrow

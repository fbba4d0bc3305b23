"""How many weak brief events were believed lately: what counts, for how long, and what stands in at first."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.detection.company import Company
from emgdetect.detection.confidence import Findings, first_glance

WEAK = Findings(
    margin_db=4.5,
    sharp_db=4.0,
    level_db=12.0,
    peak_db=18.0,
    around_db=0.0,
    surge_db=0.0,
    evidence=60.0,
    seconds=0.03,
    dense=False,
)
"""Brief, near its threshold, and believed at first glance."""
DOUBTED = replace(WEAK, margin_db=0.1, sharp_db=-3.0, around_db=6.0, evidence=7.0)
HALF_HOUR = 1800.0
USUAL = 20.0
"""Weak brief events in an hour of a night that nothing is known of yet: one in three minutes."""


def met(times: list[float], found: Findings = WEAK) -> Company:
    company = Company()
    for seconds in times:
        company.meet(found, seconds)
    return company


def test_the_events_here_are_what_they_are_meant_to_be() -> None:
    assert first_glance(WEAK) > 0 > first_glance(DOUBTED)


@pytest.mark.parametrize("rate", [30, 120, 600])
def test_the_rate_is_that_of_the_last_half_hour(rate: int) -> None:
    times = np.arange(0, 7200, 3600 / rate).tolist()
    # One event and three minutes more than were seen weigh little beside half an hour of many.
    assert met(times).per_hour(7200.0) == pytest.approx(rate, rel=0.1)


def test_in_the_beginning_it_is_the_usual_one_and_is_drawn_to_what_was_seen() -> None:
    assert Company().per_hour(0.0) == pytest.approx(USUAL)
    seconds = [0.0, 60.0, 300.0, 1000.0, HALF_HOUR]
    alone = [Company().per_hour(at) for at in seconds]
    assert alone == sorted(alone, reverse=True)
    assert alone[-1] < USUAL / 5
    crowd = [met(np.arange(0, at, 10.0).tolist()).per_hour(at) for at in seconds]
    assert crowd == sorted(crowd)
    assert crowd[-1] > 0.8 * 360


@given(st.floats(HALF_HOUR, 1e6), st.floats(0, 1e6))
def test_a_night_that_shows_none_stays_as_it_is(seconds: float, more: float) -> None:
    assert Company().per_hour(seconds) == Company().per_hour(seconds + more)
    assert 0 < Company().per_hour(seconds) < 2


def test_after_half_an_hour_an_event_is_forgotten() -> None:
    start = 4000.0
    company = met([start])
    one, none = company.per_hour(start + HALF_HOUR - 1), Company().per_hour(start + HALF_HOUR - 1)
    assert one == pytest.approx(2 * none)
    assert company.per_hour(start + HALF_HOUR + 1) == none


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 6000), max_size=40), st.floats(0, 3000))
def test_it_is_one_more_than_were_seen_over_three_minutes_more(times: list[float], later: float) -> None:
    times = sorted(times)
    now = (times[-1] if times else 0.0) + later
    seen = sum(now - HALF_HOUR <= at for at in times)
    known = min(now, HALF_HOUR)
    assert met(times).per_hour(now) == pytest.approx(3600 * (seen + 1) / (known + 180))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 6000), max_size=30), st.lists(st.floats(0, 6000), max_size=30))
def test_asking_in_between_changes_nothing(times: list[float], questions: list[float]) -> None:
    asked, quiet = Company(), met(sorted(times))
    for at, is_event in sorted([(one, True) for one in times] + [(one, False) for one in questions]):
        if is_event:
            asked.meet(WEAK, at)
        else:
            asked.per_hour(at)
    end = 6000.0
    assert asked.per_hour(end) == quiet.per_hour(end)


@pytest.mark.parametrize(
    "other",
    [
        replace(WEAK, margin_db=5.1),  # strong: nobody doubts it
        replace(WEAK, margin_db=40.0),
        replace(WEAK, seconds=0.21),  # not brief
        replace(WEAK, seconds=3.0),
        replace(WEAK, margin_db=-0.1, level_db=20.0),  # believed on the floor's word alone
        DOUBTED,
    ],
)
def test_others_are_no_company(other: Findings) -> None:
    assert met([100.0, 200.0, 300.0], other).per_hour(400.0) == Company().per_hour(400.0)
    assert met([100.0, 200.0, 300.0]).per_hour(400.0) == pytest.approx(4 * Company().per_hour(400.0))


def test_nights_of_events_take_no_more_room_than_half_an_hour_of_them() -> None:
    company = Company()
    sizes = []
    for hour in range(1, 9):
        for at in np.arange(3600 * (hour - 1), 3600 * hour, 2.0).tolist():
            company.per_hour(at)
            company.meet(WEAK, at)
        sizes.append(len(pickle.dumps(company)))
    assert max(sizes) <= 1.05 * sizes[0]

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.detection.confidence import (
    COMPANY_WEIGHTS,
    WEIGHTS,
    Findings,
    confidence_of,
    first_glance,
    measures,
    with_company,
)

TYPICAL = Findings(
    margin_db=3.0,
    sharp_db=2.0,
    level_db=12.0,
    peak_db=18.0,
    around_db=0.0,
    surge_db=0.0,
    evidence=60.0,
    seconds=0.05,
    dense=False,
)
USUAL = 5.0
"""Weak brief events in an hour."""
SOME = 10
"""Measures of each anchor."""
RARE = 3 * SOME
ANYTHING = st.floats(allow_nan=False)


@given(st.builds(Findings, *[st.floats(-1e12, 1e12)] * 8, st.booleans()), st.floats(0, 1e6))
def test_it_is_a_probability_whatever_was_measured(found: Findings, company: float) -> None:
    assert 0 <= confidence_of(found, company) <= 1
    assert np.isfinite(measures(found)).all()
    assert np.isfinite(with_company(found, first_glance(found), company)).all()


@pytest.mark.parametrize("name", [field.name for field in fields(Findings) if field.name != "dense"])
@pytest.mark.parametrize("value", [np.inf, -np.inf, 0.0, 1e308, -1e308, 5e-324])
def test_no_single_extreme_breaks_it(name: str, value: float) -> None:
    extreme: dict[str, Any] = {name: value}
    assert 0 <= confidence_of(replace(TYPICAL, **extreme), USUAL) <= 1


PLAUSIBLE = st.builds(
    Findings,
    margin_db=st.floats(0, 15),
    sharp_db=st.floats(-8, 8),
    level_db=st.floats(0, 20),
    peak_db=st.floats(0, 30),
    around_db=st.floats(0, 12),
    surge_db=st.floats(-2, 4),
    evidence=st.floats(1, 3000),
    seconds=st.sampled_from([0.005, 0.025, 0.05, 0.2, 0.5, 2.0, 20.0]),
    dense=st.booleans(),
)


@given(PLAUSIBLE, st.floats(0, 15), st.floats(0, 500))
def test_the_further_over_the_threshold_the_likelier(less: Findings, more: float, company: float) -> None:
    further = replace(less, margin_db=less.margin_db + more)
    assert first_glance(further) >= first_glance(less)
    assert confidence_of(further, company) >= confidence_of(less, company)


@given(
    ANYTHING, st.floats(-1e3, -1e-3), st.floats(-1e3, -1e-3), ANYTHING, st.floats(0, 1e3), st.floats(0, 1e3)
)
def test_what_only_the_dense_rule_believes_is_judged_by_itself_alone(
    around: float,
    margin: float,
    other_margin: float,
    other_around: float,
    company: float,
    other_company: float,
) -> None:
    one = replace(TYPICAL, seconds=0.4, margin_db=margin, around_db=around, sharp_db=margin)
    other = replace(one, margin_db=other_margin, around_db=other_around, sharp_db=other_around)
    assert confidence_of(one, company) == confidence_of(other, other_company)
    values = measures(one)
    assert not values[:RARE].any()
    assert values[RARE] == 1
    assert with_company(one, 2.5, company).tolist() == [2.5, 0, 0, 0, 0, 0, 0]


@given(st.floats(0, 20), st.floats(0.001, 100), st.floats(0, 1e3))
def test_the_shares_of_the_durations_are_one_together(margin: float, seconds: float, company: float) -> None:
    found = replace(TYPICAL, margin_db=margin, seconds=seconds)
    values = measures(found)
    assert values.shape == WEIGHTS.shape == (RARE + 5,)
    shares = values[:RARE:SOME]
    assert shares.sum() == pytest.approx(1)
    assert np.count_nonzero(shares) <= 2
    assert not values[RARE:].any()
    second = with_company(found, -1.5, company)
    assert second.shape == COMPANY_WEIGHTS.shape == (7,)
    assert second[0] == -1.5
    assert second[1:4].tolist() == shares.tolist()
    crowd = second[4:].sum()
    assert second[4:] == pytest.approx(crowd * shares)
    assert crowd >= 0
    assert crowd > 0 or company < 1e-6


@pytest.mark.parametrize(("seconds", "anchor"), [(0.001, 0), (0.025, 0), (0.2, 1), (2.0, 2), (600.0, 2)])
def test_each_anchor_has_its_own_weights(seconds: float, anchor: int) -> None:
    shares = measures(replace(TYPICAL, seconds=seconds))[:RARE:SOME]
    assert shares[anchor] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("seconds", [0.03, 0.2, 2.0])
def test_it_changes_smoothly_with_duration(seconds: float) -> None:
    near = [confidence_of(replace(TYPICAL, seconds=seconds * factor), USUAL) for factor in (0.99, 1.0, 1.01)]
    assert max(near) - min(near) < 0.02


def test_a_louder_neighbourhood_makes_a_brief_event_less_likely() -> None:
    quiet, loud = (confidence_of(replace(TYPICAL, around_db=level), USUAL) for level in (0.0, 6.0))
    assert quiet > 0.9 > loud


@given(PLAUSIBLE, st.floats(0.004, 0.2), st.floats(0, 1000), st.floats(0, 1000))
def test_more_company_never_makes_a_brief_event_less_likely(
    found: Findings, seconds: float, company: float, more: float
) -> None:
    brief = replace(found, seconds=seconds)
    assert confidence_of(brief, company + more) >= confidence_of(brief, company)


def test_what_barely_passes_is_believed_in_company_and_doubted_alone() -> None:
    barely = replace(TYPICAL, margin_db=1.0, sharp_db=1.0, around_db=1.0, peak_db=15.0, evidence=20.0)
    assert confidence_of(barely, 60.0) > 0.5 > confidence_of(barely, 0.0)
    assert confidence_of(replace(TYPICAL, margin_db=10.0), 0.0) > 0.9, "the strong need none"


@given(st.floats(0, 15), st.floats(-6, 6), st.floats(0, 6))
def test_a_brief_event_that_is_sharper_than_its_background_is_no_less_likely(
    margin: float, sharp: float, more: float
) -> None:
    dull = replace(TYPICAL, margin_db=margin, sharp_db=sharp)
    assert confidence_of(replace(dull, sharp_db=sharp + more), USUAL) >= confidence_of(dull, USUAL)


DENSE = replace(TYPICAL, dense=True, level_db=14.0, peak_db=24.0, evidence=4000.0, seconds=5.0)


@given(PLAUSIBLE, st.floats(0, 500))
def test_what_the_dense_rule_believes_is_no_less_likely_for_passing_a_threshold(
    found: Findings, company: float
) -> None:
    below = confidence_of(replace(found, margin_db=-1.0), company)
    above = confidence_of(replace(found, dense=True), company)
    assert above >= below
    assert above == max(below, confidence_of(replace(found, dense=False), company))


def test_a_long_contraction_among_others_is_believed_whether_it_passes_or_not() -> None:
    for margin in (-3.0, -0.1, 0.1, 0.5, 1.0, 4.0):
        assert confidence_of(replace(DENSE, margin_db=margin), USUAL) > 0.8

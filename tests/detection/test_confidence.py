from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.detection.confidence import WEIGHTS, Findings, confidence_of, measures

TYPICAL = Findings(margin_db=3.0, level_db=12.0, peak_db=18.0, around_db=0.0, evidence=60.0, seconds=0.05)
ANYTHING = st.floats(allow_nan=False)


@given(st.builds(Findings, *[st.floats(-1e12, 1e12)] * 6))
def test_it_is_a_probability_whatever_was_measured(found: Findings) -> None:
    assert 0 <= confidence_of(found) <= 1
    assert np.isfinite(measures(found)).all()


@pytest.mark.parametrize("name", [field.name for field in fields(Findings)])
@pytest.mark.parametrize("value", [np.inf, -np.inf, 0.0, 1e308, -1e308, 5e-324])
def test_no_single_extreme_breaks_it(name: str, value: float) -> None:
    assert 0 <= confidence_of(replace(TYPICAL, **{name: value})) <= 1


@pytest.mark.parametrize("seconds", [0.005, 0.025, 0.05, 0.2, 0.5, 2.0, 20.0])
@given(st.floats(0, 15), st.floats(0, 15), st.floats(0, 20), st.floats(0, 12), st.floats(1, 3000))
def test_the_further_over_the_threshold_the_likelier(
    seconds: float, margin: float, more: float, level: float, around: float, evidence: float
) -> None:
    less = Findings(margin, level, level + 5, around, evidence, seconds)
    assert confidence_of(replace(less, margin_db=margin + more)) >= confidence_of(less)


@given(ANYTHING, st.floats(-1e3, -1e-3), st.floats(-1e3, -1e-3), ANYTHING)
def test_what_only_the_dense_rule_believes_is_judged_by_itself_alone(
    around: float, margin: float, other_margin: float, other_around: float
) -> None:
    one = replace(TYPICAL, seconds=0.4, margin_db=margin, around_db=around)
    other = replace(one, margin_db=other_margin, around_db=other_around)
    assert confidence_of(one) == confidence_of(other)
    values = measures(one)
    assert not values[:24].any()
    assert values[24] == 1


@given(st.floats(0, 20), st.floats(0.001, 100))
def test_the_shares_of_the_durations_are_one_together(margin: float, seconds: float) -> None:
    values = measures(replace(TYPICAL, margin_db=margin, seconds=seconds))
    assert len(values) == len(WEIGHTS) == 29
    shares = values[:24:8]
    assert shares.sum() == pytest.approx(1)
    assert np.count_nonzero(shares) <= 2
    assert not values[24:].any()


@pytest.mark.parametrize(("seconds", "anchor"), [(0.001, 0), (0.025, 0), (0.2, 1), (2.0, 2), (600.0, 2)])
def test_each_anchor_has_its_own_weights(seconds: float, anchor: int) -> None:
    shares = measures(replace(TYPICAL, seconds=seconds))[:24:8]
    assert shares[anchor] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("seconds", [0.03, 0.2, 2.0])
def test_it_changes_smoothly_with_duration(seconds: float) -> None:
    near = [confidence_of(replace(TYPICAL, seconds=seconds * factor)) for factor in (0.99, 1.0, 1.01)]
    assert max(near) - min(near) < 0.02


def test_a_louder_neighbourhood_makes_a_brief_event_less_likely() -> None:
    quiet, loud = (confidence_of(replace(TYPICAL, around_db=level)) for level in (0.0, 6.0))
    assert quiet > 0.9 > loud

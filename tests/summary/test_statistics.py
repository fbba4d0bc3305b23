from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from emgdetect.summary.statistics import interval_statistics, poisson_rate, spread


@given(count=st.integers(0, 100_000), hours=st.floats(0.01, 1000))
def test_the_interval_is_the_one_from_chi_square(count: int, hours: float) -> None:
    rate = poisson_rate(count, hours)
    assert rate is not None
    assert rate.per_valid_hour == pytest.approx(count / hours)
    assert rate.low == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 / hours if count else 0.0, rel=1e-9)
    assert rate.high == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2 / hours, rel=1e-9)


@pytest.mark.parametrize("count", [1, 3, 20])
def test_the_limits_leave_two_and_a_half_percent_on_each_side(count: int) -> None:
    rate = poisson_rate(count, 1.0)
    assert rate is not None
    assert poisson.sf(count - 1, rate.low) == pytest.approx(0.025)
    assert poisson.cdf(count, rate.high) == pytest.approx(0.025)


def test_there_is_no_rate_without_time() -> None:
    assert poisson_rate(0, 0.0) is None
    assert poisson_rate(5, 0.0) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_spread_agrees_with_the_standard_library(values: list[float]) -> None:
    described = spread(values)
    assert described is not None
    quartiles = statistics.quantiles(values, n=4, method="inclusive")
    assert (described.q1, described.median, described.q3) == pytest.approx(tuple(quartiles), abs=1e-6)
    assert described.n == len(values)


def test_spread_leaves_out_what_is_no_number() -> None:
    assert spread([math.nan, 3.0, math.inf]) == spread([3.0])
    assert spread([math.nan]) is None
    assert spread([]) is None


def test_log_mean_is_the_geometric_mean() -> None:
    described = interval_statistics(np.array([1.0, 10.0, 100.0]))
    assert described is not None
    assert described.log_mean == pytest.approx(statistics.geometric_mean([1, 10, 100]))
    assert described.spread.median == 10
    assert interval_statistics(np.array([])) is None

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from emgdetect.detection.floor import (
    Window,
    chance_ratio,
    gumbel_threshold,
    quantiles_of_sorted,
    quiet_correction,
    sorted_windows,
)

VALUES = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=40)


@settings(max_examples=80, deadline=None)
@given(VALUES, st.integers(0, 12), st.integers(0, 12), st.data())
def test_windows_are_the_neighbours_that_are_known(
    values: list[float], past: int, future: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(values)))
    chosen = range(len(values))[slice(first, None, data.draw(st.integers(1, 5)))]
    wanted = slice(chosen.start, chosen.stop, chosen.step)
    other = Window(data.draw(st.integers(0, 12)), data.draw(st.integers(0, 12)))
    both, both_counts = sorted_windows(
        np.array([values[::-1], values]), wanted, [other, Window(past, future)]
    )
    windows, counts = both[1], both_counts[1]
    assert both.shape == (2, len(chosen), max(past, other.past) + 1 + max(future, other.future))
    for row, index in enumerate(chosen):
        around = values[max(0, index - past) : index + future + 1]
        known = sorted(value for value in around if not np.isnan(value))
        assert counts[row] == len(known)
        assert windows[row, : len(known)].tolist() == known
        assert np.isnan(windows[row, len(known) :]).all()


@settings(max_examples=80, deadline=None)
@given(VALUES, st.integers(0, 8), st.integers(0, 8), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values: list[float], past: int, future: int, quantile: float) -> None:
    (windows,), (counts,) = sorted_windows(np.array([values]), slice(None), [Window(past, future)])
    (found,) = quantiles_of_sorted(windows, counts, quantile)
    for index in range(len(values)):
        around = np.array(values[max(0, index - past) : index + future + 1])
        if np.isnan(around).all():
            assert np.isnan(found[index])
        else:
            assert found[index] == pytest.approx(float(np.nanquantile(around, quantile)), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("location", "scale"), [(0.0, 1.0), (100.0, 7.0), (-3.0, 0.01)])
def test_the_threshold_of_gumbel_draws_is_where_theory_puts_it(location: float, scale: float) -> None:
    draws = stats.gumbel_r.rvs(location, scale, size=(300, 4000), random_state=np.random.default_rng(0))
    draws.sort(axis=1)
    counts = np.full(300, 4000)
    median = location - scale * np.log(np.log(2))
    for kappa in (0.5, 3.0, 8.0):
        # The greater of two estimates of the scale lies a little high: a per cent with so many draws.
        found = gumbel_threshold(draws, counts, kappa)
        assert np.mean(found) == pytest.approx(
            median + kappa * scale, abs=0.03 * kappa * scale + 0.01 * scale
        )


def test_events_in_the_upper_half_do_not_move_the_threshold() -> None:
    draws = np.sort(np.random.default_rng(1).gumbel(10, 1, (1, 101)))
    with_events = draws.copy()
    with_events[:, 55:] *= 1000
    counts = np.array([101])
    assert gumbel_threshold(with_events, counts, 8.0) == gumbel_threshold(draws, counts, 8.0)


@pytest.mark.parametrize("degrees", [2.0, 7.2, 40.0, 200.0])
def test_noise_passes_the_chance_ratio_as_often_as_it_says(degrees: float) -> None:
    energy = np.random.default_rng(2).chisquare(degrees, 400_000) / degrees
    for chance in (0.1, 0.01, 0.001):
        passed = np.count_nonzero(energy > chance_ratio(degrees, chance))
        assert passed == pytest.approx(chance * 400_000, abs=5 * np.sqrt(chance * 400_000))


@pytest.mark.parametrize("degrees", [2.0, 7.2, 40.0])
def test_the_quiet_level_of_noise_gives_its_mean(degrees: float) -> None:
    energy = np.random.default_rng(3).chisquare(degrees, 200_000) * 5.0
    level = np.quantile(energy, 0.3)
    assert level * quiet_correction(degrees) == pytest.approx(energy.mean(), rel=0.02)

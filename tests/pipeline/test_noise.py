"""Pure noise makes next to no events.

Each false event would be independent of the others, so their number over a time is Poisson. If there were
two an hour, the 16 x 10 min here (2.67 h, at 200 to 1000 Hz) would hold 5.3 on average, and more than 13
with a chance of less than 1 in 750. The bound is therefore 13 in all: it does not fail by chance for a
detector that keeps two an hour, and fails almost surely for one that makes ten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from emgdetect.config import load_profile

if TYPE_CHECKING:
    from tests.pipeline.conftest import Bench

MINUTES = 10.0
PER_HOUR = 2.0
SEEDS = range(4)
RATES = [200.0, 250.0, 500.0, 1000.0]
HOURS = MINUTES / 60 * len(SEEDS) * len(RATES)
BOUND = 13


def test_the_bound_is_what_poisson_says() -> None:
    assert stats.poisson.sf(BOUND, PER_HOUR * HOURS) < 1 / 750
    assert stats.poisson.cdf(BOUND, 10 * HOURS) < 0.01


def test_white_noise_makes_no_more_than_a_couple_of_events_an_hour(bench: Bench) -> None:
    count = 0
    for rate in RATES:
        for seed in SEEDS:
            samples = np.random.default_rng([seed, int(rate)]).normal(0, 5, (1, int(MINUTES * 60 * rate)))
            count += len(bench.run(samples, bench.info(rate), load_profile("generic")).events)
    assert count <= BOUND


@pytest.mark.parametrize("seed", range(3))
def test_coarsely_quantised_noise_neither(bench: Bench, seed: int) -> None:
    # At a third of a count RMS most samples are the same; a flicker of one count is no twitch.
    samples = np.rint(np.random.default_rng(seed).normal(0, 0.35, (1, 300_000))).astype(np.int16)
    found = bench.run(samples, bench.info(1000.0, "adc"), load_profile("generic")).events
    assert len(found) <= 3

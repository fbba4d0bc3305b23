"""A gap is a fact: no event crosses it, nothing is made up inside it, and its time is not valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.types import INVALID_REASONS, Gap

if TYPE_CHECKING:
    from emgdetect.types import Unit
    from tests.pipeline.conftest import Bench


@pytest.mark.parametrize("merge_gap", [0.0, 0.3, 5.0])
@pytest.mark.parametrize("length", [1, 7, 500, 5000])
def test_no_event_crosses_a_gap(bench: Bench, merge_gap: float, length: int) -> None:
    samples = np.random.default_rng(1).normal(0, 5, (1, 40_000))
    samples[:, 18_000:30_000] *= 20
    gap = Gap(20_000, length, "lost packets")
    profile = bench.quick(edges={"merge_gap": merge_gap, "split": 0.0}, threshold={"lookahead": 20})
    found = bench.run(samples, bench.info(1000.0), profile, gaps=[gap]).events
    before = [event for event in found if event.sample < gap.start]
    after = [event for event in found if event.sample >= gap.start]
    assert before
    assert after
    assert all(event.sample + event.n_samples <= gap.start for event in before)
    # Onsets are corrected for the filters' delay, a few samples.
    assert all(event.sample >= gap.stop - 10 for event in after)
    assert "truncated" in before[-1].flags
    assert "truncated" in after[0].flags


@pytest.mark.parametrize("unit", ["uV", "adc", "envelope"])
def test_islands_of_noise_between_long_gaps_are_not_events(bench: Bench, unit: Unit) -> None:
    # Half a second is too short to know a floor from: nothing can stand out from it.
    samples = np.random.default_rng(2).normal(50, 5, (1, 900_000))
    gaps = [Gap(0, 300_000, "x"), Gap(300_500, 299_400, "x"), Gap(600_550, 299_450, "x")]
    found = bench.run(samples, bench.info(1000.0, unit), bench.quick(), gaps=gaps)
    assert found.events == []
    assert np.isnan(found.floors()).all()
    assert not {"valid", "flat"} & {INVALID_REASONS[code] for code in found.reasons()}


@pytest.mark.parametrize("lead", [1, 150, 5000, 300_000])
def test_a_gap_at_the_beginning_moves_everything_and_changes_nothing(bench: Bench, lead: int) -> None:
    counts = np.rint(np.random.default_rng(3).normal(0, 0.3, (1, 60_000))).astype(np.int16)
    counts[:, 30_000:30_200] *= 40
    info = bench.info(1000.0, "adc")
    shifted = np.hstack([np.zeros((1, lead), np.int16), counts])
    plain = bench.run(counts, info, bench.quick()).events
    moved = bench.run(shifted, info, bench.quick(), gaps=[Gap(0, lead, "x")]).events
    strong = [event for event in moved if event.snr_db > 15]
    assert len(strong) == len([event for event in plain if event.snr_db > 15]) == 1
    assert strong[0].sample - lead == pytest.approx(30_000, abs=8)
    assert len(moved) <= len(plain) + 2


def test_seconds_in_a_gap_say_so(bench: Bench) -> None:
    samples = np.random.default_rng(4).normal(0, 5, (1, 30_000))
    gaps = [Gap(5000, 3000, "x"), Gap(27_000, 3000, "y")]
    reasons = [
        INVALID_REASONS[code]
        for code in bench.run(samples, bench.info(1000.0), bench.quick(), gaps=gaps).reasons()
    ]
    assert reasons[5:8] == ["gap"] * 3
    assert reasons[27:] == ["gap"] * 3
    assert reasons[1:5] + reasons[9:27] == ["valid"] * 22


def test_an_envelope_rests_where_it_rested_before_the_gap(bench: Bench) -> None:
    samples = 100 + np.random.default_rng(5).normal(0, 1, (1, 60_000))
    gaps = [Gap(20_000, 5000, "x"), Gap(40_000, 130, "x")]
    samples[:, 20_000:25_000] = np.nan
    found = bench.run(
        samples, bench.info(1000.0, "envelope"), bench.quick(), gaps=gaps, cuts=range(0, 60_000, 97)
    )
    assert all(event.snr_db < 15 for event in found.events)
    assert np.nanmax(found.floors()) < 5

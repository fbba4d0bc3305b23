"""Invariant 1 where it is hardest: cuts at the borders of hops, blocks, groups of blocks and slabs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.grid import Grid
from emgdetect.config import load_profile
from emgdetect.detection.company import Company
from emgdetect.detection.edges import rise_of
from emgdetect.detection.segments import find_cores
from emgdetect.detection.whitening import Whitener
from emgdetect.types import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import FloatArray, Unit
    from tests.pipeline.conftest import Bench

LOOKAHEADS = [0.0, 3.0, 10.0, 120.0]
SECONDS = 45
GROUP = 4
"""Blocks that share thresholds."""


def test_the_signals_reach_what_they_are_made_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: set[str] = set()

    def told(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def noted(*args: object) -> object:
            result = function(*args)
            if result:
                reached.add(name)
            return result

        return noted

    monkeypatch.setattr("emgdetect.detection.belief.find_cores", told("core", find_cores))
    monkeypatch.setattr("emgdetect.detection.outline.rise_of", told("rise", rise_of))
    for seed in range(3):
        found = bench.run(bench.hard(250.0, "uV", seed), bench.info(250.0), bench.quick()).events
        reached |= {flag for event in found for flag in event.flags}
        reached |= {event.kind for event in found}
        assert any(event.flags[:1] == ("glitch",) and np.isnan(event.snr_db) for event in found)
        bench.run(bench.hard(200.0, "envelope", seed), bench.info(200.0, "envelope"), bench.quick())
    assert {"core", "rise", "glitch", "electrode pop", "twitch", "artefact"} <= reached


@pytest.mark.parametrize("lookahead", LOOKAHEADS)
@pytest.mark.parametrize(
    ("rate", "unit"),
    [(200.0, "uV"), (250.0, "adc"), (999.9, "uV"), (200.0, "envelope"), (1000.0, "envelope")],
)
def test_cuts_at_and_beside_every_border(bench: Bench, lookahead: float, rate: float, unit: Unit) -> None:
    samples = bench.hard(rate, unit, seed=int(lookahead))
    grid = Grid.of(rate)
    info, profile = bench.info(rate, unit), bench.quick(lookahead)
    whole = bench.run(samples, info, profile)
    assert whole.events
    block = grid.block * grid.raw_per_frame
    for size, beside in (
        (grid.raw_per_hop, -3),
        (block, -1),
        (block, 0),
        (GROUP * block, 0),
        (GROUP * block, 1),
    ):
        cuts = [border + beside for border in range(size, samples.shape[1], size)]
        assert bench.run(samples, info, profile, cuts=cuts).fingerprint() == whole.fingerprint()


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    kind=st.sampled_from([(200.0, "uV"), (250.0, "uV"), (500.0, "uV"), (200.0, "envelope")]),
    lookahead=st.sampled_from(LOOKAHEADS),
    marks=st.lists(st.integers(0, SECONDS * 200 - 1), min_size=1, max_size=30),
)
def test_cuts_anywhere_with_a_gap(
    bench: Bench, seed: int, kind: tuple[float, Unit], lookahead: float, marks: list[int]
) -> None:
    rate, unit = kind
    samples = bench.hard(rate, unit, seed)
    info, profile = bench.info(rate, unit), bench.quick(lookahead)
    gap, *cuts = marks
    gaps = [Gap(gap, min(1 + gap % 700, samples.shape[1] - gap), "lost packets")]
    whole = bench.run(samples, info, profile, gaps=gaps)
    assert bench.run(samples, info, profile, gaps=gaps, cuts=cuts).fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("slab", [1, 99, 101, 1200, 4801])
@pytest.mark.parametrize("unit", ["uV", "envelope"])
def test_slabs_of_any_size_give_the_same(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, slab: int, unit: Unit
) -> None:
    samples = bench.hard(1000.0, unit, seed=2)
    gaps = [Gap(21_003, 2777, "lost packets")]
    info, profile = bench.info(1000.0, unit), bench.quick(3.0)
    whole = bench.run(samples, info, profile, gaps=gaps)
    assert len(whole.events) > 3
    monkeypatch.setattr("emgdetect.pipeline.live.slab_of", lambda _: slab)
    assert bench.run(samples, info, profile, gaps=gaps).fingerprint() == whole.fingerprint()
    if slab > 1000:
        cut = bench.run(samples, info, profile, gaps=gaps, cuts=[4799, 4801, 17_000, 33_333])
        assert cut.fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("name", ["generic", "twitch", "sleep-legs"])
def test_the_shipped_profiles_with_their_own_lookahead(bench: Bench, name: str) -> None:
    samples = bench.hard(200.0, "uV", seed=3, seconds=400)
    info, profile = bench.info(200.0), load_profile(name)
    whole = bench.run(samples, info, profile)
    block = Grid.of(200.0).block
    for cuts in (range(0, 80_000, block), range(0, 80_000, 4 * block + 1), [40_000]):
        assert bench.run(samples, info, profile, cuts=cuts).fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rate", [200.0, 1000.0])
@pytest.mark.parametrize("unit", ["uV", "envelope"])
def test_events_of_a_channel_never_overlap(bench: Bench, seed: int, rate: float, unit: Unit) -> None:
    for samples in (bench.hard(rate, unit, seed), bench.signal(rate, 45.0, seed, unit)):
        found = bench.run(samples, bench.info(rate, unit), bench.quick()).events
        muscle = [event for event in found if event.kind != "artefact"]
        for earlier, later in pairwise(muscle):
            assert earlier.sample + earlier.n_samples <= later.sample


def test_company_and_predictor_are_the_same_however_the_stream_was_cut(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[float] = []
    learnt: list[int] = []
    per_hour, renew = Company.per_hour, Whitener._renew

    def asked(self: Company, seconds: float) -> float:
        met.append(per_hour(self, seconds))
        return met[-1]

    def renewed(self: Whitener, shapes: FloatArray) -> None:
        renew(self, shapes)
        learnt.append(hash(self._taps.tobytes()))

    monkeypatch.setattr(Company, "per_hour", asked)
    monkeypatch.setattr(Whitener, "_renew", renewed)
    info, profile = bench.info(500.0), bench.quick(5.0)
    samples = bench.weak(500.0, seed=1)
    gaps = [Gap(60_001, 333, "lost packets")]
    whole = bench.run(samples, info, profile, gaps=gaps)
    events = [event for event in whole.events if event.kind == "twitch"]
    assert len(events) > 20
    assert max(met) > 2 * min(met[:5]), "company was met and counted"
    assert len(set(learnt)) == len(learnt) == 8, "after 1, 2, 4, ... 64 and 128 blocks"
    expected = met.copy(), learnt.copy()
    block = Grid.of(500.0).block * Grid.of(500.0).raw_per_frame
    for cuts in (
        range(0, 85_000, 49),
        range(block, 85_000, block),
        range(block - 1, 85_000, 3 * block + 7),
        [30_000, 60_000, 64 * block, 64 * block + 1],
    ):
        met.clear()
        learnt.clear()
        again = bench.run(samples, info, profile, gaps=gaps, cuts=cuts)
        assert again.fingerprint() == whole.fingerprint()
        assert (met, learnt) == expected


@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([200.0, 250.0, 500.0]),
    lookahead=st.sampled_from(LOOKAHEADS),
    marks=st.lists(st.integers(0, 170 * 200 - 1), min_size=2, max_size=30),
)
def test_weak_twitches_are_believed_alike_wherever_cuts_and_a_gap_fall(
    bench: Bench, seed: int, rate: float, lookahead: float, marks: list[int]
) -> None:
    samples = bench.weak(rate, seed)
    info, profile = bench.info(rate), bench.quick(lookahead)
    gap, *cuts = marks
    gaps = [Gap(gap, min(1 + gap % 9000, samples.shape[1] - gap), "lost packets")]
    whole = bench.run(samples, info, profile, gaps=gaps)
    assert bench.run(samples, info, profile, gaps=gaps, cuts=cuts).fingerprint() == whole.fingerprint()

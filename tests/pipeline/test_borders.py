"""Invariant 1 where it is hardest: cuts at the borders of hops, blocks, groups of blocks and slabs.

The signals hold what reaches back or ahead over such borders: twitches only differences show, glitches told
three samples late, twitches on risen backgrounds, jumps of the baseline, an open electrode, short events of a
smoothed envelope.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from emgdetect.conditioning.grid import Grid
from emgdetect.config import load_profile
from emgdetect.detection.edges import rise_of
from emgdetect.detection.segments import find_cores
from emgdetect.types import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import FloatArray, RawArray, Unit
    from tests.pipeline.conftest import Bench

LOOKAHEADS = [0.0, 3.0, 10.0, 120.0]
SECONDS = 45
GROUP = 4
"""Blocks that share thresholds."""


def discharge(rate: float, size: float) -> FloatArray:
    """Return the shape of a motor unit, no narrower than a sensor of that rate lets it be."""
    time = np.arange(-12, 12, 1000 / rate) / max(1.6, 700 / rate)
    return np.asarray(size * (1 - time**2) * np.exp(-(time**2) / 2))


def coloured(rng: np.random.Generator, rate: float, count: int) -> FloatArray:
    """Return noise with most of its power in the lower half of what muscle has."""
    sos = signal.butter(2, [0.15 * min(rate, 400), 0.3 * min(rate, 400)], "bandpass", fs=rate, output="sos")
    noise = signal.sosfilt(sos, rng.normal(0, 1, count))
    return np.asarray(5 * noise / noise.std() + rng.normal(0, 0.5, count))


def hard(rate: float, seed: int, seconds: int = SECONDS) -> RawArray:
    """Return one channel with one of everything, near borders of the grid where that matters."""
    rng = np.random.default_rng(seed)
    grid = Grid.of(rate)
    count = int(rate * seconds)
    values = coloured(rng, rate, count)
    for second in range(2, seconds - 3, 7):
        # The background rises often enough to be nothing special.
        values[int(second * rate) : int((second + 3) * rate)] *= 1.6
    for second in np.arange(3.3, seconds - 1, 5.3).tolist():
        shape = discharge(rate, rng.uniform(60, 200))
        at = int(second * rate)
        values[at : at + len(shape)] += shape
    for hop in rng.integers(5, count // grid.raw_per_hop - 1, 6):
        values[hop * grid.raw_per_hop + int(rng.integers(-4, 3))] += rng.choice([-2000, 500])
    burst = slice(int(0.55 * count), int(0.58 * count))
    values[burst] *= 20
    values[int(0.4 * count) :] += 500
    air = slice(int(0.8 * count), int(0.8 * count) + int(2.5 * rate))
    values[air] += 2000 * np.cumsum(rng.normal(0, 1, len(values[air]))) / rate**0.5
    values[air] += rng.normal(0, 400, len(values[air]))
    return values[None]


def smoothed(rate: float, seed: int, constant: float = 0.03) -> RawArray:
    """Return the envelope that a sensor makes of short and long bursts."""
    rng = np.random.default_rng(seed)
    gate = np.ones(int(rate * SECONDS))
    for second in np.arange(3.0, SECONDS - 1, 2.3):
        length = float(rng.choice([0.02, 0.05, 0.12, 0.6]))
        gate[int(second * rate) : int((second + length) * rate) + 1] = rng.uniform(5, 30)
    share = 1 - np.exp(-1 / (rate * constant))
    values = signal.lfilter([share], [1, share - 1], np.abs(rng.normal(0, 5, len(gate)) * gate))
    return np.asarray(300 + values)[None]


def made(rate: float, unit: Unit, seed: int) -> RawArray:
    return smoothed(rate, seed) if unit == "envelope" else hard(rate, seed)


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
    monkeypatch.setattr("emgdetect.detection.builder.rise_of", told("rise", rise_of))
    for seed in range(3):
        found = bench.run(hard(250.0, seed), bench.info(250.0), bench.quick()).events
        reached |= {flag for event in found for flag in event.flags}
        reached |= {event.kind for event in found}
        assert any(event.flags[:1] == ("glitch",) and np.isnan(event.snr_db) for event in found)
        bench.run(smoothed(200.0, seed), bench.info(200.0, "envelope"), bench.quick())
    assert {"core", "rise", "glitch", "electrode pop", "twitch", "artefact"} <= reached


@pytest.mark.parametrize("lookahead", LOOKAHEADS)
@pytest.mark.parametrize(
    ("rate", "unit"),
    [(200.0, "uV"), (250.0, "adc"), (999.9, "uV"), (200.0, "envelope"), (1000.0, "envelope")],
)
def test_cuts_at_and_beside_every_border(bench: Bench, lookahead: float, rate: float, unit: Unit) -> None:
    samples = made(rate, unit, seed=int(lookahead))
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
    samples = made(rate, unit, seed)
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
    samples = made(1000.0, unit, seed=2)
    gaps = [Gap(21_003, 2777, "lost packets")]
    info, profile = bench.info(1000.0, unit), bench.quick(3.0)
    whole = bench.run(samples, info, profile, gaps=gaps)
    assert len(whole.events) > 3
    monkeypatch.setattr("emgdetect.pipeline._SLAB", slab)
    assert bench.run(samples, info, profile, gaps=gaps).fingerprint() == whole.fingerprint()
    if slab > 1000:
        cut = bench.run(samples, info, profile, gaps=gaps, cuts=[4799, 4801, 17_000, 33_333])
        assert cut.fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("name", ["generic", "twitch", "sleep-legs"])
def test_the_shipped_profiles_with_their_own_lookahead(bench: Bench, name: str) -> None:
    samples = hard(200.0, seed=3, seconds=400)
    info, profile = bench.info(200.0), load_profile(name)
    whole = bench.run(samples, info, profile)
    block = Grid.of(200.0).block
    for cuts in (range(0, 80_000, block), range(0, 80_000, 4 * block + 1), [40_000]):
        assert bench.run(samples, info, profile, cuts=cuts).fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rate", [200.0, 1000.0])
@pytest.mark.parametrize("unit", ["uV", "envelope"])
def test_events_of_a_channel_never_overlap(bench: Bench, seed: int, rate: float, unit: Unit) -> None:
    for samples in (made(rate, unit, seed), bench.signal(rate, 45.0, seed, unit)):
        found = bench.run(samples, bench.info(rate, unit), bench.quick()).events
        muscle = [event for event in found if event.kind != "artefact"]
        for earlier, later in pairwise(muscle):
            assert earlier.sample + earlier.n_samples <= later.sample

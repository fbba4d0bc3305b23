"""Prediction errors against references that were computed apart, and what must not move them."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, signal

from emgdetect.conditioning.grid import Grid
from emgdetect.detection.whitening import MEMORY_BLOCKS, RENEWAL_BLOCKS, Whitener
from tests.detection.plain_hops import plain_hops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import FloatArray, RealArray

RATES = [200.0, 250.0, 1000.0, 1999.9]
HOPS = 12
"""Hops of a block."""
QUIET = 2
"""So many hops of each block teach."""


def order_of(grid: Grid) -> int:
    """Return how many samples 8 ms are."""
    return round(0.008 * grid.working_rate)


def per_hop(grid: Grid) -> int:
    return grid.frame * grid.hop


def errors_of(
    samples: FloatArray, grid: Grid, usable: NDArray[np.bool_] | None = None, cuts: tuple[int, ...] = ()
) -> RealArray:
    """Return the errors of samples that come in pieces, cut at the given hops; ``usable`` is by hops."""
    hops = len(samples) // per_hop(grid)
    known = np.ones(hops, bool) if usable is None else usable
    whitener = Whitener(grid)
    parts = []
    for start, stop in pairwise(sorted({0, hops, *(cut for cut in cuts if cut < hops)})):
        piece = plain_hops(samples[start * per_hop(grid) : stop * per_hop(grid)], grid)
        parts.append(whitener.process(piece, np.repeat(known[start:stop], grid.hop)))
    return np.concatenate(parts)


def noise(grid: Grid, blocks: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(0, 1, blocks * HOPS * per_hop(grid))


def coloured(errors: FloatArray) -> FloatArray:
    """Return an autoregressive process with a broad resonance, of which these are the errors."""
    return np.asarray(signal.lfilter([1], [1, -1.6 * np.cos(1.0), 0.64], errors))


def rms(values: FloatArray | RealArray) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


@pytest.mark.parametrize(("rate", "decibels"), [(200.0, 1.0), (250.0, 1.0), (1000.0, 0.25), (1999.9, 0.25)])
def test_errors_of_an_autoregressive_process_are_the_noise_it_was_made_of(
    rate: float, decibels: float
) -> None:
    # The true predictor leaves that noise. What is learnt from the quietest 0.2 s of each block is a little
    # off, more so where that is 20 samples: of the 3.5 dB there are to win it may cost so many.
    grid = Grid.of(rate)
    true = noise(grid, 3 * MEMORY_BLOCKS, seed=1)
    samples = coloured(true)
    errors = errors_of(samples, grid)
    taught = slice(len(samples) // 3, None)
    assert rms(samples[taught]) > 1.45 * rms(true[taught])
    amiss = rms(errors[taught] - true[taught])
    assert 10 * np.log10(1 + amiss**2) < decibels
    assert 20 * np.log10(rms(errors[taught]) / rms(true[taught])) < decibels


@pytest.mark.parametrize("rate", RATES)
def test_white_noise_is_hardly_changed(rate: float) -> None:
    # Each weight, truly 0, scatters by one over the root of what teaches: together the root of their number.
    grid = Grid.of(rate)
    samples = noise(grid, 2 * MEMORY_BLOCKS + 5, seed=2)
    taught = slice(len(samples) // 2, None)
    scatter = np.sqrt(order_of(grid) / (MEMORY_BLOCKS * QUIET * per_hop(grid)))
    assert rms((errors_of(samples, grid) - samples)[taught]) < 2 * scatter


def reference(samples: FloatArray, grid: Grid, usable: NDArray[np.bool_]) -> FloatArray:
    """Return the errors by plain means: Levinson's recursion, and filters that run over everything."""
    order, size = order_of(grid), per_hop(grid)
    block = HOPS * size
    shapes: list[FloatArray] = []
    lag = max(1, round(0.002 * grid.working_rate))
    weights = np.eye(order)[lag - 1]
    errors = np.empty(len(samples))
    for number, start in enumerate(range(0, len(samples), block)):
        filtered = signal.lfilter(np.concatenate([[1.0], -weights]), [1], samples)
        errors[start : start + block] = filtered[start : start + block]
        hops = [samples[at : at + size] for at in range(start, start + block, size)]
        known = [hop for hop, good in zip(hops, usable[number * HOPS :], strict=False) if good]
        if len(known) >= QUIET:
            quiet = sorted(known, key=lambda hop: float(np.sum(hop * hop)))[:QUIET]
            each = [np.correlate(hop, hop, "full")[size - 1 : size + order] for hop in quiet]
            sums = np.sum(each, axis=0)
            shapes.append(sums / sums[0])
        else:
            shapes.append(np.full(order + 1, np.nan))
        whole = number + 1
        taught = [shape for shape in shapes[-MEMORY_BLOCKS:] if not np.isnan(shape[0])]
        first = len(taught) == 1 and not np.isnan(shapes[-1][0])
        if taught and (first or whole % RENEWAL_BLOCKS == 0 or np.log2(whole) % 1 == 0):
            row = np.mean(taught, axis=0)
            weights = linalg.solve_toeplitz(row[:-1] + 1e-3 * (np.arange(order) == 0), row[1:])
    return errors


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("lead", [0, 3])
def test_errors_are_those_of_a_plain_reading_with_holes_too(rate: float, lead: int) -> None:
    grid = Grid.of(rate)
    samples = coloured(noise(grid, 70, seed=3))
    # What cannot be used is silent here, as conditioning leaves it; of one block only a single hop is left.
    usable = np.random.default_rng(4).random(70 * HOPS) > 0.1
    usable[: lead * HOPS] = False
    usable[20 * HOPS : 21 * HOPS - 1] = False
    samples[np.repeat(~usable, per_hop(grid))] = 0.0
    # Single precision, some twenty operations on numbers up to about ten.
    assert errors_of(samples, grid, usable) == pytest.approx(
        reference(samples, grid, usable), abs=20 * 10 * float(np.finfo(np.float32).eps)
    )


@pytest.mark.parametrize("rate", RATES)
def test_before_anything_is_known_they_are_differences(rate: float) -> None:
    grid = Grid.of(rate)
    samples = noise(grid, 1)
    lag = max(1, round(0.002 * grid.working_rate))
    earlier = np.concatenate([np.zeros(lag), samples[:-lag]])
    assert errors_of(samples, grid) == pytest.approx(samples - earlier, abs=1e-5)


@pytest.mark.parametrize(("silent", "learnt"), [(0, 1), (1, 1), (10, 1), (11, 2), (12, 2), (12 * 5, 6)])
def test_it_tells_from_when_on_it_is_learnt(silent: int, learnt: int) -> None:
    # Two hops of a block are enough, one is not.
    grid = Grid.of(500.0)
    usable = np.ones(8 * HOPS, bool)
    usable[:silent] = False
    piece = plain_hops(noise(grid, 8), grid)
    whitener = Whitener(grid)
    assert whitener.blind_frames is None
    whitener.process(piece, np.repeat(usable, grid.hop))
    assert whitener.blind_frames == learnt * grid.block


def test_silence_teaches_nothing_and_breaks_nothing() -> None:
    grid = Grid.of(500.0)
    whitener = Whitener(grid)
    quiet = plain_hops(np.zeros(5 * HOPS * per_hop(grid)), grid)
    assert not whitener.process(quiet, quiet.usable).any()
    assert whitener.blind_frames is None
    loud = plain_hops(noise(grid, 5), grid)
    assert np.isfinite(whitener.process(loud, loud.usable)).all()
    assert whitener.blind_frames == 6 * grid.block


@pytest.mark.parametrize("rate", RATES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_cutting_gives_the_same_bits(rate: float, data: st.DataObject) -> None:
    grid = Grid.of(rate)
    # Past the first renewal that is not a doubling.
    blocks = data.draw(st.sampled_from([2, 9, RENEWAL_BLOCKS + 3]))
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    samples = coloured(rng.normal(0, 1, blocks * HOPS * per_hop(grid)))
    usable = rng.random(blocks * HOPS) > data.draw(st.sampled_from([0.0, 0.2, 0.9]))
    lead = data.draw(st.sampled_from([0, 0, 1, 2 * HOPS + 5]))
    usable[:lead] = False
    burst = data.draw(st.integers(0, len(samples) - 1))
    samples[burst : burst + 3000] *= 1000
    whole = errors_of(samples, grid, usable)
    step = data.draw(st.sampled_from([1, 5, HOPS, HOPS + 1]))
    marks = data.draw(st.lists(st.integers(0, blocks * HOPS - 1), max_size=8))
    for cuts in (tuple(range(0, blocks * HOPS, step)), tuple(marks)):
        assert errors_of(samples, grid, usable, cuts).tobytes() == whole.tobytes()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("nonsense", [1e6, np.nan])
def test_what_stands_in_hops_that_cannot_be_used_is_not_learnt(rate: float, nonsense: float) -> None:
    grid = Grid.of(rate)
    samples = coloured(noise(grid, 20, seed=5))
    usable = np.random.default_rng(6).random(20 * HOPS) > 0.4
    bad = np.repeat(~usable, per_hop(grid))
    silent, wild = np.where(bad, 0.0, samples), np.where(bad, nonsense, samples)
    # Right after such a hop it is still in what the next samples are foretold from.
    clear = ~np.convolve(bad, np.ones(order_of(grid) + 1), "full")[: len(bad)].astype(bool)
    assert errors_of(wild, grid, usable)[clear].tobytes() == errors_of(silent, grid, usable)[clear].tobytes()


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("exponent", [-40, -3, 20])
def test_errors_scale_with_the_signal(rate: float, exponent: int) -> None:
    # Powers of two scale without rounding: every bit must come out.
    grid = Grid.of(rate)
    samples = coloured(noise(grid, 10, seed=7))
    factor = 2.0**exponent
    scaled = errors_of(factor * samples, grid)
    assert scaled.tobytes() == (errors_of(samples, grid) * np.float32(factor)).tobytes()


@pytest.mark.parametrize("rate", RATES)
def test_loud_events_do_not_teach(rate: float) -> None:
    grid = Grid.of(rate)
    true = noise(grid, 100, seed=8)
    samples = coloured(true)
    size = per_hop(grid)
    swing = 1000 * np.sin(2 * np.pi * np.arange(len(samples)) * 0.35)
    events = np.tile(np.repeat(np.arange(HOPS) < 8, size), 100)
    # Of every block only the last hops are looked at, where nothing comes right after an event.
    calm = np.tile(np.repeat(np.arange(HOPS) > 8, size), 100)
    calm[: len(calm) // 2] = False
    quiet, busy = errors_of(samples, grid), errors_of(np.where(events, swing, samples), grid)
    assert rms(busy[calm]) < 1.05 * rms(quiet[calm])


@pytest.mark.parametrize("rate", RATES)
def test_a_single_block_that_is_all_event_counts_as_one_of_many(rate: float) -> None:
    # However loud: shapes are averaged, not powers, and of the errors' power one or two in 64 parts may move.
    grid = Grid.of(rate)
    samples = coloured(noise(grid, RENEWAL_BLOCKS + 10, seed=9))
    loud = samples.copy()
    block = HOPS * per_hop(grid)
    part = slice(40 * block, 41 * block)
    loud[part] = 1e6 * np.sin(2 * np.pi * np.arange(block) * 0.35)
    after = slice(RENEWAL_BLOCKS * block, None)
    quiet, busy = errors_of(samples, grid), errors_of(loud, grid)
    assert rms((busy - quiet)[after]) < np.sqrt(2 / MEMORY_BLOCKS) * rms(quiet[after])


@pytest.mark.parametrize("hops", [1, 7, 5 * HOPS])
def test_it_keeps_no_more_the_longer_it_runs(hops: int) -> None:
    grid = Grid.of(250.0)
    piece = plain_hops(noise(grid, 5)[: hops * per_hop(grid)], grid)
    whitener = Whitener(grid)
    # All pieces together are the same number of blocks at each look.
    sizes = []
    for _ in range(3):
        for _ in range(7 * 5 * HOPS * 2 // hops):
            whitener.process(piece, piece.usable)
        sizes.append(len(pickle.dumps(whitener)))
    # What waits for a block to be whole is less than a block.
    assert max(sizes[1:]) <= sizes[0] + 8 * HOPS * per_hop(grid)


def test_the_samples_are_not_altered() -> None:
    grid = Grid.of(1000.0)
    piece = plain_hops(noise(grid, 3), grid)
    before = replace(piece, samples=piece.samples.copy(), energy=piece.energy.copy())
    Whitener(grid).process(piece, piece.usable)
    assert piece.samples.tobytes() == before.samples.tobytes()
    assert piece.energy.tobytes() == before.energy.tobytes()

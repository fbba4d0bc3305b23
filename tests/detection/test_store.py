from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.conditioning.grid import Grid
from emgdetect.detection.scales import Scale, scales_of
from emgdetect.detection.store import FrameStore
from emgdetect.detection.thresholds import Decided
from emgdetect.detection.whitening import Whitener
from tests.detection.plain_hops import plain_hops

if TYPE_CHECKING:
    from emgdetect.conditioning.chain import Conditioned

GRID = Grid.of(1000.0)
SCALES = scales_of(GRID, waveform=True)


def hops(count: int, seed: int = 0, *, flat: bool = False) -> Conditioned:
    samples = np.random.default_rng(seed).normal(0, 1, count * GRID.raw_per_hop)
    low = np.arange(float(count * GRID.hop))
    return replace(plain_hops(samples, GRID), low=low, flat=np.full(count, flat))


def decided(first: int, blocks: int) -> Decided:
    floor = np.arange(first + 1, first + blocks + 1, dtype=np.float64)
    limits = np.arange(1, len(SCALES) + 1, dtype=np.float64)[:, None] * floor
    return Decided(first, floor, limits, limits, surge=np.full(blocks, 1.5))


def test_an_island_is_what_was_stored() -> None:
    store = FrameStore(GRID, SCALES, quantised=True)
    part = hops(48)
    store.append(part)
    store.decide(decided(0, 4))
    data = store.island(310, 905)
    size = GRID.frame
    assert data.samples.tolist() == part.samples[310 * size : 905 * size].tolist()
    expected = [
        float(np.mean(part.samples[frame * size : (frame + 1) * size] ** 2)) for frame in range(310, 905)
    ]
    assert data.energy == pytest.approx(expected)
    assert data.low.tolist() == list(range(310, 905))
    assert data.floor.tolist() == [frame // GRID.block + 1.0 for frame in range(310, 905)]
    for row in range(len(SCALES)):
        assert data.limits[row].tolist() == [
            (row + 1) * (frame // GRID.block + 1.0) for frame in range(310, 905)
        ]


def part_of(samples: np.ndarray, grid: Grid, usable: np.ndarray, first: int, last: int) -> Conditioned:
    """Return hops ``first:last``; ``usable`` is by hops."""
    size = grid.hop * grid.frame
    part = plain_hops(samples[first * size : last * size], grid)
    return replace(part, usable=np.repeat(usable[first:last], grid.hop))


@pytest.mark.parametrize("rate", [200.0, 1000.0, 1999.9])
@pytest.mark.parametrize("step", [1, 5, 48])
@pytest.mark.parametrize("missing", [(), (0, 13), (12, 13, 14, 30)])
def test_sharp_energy_is_that_of_the_prediction_errors_across_all_borders(
    rate: float, step: int, missing: tuple[int, ...]
) -> None:
    grid = Grid.of(rate)
    scales = scales_of(grid, waveform=True)
    samples = np.random.default_rng(1).normal(0, 1, 48 * grid.hop * grid.frame)
    usable = np.ones(48, bool)
    usable[list(missing)] = False
    store = FrameStore(grid, scales, quantised=True)
    for first in range(0, 48, step):
        store.append(part_of(samples, grid, usable, first, min(first + step, 48)))
    whole = part_of(samples, grid, usable, 0, 48)
    errors = Whitener(grid).process(whole, whole.usable).astype(np.float64)
    squares = (errors**2).reshape(-1, grid.frame).mean(axis=1)
    squares[~whole.usable] = 0.0
    # The predictor is learnt with the first block: until then there are no errors to speak of.
    squares[: grid.block] = 0.0
    rows, _ = store.energies(0, store.stop)
    for scale, row in zip(scales, rows, strict=True):
        if scale.sharp:
            sums = [squares[max(0, i + 1 - scale.length) : i + 1].sum() for i in range(len(squares))]
            assert row == pytest.approx(sums, rel=1e-5)
    maxima, _ = store.statistics(0, 4)
    assert maxima.shape == (len(scales), 4)
    sharp = [scale.sharp for scale in scales]
    assert np.isnan(maxima[sharp, 0]).all(), "of the first block it is not known what is usual"
    assert not np.isnan(maxima[sharp, 1:]).any()
    assert not np.isnan(maxima[~np.array(sharp)]).any()
    last = scales.index(Scale(scales[-1].length, sharp=True))
    known = rows[last][: 2 * grid.block][whole.usable[: 2 * grid.block]]
    assert maxima[last, 1] == known[-np.count_nonzero(whole.usable[grid.block : 2 * grid.block]) :].max() / (
        scales[last].length
    )


def test_an_island_has_the_errors_of_its_samples() -> None:
    part = hops(48)
    store = FrameStore(GRID, SCALES, quantised=True)
    store.append(part)
    store.decide(decided(0, 4))
    errors = Whitener(GRID).process(part, part.usable)
    assert store.island(310, 905).errors.tobytes() == errors[310 * GRID.frame : 905 * GRID.frame].tobytes()


def test_before_anything_could_teach_the_sharp_scales_see_nothing() -> None:
    store = FrameStore(GRID, SCALES, quantised=True)
    samples = np.random.default_rng(2).normal(0, 1, 60 * GRID.raw_per_hop)
    usable = np.arange(60) >= 24
    store.append(part_of(samples, GRID, usable, 0, 60))
    sharp = np.array([scale.sharp for scale in SCALES])
    maxima, _ = store.statistics(0, 5)
    assert np.isnan(maxima[:, :2]).all()
    assert np.isnan(maxima[sharp, 2]).all()
    assert not np.isnan(maxima[~sharp, 2]).any()
    assert not np.isnan(maxima[:, 3:]).any()


def test_an_envelope_stores_no_errors() -> None:
    store = FrameStore(GRID, scales_of(GRID, waveform=False), quantised=True)
    store.append(hops(12))
    store.complete_block()
    rows, _ = store.energies(0, store.stop)
    assert len(rows) == len(scales_of(GRID, waveform=False))
    assert not [key for key in store._sums if key]


def test_a_flat_stretch_of_unknown_steps_says_nothing() -> None:
    for quantised in (True, False):
        store = FrameStore(GRID, SCALES, quantised=quantised)
        store.append(hops(12, flat=True))
        _, usable = store.energies(0, 300)
        assert usable.all() == quantised
        maxima, levels = store.statistics(0, 1)
        assert np.isnan(levels).all() != quantised
        assert np.isnan(maxima).all() != quantised


def test_what_is_forgotten_does_not_change_what_is_kept() -> None:
    store = FrameStore(GRID, SCALES, quantised=True)
    full = FrameStore(GRID, SCALES, quantised=True)
    for step in range(20):
        for each in (store, full):
            each.append(hops(12, step))
            each.decide(decided(step, 1))
        store.forget(max(0, store.stop - 400), store.stop)
    start, stop = store.stop - 400, store.stop
    kept, whole = store.island(start, stop), full.island(start, stop)
    for name in ("energy", "sharp", "floor", "limits", "usable", "low", "samples", "errors"):
        assert getattr(kept, name).tobytes() == getattr(whole, name).tobytes()
    assert len(store._energy.get(0, start)) == 0


def test_a_last_block_is_filled_up_with_what_was_never_recorded() -> None:
    store = FrameStore(GRID, SCALES, quantised=True)
    store.append(hops(7))
    store.complete_block()
    assert store.stop == GRID.block
    _, usable = store.energies(0, GRID.block)
    assert usable.tolist() == [True] * 175 + [False] * 125
    store.complete_block()
    assert store.stop == GRID.block

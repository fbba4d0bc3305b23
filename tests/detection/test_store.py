from __future__ import annotations

import numpy as np
import pytest

from emgdetect.conditioning.chain import Conditioned
from emgdetect.conditioning.grid import Grid
from emgdetect.detection.scales import scales_of
from emgdetect.detection.store import FrameStore
from emgdetect.detection.thresholds import Decided

GRID = Grid.of(1000.0)
SCALES = scales_of(GRID, waveform=True)


def hops(count: int, seed: int = 0, *, flat: bool = False) -> Conditioned:
    samples = np.random.default_rng(seed).normal(0, 1, count * GRID.raw_per_hop)
    frames = count * GRID.hop
    return Conditioned(
        samples,
        np.arange(float(frames)),
        np.ones(frames, bool),
        np.full(count, flat),
        np.zeros(count),
        np.ones(count),
    )


def decided(first: int, blocks: int) -> Decided:
    floor = np.arange(first + 1, first + blocks + 1, dtype=np.float64)
    limits = np.arange(1, len(SCALES) + 1, dtype=np.float64)[:, None] * floor
    return Decided(first, floor, limits, limits)


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
    for name in ("energy", "floor", "limits", "usable", "low", "samples"):
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

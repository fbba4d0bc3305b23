from __future__ import annotations

import numpy as np
import pytest

from emgdetect.conditioning.chain import Conditioned, frame_sums
from emgdetect.conditioning.grid import Grid
from emgdetect.detection.scales import Scale, difference_lag, scales_of
from emgdetect.detection.store import FrameStore
from emgdetect.detection.thresholds import Decided

GRID = Grid.of(1000.0)
SCALES = scales_of(GRID, waveform=True)


def hops(count: int, seed: int = 0, *, flat: bool = False) -> Conditioned:
    samples = np.random.default_rng(seed).normal(0, 1, count * GRID.raw_per_hop)
    frames = count * GRID.hop
    return Conditioned(
        samples,
        frame_sums(samples * samples, GRID.frame) / GRID.frame,
        np.arange(float(frames)),
        np.ones(frames, bool),
        np.full(count, flat),
        np.zeros(count),
        np.ones(count),
        np.zeros(count),
        np.zeros(count),
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


@pytest.mark.parametrize("rate", [200.0, 1000.0, 1999.9])
@pytest.mark.parametrize("step", [1, 5, 24])
def test_sharp_energy_is_that_of_the_differences_across_all_borders(rate: float, step: int) -> None:
    grid = Grid.of(rate)
    scales = scales_of(grid, waveform=True)
    samples = np.random.default_rng(1).normal(0, 1, 24 * grid.hop * grid.frame)
    store = FrameStore(grid, scales, quantised=True)
    for first in range(0, 24, step):
        count = min(step, 24 - first)
        size = grid.hop * grid.frame
        frames = count * grid.hop
        store.append(
            Conditioned(
                samples[first * size : (first + count) * size],
                np.zeros(frames),
                np.zeros(frames),
                np.ones(frames, bool),
                np.zeros(count, bool),
                np.zeros(count),
                np.ones(count),
                np.zeros(count),
                np.zeros(count),
            )
        )
    # Before the first sample there was silence.
    earlier = np.concatenate([np.zeros(difference_lag(grid)), samples])[: len(samples)]
    squares = (samples - earlier) ** 2
    naive = [float(np.mean(squares[at : at + grid.frame])) for at in range(0, len(samples), grid.frame)]
    rows, _ = store.energies(0, store.stop)
    for scale, row in zip(scales, rows, strict=True):
        if scale.sharp:
            sums = [sum(naive[max(0, i + 1 - scale.length) : i + 1]) for i in range(len(naive))]
            assert row == pytest.approx(sums)
    maxima, _ = store.statistics(0, 2)
    assert maxima.shape == (len(scales), 2)
    last = scales.index(Scale(scales[-1].length, sharp=True))
    assert maxima[last, 0] == rows[last][: grid.block].max() / scales[last].length


def test_an_envelope_stores_no_differences() -> None:
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
    for name in ("energy", "sharp", "floor", "limits", "usable", "low", "samples"):
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

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.detection.blocks import block_levels, block_maxima


@given(st.integers(0, 1000), st.integers(0, 6), st.sampled_from([12, 60, 300]), st.floats(0, 1))
def test_maxima_are_those_of_the_usable_frames(seed: int, blocks: int, block: int, part: float) -> None:
    rng = np.random.default_rng(seed)
    energy = rng.exponential(1, blocks * block)
    usable = rng.random(blocks * block) < part
    found = block_maxima(energy, usable, block)
    for index in range(blocks):
        rows = slice(index * block, (index + 1) * block)
        if usable[rows].mean() < 0.5:
            assert np.isnan(found[index])
        else:
            assert found[index] == energy[rows][usable[rows]].max()


@pytest.mark.parametrize("part", [1.0, 0.9, 0.6])
def test_levels_are_a_low_quantile_of_the_usable_frames(part: float) -> None:
    rng = np.random.default_rng(0)
    energy = rng.exponential(1, 50 * 300)
    usable = rng.random(50 * 300) < part
    energy[~usable] = 1e9
    found = block_levels(energy, usable, 300)
    expected = -np.log(1 - 0.3)
    # The quantile of 100 to 300 frames scatters; the mean of 50 blocks does so seven times less.
    assert np.mean(found) == pytest.approx(expected, rel=0.1)


def test_a_block_with_too_little_says_nothing() -> None:
    usable = np.repeat([True, False], [149, 151])
    assert np.isnan(block_levels(np.ones(300), usable, 300)).all()
    usable[149] = True
    assert block_levels(np.ones(300), usable, 300).tolist() == [1.0]

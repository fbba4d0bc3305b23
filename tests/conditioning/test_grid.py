from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from emgdetect.conditioning.grid import Grid

RATES = st.one_of(
    st.floats(10, 20_000, allow_nan=False),
    st.sampled_from([10.0, 34.81, 128.0, 199.7, 256.0, 999.99, 1000.0, 1999.9, 2000.0, 19_999.9, 20_000.0]),
)


@given(RATES)
def test_sizes_are_whole_multiples_at_any_rate(rate: float) -> None:
    grid = Grid.of(rate)
    assert grid.raw_per_frame == grid.decimation * grid.frame
    assert grid.raw_per_hop == grid.hop * grid.raw_per_frame
    assert grid.block % grid.hop == 0
    assert min(grid.decimation, grid.frame, grid.hop, grid.block) >= 1
    assert grid.working_rate * grid.decimation == rate or math.isclose(
        grid.working_rate * grid.decimation, rate, rel_tol=1e-15
    )
    assert grid.frame_seconds == grid.raw_per_frame / rate


@given(RATES)
def test_sizes_are_what_they_are_meant_to_be(rate: float) -> None:
    grid = Grid.of(rate)
    # Decimation never goes below 1000 Hz, and always below 2000.
    assert grid.decimation == 1 or grid.working_rate >= 1000
    assert grid.working_rate < 2000
    # A frame is 4 ms to the nearest sample (one sample at slow rates), a hop 0.1 s to the nearest frame.
    assert abs(grid.frame_seconds - 0.004) <= 0.5 / grid.working_rate + 1e-12 or grid.frame == 1
    assert abs(grid.hop * grid.frame_seconds - 0.1) <= 0.5 * grid.frame_seconds + 1e-12 or grid.hop == 1


@given(RATES, st.floats(0, 3600))
def test_seconds_become_frames_and_blocks(rate: float, seconds: float) -> None:
    grid = Grid.of(rate)
    block = grid.block * grid.frame_seconds
    assert abs(grid.frames(seconds) * grid.frame_seconds - seconds) <= grid.frame_seconds
    assert abs(grid.blocks(seconds) * block - seconds) <= block
    assert grid.frames(0) == grid.blocks(0) == 1

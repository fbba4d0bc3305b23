from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.detection.ranks import ranked


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=60), st.floats(0, 1))
def test_it_is_the_value_at_the_nearest_rank(values: list[float], quantile: float) -> None:
    ordered = sorted(values)
    found = ranked(np.array(values), quantile)
    # Half way between two ranks either is as near.
    near = [rank for rank in range(len(values)) if abs(rank - quantile * (len(values) - 1)) <= 0.5 + 1e-9]
    assert found in {ordered[rank] for rank in near}


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=61))
def test_half_is_the_median_of_an_odd_number(values: list[float]) -> None:
    odd = np.array(values if len(values) % 2 else values[1:] or values)
    assert ranked(odd, 0.5) == np.median(odd)
    assert (ranked(odd, 0.0), ranked(odd, 1.0)) == (odd.min(), odd.max())

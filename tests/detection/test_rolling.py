from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.detection.rolling import Rolling

APPEND = st.tuples(st.just("append"), st.integers(0, 3000))
FORGET = st.tuples(st.just("forget"), st.integers(-5, 12_000))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(APPEND, FORGET), max_size=25), st.data())
def test_it_is_a_list_that_forgets(steps: list[tuple[str, int]], data: st.DataObject) -> None:
    rolling = Rolling(np.int64)
    everything: list[int] = []
    start = 0
    for what, number in steps:
        if what == "append":
            new = list(range(len(everything), len(everything) + number))
            rolling.append(np.array(new, np.int64))
            everything += new
        else:
            rolling.forget(number)
            start = max(start, min(number, len(everything)))
        assert (rolling.start, rolling.stop) == (start, len(everything))
        first = data.draw(st.integers(-10, len(everything) + 10))
        last = data.draw(st.integers(-10, len(everything) + 10))
        expected = everything[max(first, start) : max(last, start)] if last > first else []
        assert rolling.get(first, last).tolist() == expected


def test_what_is_kept_bounds_the_memory() -> None:
    rolling = Rolling()
    for step in range(2000):
        rolling.append(np.full(500, float(step)))
        rolling.forget(rolling.stop - 1000)
    assert rolling.get(rolling.stop - 1000, rolling.stop).tolist() == [1998.0] * 500 + [1999.0] * 500
    assert rolling._store.size < 10_000

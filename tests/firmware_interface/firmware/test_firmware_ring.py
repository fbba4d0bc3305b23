"""The ring between interrupt and loop, against a queue of Python's."""

from __future__ import annotations

import ctypes
from collections import deque

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RING_VALUES = 16
"""As conftest.py compiles it."""

PERIOD_US = 1000
EACH = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Ring:
    """The ring of the plain C."""

    def __init__(self, code: ctypes.CDLL, n_channels: int) -> None:
        self.code = code
        self.values = (ctypes.c_uint16 * n_channels)()
        code.host_ring_begin(n_channels)

    def put(self, values: list[int], clock: int) -> None:
        for place, value in enumerate(values):
            self.values[place] = value
        self.code.host_ring_put(self.values, ctypes.c_uint32(clock))

    def take(self) -> tuple[list[int], int, int] | None:
        counter, clock = ctypes.c_uint32(), ctypes.c_uint32()
        if (
            not self.code.host_ring_take(PERIOD_US, self.values, ctypes.byref(counter), ctypes.byref(clock))
            & 1
        ):
            return None
        return list(self.values), counter.value, clock.value

    @property
    def overruns(self) -> int:
        return int(self.code.host_ring_overruns())


@EACH
@given(n_channels=st.integers(1, 5), does=st.lists(st.integers(-12, 12), max_size=40))
def test_nothing_changes_place_and_what_does_not_fit_is_missing_in_the_count(
    firmware_code: ctypes.CDLL, n_channels: int, does: list[int]
) -> None:
    """Positive: put so many in; negative: try to take so many out."""
    ring = Ring(firmware_code, n_channels)
    room = RING_VALUES // n_channels - 1
    model: deque[int] = deque()
    n_put, n_dropped, is_spilling = 0, 0, False
    for step in does:
        for _ in range(step):
            ring.put([n_put * n_channels + k for k in range(n_channels)], n_put * PERIOD_US)
            is_spilling = is_spilling or len(model) == room
            if is_spilling:
                n_dropped += 1
            else:
                model.append(n_put)
            n_put += 1
        for _ in range(-step):
            got = ring.take()
            if not model:
                is_spilling = False
                assert got is None
                continue
            n = model.popleft()
            assert got == ([n * n_channels + k for k in range(n_channels)], n, n * PERIOD_US)
    assert ring.overruns == n_dropped


def test_the_count_goes_on_through_an_overrun(firmware_code: ctypes.CDLL) -> None:
    ring = Ring(firmware_code, 1)
    for n in range(100):
        ring.put([n], n * PERIOD_US)
    got = [ring.take() for _ in range(RING_VALUES)]
    assert [each[1] for each in got if each] == list(range(RING_VALUES - 1))
    ring.put([100], 100 * PERIOD_US)
    assert ring.take() == ([100], 100, 100 * PERIOD_US)
    assert ring.overruns == 100 - (RING_VALUES - 1)


@pytest.mark.parametrize("n_channels", [1, 3])
def test_the_clock_may_turn_over_inside(firmware_code: ctypes.CDLL, n_channels: int) -> None:
    ring = Ring(firmware_code, n_channels)
    for n in range(4):
        ring.put([n] * n_channels, (2**32 - 2000 + n * PERIOD_US) % 2**32)
    assert [ring.take() for _ in range(4)] == [
        ([n] * n_channels, n, (2**32 - 2000 + n * PERIOD_US) % 2**32) for n in range(4)
    ]

"""The queue keeps the order, loses nothing but bytes, and says how many."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.errors import DeviceError
from firmware_interface.link import Arrival, Battery, LinkDown, LinkUp, Overflow, Received
from firmware_interface.transports.queueing import OVERHEAD, ArrivalQueue

EVENTS = st.one_of(
    st.binary(min_size=1, max_size=400),
    st.sampled_from(["up", "down", "battery", "take"]),
)


def arrival(event: bytes | str, number: float) -> Arrival:
    """Make an arrival whose time is its number."""
    if isinstance(event, bytes):
        return Received(number, event)
    if event == "battery":
        return Battery(number, 50.0)
    return LinkUp(number) if event == "up" else LinkDown(number, "disconnect")


@given(st.lists(EVENTS, max_size=80), st.integers(0, 3000))
def test_every_byte_arrives_or_is_counted_in_its_place(events: list[bytes | str], bound: int) -> None:
    queue = ArrivalQueue(bound)
    put: list[Arrival] = []
    taken: list[Arrival] = []
    for event in events:
        if event == "take":
            taken += queue.take(0)
        else:
            put.append(arrival(event, float(len(put))))
            queue.put(put[-1])
    taken += queue.take(0)
    places = [int(each.time) for each in taken]
    assert places == sorted(set(places))
    for each, place, stop in zip(taken, places, [*places[1:], len(put)][: len(taken)], strict=True):
        lost = put[place:stop] if isinstance(each, Overflow) else put[place + 1 : stop]
        n_lost = sum(len(one.data) for one in lost if isinstance(one, Received))
        assert n_lost == (each.n_bytes if isinstance(each, Overflow) else 0)
        assert isinstance(each, Overflow) or each == put[place]
    assert not [one for one in put if isinstance(one, LinkUp | LinkDown) and one not in taken]


def test_a_full_queue_makes_one_overflow_and_goes_on_when_it_was_emptied() -> None:
    queue = ArrivalQueue(bound=3 * (OVERHEAD + 10))
    for second in range(6):
        queue.put(Received(float(second), bytes(10)))
    queue.put(LinkDown(6.0, "disconnect"))
    queue.put(Received(7.0, bytes(10)))
    kept = [Received(float(second), bytes(10)) for second in range(3)]
    assert queue.take(0) == [*kept, Overflow(3.0, 30), LinkDown(6.0, "disconnect"), Overflow(7.0, 10)]
    queue.put(Received(8.0, b"x"))
    assert queue.take(0) == [Received(8.0, b"x")]


def test_an_error_comes_after_everything_before_it_and_stays() -> None:
    queue = ArrivalQueue()
    queue.put(LinkUp(1.0))
    queue.fail(DeviceError("no adapter"))
    assert queue.take(0) == [LinkUp(1.0)]
    for _ in range(2):
        with pytest.raises(DeviceError, match="no adapter"):
            queue.take(10.0)


def test_the_reader_is_woken_by_the_first_arrival() -> None:
    queue = ArrivalQueue()
    got: list[Arrival] = []
    reader = threading.Thread(target=lambda: got.extend(queue.take(60.0)))
    reader.start()
    queue.put(Received(1.0, b"x"))
    reader.join(30.0)
    assert got == [Received(1.0, b"x")]


def test_nothing_is_lost_or_swapped_between_threads() -> None:
    queue = ArrivalQueue()

    def write() -> None:
        for number in range(2000):
            queue.put(Received(float(number), b"%d" % number))

    writer = threading.Thread(target=write)
    writer.start()
    got: list[Arrival] = []
    while len(got) < 2000:
        got += queue.take(5.0)
    writer.join()
    assert [each.time for each in got] == [float(number) for number in range(2000)]

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_interface.counting import Counter, with_losses
from firmware_interface.decoder import Loss, Samples


def test_packets_in_order_cost_nothing() -> None:
    counter = Counter(4, 2)
    assert [counter.step(count) for count in (2, 3, 0, 1, 2)] == [None] * 5
    assert counter.expected == 3


def test_a_jump_is_a_loss_of_the_packets_between() -> None:
    counter = Counter(256, 5)
    counter.step(250)
    assert counter.step(3) == Loss(8 * 5, "lost packets", 256 * 5)


def test_the_same_count_again_is_a_turn_less_one_packet() -> None:
    counter = Counter(16, 1)
    counter.step(7)
    assert counter.step(7) == Loss(15, "lost packets", 16)


def test_a_known_start_tells_what_is_missing_at_the_beginning() -> None:
    assert Counter(256, 2, start=0).step(3) == Loss(6, "lost packets", 512)
    assert Counter(256, 2, start=0).step(0) is None
    assert Counter(256, 2).step(3) is None


@pytest.mark.parametrize(
    ("count", "damaged", "lost"),
    [(8, 16.0, 16), (8, 7.9, 0), (8, 8.1, 16), (10, 17.2, 18), (10, 2.0, 2), (7, 16.3, 15), (7, 30.0, 31)],
)
def test_the_room_of_damaged_bytes_tells_whole_turns(count: int, damaged: float, lost: int) -> None:
    counter = Counter(16, 1)
    counter.step(7)
    expected = Loss(lost, "lost packets", 16) if lost else None
    assert counter.step(count, damaged) == expected


def test_after_a_restart_only_a_clock_can_tell() -> None:
    counter = Counter(256, 1)
    counter.step(9)
    counter.restart()
    counter.relink()
    assert counter.step(10) == Loss(None, "restart")
    assert counter.step(11) is None
    assert counter.step(13) == Loss(1, "lost packets", 256)


def test_after_a_disconnect_even_no_missing_count_may_be_a_whole_turn() -> None:
    counter = Counter(256, 1)
    counter.step(9)
    counter.relink()
    assert counter.step(10) == Loss(0, "disconnect", 256)
    counter.relink()
    assert counter.step(13) == Loss(2, "disconnect", 256)
    assert counter.step(15) == Loss(1, "lost packets", 256)


def test_before_the_first_packet_nothing_can_be_lost() -> None:
    counter = Counter(256, 1)
    counter.relink()
    counter.restart()
    assert counter.step(99) is None


@given(
    modulus=st.integers(2, 300),
    width=st.integers(1, 10),
    skips=st.lists(st.integers(1, 40), max_size=30),
    cut=st.integers(0, 30),
    cause=st.sampled_from(["", "relink", "restart"]),
)
def test_many_at_once_are_as_good_as_one_by_one(
    modulus: int, width: int, skips: list[int], cut: int, cause: str
) -> None:
    counts = np.cumsum(skips, dtype=np.int64) % modulus
    one, many = Counter(modulus, width), Counter(modulus, width)
    expected: list[tuple[int, Loss]] = []
    found = many.steps(counts[:cut])
    if cause:
        getattr(many, cause)()
    found += [(position + min(cut, len(skips)), loss) for position, loss in many.steps(counts[cut:])]
    for position, count in enumerate([*counts.tolist(), None]):
        if position == min(cut, len(skips)) and cause:
            getattr(one, cause)()
        loss = None if count is None else one.step(count)
        if loss is not None:
            expected.append((position, loss))
    assert found == expected
    assert many.expected == one.expected


def test_samples_are_cut_where_something_is_missing() -> None:
    data = np.arange(10).reshape(2, 5)
    loss = Loss(1, "lost packets", 16)
    packets = with_losses(data, [(0, loss), (3, loss)])
    assert [type(packet) for packet in packets] == [Loss, Samples, Loss, Samples]
    kept = [packet.data for packet in packets if isinstance(packet, Samples)]
    assert np.array_equal(kept[0], data[:, :3])
    assert np.array_equal(kept[1], data[:, 3:])
    assert with_losses(data[:, :0], []) == []

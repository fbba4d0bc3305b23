"""A made-up format: head 7E, a count modulo 16, two bytes, and their sum modulo 8 as a weak check."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firmware_interface.frames import FrameFinder, FrameFormat

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD = 0x7E


def is_sound(frames: NDArray[np.uint8]) -> NDArray[np.bool_]:
    good: NDArray[np.bool_] = (frames[:, 0] == HEAD) & (
        (frames[:, 2] + frames[:, 3]) % 8 == frames[:, 1] >> 4
    )
    return good


def count(frames: NDArray[np.uint8]) -> NDArray[np.int64]:
    return (frames[:, 1] & 15).astype(np.int64)


def finder(run: int = 2) -> FrameFinder:
    return FrameFinder(FrameFormat(4, bytes([HEAD]), is_sound, count, modulus=16, run=run))


def frame(number: int, low: int = 3, high: int = 5) -> bytes:
    return bytes([HEAD, (low + high) % 8 << 4 | number % 16, low, high])


def frames_of(pieces: list[NDArray[np.uint8] | bytes]) -> bytes:
    return b"".join(piece.tobytes() for piece in pieces if not isinstance(piece, bytes))


def everything(pieces: list[NDArray[np.uint8] | bytes]) -> bytes:
    return b"".join(piece if isinstance(piece, bytes) else piece.tobytes() for piece in pieces)


RUN = b"".join(frame(number) for number in range(40))


def test_a_clean_stream_is_all_frames() -> None:
    assert frames_of(finder().feed(RUN)) == RUN


def test_what_is_before_the_first_frame_is_given_out_at_once() -> None:
    assert finder().feed(b"hello $$$") == [b"hello $$$"]


def test_a_head_by_chance_is_no_beginning() -> None:
    chance = frame(5) + b"\x00"
    found = finder().feed(chance + RUN)
    assert found[0] == chance
    assert frames_of(found) == RUN


def test_frames_that_stand_still_are_no_beginning() -> None:
    assert frames_of(finder().feed(frame(5) * 50)) == b""


def test_a_jump_of_the_counter_keeps_the_frames_on_both_sides() -> None:
    stream = frame(0) + frame(1) + frame(6) + frame(9) + frame(10)
    assert frames_of(finder().feed(stream)) == stream


def test_a_frame_behind_a_jump_waits_for_the_next() -> None:
    feeder = finder()
    assert frames_of(feeder.feed(frame(0) + frame(1) + frame(6))) == frame(0) + frame(1)
    assert frames_of(feeder.feed(frame(7))) == frame(6) + frame(7)


def test_a_damaged_counter_costs_its_frame_alone() -> None:
    stream = [frame(number) for number in range(8)]
    stream[4] = frame(11)
    assert frames_of(finder().feed(b"".join(stream))) == b"".join(stream[:4] + stream[5:])


def test_a_damaged_counter_before_a_loss_costs_no_turn() -> None:
    stream = [frame(number) for number in range(12)]
    stream[4] = frame(13)
    del stream[5]
    assert frames_of(finder().feed(b"".join(stream))) == b"".join(stream[:4] + stream[5:])


@pytest.mark.parametrize("n_damaged", [1, 2, 3])
def test_damaged_frames_cost_themselves_alone(n_damaged: int) -> None:
    stream = [frame(number) for number in range(12)]
    for number in range(4, 4 + n_damaged):
        stream[number] = bytes(4)
    # Even a beginning needs six frames here: those behind the damage are known by their places.
    assert frames_of(finder(run=4).feed(b"".join(stream))) == b"".join(stream[:4] + stream[4 + n_damaged :])


def test_a_missing_byte_costs_its_frame_alone() -> None:
    assert frames_of(finder().feed(RUN[:13] + RUN[14:])) == RUN[:12] + RUN[16:]


def test_forgetting_drops_half_a_frame_and_the_place() -> None:
    feeder = finder()
    feeder.feed(RUN[:10])
    feeder.forget()
    assert feeder.feed(RUN[10:12]) == [RUN[10:12]]
    assert frames_of(feeder.feed(RUN[40:])) == RUN[40:]


def test_one_frame_is_enough_where_the_marks_are_strong() -> None:
    assert frames_of(finder(run=1).feed(b"xyz" + frame(3))) == frame(3)


def test_a_sound_frame_between_damaged_ones_is_kept() -> None:
    stream = [frame(number) for number in range(12)]
    stream[4] = stream[6] = bytes(4)
    assert frames_of(finder().feed(b"".join(stream))) == b"".join(stream).replace(bytes(4), b"")


@given(
    pieces=st.lists(
        st.one_of(st.binary(max_size=9), st.integers(0, 40).map(lambda n: RUN[: 4 * n]), st.just(b"~~~")),
        max_size=12,
    ),
    cuts=st.lists(st.integers(0, 600), max_size=12),
)
@example(pieces=[RUN], cuts=[1, 2, 3])
def test_cuts_make_no_difference_and_no_byte_is_lost(pieces: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(pieces)
    whole, cut = finder(), finder()
    expected = whole.feed(stream)
    edges = [0, *sorted(cuts), len(stream)]
    found = [piece for a, b in pairwise(edges) for piece in cut.feed(stream[a:b])]
    assert frames_of(found) == frames_of(expected)
    assert everything(found) + cut._kept == everything(expected) + whole._kept == stream
    assert len(whole._kept) < 6 * 4
    assert len(cut._kept) == len(whole._kept)


def test_a_long_damaged_stream_gives_each_sound_frame_once() -> None:
    random = np.random.default_rng(4)
    stream = [frame(number, *random.integers(0, 120, 2).tolist()) for number in range(20_000)]
    for number in (np.arange(20, 19_980, 40) + random.integers(0, 30, 499)).tolist():
        stream[number] = b"\xff\xff\xff\xff"
    expected = b"".join(each for each in stream if each != b"\xff\xff\xff\xff")
    assert frames_of(finder().feed(b"".join(stream))) == expected

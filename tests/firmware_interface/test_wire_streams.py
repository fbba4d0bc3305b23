"""Streams of our own boards, cut and damaged in every way, from the emulator (README, section 2.1)."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import UsageError
from firmware_interface.decoder import Described, Loss, Notice, Samples
from firmware_interface.devices import load_device
from firmware_interface.devices.emgdetect_wire import MAX_PAYLOAD, SYNC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.types import RawArray
    from firmware_interface.decoder import Packet
    from firmware_interface.device import Emulator, Message

BOARD = load_device("emgdetect")
TURN = 2**32
LONGEST_FRAME = MAX_PAYLOAD + 10

Piece = tuple[str, object]


def key(start: int, stop: int, n_channels: int = 1) -> RawArray:
    """Samples that tell their place: ten bits of a hash of it."""
    place = np.arange(start * n_channels, stop * n_channels, dtype=np.uint64)
    return ((place * 2654435761 % TURN) >> 22).astype(np.int64).reshape(-1, n_channels).T


def board(**options: str) -> Emulator:
    emulator = BOARD.emulator(options)
    emulator.restart()
    emulator.hear(b"START\n")
    return emulator


def messages(n_samples: int, **options: str) -> list[Message]:
    emulator = BOARD.emulator(options)
    n_channels = len(emulator.info.channels)
    said = emulator.restart() + emulator.hear(b"START\n")
    return said + emulator.send(key(0, n_samples, n_channels)) + emulator.hear(b"STOP\n")


def merged(packets: Sequence[Packet]) -> list[Piece]:
    """Join neighbouring samples, as cutting a stream may part them."""
    pieces: list[Piece] = []
    for packet in packets:
        if not isinstance(packet, Samples):
            pieces.append((type(packet).__name__, packet))
        elif pieces and pieces[-1][0] == "samples":
            pieces[-1] = ("samples", pieces[-1][1] + packet.data.T.tolist())
        else:
            pieces.append(("samples", packet.data.T.tolist()))
    return pieces


def cut(stream: bytes, places: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(places), len(stream)]
    return [stream[start:stop] for start, stop in itertools.pairwise(edges)]


STREAM = b"".join(message.data for message in messages(130, channels="RAW,ENV", battery="80"))
WHOLE = merged(BOARD.decoder({}).feed(STREAM))


def test_what_went_in_comes_out() -> None:
    described, battery, samples = WHOLE
    assert described == ("Described", Described(BOARD.emulator({"channels": "RAW,ENV"}).info))
    assert battery == ("Notice", Notice("battery", 80))
    assert samples == ("samples", key(0, 130, 2).T.tolist())


def test_byte_by_byte() -> None:
    some = BOARD.decoder({})
    assert merged([packet for byte in STREAM for packet in some.feed(bytes([byte]))]) == WHOLE


@pytest.mark.parametrize("part", range(4))
def test_cut_in_two_at_every_place(part: int) -> None:
    for place in range(part, len(STREAM), 4):
        some = BOARD.decoder({})
        assert merged(some.feed(STREAM[:place]) + some.feed(STREAM[place:])) == WHOLE


@given(places=st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_cut_anywhere(places: list[int]) -> None:
    some = BOARD.decoder({})
    assert merged([packet for piece in cut(STREAM, places) for packet in some.feed(piece)]) == WHOLE


@settings(max_examples=40)
@given(
    garbage=st.lists(st.binary(max_size=80) | st.just(SYNC) | st.just(SYNC + b"\1\1\1\xe9"), min_size=60),
    places=st.lists(st.integers(0, 8000), max_size=20),
)
def test_garbage_before_between_and_after_costs_nothing(garbage: list[bytes], places: list[int]) -> None:
    sent = [message.data for message in messages(400)]
    stream = b"".join(junk + data for junk, data in zip(garbage, sent, strict=False)) + garbage[-1]
    stream += bytes(LONGEST_FRAME)  # a mark in the garbage may promise this much, and has to be given it
    some = BOARD.decoder({})
    packets = [
        packet
        for piece in cut(stream, [min(place, len(stream)) for place in places])
        for packet in some.feed(piece)
    ]
    assert merged(packets)[1:] == [("samples", key(0, 400).T.tolist())]


@settings(max_examples=60)
@given(lost=st.sets(st.integers(2, 40), max_size=30))
def test_lost_frames_are_told_exactly(lost: set[int]) -> None:
    sent = messages(25 * 36)
    some = BOARD.decoder({})
    stream = b"".join(message.data for place, message in enumerate(sent) if place not in lost)
    arrived = [place - 2 for place in range(3, 39) if place not in lost]
    reached = check_against_truth(some.feed(stream), n_sent=25 * 36)
    assert reached == (25 * arrived[-1] if arrived else None)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), rate=st.sampled_from([0.0005, 0.003, 0.02]))
def test_damaged_bytes_never_make_a_false_sample(seed: int, rate: float) -> None:
    chance = np.random.default_rng(seed)
    sent = b"".join(message.data for message in messages(3000))
    first = sent.index(SYNC + b"\1\1")
    damaged = bytearray(sent + bytes(LONGEST_FRAME))
    for place in range(first, len(sent)):
        if chance.random() < rate:
            damaged[place] = int(chance.integers(256))
    check_against_truth(BOARD.decoder({}).feed(bytes(damaged)), n_sent=3000)


def check_against_truth(packets: Sequence[Packet], n_sent: int) -> int | None:
    """Follow the losses, see that each sample is the one sent at its place, and say how far they reach."""
    at: int | None = None
    for packet in packets:
        if isinstance(packet, Loss):
            assert at is not None
            assert packet.n_samples
            assert packet.modulus == TURN
            at += packet.n_samples
        elif isinstance(packet, Samples):
            assert packet.device_time is not None
            at = round(packet.device_time * 1000) if at is None else at
            assert packet.data.tolist() == key(at, at + packet.data.shape[1]).tolist()
            assert packet.device_time == pytest.approx(at / 1000)
            at += packet.data.shape[1]
    assert at is None or at <= n_sent
    return at


@given(data=st.lists(st.binary(max_size=300) | st.just(SYNC) | st.just(STREAM[66:140]), max_size=30))
def test_anything_at_all_is_survived_in_bounded_memory(data: list[bytes]) -> None:
    some = BOARD.decoder({})
    for piece in data:
        some.feed(piece)
        assert len(some._reader._kept) < LONGEST_FRAME  # type: ignore[attr-defined]


def test_someone_who_comes_late_learns_what_the_board_is() -> None:
    emulator = board()
    early = emulator.send(key(0, 1500))
    late = emulator.send(key(1500, 5000))
    assert sum(message.n_samples == 0 for message in early) == 0
    some = BOARD.decoder({})
    packets = some.feed(b"".join(message.data for message in late)[7:])
    assert isinstance(packets[0], Described)
    first = next(packet for packet in packets if isinstance(packet, Samples))
    assert first.device_time == pytest.approx(2.0)
    check_against_truth(packets, n_sent=5000)
    assert merged(packets)[-1] == ("samples", key(2000, 5000).T.tolist())


def test_a_link_that_is_away_costs_what_the_counter_says() -> None:
    emulator = board()
    some = BOARD.decoder({})
    some.feed(b"".join(message.data for message in [*emulator.hear(b"START\n"), *emulator.send(key(0, 50))]))
    emulator.hear(b"STOP\n")
    assert emulator.send(key(50, 10_050)) == []
    some.relink()
    back = [*emulator.hear(b"\nSTART\n"), *emulator.send(key(10_050, 10_075))]
    packets = some.feed(b"".join(message.data for message in back))
    assert merged(packets) == [
        ("Loss", Loss(10_000, "disconnect", TURN)), ("samples", key(10_050, 10_075).T.tolist()),
    ]  # fmt: skip


def test_a_reset_is_told_even_when_the_counter_has_come_as_far_again() -> None:
    emulator = board()
    some = BOARD.decoder({})
    some.feed(b"".join(message.data for message in [*emulator.hear(b"START\n"), *emulator.send(key(0, 50))]))
    emulator.restart()
    assert emulator.send(key(0, 50)) == []
    packets = some.feed(b"".join(m.data for m in [*emulator.hear(b"START\n"), *emulator.send(key(50, 75))]))
    assert merged(packets) == [("Loss", Loss(None, "restart")), ("samples", key(50, 75).T.tolist())]


def test_a_board_waits_for_start_and_hears_it_in_pieces_and_in_small_letters() -> None:
    emulator = BOARD.emulator({})
    (boot_text,) = emulator.restart()
    assert boot_text.data.isascii()
    assert emulator.send(key(0, 100)) == []
    assert emulator.hear(b"\xff\xfe\x00junk that goes on for long START") == []
    assert emulator.hear(b"\rsta") == []
    assert len(emulator.hear(b"rt\r\n")) == 2
    assert [message.n_samples for message in emulator.send(key(100, 160))] == [25, 25]
    assert [message.n_samples for message in emulator.hear(b"STOP\n")] == [10]
    assert emulator.send(key(160, 400)) == []


@pytest.mark.parametrize(
    "options", [{}, {"channels": "raw,env,ref,adc", "rate": "500", "bits": "14", "gain": "0"}]
)
def test_the_emulator_knows_what_the_decoder_will_find_out(options: dict[str, str]) -> None:
    emulator = BOARD.emulator(options)
    stream = emulator.restart() + emulator.hear(b"START\n")
    assert BOARD.decoder(options).feed(b"".join(each.data for each in stream)) == [Described(emulator.info)]


@pytest.mark.parametrize(
    "options",
    [
        {"rate": "0.5"},
        {"rate": "1e9"},
        {"channels": "RAW,RAWER"},
        {"channels": ",".join(["RAW"] * 9)},
        {"bits": "0"},
        {"battery": "101"},
        {"gain": "-1"},
        {"gian": "2"},
    ],
)
def test_a_board_that_cannot_be_is_not_emulated(options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        BOARD.emulator(options)

"""Rows are those of section 2.12 in firmware_interface/README.md."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_interface.decoder import Described, Loss, Packet, Samples
from firmware_interface.device import BleLink, Send, SerialLink
from firmware_interface.devices.bitalino import (
    COMMANDS,
    DEVICES,
    BitalinoDecoder,
    BitalinoEmulator,
    channels_of,
    describe,
    frame_format,
    make_device,
)

SIX = {
    "DF F7 DF 7F B5 E1 06 06": [440, 437, 511, 511, 31, 31],
    "E1 E8 67 A7 D1 E3 16 1E": [440, 977, 669, 638, 35, 33],
    "E3 59 EF CA E5 E2 26 29": [440, 741, 811, 757, 39, 35],
    "A5 DA 35 E7 52 EE 36 37": [443, 594, 924, 861, 42, 37],
}
ONE = {"E0 06 0F": 440, "E0 16 13": 440, "E0 26 24": 440, "EC 36 33": 443, "20 47 41": 456}
PORTS = {n: tuple(range(1, n + 1)) for n in range(1, 7)}


def frames_of(texts: list[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.array([list(bytes.fromhex(text)) for text in texts], dtype=np.uint8)


def columns(packets: list[Packet]) -> list[list[int]]:
    return [column for packet in packets if isinstance(packet, Samples) for column in packet.data.T.tolist()]


def losses(packets: list[Packet]) -> list[Loss]:
    return [packet for packet in packets if isinstance(packet, Loss)]


def sent(n_ports: int, n: int, seed: int = 1) -> tuple[list[bytes], list[list[int]]]:
    """Return frames and the samples in them."""
    random = np.random.default_rng(seed)
    board = BitalinoEmulator(PORTS[n_ports])
    board.hear(bytes([(2**n_ports - 1) << 2 | 1]))
    largest = [int(channel.raw_high or 0) + 1 for channel in board.info.channels]
    data = random.integers(0, largest, (n, n_ports))
    return [message.data for message in board.send(data.T)], data.tolist()


def test_rows_1_to_4_the_vendors_frames_of_six_ports() -> None:
    frames = frames_of(list(SIX))
    made = frame_format(6)
    assert made.is_sound(frames).all()
    assert made.count(frames).tolist() == [0, 1, 2, 3]
    assert channels_of(frames, 6).T.tolist() == list(SIX.values())


def test_rows_1_to_4_the_vendors_frames_of_one_port() -> None:
    packets = BitalinoDecoder((1,)).feed(bytes.fromhex("".join(ONE)))
    assert columns(packets) == [[value] for value in ONE.values()]
    assert packets[0] == Described(describe((1,), 1000))


def test_rows_1_to_4_a_simulated_frame_of_three_ports() -> None:
    frames = frames_of(["C0 7F B5 E1 06 02"])
    assert frame_format(3).is_sound(frames).all()
    assert channels_of(frames, 3)[:, 0].tolist() == [440, 437, 511]


@given(n=st.integers(1, 6), data=st.data())
def test_row_5_the_checksum_is_that_of_a_shift_register(n: int, data: st.DataObject) -> None:
    length = frame_format(n).length
    frame = data.draw(st.binary(min_size=length, max_size=length))
    register = 0
    for bit in f"{int.from_bytes(frame) >> 4 << 4:0{8 * length}b}":
        register = register << 1
        register = (register ^ 0b10011 if register & 16 else register) ^ int(bit)
    assert frame_format(n).is_sound(frames_of([frame.hex()]))[0] == (register == frame[-1] & 15)


def test_row_5_every_wrong_bit_is_seen() -> None:
    frame = frames_of(["E3 59 EF CA E5 E2 26 29"])
    for bit in range(64):
        wrong = frame.copy()
        wrong[0, bit // 8] ^= 1 << bit % 8
        assert not frame_format(6).is_sound(wrong).any()


@pytest.mark.parametrize(("n", "length"), [(1, 3), (2, 4), (3, 6), (4, 7), (5, 8), (6, 8)])
def test_row_1_lengths_of_frames_and_the_way_back(n: int, length: int) -> None:
    frames, data = sent(n, 50)
    assert {len(frame) for frame in frames} == {length}
    assert columns(BitalinoDecoder(PORTS[n]).feed(b"".join(frames))) == data


def test_row_6_microvolts_of_the_emg_sensor() -> None:
    fine, *_, coarse = describe(PORTS[6], 1000).channels
    # (ADC / 2^n - 0.5) x 3.3 V / 1009, in mV.
    for raw, millivolts in [(0, -1.6352825), (512, 0.0), (505, -0.0223574), (1023, 1.6320886)]:
        assert (raw * fine.gain + fine.offset) / 1000 == pytest.approx(millivolts, abs=1e-6)
    assert coarse.gain == pytest.approx(16 * fine.gain)
    assert (coarse.raw_low, coarse.raw_high) == (0, 63)
    assert (fine.raw_low, fine.raw_high) == (0, 1023)


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.parametrize("garbage", [b"AT", b"BITalino_v5.2\n", bytes(40), b"\x06\x06\x06\x06\x06\xff" * 9])
def test_row_5_frames_are_found_behind_anything(n: int, garbage: bytes) -> None:
    frames, data = sent(n, 60)
    assert columns(BitalinoDecoder(PORTS[n]).feed(garbage + b"".join(frames))) == data


@pytest.mark.parametrize("n", range(1, 7))
def test_row_2_a_stream_is_joined_at_any_byte(n: int) -> None:
    frames, data = sent(n, 30)
    stream = b"".join(frames)
    for start in range(1, 2 * len(frames[0])):
        found = columns(BitalinoDecoder(PORTS[n]).feed(stream[start:]))
        assert found == data[-len(found) :]
        assert len(found) == 30 - -(-start // len(frames[0]))


def test_row_2_missing_counts_are_lost_samples() -> None:
    frames, data = sent(1, 60)
    packets = BitalinoDecoder((1,)).feed(b"".join(frames[:20] + frames[27:40] + frames[55:]))
    assert losses(packets) == [Loss(7, "lost packets", 16), Loss(15, "lost packets", 16)]
    assert columns(packets) == data[:20] + data[27:40] + data[55:]


@given(
    n=st.sampled_from([1, 2, 3, 4, 6]),
    wrong=st.lists(
        st.tuples(st.integers(10, 89), st.integers(0, 63)), max_size=25, unique_by=lambda pair: pair[0]
    ),
)
def test_row_5_a_wrong_bit_costs_its_frame_and_never_gives_a_wrong_sample(
    n: int, wrong: list[tuple[int, int]]
) -> None:
    frames, data = sent(n, 100)
    for place, bit in wrong:
        damaged = bytearray(frames[place])
        damaged[bit // 8 % len(damaged)] ^= 1 << bit % 8
        frames[place] = bytes(damaged)
    packets = BitalinoDecoder(PORTS[n]).feed(b"".join(frames))
    index = 0
    for packet in packets:
        if isinstance(packet, Samples):
            assert packet.data.T.tolist() == data[index : index + packet.data.shape[1]]
            index += packet.data.shape[1]
        elif isinstance(packet, Loss):
            index += packet.n_samples or 0
    assert index == 100


def test_after_a_new_connection_the_board_counts_anew() -> None:
    frames, data = sent(1, 20)
    decoder = BitalinoDecoder((1,))
    assert decoder.relink() == []
    decoder.feed(b"".join(frames)[:-1])
    assert decoder.relink() == [Loss(None, "disconnect")]
    packets = decoder.feed(b"".join(frames))
    assert losses(packets) == []
    assert columns(packets) == data


@pytest.mark.parametrize(
    ("key", "live"), [("bitalino", 0x05), ("bitalino-2", 0x0D), ("bitalino-4", 0x3D), ("bitalino-6", 0xFD)]
)
def test_row_7_what_is_said_to_start_and_to_stop(key: str, live: int) -> None:
    device = next(device for device in DEVICES if device.key == key)
    for link, to in zip(device.links, ("", COMMANDS), strict=True):
        assert isinstance(link, SerialLink | BleLink)
        assert [step for step in link.start if isinstance(step, Send)] == [
            Send(bytes([command]), to) for command in (0xFF, 0xC3, live)
        ]
        assert link.stop == (Send(b"\0", to),)


@pytest.mark.parametrize(("rate", "command"), [(1, 0x03), (10, 0x43), (100, 0x83), (1000, 0xC3)])
def test_row_7_rates(rate: int, command: int) -> None:
    device = make_device("slow", (1, 3), rate)
    assert Send(bytes([command])) in device.links[0].start
    assert Send(bytes([0b000101_01])) in device.links[0].start
    info = device.emulator({}).info
    assert (info.sampling_rate, info.ch_names) == (rate, ("A1", "A3"))


def test_the_emulator_waits_and_answers_while_it_waits() -> None:
    board = BitalinoEmulator((1,))
    data = np.array([[440, 440]])
    assert board.send(data) == []
    assert board.hear(b"\x07")[0].data == b"BITalino_v5.2\n"
    assert len(board.hear(b"\x0b", COMMANDS)[0].data) == 17
    board.hear(b"\xc3\x05")
    # The vendor's first frame carries set digital inputs, which the emulator leaves at zero.
    assert [message.data[-1] >> 4 for message in board.send(data)] == [0, 1]
    assert board.hear(b"\x07") == []
    board.hear(b"\x00")
    assert board.send(data) == []
    board.hear(b"\xfd")
    assert board.send(data) == []

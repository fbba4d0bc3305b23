"""Rows are those of section 2.10 in firmware_interface/README.md."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pytest

from firmware_interface.decoder import Described, Loss, Notice, Packet, Samples
from firmware_interface.devices.openbci_cyton import DEVICES, CytonDecoder, CytonEmulator

P = TypeVar("P", Described, Samples, Loss, Notice)

DEVICE = DEVICES[0]
VECTOR = bytes.fromhex(
    "A0 00 00 06 90 02 C0 01 FF FF FF 81 A1 01 7F FF FF 80 00 00 00 00 00 00 00 01 0F A0 00 10 FF F0 C0"
)
COUNTS = [1680, 180225, -1, -8281855, 8388607, -8388608, 0, 1]
BOARD = b"OpenBCI V3 8-16 channel\nADS1299 Device ID: 0x3E\nLIS3DH Device ID: 0x33\nFirmware: v3.1.2\n$$$"


def frame(number: int, value: int = 0, foot: int = 0xC0) -> bytes:
    return bytes([0xA0, number % 256]) + value.to_bytes(3, "big", signed=True) * 8 + bytes(6) + bytes([foot])


def only(packets: list[Packet], kind: type[P]) -> list[P]:
    return [packet for packet in packets if isinstance(packet, kind)]


def first_channel(packets: list[Packet]) -> list[int]:
    return [int(value) for packet in only(packets, Samples) for value in packet.data[0]]


def test_row_3_the_vendors_numbers_and_their_microvolts() -> None:
    following = frame(1)
    described, samples = CytonDecoder().feed(VECTOR + following)
    assert isinstance(described, Described)
    assert isinstance(samples, Samples)
    assert samples.data[:, 0].tolist() == COUNTS
    assert described.info.sampling_rate == 250
    uv = [raw * channel.gain for raw, channel in zip(COUNTS, described.info.channels, strict=True)]
    expected = [37.5509307, 4028.34314, -0.0223517445, -185113.907, 187500.0, -187500.022, 0, 0.0223517445]
    assert uv == pytest.approx(expected, rel=1e-8)
    assert {channel.unit for channel in described.info.channels} == {"uV"}
    assert (described.info.channels[0].raw_low, described.info.channels[0].raw_high) == (-(2**23), 2**23 - 1)


@pytest.mark.parametrize(("gain", "largest"), [("1", 4.5e6), ("2", 2.25e6), ("24", 187500.0)])
def test_the_gain_scales_the_microvolts(gain: str, largest: float) -> None:
    described = DEVICE.decoder({"gain": gain}).feed(frame(0) + frame(1))[0]
    assert isinstance(described, Described)
    assert described.info.channels[7].gain * (2**23 - 1) == pytest.approx(largest)


@pytest.mark.parametrize("foot", range(0xC0, 0xD0))
def test_row_5_every_foot_is_read(foot: int) -> None:
    assert first_channel(CytonDecoder().feed(frame(0, 5, foot) + frame(1, 6, foot))) == [5, 6]


def test_row_2_missing_numbers_are_lost_frames() -> None:
    packets = CytonDecoder().feed(b"".join(frame(number, number) for number in [254, 255, 0, 4, 5]))
    assert packets[2] == Loss(3, "lost packets", 256)
    assert first_channel(packets) == [254, 255, 0, 4, 5]


def test_a_stream_that_is_joined_in_the_middle_begins_there() -> None:
    stream = b"".join(frame(number, number) for number in range(70, 80))
    packets = CytonDecoder().feed(stream[20:])
    assert first_channel(packets) == list(range(71, 80))
    assert not only(packets, Loss)


def test_row_6_the_boards_text_is_a_notice_at_once() -> None:
    text = "OpenBCI V3 8-16 channel; ADS1299 Device ID: 0x3E; LIS3DH Device ID: 0x33; Firmware: v3.1.2"
    assert CytonDecoder().feed(BOARD) == [Notice("text", text)]


def test_row_7_a_dongle_without_board_says_so() -> None:
    said = "Failure: Communications timeout - Device failed to poll Host"
    assert CytonDecoder().feed(said.encode() + b"$$$") == [Notice("failure", said)]


def test_row_6_a_board_that_comes_up_in_between_has_restarted() -> None:
    before, after = frame(8, 1) + frame(9, 2), b"".join(frame(number, number) for number in range(20))
    packets = CytonDecoder().feed(before + BOARD + after)
    assert first_channel(packets) == [1, 2, *range(20)]
    assert only(packets, Loss) == [Loss(None, "restart")]


def test_after_a_new_connection_the_board_counts_anew() -> None:
    decoder = CytonDecoder()
    assert decoder.relink() == []
    decoder.feed(frame(8) + frame(9) + frame(10)[:20])
    assert decoder.relink() == [Loss(None, "disconnect")]
    packets = decoder.feed(BOARD + frame(0, 3) + frame(1, 4))
    assert [type(packet) for packet in packets] == [Notice, Samples]


def daisy_stream(first: int, n: int) -> bytes:
    """Give frames whose channels hold their number on the board, and a thousand more on the Daisy."""
    return b"".join(frame(k, k if k % 2 else 1000 + k) for k in range(first, first + n))


@pytest.mark.parametrize("told", [False, True])
def test_row_8_with_a_daisy_two_frames_are_one_sample(told: bool) -> None:
    said = BOARD.replace(b"ADS1299", b"On Board ADS1299 Device ID: 0x3E\nOn Daisy ADS1299")
    decoder = CytonDecoder(daisy=True) if told else CytonDecoder()
    packets = decoder.feed((b"" if told else said) + daisy_stream(0, 7))
    described = only(packets, Described)[0]
    assert (described.info.sampling_rate, len(described.info.channels)) == (125, 16)
    data = np.concatenate([packet.data for packet in only(packets, Samples)], axis=1)
    # Number 0 is the Daisy's half of a sample that began before the start.
    assert data[0].tolist() == [1, 3, 5]
    assert data[15].tolist() == [1002, 1004, 1006]


def test_row_8_a_lost_half_costs_its_sample() -> None:
    stream = [daisy_stream(number, 1) for number in range(1, 13)]
    del stream[4]
    packets = CytonDecoder(daisy=True).feed(b"".join(stream))
    assert only(packets, Loss) == [Loss(1, "lost packets", 128)]
    assert first_channel(packets) == [1, 3, 7, 9, 11]


def test_row_8_halves_find_each_other_across_calls() -> None:
    decoder = CytonDecoder(daisy=True)
    packets = [packet for k in range(255, 270) for packet in decoder.feed(daisy_stream(k, 1))]
    assert len(first_channel(packets)) == 7
    assert not only(packets, Loss)


def test_without_a_word_of_a_daisy_there_are_eight_channels() -> None:
    described = CytonDecoder().feed(BOARD + frame(0) + frame(1))[1]
    assert isinstance(described, Described)
    assert len(described.info.channels) == 8


def test_a_daisy_that_is_denied_is_not_believed() -> None:
    decoder = CytonDecoder(daisy=False)
    decoder.feed(b"OpenBCI V3\nOn Daisy ADS1299 Device ID: 0x3E\n$$$")
    assert len(only(decoder.feed(frame(0) + frame(1)), Described)[0].info.channels) == 8


def test_the_emulator_waits_numbers_from_0_and_answers() -> None:
    board = CytonEmulator()
    data = np.arange(16).reshape(8, 2)
    assert board.send(data) == []
    assert [message.data[-3:] for message in board.hear(b"v")] == [b"$$$"]
    assert board.hear(b"d")[0].data == b"updating channel settings to default$$$"
    assert board.hear(b"b") == []
    assert [message.data[:2] for message in board.send(data)] == [b"\xa0\x00", b"\xa0\x01"]
    board.hear(b"s")
    assert board.send(data) == []
    board.hear(b"b")
    assert board.send(data)[0].data[1] == 0


def test_what_is_sent_starts_and_stops_the_stream() -> None:
    link = DEVICE.links[0]
    commands = b"".join(getattr(step, "data", b"") for step in link.start)
    assert commands == b"svb"
    assert [getattr(step, "data", b"") for step in link.stop] == [b"s"]

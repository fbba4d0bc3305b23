"""Rows are those of section 2.14 in firmware_interface/README.md."""

from __future__ import annotations

import numpy as np
import pytest

from firmware_interface.decoder import Described, Loss, Packet, Samples
from firmware_interface.devices.olimex import DEVICES, OlimexDecoder, OlimexEmulator

VECTORS = {
    "A5 5A 02 CB 02 05 01 FC 01 F4 01 EC 01 E7 01 E3 01": [517, 508, 500, 492, 487, 483],
    "A5 5A 02 CC 02 04 01 FF 01 F9 01 F3 01 F1 01 ED 01": [516, 511, 505, 499, 497, 493],
    "A5 5A 02 39 02 33 01 EB 02 22 01 B3 02 00 02 00 0F": [563, 491, 546, 435, 512, 512],
}


def columns(packets: list[Packet]) -> list[list[int]]:
    return [column for packet in packets if isinstance(packet, Samples) for column in packet.data.T.tolist()]


def losses(packets: list[Packet]) -> list[Loss]:
    return [packet for packet in packets if isinstance(packet, Loss)]


def frame(number: int, value: int = 512, switches: int = 1) -> bytes:
    return b"\xa5\x5a\x02" + bytes([number % 256]) + value.to_bytes(2, "big") * 6 + bytes([switches])


@pytest.mark.parametrize(("text", "values"), VECTORS.items())
def test_row_3_six_big_endian_numbers(text: str, values: list[int]) -> None:
    described, samples = OlimexDecoder().feed(bytes.fromhex(text))
    assert columns([samples]) == [values]
    assert isinstance(described, Described)
    assert {(channel.unit, channel.raw_low, channel.raw_high) for channel in described.info.channels} == {
        ("adc", 0, 1023)
    }


def test_a_recorded_stream_begins_anywhere() -> None:
    first, second = (bytes.fromhex(text) for text in list(VECTORS)[:2])
    packets = OlimexDecoder().feed(first[7:] + first + second)
    assert columns(packets) == list(VECTORS.values())[:2]


@pytest.mark.parametrize(("variant", "rate"), [("demo", 250), ("logger", 125), ("modular", 256)])
def test_the_variant_gives_the_rate(variant: str, rate: float) -> None:
    described = DEVICES[0].decoder({"variant": variant}).feed(frame(1))[0]
    assert isinstance(described, Described)
    assert described.info.sampling_rate == rate


def test_row_2_missing_counts_are_lost_samples() -> None:
    packets = OlimexDecoder().feed(b"".join(frame(number, number) for number in (254, 255, 3, 4)))
    assert losses(packets) == [Loss(3, "lost packets", 256)]
    assert [column[0] for column in columns(packets)] == [254, 255, 3, 4]


def test_row_3_numbers_beyond_ten_bits_are_damage() -> None:
    stream = [frame(number, number) for number in range(10)]
    stream[4] = frame(4, 1024)
    packets = OlimexDecoder().feed(b"".join(stream))
    assert losses(packets) == [Loss(1, "lost packets", 256)]
    assert [column[0] for column in columns(packets)] == [0, 1, 2, 3, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("variant", ["demo", "logger"])
def test_row_4_a_reset_is_marked_with_frames_that_are_no_samples(variant: str) -> None:
    before = frame(7, 70) + frame(8, 80)
    marks = frame(0, 512, switches=2) * 125
    packets = OlimexDecoder(variant).feed(marks + before + marks + frame(0, 10) + frame(1, 20))
    assert [column[0] for column in columns(packets)] == [70, 80, 10, 20]
    assert losses(packets) == [Loss(None, "restart")]


def test_row_4_elsewhere_the_last_byte_is_that_of_the_switches() -> None:
    packets = OlimexDecoder("modular").feed(b"".join(frame(number, switches=2) for number in range(3)))
    assert len(columns(packets)) == 3


def test_after_a_lost_link_the_counter_tells_what_it_can() -> None:
    decoder = OlimexDecoder()
    decoder.feed(frame(10) + frame(11) + frame(12)[:9])
    assert decoder.relink() == []
    packets = decoder.feed(frame(15) + frame(16))
    assert losses(packets) == [Loss(3, "disconnect", 256)]


def test_the_emulator_counts_from_its_reset() -> None:
    board = OlimexEmulator("logger")
    data = np.arange(12).reshape(6, 2)
    board.send(data)
    marks = board.restart()
    assert len(marks) == 125
    assert {(message.data[3], message.data[-1], message.n_samples) for message in marks} == {(0, 2, 0)}
    assert [message.data[3] for message in board.send(data)] == [0, 1]
    assert OlimexEmulator().restart() == []

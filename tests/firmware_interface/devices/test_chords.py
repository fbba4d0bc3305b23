"""Rows are those of section 2.4 in firmware_interface/README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import UsageError
from firmware_interface.decoder import Loss, Notice
from firmware_interface.device import Send
from firmware_interface.devices.chords import DEVICES
from firmware_interface.devices.chords.boards import BOARDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from firmware_interface.decoder import Decoder
    from tests.firmware_interface.devices.conftest import Read, Tell, Told

(CHORDS,) = DEVICES
VECTORS = [
    "C7 7C 00 02 C6 02 DD 02 F2 03 08 03 1D 03 32 01",
    "C7 7C 01 02 6A 02 79 02 87 02 96 02 A4 02 B2 01",
    "C7 7C 02 01 7B 01 8A 01 99 01 A9 01 B9 01 C9 01",
]
ROWS = [
    (710, 733, 754, 776, 797, 818),
    (618, 633, 647, 662, 676, 690),
    (379, 394, 409, 425, 441, 457),
]
THREE = b"".join(map(bytes.fromhex, VECTORS))


def made(**options: str) -> Callable[[], Decoder]:
    return lambda: CHORDS.decoder(options)


def frame(count: int, *values: int) -> bytes:
    return bytes([0xC7, 0x7C, count % 256]) + b"".join(value.to_bytes(2, "big") for value in values) + b"\x01"


def stream(counts: Sequence[int], n_channels: int = 6) -> bytes:
    return b"".join(frame(count, *(count % 256 + n for n in range(n_channels))) for count in counts)


def test_rows_1_to_5_the_frames_of_an_uno(read_stream: Read) -> None:
    told = read_stream(made(), b"UNO-R3\r\n" + THREE)
    assert told.rows == ROWS
    assert told.notices == [(0, Notice("board", "UNO-R3"))]
    (info,) = told.infos
    assert (info.sampling_rate, info.device) == (250, "Chords UNO-R3")
    assert info.ch_names == ("A0", "A1", "A2", "A3", "A4", "A5")
    assert {(channel.unit, channel.raw_low, channel.raw_high) for channel in info.channels} == {
        ("adc", 0, 1023)
    }
    assert told.dtypes == {"int16"}
    assert not told.losses


def test_row_6_a_board_that_has_not_answered_is_read_all_the_same(read_stream: Read) -> None:
    told = read_stream(made(), b"\x01\xc9\x01" + THREE)
    assert told.rows == ROWS
    assert (told.infos[0].device, told.infos[0].channels[0].raw_high) == ("Chords unknown", None)


def test_row_6_an_answer_between_frames_says_what_the_numbers_mean(read_stream: Read) -> None:
    told = read_stream(made(), stream(range(8)) + b"UNO-R3\r\n" + stream(range(8, 20)))
    assert told.firsts == list(range(20))
    assert [info.device for info in told.infos] == ["Chords unknown", "Chords UNO-R3"]
    assert told.notices == [(8, Notice("board", "UNO-R3"))]
    assert told.dtypes == {"uint16"}
    assert not told.losses


def test_row_7_other_answers_between_frames_are_states(read_stream: Read) -> None:
    told = read_stream(made(board="UNO-R3"), stream(range(8)) + b"START\r\n" + stream(range(8, 20)))
    assert told.firsts == list(range(20))
    assert told.notices == [(8, Notice("state", "START"))]
    assert not told.losses


@pytest.mark.parametrize(("missing", "n_lost"), [([7], 1), ([7, 8, 9], 3), ([300, 301], 2)])
def test_row_2_the_counter_tells_what_was_lost(missing: list[int], n_lost: int) -> None:
    counts = [count for count in range(320) if count not in missing]
    decoder = CHORDS.decoder({})
    packets = decoder.feed(stream(counts))
    assert [packet for packet in packets if isinstance(packet, Loss)] == [Loss(n_lost, "lost packets", 256)]


@pytest.mark.parametrize("place", range(16))
def test_rows_1_to_4_a_damaged_byte_costs_no_more_than_its_frame(place: int, tell: Tell) -> None:
    data = bytearray(stream(range(30)))
    data[12 * 16 + place] ^= 0xA5
    told = tell(CHORDS.decoder({"board": "UNO-R3"}).feed(bytes(data)))
    lower_half = 3 <= place < 15 and place % 2 == 0
    if lower_half:  # still a number the converter has: nothing in the format shows that it is wrong
        assert len(told.rows) == 30
    else:
        assert told.firsts == [n for n in range(30) if n != 12]
        assert told.losses == [(12, Loss(1, "lost packets", 256))]


@pytest.mark.parametrize("garbage", [b"\xc7", b"\xc7\x7c", b"hello\r\n", b"\xc7\x7c\x05" * 9, bytes(40)])
def test_garbage_around_frames_costs_nothing(garbage: bytes, read_stream: Read) -> None:
    first, second = stream(range(5)), stream(range(5, 17))
    told = read_stream(made(board="UNO-R3"), garbage + first + garbage + second + garbage)
    assert told.firsts == list(range(17))
    assert not told.losses


def test_row_4_on_16_bits_a_head_inside_the_samples_is_none(read_stream: Read) -> None:
    data = b"".join(frame(n, 0x00C7, 0x7C05, 0x01C7, 0x7C06, 5, n) for n in range(8))
    told = read_stream(made(board="GIGA-R1"), data[3:])
    assert [row[5] for row in told.rows] == list(range(1, 8))
    assert told.dtypes == {"uint16"}


@pytest.mark.parametrize("name", BOARDS)
def test_row_6_every_board_is_read_as_it_says(name: str, read_messages: Callable[..., Told]) -> None:
    emulator = CHORDS.emulator({"board": name})
    data = np.random.default_rng(7).integers(0, BOARDS[name].highest, (BOARDS[name].n_channels, 40))
    assert emulator.send(data) == []
    messages = emulator.restart()
    for step in CHORDS.links[0].start:
        if isinstance(step, Send):
            messages += emulator.hear(step.data)
    told = read_messages(CHORDS, [*messages, *emulator.send(data)])
    assert told.rows == [tuple(row) for row in data.T.tolist()]
    assert told.infos == [emulator.info]


def test_row_6_an_npg_lite_with_a_playmate_sends_more_than_it_says(read_stream: Read) -> None:
    told = read_stream(made(), b"NPG-LITE\r\n" + stream(range(1, 9)))
    assert told.firsts == list(range(1, 9))
    assert told.infos[0].channels[0].raw_high == 4095


def test_row_8_microvolts_of_a_muscle_bioamp(tell: Tell) -> None:
    (info,) = tell(CHORDS.decoder({"board": "UNO-R3", "gain": "2420"}).feed(THREE)).infos
    channel = info.channels[0]
    assert channel.unit == "uV"
    assert channel.gain == pytest.approx(2.018, abs=5e-4)
    assert 512 * channel.gain + channel.offset == pytest.approx(0)


def test_row_7_the_emulator_answers_as_the_boards_do() -> None:
    uno, npg = CHORDS.emulator({}), CHORDS.emulator({"board": "NPG-LITE"})
    assert [message.data for message in uno.hear(b"WHORU\nSTATUS\nHELLO\n")] == [b"UNO-R3\r\n", b"STOP\r\n"]
    assert [message.data for message in npg.hear(b"STATUS\nHELLO\n")] == [
        b"STOPPED\r\n",
        b"UNKNOWN COMMAND\r\n",
    ]
    uno.hear(b"START\n")
    npg.hear(b"START\n")
    assert uno.send(np.zeros((6, 1)))[0].data[2] == 0
    assert npg.send(np.zeros((3, 1)))[0].data[2] == 1
    uno.hear(b"STOP\n")
    uno.hear(b"START\n")
    assert uno.send(np.zeros((6, 1)))[0].data[2] == 1


def test_after_a_new_connection_the_board_counts_anew(tell: Tell) -> None:
    decoder = CHORDS.decoder({})
    assert decoder.relink() == []
    decoder.feed(stream(range(9)) + stream([9])[:5])
    assert decoder.relink() == [Loss(None, "disconnect")]
    packets = decoder.feed(b"UNO-R3\r\n" + stream(range(3)))
    assert tell(packets).firsts == [0, 1, 2]


def test_wrong_options_are_refused() -> None:
    with pytest.raises(UsageError, match="board"):
        CHORDS.decoder({"board": "UNO-R9"})

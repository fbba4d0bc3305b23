"""Section 2.1 of firmware_interface/README.md, row by row; bytes are put together by hand here."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import DeviceError, UsageError
from emgdetect.types import Channel
from firmware_interface.decoder import Decoder, Described, Loss, Notice, Packet, Samples
from firmware_interface.device import BleLink, Send, SerialLink
from firmware_interface.devices import load_device

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = b"\xe3\x47"
BOARD = load_device("emgdetect")


def frame(kind: int, payload: bytes, boot: int = 1, version: int = 1) -> bytes:
    inside = bytes([version, kind, boot, len(payload)]) + payload
    return MARK + inside + struct.pack("<I", zlib.crc32(inside))


def description(  # noqa: PLR0913 -- one argument for each field, all but one by name
    channels: Sequence[tuple[int, int]] = ((1, 200_000),),
    *,
    rate: int = 1_000_000,
    bits: int = 10,
    signed: int = 0,
    vref: int = 5000,
    watched: int = 0,
    name: bytes = b"Uno",
) -> bytes:
    payload = bytes([1, 0]) + struct.pack("<I", rate) + bytes([bits, signed]) + struct.pack("<H", vref)
    payload += bytes([watched, len(channels)])
    payload += b"".join(bytes([role]) + struct.pack("<I", gain) for role, gain in channels)
    return payload + bytes([len(name)]) + name


def samples(
    counter: int,
    rows: Sequence[Sequence[int]],
    *,
    clock: int = 0,
    off: int = 0,
    described: bytes = b"",
    kind: str = "H",
) -> bytes:
    tag = zlib.crc32(described or description()) & 0xFFFF
    head = struct.pack("<IIHBB", counter, clock, tag, off, len(rows[0]))
    return head + b"".join(struct.pack(f"<{len(row)}{kind}", *row) for row in rows)


def decoder() -> Decoder:
    return BOARD.decoder({})


def data_of(packets: Sequence[Packet]) -> list[list[list[int]]]:
    return [packet.data.tolist() for packet in packets if isinstance(packet, Samples)]


DESCRIBED = frame(2, description())


def test_a_whole_stream_written_out() -> None:
    """2.1.1 to 2.1.37, byte for byte, so that no helper of this file can hide a mistake."""
    said = bytes.fromhex("E3 47 01 02 07 15 01 00 40 42 0F 00 0A 00 88 13 00 01 01 40 0D 03 00 03 55 6E 6F")
    sent = bytes.fromhex("E3 47 01 01 07 10 05 00 00 00 88 13 00 00")
    tag = zlib.crc32(said[6:]) & 0xFFFF
    sent += bytes([tag & 255, tag >> 8, 0, 1]) + bytes.fromhex("00 02 FF 03")
    status = bytes.fromhex("E3 47 01 03 07 04 50 01 02 00")
    stream = b"".join(part + zlib.crc32(part[2:]).to_bytes(4, "little") for part in (said, sent, status))
    described, got, battery, overruns = decoder().feed(stream)
    assert isinstance(described, Described)
    assert described.info.sampling_rate == 1000.0
    assert described.info.device == "Uno"
    assert isinstance(got, Samples)
    assert got.data.tolist() == [[512, 1023]]
    assert got.device_time == 0.005
    assert (battery, overruns) == (Notice("battery", 80), Notice("overruns", 2))


def test_2_1_1_nothing_but_the_mark_begins_a_frame() -> None:
    good = frame(1, samples(0, [[7]]))
    assert decoder().feed(DESCRIBED + b"\xe3" + good[1:]) != []
    assert data_of(decoder().feed(DESCRIBED + b"\xe2" + good[1:])) == []


def test_2_1_2_another_version_is_said_and_not_guessed() -> None:
    """2.1.44."""
    with pytest.raises(DeviceError, match="version 2 of the protocol"):
        decoder().feed(frame(2, b"whatever that may mean", version=2))


def test_2_1_3_kinds_that_are_not_known_are_passed_over() -> None:
    packets = decoder().feed(DESCRIBED + frame(9, b"later") + frame(1, samples(0, [[7]])))
    assert data_of(packets) == [[[7]]]


def test_2_1_4_another_boot_number_is_a_restart_even_if_the_counter_fits() -> None:
    """2.1.43."""
    packets = decoder().feed(
        DESCRIBED + frame(1, samples(10, [[7]])) + frame(1, samples(11, [[8]]), boot=2) + DESCRIBED
    )
    assert Loss(None, "restart") == packets[2]
    assert data_of(packets) == [[[7]], [[8]]]


def test_2_1_43_a_counter_that_goes_back_is_a_restart_too() -> None:
    packets = decoder().feed(DESCRIBED + frame(1, samples(10, [[7]])) + frame(1, samples(0, [[8]])))
    assert packets[2] == Loss(None, "restart")


def test_2_1_5_and_8_the_longest_payload_is_read_and_a_longer_length_is_no_frame() -> None:
    """2.1.47."""
    rows = [[k] for k in range(111)]
    longest = frame(1, samples(0, rows))
    assert len(longest) == 244
    assert data_of(decoder().feed(DESCRIBED + longest)) == [[list(range(111))]]
    assert data_of(decoder().feed(DESCRIBED + frame(1, samples(0, [[k] for k in range(112)])))) == []


@pytest.mark.parametrize("place", range(2, 30))
def test_2_1_7_a_wrong_byte_anywhere_costs_its_frame_and_no_other(place: int) -> None:
    """2.1.41, 2.1.47."""
    hit = bytearray(frame(1, samples(3, [[4], [5], [6], [7]])))
    assert len(hit) == 30
    hit[place] ^= 0x20
    stream = DESCRIBED + frame(1, samples(0, [[1], [2], [3]])) + hit + frame(1, samples(7, [[8]]))
    # A length that has grown is believed until so many bytes have come; more frames bring them.
    stream += b"".join(frame(1, samples(8 + k, [[9 + k]])) for k in range(20))
    packets = decoder().feed(stream)
    assert packets[2] == Loss(4, "lost packets", 2**32)
    assert [row[0] for row in data_of(packets)][1:] == [[k] for k in range(8, 29)]


def test_2_1_10_and_41_the_counter_says_how_much_is_missing() -> None:
    some = decoder()
    some.feed(DESCRIBED + frame(1, samples(100, [[1], [2]])))
    packets = some.feed(frame(1, samples(5_000_102, [[3]])))
    assert packets[0] == Loss(5_000_000, "lost packets", 2**32)


def test_2_1_10_the_counter_may_turn_over() -> None:
    some = decoder()
    some.feed(DESCRIBED + frame(1, samples(2**32 - 2, [[1], [2]])))
    assert data_of(some.feed(frame(1, samples(0, [[3]])))) == [[[3]]]
    assert some.feed(frame(1, samples(4, [[5]])))[0] == Loss(3, "lost packets", 2**32)


def test_2_1_10_what_is_missing_at_the_beginning_is_no_loss() -> None:
    assert not any(
        isinstance(each, Loss) for each in decoder().feed(DESCRIBED + frame(1, samples(500, [[1]])))
    )


def test_2_1_11_the_clock_goes_on_when_its_32_bits_turn_over() -> None:
    some = decoder()
    some.feed(DESCRIBED)
    times = []
    for hours in (0, 1, 1.2, 9, 9.5):
        counter = round(hours * 3600 * 1000)
        clock = (counter * 1000 + 1_250_000) % 2**32
        times += [
            packet.device_time
            for packet in some.feed(frame(1, samples(counter, [[0]], clock=clock)))
            if isinstance(packet, Samples)
        ]
    assert times == pytest.approx([hours * 3600 + 1.25 for hours in (0, 1, 1.2, 9, 9.5)], abs=1e-9)


def test_2_1_12_and_45_samples_wait_for_the_description_they_name() -> None:
    other = description(((1, 200_000), (2, 0)))
    some = decoder()
    assert some.feed(frame(1, samples(0, [[1]]))) == []
    assert data_of(some.feed(DESCRIBED + frame(1, samples(1, [[2]])))) == [[[2]]]
    assert some.feed(frame(1, samples(2, [[3, 4]], described=other))) == []
    packets = some.feed(frame(2, other) + frame(1, samples(3, [[5, 6]], described=other)))
    assert isinstance(packets[0], Described)
    assert packets[1] == Loss(1, "lost packets", 2**32)
    assert data_of(packets) == [[[5], [6]]]


def test_2_1_13_26_and_46_electrodes_are_reported_when_they_come_off_and_on() -> None:
    said = description(((1, 0), (1, 0), (3, 0)), watched=0b011)
    some = decoder()
    some.feed(frame(2, said))
    notices = []
    for count, off in enumerate((0b000, 0b100, 0b110, 0b011, 0b011, 0b000)):
        packets = some.feed(frame(1, samples(count, [[0, 0, 0]], off=off, described=said)))
        notices.append([packet for packet in packets if isinstance(packet, Notice)])
    assert notices == [
        [], [], [Notice("lead-off", "RAW2")], [Notice("lead-off", "RAW1,RAW2")], [], [Notice("lead-off", "")],
    ]  # fmt: skip


def test_2_1_13_means_nothing_where_nothing_is_watched() -> None:
    packets = decoder().feed(DESCRIBED + frame(1, samples(0, [[0]], off=1)))
    assert not any(isinstance(packet, Notice) for packet in packets)


def test_2_1_14_a_frame_that_contradicts_its_description_is_passed_over() -> None:
    tag = zlib.crc32(description()) & 0xFFFF
    two = struct.pack("<IIHBB", 0, 0, tag, 0, 2) + b"\1\0\2\0"
    half = samples(0, [[1]])[:-1]
    assert decoder().feed(DESCRIBED + frame(1, two) + frame(1, half) + frame(1, half[:-1]))[1:] == []


def test_2_1_15_channels_of_a_sample_stand_together() -> None:
    said = description(((1, 0), (2, 0), (3, 0)))
    packets = decoder().feed(frame(2, said) + frame(1, samples(0, [[1, 2, 3], [4, 5, 6]], described=said)))
    assert data_of(packets) == [[[1, 4], [2, 5], [3, 6]]]


def test_2_1_22_a_rate_need_not_be_whole() -> None:
    (packet,) = decoder().feed(frame(2, description(rate=199_700)))
    assert isinstance(packet, Described)
    assert packet.info.sampling_rate == 199.7


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # 5 V in 1024 steps, amplified 200 times, are 24.4140625 uV a step; 512 is the middle.
        (description(), Channel("RAW", "uV", 24.4140625, -12500.0, 0, 1023)),
        (description(bits=14), Channel("RAW", "uV", 1.52587890625, -12500.0, 0, 16383)),
        (description(signed=1, bits=16, vref=2500), Channel("RAW", "uV", 0.19073486328125, 0, -32768, 32767)),
        (description(((1, 0),)), Channel("RAW", "adc", 1, 0, 0, 1023)),
        (description(vref=0), Channel("RAW", "adc", 1, 0, 0, 1023)),
        (description(((2, 0),)), Channel("ENV", "envelope", 1, 0, 0, 1023)),
        (description(((2, 10_000),)), Channel("ENV", "envelope", 488.28125, 0, 0, 1023)),
        (description(((3, 5_000),)), Channel("REF", "adc", 1, 0, 0, 1023)),
        (description(((77, 5_000),)), Channel("ADC", "adc", 1, 0, 0, 1023)),
    ],
)
def test_2_1_23_to_29_and_42_say_what_a_step_is_worth(said: bytes, expected: Channel) -> None:
    (packet,) = decoder().feed(frame(2, said))
    assert isinstance(packet, Described)
    (channel,) = packet.info.channels
    assert (channel.name, channel.unit) == (expected.name, expected.unit)
    assert (channel.raw_low, channel.raw_high) == (expected.raw_low, expected.raw_high)
    assert (channel.gain, channel.offset) == pytest.approx((expected.gain, expected.offset))


def test_2_1_24_signed_samples_are_signed() -> None:
    said = description(signed=1, bits=16)
    stream = frame(2, said) + frame(1, samples(0, [[-5], [32767], [-32768]], described=said, kind="h"))
    assert data_of(decoder().feed(stream)) == [[[-5, 32767, -32768]]]


def test_2_1_30_and_31_a_board_without_a_name_and_one_from_tomorrow() -> None:
    packets = decoder().feed(frame(2, description(name=b"")) + frame(2, description(name=b"left") + b"more"))
    assert [each.info.device for each in packets if isinstance(each, Described)] == [
        "emgdetect board",
        "left",
    ]


def test_2_1_35_and_37_a_board_says_only_what_has_changed() -> None:
    some = decoder()
    status = [(255, 0), (80, 0), (80, 0), (79, 3), (79, 3)]
    said = [some.feed(frame(3, bytes([battery, 1, lost, 0]))) for battery, lost in status]
    assert said == [[], [Notice("battery", 80)], [], [Notice("battery", 79), Notice("overruns", 3)], []]


def test_2_1_35_a_status_from_tomorrow_and_one_cut_short() -> None:
    assert decoder().feed(frame(3, b"\x14\1\0\0 and more")) == [Notice("battery", 20)]
    assert decoder().feed(frame(3, b"\x14\1\0")) == []


def test_2_1_40_a_repeated_description_is_no_news() -> None:
    packets = decoder().feed(
        DESCRIBED + frame(1, samples(0, [[1]])) + DESCRIBED + frame(1, samples(1, [[2]]))
    )
    assert [type(packet) for packet in packets] == [Described, Samples, Samples]


def test_2_1_41_after_a_new_link_the_gap_has_another_cause() -> None:
    some = decoder()
    some.feed(DESCRIBED + frame(1, samples(0, [[1]])) + DESCRIBED[:9])
    assert some.relink() == []
    assert some.feed(frame(1, samples(101, [[2]])))[0] == Loss(100, "disconnect", 2**32)
    assert some.feed(frame(1, samples(103, [[2]])))[0] == Loss(1, "lost packets", 2**32)
    some.relink()
    assert data_of(some.feed(frame(1, samples(104, [[3]])))) == [[[3]]]


@pytest.mark.parametrize(
    "wrong",
    [
        description(rate=0),
        description(bits=0),
        description(bits=17),
        description(()),
        description([(1, 0)] * 9),
        description()[:-5],
        b"",
    ],
)
def test_2_1_44_a_board_that_cannot_be_is_refused(wrong: bytes) -> None:
    with pytest.raises(DeviceError, match="description of itself"):
        decoder().feed(frame(2, wrong))


def test_2_1_50_to_62_nothing_else_is_ever_sent_to_a_board() -> None:
    control = "9bccc595-1c99-4014-b36f-b12420a65a97"
    usb, ble = BOARD.links
    assert isinstance(usb, SerialLink)
    assert isinstance(ble, BleLink)
    assert usb.start == usb.keep_alive == (Send(b"\nSTART\n"),)
    assert usb.stop == (Send(b"\nSTOP\n"),)
    assert ble.start == (Send(b"\nSTART\n", control),)
    assert ble.stop == (Send(b"\nSTOP\n", control),)
    assert ble.service == "9bccc593-1c99-4014-b36f-b12420a65a97"
    assert ble.notify == ("9bccc594-1c99-4014-b36f-b12420a65a97",)
    assert usb.baud_rates == (115200,)


def test_samples_are_numbers_of_this_machine() -> None:
    (got,) = data_of(decoder().feed(DESCRIBED + frame(1, samples(0, [[513]]))))
    assert got == [[513]]
    packets = decoder().feed(DESCRIBED + frame(1, samples(0, [[513]])))
    assert isinstance(packets[1], Samples)
    assert packets[1].data.dtype == np.dtype(np.uint16)


def test_an_option_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="colour"):
        BOARD.decoder({"colour": "red"})

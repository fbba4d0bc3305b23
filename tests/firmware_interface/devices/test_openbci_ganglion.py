"""Rows are those of section 2.11 in firmware_interface/README.md."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pytest

from firmware_interface.decoder import Described, Loss, Notice, Packet, Samples
from firmware_interface.devices.openbci_ganglion import DEVICES, fields
from firmware_interface.devices.openbci_ganglion.decoder import GanglionDecoder
from firmware_interface.devices.openbci_ganglion.emulator import GanglionEmulator

P = TypeVar("P", Described, Samples, Loss, Notice)
DEVICE = DEVICES[0]
V3_18 = bytes.fromhex("07 00 03 BF FF 17 FF FA 00 01 00 00 3F FF F0 1E 23 F8 77 FB")
V3_19 = bytes.fromhex("6B 00 03 DF FF 85 FF FF 40 00 10 00 01 FF FF C0 78 97 F0 EF")
V2_18 = {
    "00 00 00 00 20 00 28 00 04 80 00 BC 00 07 00 28 C0 0A": [0, 2, 10, 4, 131074, 245760, 114698, 49162],
    "FF FF 7F FF BF FF E7 FF F5 00 01 4F 8E 30 00 1F F0 01": [
        *(-3, -5, -7, -11),
        *(-262139, -198429, -262137, -4095),
    ],
}
V2_19 = {
    "00 00 00 00 08 00 05 00 00 48 00 09 F0 01 B0 00 30 00 08": [0, 2, 10, 4, 262148, 507910, 393222, 8],
    "FF FF BF FF EF FF FC FF FF 58 00 0B 3E 38 E0 00 3F F0 01": [
        *(-3, -5, -7, -11),
        *(-262139, -198429, -262137, -4095),
    ],
}
WHOLE = bytes.fromhex("00 00 00 01 00 00 02 00 00 03 00 00 04") + b"ABCDEFG"


def only(packets: list[Packet], kind: type[P]) -> list[P]:
    return [packet for packet in packets if isinstance(packet, kind)]


def all_samples(packets: list[Packet]) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    return np.concatenate([packet.data for packet in only(packets, Samples)], axis=1)


def fed(decoder: GanglionDecoder, notifications: list[bytes]) -> list[Packet]:
    return [packet for data in notifications for packet in decoder.feed(data, fields.NOTIFY)]


def messages(board: GanglionEmulator, data: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> list[bytes]:
    return [message.data for message in board.send(data)]


@pytest.mark.parametrize(
    ("notification", "counts", "microvolts"),
    [
        (
            V3_18,
            [[896, -1024, 8388480, -8388608], [0, -128, 123392, -123520]],
            [[1.675, -1.915, 15686.037, -15686.276], [0, -0.239, 230.737, -230.976]],
        ),
        (V3_19, [[960, -1024, 8388544, -8388608], [0, -64, 123456, -123456]], None),
    ],
)
def test_rows_2_and_3_firmware_3_sends_numbers_as_they_are(
    notification: bytes, counts: list[list[int]], microvolts: list[list[float]] | None
) -> None:
    packets = GanglionDecoder(3).feed(notification, fields.NOTIFY)
    info = only(packets, Described)[0].info
    data = all_samples(packets)
    assert (64 * data).T.tolist() == counts
    assert info.sampling_rate == 200
    if microvolts is not None:
        assert (data * info.channels[0].gain).T.ravel() == pytest.approx(np.ravel(microvolts), abs=6e-4)
    assert [info.channels[0].raw_low, info.channels[0].raw_high] == [-131072, 131071]


@pytest.mark.parametrize(("width", "vectors"), [(18, V2_18), (19, V2_19)])
def test_rows_5_and_6_firmware_2_sends_differences(width: int, vectors: dict[str, list[int]]) -> None:
    for text, differences in vectors.items():
        first = 1 if width == 18 else 101
        notification = bytes([first]) + bytes.fromhex(text) + bytes(19 - width)
        packets = fed(GanglionDecoder(2), [WHOLE, notification])
        start = np.array([1, 2, 3, 4])
        one = start - differences[:4]
        two = one - differences[4:]
        assert all_samples(packets).T.tolist() == [start.tolist(), one.tolist(), two.tolist()]


def test_row_4_firmware_2_sends_a_whole_sample_first() -> None:
    packets = GanglionDecoder(2).feed(WHOLE)
    assert all_samples(packets).T.tolist() == [[1, 2, 3, 4]]
    channel = only(packets, Described)[0].info.channels[0]
    assert channel.gain == pytest.approx(0.00186994986, rel=1e-8)
    assert (channel.raw_low, channel.raw_high) == (-(2**23), 2**23 - 1)


def test_row_7_impedances_are_notices() -> None:
    board = GanglionDecoder()
    assert board.feed(b"\xc9" + b"12345Z\n") == [Notice("impedance 1", 12345.0)]
    assert board.feed(b"\xcd" + b"7Z") == [Notice("impedance reference", 7.0)]
    assert board.feed(b"\xca" + b"Z") == []


def test_row_8_texts_come_in_parts() -> None:
    board = GanglionDecoder()
    assert board.feed(b"\xceOpenBCI ") == []
    assert board.feed(b"\xcfGanglion\nhere") == [Notice("text", "OpenBCI Ganglion; here")]


def walk(n: int, seed: int = 1) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Give samples whose differences firmware 2 can send exactly: even ones down, odd ones up."""
    steps = np.random.default_rng(seed).integers(-500, 500, (4, n))
    return np.cumsum(-(steps & ~1 | (steps < 0)), axis=1)


@pytest.mark.parametrize("firmware", [2, 3])
@pytest.mark.parametrize("source", ["option", "text", "identifiers"])
def test_the_firmware_is_told_or_learned(firmware: int, source: str) -> None:
    board = GanglionEmulator(firmware)
    decoder = GanglionDecoder(firmware if source == "option" else None)
    said = board.hear(b"vb", fields.WRITE)
    packets = fed(decoder, [message.data for message in said]) if source == "text" else []
    data = walk(601)
    packets += fed(decoder, messages(board, data))
    assert only(packets, Described) == [Described(board.info)]
    assert all_samples(packets).tolist() == data[:, : all_samples(packets).shape[1]].tolist()
    assert all_samples(packets).shape[1] >= 600


@pytest.mark.parametrize(
    ("identifiers", "firmware"),
    [
        ([150, 151, 200], 2),
        ([199, 100], 3),
        ([98, 99, 0], 3),
        ([98, 99, 100], 2),
        ([0, 101], 2),
        ([100, 0], 2),
    ],
)
def test_identifiers_tell_the_firmware(identifiers: list[int], firmware: int) -> None:
    decoder = GanglionDecoder()
    for number, identifier in enumerate(identifiers):
        assert decoder._firmware is None, number
        decoder.feed(bytes([identifier]) + bytes(19))
    assert decoder._firmware == firmware


def test_what_waits_for_the_firmware_is_bounded() -> None:
    decoder = GanglionDecoder()
    # As long as no two of them tell the firmware, notifications wait.
    assert not fed(decoder, [bytes([150 + number % 40]) + bytes(19) for number in range(399)])
    assert all_samples(fed(decoder, [bytes([150]) + bytes(19)])).shape[1] >= 790
    assert not decoder._waiting


@pytest.mark.parametrize("damaged", [190, 8])
def test_a_damaged_identifier_costs_its_notification_alone(damaged: int) -> None:
    board = GanglionEmulator(3)
    board.hear(b"b")
    sent = messages(board, walk(40))
    sent[7] = bytes([damaged]) + sent[7][1:]
    packets = fed(GanglionDecoder(3), sent)
    assert only(packets, Loss) == [Loss(2, "lost packets", 200)]
    assert all_samples(packets).tolist() == np.delete(walk(40), [14, 15], axis=1).tolist()


def test_what_came_last_before_a_link_was_lost_is_kept() -> None:
    board, decoder = GanglionEmulator(3), GanglionDecoder(3)
    board.hear(b"b")
    sent = messages(board, walk(40))
    packets = fed(decoder, [*sent[:5], sent[8]])
    assert all_samples(packets).shape[1] == 10
    assert [type(packet) for packet in decoder.relink()] == [Loss, Samples, Loss]


def test_row_1_missing_identifiers_are_lost_samples_firmware_3() -> None:
    board = GanglionEmulator(3)
    board.hear(b"b")
    data = walk(420)
    sent = messages(board, data)
    del sent[99:102]
    packets = fed(GanglionDecoder(), sent)
    assert only(packets, Loss) == [Loss(6, "lost packets", 200)]
    assert all_samples(packets).tolist() == np.delete(data, slice(198, 204), axis=1).tolist()


def test_row_1_firmware_2_begins_again_at_the_next_whole_sample() -> None:
    board = GanglionEmulator(2)
    board.hear(b"b")
    data = walk(500)
    sent = messages(board, data)
    del sent[40], sent[50]
    packets = fed(GanglionDecoder(), sent)
    # Notification 40 carries samples 79 and 80; the next whole sample is number 201.
    assert only(packets, Loss) == [Loss(201 - 79, "lost packets", 201)]
    expected = np.delete(data, slice(79, 201), axis=1)
    assert all_samples(packets).tolist() == expected[:, : all_samples(packets).shape[1]].tolist()


def test_firmware_2_counts_through_a_cycle_whose_whole_sample_was_lost() -> None:
    board = GanglionEmulator(2)
    board.hear(b"b")
    sent = messages(board, walk(700))
    del sent[101]
    assert only(fed(GanglionDecoder(2), sent), Loss) == [Loss(201, "lost packets", 201)]


def test_firmware_2_joined_in_the_middle_begins_with_a_whole_sample() -> None:
    board = GanglionEmulator(2)
    board.hear(b"b")
    packets = fed(GanglionDecoder(2), messages(board, walk(500))[30:])
    assert not only(packets, Loss)
    assert all_samples(packets)[:, 0].tolist() == walk(500)[:, 201].tolist()


def test_firmware_2_strays_less_than_a_count_a_sample() -> None:
    board = GanglionEmulator(2)
    board.hear(b"b")
    data = np.random.default_rng(3).integers(-100_000, 100_000, (4, 603))
    found = all_samples(fed(GanglionDecoder(2), messages(board, data)))
    since_whole = np.arange(found.shape[1]) % 201
    assert (np.abs(found - data[:, : found.shape[1]]) <= since_whole).all()


def test_a_new_connection_starts_the_board_anew() -> None:
    decoder = GanglionDecoder()
    assert decoder.relink() == []
    board = GanglionEmulator()
    board.hear(b"b")
    fed(decoder, messages(board, walk(50)))
    assert decoder.relink() == [Loss(None, "disconnect")]
    board.restart()
    board.hear(b"b")
    packets = fed(decoder, messages(board, walk(50)))
    assert only(packets, Loss) == []
    assert all_samples(packets).shape[1] == 50


def test_a_board_that_says_its_name_in_between_has_restarted() -> None:
    decoder, board = GanglionDecoder(3), GanglionEmulator(3)
    board.hear(b"b")
    fed(decoder, messages(board, walk(50)))
    packets = fed(decoder, [message.data for message in board.hear(b"vb")] + messages(board, walk(50)))
    assert only(packets, Loss) == [Loss(None, "restart")]


@pytest.mark.parametrize("firmware", [2, 3])
def test_wrong_lengths_sources_and_identifiers_are_skipped(firmware: int) -> None:
    decoder = GanglionDecoder(firmware)
    assert decoder.feed(V3_19[:-1]) == []
    assert decoder.feed(V3_19, fields.WRITE) == []
    assert decoder.feed(b"\xff" + bytes(19)) == []
    assert decoder.feed(b"") == []
    if firmware == 3:
        assert decoder.feed(bytes([200]) + bytes(19)) == []


def test_the_emulator_waits_and_keeps_what_fills_no_notification() -> None:
    board = GanglionEmulator()
    assert board.send(walk(2)) == []
    assert board.hear(b"b", fields.NOTIFY) == []
    assert board.send(walk(2)) == []
    board.hear(b"b", fields.WRITE)
    assert [message.n_samples for message in board.send(walk(3))] == [2]
    assert [message.data[0] for message in board.send(walk(3))] == [101, 102]
    board.hear(b"s")
    assert board.send(walk(2)) == []

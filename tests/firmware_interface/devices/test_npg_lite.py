"""Rows are those of section 2.5 in firmware_interface/README.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import UsageError
from firmware_interface.decoder import Loss, Notice
from firmware_interface.devices.npg_lite import BATTERY, CONTROL, DATA, DEVICES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from firmware_interface.device import Message
    from tests.firmware_interface.devices.conftest import Tell, Told

(NPG,) = DEVICES
VECTOR = bytes.fromhex("00 08 00 03 E8 0B B8")


def record(count: int, n_channels: int = 3) -> bytes:
    values = (count * 7 % 4096, *range(n_channels - 1))
    return bytes([count % 256]) + b"".join(value.to_bytes(2, "big") for value in values)


def notification(counts: Iterable[int], n_channels: int = 3) -> bytes:
    return b"".join(record(count, n_channels) for count in counts)


def sent(n_samples: int, **options: str) -> list[Message]:
    emulator = NPG.emulator(options)
    emulator.hear(b"START", CONTROL)
    n_channels = len(emulator.info.channels)
    return emulator.send(np.arange(n_samples * n_channels).reshape(n_samples, n_channels).T % 4096)


def test_rows_1_and_2_a_record(tell: Tell) -> None:
    told = tell(NPG.decoder({}).feed(VECTOR, DATA))
    assert told.rows == [(2048, 1000, 3000)]
    assert told.dtypes == {"int16"}
    assert told.infos[0].sampling_rate == 500
    assert {(channel.unit, channel.raw_low, channel.raw_high) for channel in told.infos[0].channels} == {
        ("adc", 0, 4095)
    }


@pytest.mark.parametrize("n_channels", [3, 6])
@pytest.mark.parametrize(("n_records", "rate"), [(1, 500), (10, 500), (25, 250)])
def test_row_3_size_tells_channels_and_rate(n_channels: int, n_records: int, rate: float, tell: Tell) -> None:
    told = tell(NPG.decoder({}).feed(notification(range(n_records), n_channels), DATA))
    assert len(told.rows) == n_records
    assert (len(told.infos[0].channels), told.infos[0].sampling_rate) == (n_channels, rate)


@pytest.mark.parametrize(("n_channels", "n_records"), [(3, 13), (6, 7)])
def test_row_3_where_both_sizes_fit_the_counters_tell(n_channels: int, n_records: int, tell: Tell) -> None:
    data = notification(range(40, 40 + n_records), n_channels)
    assert len(data) == 91
    assert len(tell(NPG.decoder({}).feed(data, DATA)).infos[0].channels) == n_channels


def test_row_3_a_notification_that_was_cut_gives_its_whole_records(tell: Tell) -> None:
    decoder = NPG.decoder({"channels": "3"})
    told = tell([*decoder.feed(notification(range(10))[:20]), *decoder.feed(notification(range(10, 20)))])
    assert told.firsts == [count * 7 for count in (0, 1, *range(10, 20))]
    assert told.losses == [(2, Loss(8, "lost packets", 256))]


@pytest.mark.parametrize("place", [0, 1])
def test_row_2_a_record_that_does_not_fit_is_one_lost_sample(place: int, tell: Tell) -> None:
    data = bytearray(notification(range(10)))
    data[4 * 7 + place] ^= 0x50
    told = tell(NPG.decoder({"channels": "3"}).feed(bytes(data), DATA))
    assert told.firsts == [7 * count for count in range(10) if count != 4]
    assert told.losses == [(4, Loss(1, "lost packets", 256))]


@pytest.mark.parametrize("n_channels", ["3", "6"])
def test_row_2_dropped_notifications_are_lost_samples(
    n_channels: str, read_messages: Callable[..., Told]
) -> None:
    messages = sent(600, channels=n_channels)
    assert [message.n_samples for message in messages] == [10] * 60
    del messages[40:43], messages[7]
    told = read_messages(NPG, messages)
    assert told.losses == [(70, Loss(10, "lost packets", 256)), (390, Loss(30, "lost packets", 256))]
    assert len(told.rows) == 560


def test_what_the_emulator_sends_is_read_back(read_messages: Callable[..., Told]) -> None:
    told = read_messages(NPG, sent(300))
    assert told.rows == [tuple(n % 4096 for n in range(start, start + 3)) for start in range(0, 900, 3)]
    assert told.infos == [NPG.emulator({}).info]
    assert not told.losses


def test_row_4_the_board_waits_for_start_and_counts_from_0_then() -> None:
    emulator = NPG.emulator({})
    data = np.zeros((3, 14), dtype=np.int16)
    assert emulator.send(data) == []
    for _ in range(2):
        assert emulator.hear(b" start\n", CONTROL) == []
        assert emulator.send(data)[0].data[0] == 0
    assert emulator.send(data[:, :6])[0].data[0] == 10
    assert emulator.hear(b"STATUS", CONTROL)[0].data == b"RUNNING"
    emulator.hear(b"STOP", CONTROL)
    assert emulator.send(data) == []
    assert [emulator.hear(word, CONTROL)[0].data for word in (b"status", b"whoru", b"x")] == [
        b"STOPPED",
        b"NPG-LITE",
        b"UNKNOWN COMMAND",
    ]


def test_rows_4_and_5_other_characteristics_are_notices() -> None:
    decoder = NPG.decoder({})
    assert decoder.feed(b"NPG-LITE\r\n", CONTROL) == [Notice("reply", "NPG-LITE")]
    assert decoder.feed(b"\x55", BATTERY) == [Notice("battery", 85)]


@pytest.mark.parametrize("data", [b"", b"\x00", bytes(19), b"\x00\xff\xff\x00\x00\x00\x00"])
def test_garbage_is_no_sample(data: bytes) -> None:
    assert NPG.decoder({"channels": "3"}).feed(data[:6], DATA) == []
    assert NPG.decoder({}).feed(data, DATA) == []


def test_after_a_new_connection_the_board_counts_anew(tell: Tell) -> None:
    decoder = NPG.decoder({})
    assert decoder.relink() == []
    first = tell(decoder.feed(notification(range(10)), DATA))
    assert decoder.relink() == [Loss(None, "disconnect")]
    again = first.take(decoder.feed(notification(range(10)), DATA))
    assert (len(again.rows), len(again.infos), again.losses) == (20, 1, [])


def test_options_are_checked() -> None:
    with pytest.raises(UsageError, match="channels"):
        NPG.decoder({"channels": "4"})

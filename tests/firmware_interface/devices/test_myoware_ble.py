"""Rows are those of section 2.6 in firmware_interface/README.md."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import UsageError
from firmware_interface.decoder import Loss, Notice
from firmware_interface.device import BleLink
from firmware_interface.devices.myoware_ble import DEVICES

if TYPE_CHECKING:
    from collections.abc import Callable

    from firmware_interface.device import Device
    from tests.firmware_interface.devices.conftest import Read, Tell, Told

TEXT, UART, BYTES = DEVICES


def notified(device: Device, tell: Tell, *messages: bytes, **options: str) -> Told:
    decoder = device.decoder(options)
    return tell(packet for message in messages for packet in decoder.feed(message))


def test_row_1_a_notification_is_a_number_without_an_end(tell: Tell) -> None:
    told = notified(TEXT, tell, bytes.fromhex("35 31 32 2E 30 30"), b"-3.25", b"7")
    assert told.firsts == [512, -3.25, 7]
    assert told.dtypes == {"float64"}
    (channel,) = told.infos[0].channels
    assert (channel.name, channel.unit) == ("env", "envelope")


def test_row_1_what_is_no_number_may_have_been_one(tell: Tell) -> None:
    told = notified(TEXT, tell, b"", b"512.00", b"ovf", b"\xff\x01", b"-9999.00", b"1" * 300, b"2.00")
    assert told.firsts[0] == 512
    assert math.isnan(told.firsts[1])
    assert told.firsts[2] == 2
    assert told.notices == [(1, Notice("text", "ovf"))]
    assert told.losses == [(1, Loss(None, "lost packets")), (2, Loss(None, "lost packets"))]


@pytest.mark.parametrize(
    ("units", "unit", "gain"), [("", "adc", 1), ("mv", "uV", 1000), ("counts", "uV", 3.3 / 4095 / 200 * 1e6)]
)
def test_row_3_raw_is_in_microvolts_once_its_units_are_said(
    units: str, unit: str, gain: float, tell: Tell
) -> None:
    said = {"units": units} if units else {}
    (channel,) = notified(TEXT, tell, b"1.00", value="raw", **said).infos[0].channels
    assert (channel.name, channel.unit) == ("raw", unit)
    assert channel.gain == pytest.approx(gain)
    assert channel.offset == 0  # the sketch has taken REF off


def test_row_2_lines_of_the_uart_sketch(read_stream: Read) -> None:
    data = bytes.fromhex("35 31 32 2E 30 30 2C 2D 33 2E 30 30 0A")
    told = read_stream(lambda: UART.decoder({}), data + b"513.00,4.50\n")
    assert told.rows == [(512, -3), (513, 4.5)]
    assert [(channel.name, channel.unit) for channel in told.infos[0].channels] == [
        ("env", "envelope"),
        ("raw", "adc"),
    ]


def test_row_4_a_byte_for_each_sensor(tell: Tell) -> None:
    one, four = notified(BYTES, tell, b"\x80", b"\xff"), notified(BYTES, tell, b"\x01\x02\x03\xff")
    assert one.rows == [(128,), (255,)]
    assert four.rows == [(1, 2, 3, 255)]
    assert four.infos[0].ch_names == ("A0", "A1", "A2", "A3")
    assert four.infos[0].channels[0].raw_high == 255
    assert four.dtypes == {"uint8"}


def test_row_4_notifications_of_another_length_are_no_samples(tell: Tell) -> None:
    told = notified(BYTES, tell, b"\x01\x02", b"\x05", b"", b"\x06", b"\x01\x02\x03\x04", b"\x07")
    assert told.firsts == [5, 6, 7]
    assert told.losses == [(2, Loss(None, "lost packets"))]


def test_row_5_names_and_characteristics_of_the_sketches() -> None:
    found = [
        (link.names[0], link.service[:8], link.notify[0][:8])
        for device in DEVICES
        for link in device.links
        if isinstance(link, BleLink)
    ]
    assert found == [
        ("MyoWareSensor", "ec3af789", "f3a56edf"),
        ("MyoW1", "6e400001", "6e400003"),
        ("MYOWARE1", "19b10000", "19b10001"),
    ]


@pytest.mark.parametrize("device", DEVICES)
def test_over_a_new_connection_nothing_tells_how_much_was_missed(
    device: Device, read_messages: Callable[..., Told]
) -> None:
    decoder = device.decoder({})
    emulator = device.emulator({})
    data = np.arange(40).reshape(len(emulator.info.channels), -1)
    messages = emulator.send(data)
    assert read_messages(device, messages).rows == [tuple(row) for row in data.T.tolist()]
    assert decoder.relink() == []
    decoder.feed(messages[0].data)
    assert decoder.relink() == [Loss(None, "disconnect")]


@pytest.mark.parametrize("device", DEVICES)
def test_options_are_checked(device: Device) -> None:
    for name in device.options:
        with pytest.raises(UsageError, match=name):
            device.decoder({name: "?"})

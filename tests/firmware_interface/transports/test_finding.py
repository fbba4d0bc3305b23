"""Addresses lead to the right link of the right device, and everything else is one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emgdetect.errors import DeviceError, EmgError, UsageError
from firmware_interface.devices import DEVICES, load_device
from firmware_interface.transports import ports
from firmware_interface.transports.ble import BleTransport
from firmware_interface.transports.finding import SCHEMES, connect, judge_maker
from firmware_interface.transports.lsl import LslTransport
from firmware_interface.transports.ports import Port
from firmware_interface.transports.serial_port import SerialTransport
from firmware_interface.transports.virtual import VirtualTransport

if TYPE_CHECKING:
    from tests.firmware_interface.transports.conftest import Toys

UNO = Port("/dev/ttyACM3", 0x2341, 0x0043, "A1", "1-1", "Arduino Uno")
FTDI = Port("/dev/ttyUSB0", 0x0403, 0x6015, "B2", "1-2", "FT231X")


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[Port]:
    listed = [Port("/dev/ttyS0"), FTDI]
    monkeypatch.setattr(ports, "list_ports", lambda: listed)
    return listed


@pytest.mark.parametrize(
    ("url", "key", "device", "kind"),
    [
        ("ble://Myo", None, "myo", BleTransport),
        ("ble://Some%20Myo", "myo", "myo", BleTransport),
        ("ble://C0:11:22:33:44:55", "myo", "myo", BleTransport),
        ("serial:///dev/ttyUSB0", "cyton", "cyton", SerialTransport),
        ("serial://COM7", "cyton", "cyton", SerialTransport),
        ("/dev/ttyUSB0", "cyton", "cyton", SerialTransport),
        ("COM7", "cyton", "cyton", SerialTransport),
        ("rfc2217://pi:4000", "olimex", "olimex", SerialTransport),
        ("socket://pi:4000", "olimex", "olimex", SerialTransport),
        ("virtual://myo?seed=2", None, "myo", VirtualTransport),
        ("lsl://Chords", None, "lsl", LslTransport),
    ],
)
def test_each_address_has_its_transport_and_device(
    plugged: list[Port], url: str, key: str | None, device: str, kind: type
) -> None:
    del plugged
    connection = connect(url, key)
    assert isinstance(connection.transport, kind)
    assert connection.device.key == device


def test_options_reach_both_ends_of_a_virtual_link() -> None:
    connection = connect("virtual://olimex?variant=logger&drop=0.1")
    assert connection.options == {"variant": "logger"}
    assert connection.device.emulator(connection.options).info.sampling_rate == 125.0
    assert connect("virtual://olimex", options={"variant": "modular"}).options == {"variant": "modular"}


def test_the_only_port_of_a_device_needs_no_name(plugged: list[Port]) -> None:
    key = next(key for key in DEVICES if "spikerbox" in DEVICES[key] and _has(key, FTDI))
    assert isinstance(connect("serial://", key).transport, SerialTransport)
    plugged.append(Port("/dev/ttyUSB1", FTDI.vid, FTDI.pid))
    with pytest.raises(DeviceError, match="/dev/ttyUSB0, /dev/ttyUSB1"):
        connect("serial://", key)
    plugged[:] = [Port("/dev/ttyS0")]
    with pytest.raises(DeviceError, match="no port shows") as caught:
        connect("serial://", key)
    assert "/dev/ttyS0" in caught.value.hint


def _has(key: str, port: Port) -> bool:
    return any((port.vid, port.pid) in getattr(link, "usb_ids", ()) for link in load_device(key).links)


@pytest.mark.parametrize(
    ("url", "key", "what"),
    [
        ("MyoW1", None, "no address"),
        ("usb://x", None, "known are: ble, serial"),
        ("ble://Nobody", None, "--device"),
        ("ble://", None, "--device"),
        ("rfc2217://pi:4000", None, "--device"),
        ("ble://x", "olimex", "no Bluetooth link"),
        ("serial://COM1", "myo", "no serial link"),
        ("ble://x", "nonsense", "nonsense"),
        ("virtual://nonsense", None, "nonsense"),
        ("virtual://myo?dorp=0.1", None, "dorp"),
        ("virtual://myo?drop=lots", None, "lots"),
        ("lsl://x", "myo", "--device"),
        ("wirelog:///no/such/file", None, "opened"),
    ],
)
def test_what_cannot_be_meant_is_one_line(plugged: list[Port], url: str, key: str | None, what: str) -> None:
    del plugged
    with pytest.raises(EmgError) as caught:
        connect(url, key)
    assert isinstance(caught.value, UsageError | DeviceError) or "wirelog" in url
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_scheme_is_tried_above() -> None:
    assert set(SCHEMES) == {"ble", "serial", "rfc2217", "socket", "virtual", "lsl", "wirelog"}


def test_a_judge_knows_a_device_by_its_samples(toys: Toys) -> None:
    device = toys.serial()
    emulator = device.emulator({})
    emulator.restart()
    frames = b"".join(message.data for message in emulator.send(toys.zeros(50)))
    judges = judge_maker(device, {})
    judge = judges()
    assert not judge(bytes(1000))
    assert not judge(frames[:20])
    assert judge(frames[20:])
    assert not judges()(bytes(255 - byte for byte in frames))

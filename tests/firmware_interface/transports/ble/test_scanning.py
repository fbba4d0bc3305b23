"""A look around tells what is there, what it probably is, and why something could not be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

import pytest
from bleak.backends.scanner import BaseBleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from emgdetect.errors import MissingExtraError
from firmware_interface.device import BleLink
from firmware_interface.devices import load_device
from firmware_interface.transports.air import Radio, explain
from firmware_interface.transports.ports import Port
from firmware_interface.transports.scanning import scan

if TYPE_CHECKING:
    from tests.firmware_interface.transports.ble.conftest import Air

UNO = Port("/dev/ttyACM0", 0x2341, 0x0043, description="Arduino Uno")
PLAIN = Port("/dev/ttyS0", description="16550A")


def put(air: Air, name: str, address: str, service: str = "0000feed-0000-1000-8000-00805f9b34fb") -> None:
    spare = "0000f00d-0000-1000-8000-00805f9b34fb"
    air.sensor(name, address, service=service, notify=spare, control=spare.replace("f00d", "c0de"))


def test_a_look_around(air: Air) -> None:
    link = load_device("myo").links[0]
    assert isinstance(link, BleLink)
    put(air, f"{link.names[0]} 1", "C0:00:00:00:00:01")
    put(air, "Renamed", "C0:00:00:00:00:02", link.service)
    put(air, "Watch", "C0:00:00:00:00:03")
    put(air, "Watch", "C0:00:00:00:00:04")
    brought = scan(0.5, radio=air.radio, list_ports=lambda: [PLAIN, UNO])
    assert brought.troubles == ()
    by_url = {each.url: each for each in brought.found}
    assert set(by_url) == {
        f"ble://{quote(link.names[0])}%201", "ble://Renamed",
        "ble://C0:00:00:00:00:03", "ble://C0:00:00:00:00:04",
        "serial:///dev/ttyACM0", "serial:///dev/ttyS0",
    }  # fmt: skip
    assert by_url["ble://Renamed"].devices == ("myo",)
    assert by_url["ble://Renamed"].rssi is not None
    assert by_url["ble://C0:00:00:00:00:03"].devices == ()
    assert "olimex" not in by_url["serial:///dev/ttyS0"].devices
    assert by_url["serial:///dev/ttyACM0"].devices
    assert by_url["serial:///dev/ttyACM0"].description == "Arduino Uno"
    likely = [bool(each.devices) for each in brought.found]
    assert likely == sorted(likely, reverse=True)


class NoAdapter(BaseBleakScanner):
    """A computer without Bluetooth."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__(None, None)

    async def start(self) -> NoReturn:
        raise BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.NO_BLUETOOTH)

    async def stop(self) -> None: ...


def test_without_an_adapter_the_ports_are_told_all_the_same() -> None:
    brought = scan(0.1, radio=Radio(scanner=NoAdapter), list_ports=lambda: [UNO])
    assert [each.url for each in brought.found] == ["serial:///dev/ttyACM0"]
    (trouble,) = brought.troubles
    assert "no Bluetooth adapter" in str(trouble)


def test_a_library_that_is_missing_is_one_of_the_troubles() -> None:
    def missing() -> NoReturn:
        raise MissingExtraError("pyserial", extra="serial", purpose="reading a serial port")

    brought = scan(0.1, radio=Radio(scanner=NoAdapter), list_ports=missing)
    assert brought.found == ()
    assert len(brought.troubles) == 2


@pytest.mark.parametrize(
    ("error", "what", "mends"),
    [
        *(
            (BleakBluetoothNotAvailableError("x", reason), what, False)
            for reason, what in {
                BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "no Bluetooth adapter",
                BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: "no Bluetooth adapter",
                BleakBluetoothNotAvailableReason.POWERED_OFF: "adapter is off",
                BleakBluetoothNotAvailableReason.DENIED_BY_USER: "no permission",
                BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: "no permission",
                BleakBluetoothNotAvailableReason.UNKNOWN: "not available",
            }.items()
        ),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["x"]), "service does not run", False),
        (BleakDBusError("org.bluez.Error.NotReady", []), "adapter is off", False),
        (BleakDBusError("org.bluez.Error.Failed", ["le-connection-abort-by-local"]), "abort", True),
        (FileNotFoundError(2, "no bus"), "service does not run", False),
        (TimeoutError(), "did not answer", True),
        (BleakError("device disconnected"), "device disconnected", True),
        (EOFError(), "EOFError", True),
    ],
)
def test_what_is_wrong_with_bluetooth_is_one_line(error: Exception, what: str, *, mends: bool) -> None:
    trouble = explain(error)
    assert trouble.mends == mends
    assert what in str(trouble.error)
    assert "\n" not in str(trouble.error)
    assert mends or trouble.error.hint

"""Whatever is wrong with a sensor, its link or the words for it: one line, what to do, a code, no remains."""

from __future__ import annotations

import errno
import os
import threading
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pytest

from firmware_interface.devices import load_device
from firmware_interface.transports import ports, scanning, serial_port
from firmware_interface.transports.ble import BleTransport
from firmware_interface.transports.scanning import Found, Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cli.conftest import Cli

pty = pytest.importorskip("pty", reason="pseudo terminals are there on Linux and macOS only")
DEVICE_ERROR, USAGE = 9, 2
COMMANDS = ["check", "record"]


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path: Path) -> Iterator[None]:
    yield
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a baud rate be tried for a moment only, and nobody wait for a second sensor of the name."""
    system = partial(serial_port.SerialSystem, list_ports=list, trial=0.3)
    monkeypatch.setattr(serial_port, "SerialSystem", system)
    monkeypatch.setattr(ports, "list_ports", list)
    monkeypatch.setitem(BleTransport.__init__.__kwdefaults__ or {}, "settle", 0.05)


def refused(cli: Cli, *words: str, code: int, said: str, hint: str) -> None:
    outcome = cli(*words)
    assert said in outcome.line
    assert hint in outcome.line
    assert outcome.code == code


@pytest.fixture
def radio(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put something in the place of bleak's scanner: an error, or devices by name and address."""
    bleak = pytest.importorskip("bleak")

    def prepare(error: Exception | None = None, devices: tuple[tuple[str, str], ...] = ()) -> None:
        class Scanner:
            def __init__(self, detected: Callable[[Any, Any], None], **_: object) -> None:
                self._detected = detected

            async def __aenter__(self) -> Self:
                if error is not None:
                    raise error
                for name, address in devices:
                    device = SimpleNamespace(address=address, name=name)
                    self._detected(device, SimpleNamespace(local_name=name, service_uuids=[], rssi=-60))
                return self

            async def __aexit__(self, *_: object) -> None:
                return None

        monkeypatch.setattr(bleak, "BleakScanner", Scanner)

    return prepare


@pytest.mark.parametrize(
    ("reason", "said", "hint"),
    [
        ("NO_BLUETOOTH", "no Bluetooth adapter", "plug one in"),
        ("POWERED_OFF", "the Bluetooth adapter is off", "bluetoothctl power on"),
        ("DENIED_BY_USER", "no permission to use Bluetooth", "privacy settings"),
    ],
)
def test_bluetooth_that_is_not_to_be_had(
    cli: Cli, radio: Callable[..., None], reason: str, said: str, hint: str
) -> None:
    from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

    radio(BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason[reason]))
    refused(cli, "check", "ble://MyoW1", code=DEVICE_ERROR, said=said, hint=hint)


def test_a_scan_says_the_same_and_goes_on_with_the_ports(cli: Cli, radio: Callable[..., None]) -> None:
    from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

    radio(BleakBluetoothNotAvailableError("x", BleakBluetoothNotAvailableReason.POWERED_OFF))
    outcome = cli("scan", "--seconds", "1")
    assert outcome.code == 0
    (line,) = outcome.err.splitlines()
    assert "the Bluetooth adapter is off" in line


def test_two_sensors_of_one_name(cli: Cli, radio: Callable[..., None]) -> None:
    radio(devices=(("MyoW1", "C4:00:00:00:00:01"), ("MyoW1", "C4:00:00:00:00:02")))
    refused(
        cli,
        "check",
        "ble://MyoW1",
        code=DEVICE_ERROR,
        said="2 sensors go by the name MyoW1",
        hint="such as ble://C4:00:00:00:00:0",
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_word_that_two_sensors_answer_to(cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    addresses = ("ble://C4:00:00:00:00:01", "ble://C4:00:00:00:00:02")
    found = tuple(Found(address, "MyoW1", ("myoware-ble-uart",)) for address in addresses)
    monkeypatch.setattr(scanning, "scan", lambda _: Scan(found))
    refused(cli, command, "MyoW1", code=USAGE, said="could be any of several", hint=", ".join(addresses))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_word_that_none_answers_to(cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(scanning, "scan", lambda _: Scan(()))
    refused(cli, command, "MyoW1", code=DEVICE_ERROR, said="no sensor in sight", hint="ble://MyoW1")


class Cable:
    """A pseudo terminal whose far end keeps sending the same bytes."""

    def __init__(self, data: bytes) -> None:
        self._near, far = pty.openpty()
        self.name = os.ttyname(far)
        self._far = far
        os.set_blocking(self._near, False)
        self._over = threading.Event()
        self._data = data
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        os.close(self._near)
        os.close(self._far)

    def _send(self) -> None:
        while not self._over.wait(0.01):
            try:
                os.write(self._near, self._data)
            except BlockingIOError:
                continue


@pytest.fixture
def cable() -> Iterator[Callable[[bytes], str]]:
    """Plug in something that sends the bytes, and return the name of its port."""
    plugged: list[Cable] = []

    def plug(data: bytes) -> str:
        plugged.append(Cable(data))
        return plugged[-1].name

    yield plug
    for each in plugged:
        each.close()


def of_another_device() -> bytes:
    emulator = load_device("spikerbox").emulator({})
    emulator.restart()
    data = np.full((len(emulator.info.channels), 200), 512, np.int32)
    return b"".join(message.data for message in emulator.send(data))


@pytest.mark.parametrize(
    "data",
    [bytes(range(128, 256)), b"hello, this is no sensor\r\n", None],
    ids=["wrong baud", "a talking board", "another device"],
)
def test_bytes_that_are_not_the_device_s(cli: Cli, cable: Callable[[bytes], str], data: bytes | None) -> None:
    port = cable(of_another_device() if data is None else data)
    refused(
        cli,
        "check",
        f"serial://{port}",
        "--device",
        "bitalino",
        code=DEVICE_ERROR,
        said=f"{port}: bytes come, but none that this device sends (tried 115200 baud)",
        hint="check --device, the sketch and its baud rate",
    )


def test_a_port_that_another_program_holds(cli: Cli, cable: Callable[[bytes], str]) -> None:
    serial = pytest.importorskip("serial")
    port = cable(b"")
    with serial.Serial(port, exclusive=True):
        refused(
            cli,
            "check",
            port,
            "--device",
            "emgdetect",
            code=DEVICE_ERROR,
            said="another program holds the port",
            hint="close it",
        )


def test_a_port_that_may_not_be_opened(
    cli: Cli, cable: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = pytest.importorskip("serial")

    def denied(*_: object, **__: object) -> None:
        raise serial.SerialException(errno.EACCES, "could not open port: [Errno 13] Permission denied")

    monkeypatch.setattr(serial, "serial_for_url", denied)
    refused(
        cli,
        "check",
        cable(b""),
        "--device",
        "emgdetect",
        code=DEVICE_ERROR,
        said="no permission to open the port",
        hint="usermod -aG dialout",
    )


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("words", "code", "said", "hint"),
    [
        (["serial://", "--device", "emgdetect"], DEVICE_ERROR, "no port shows the USB numbers", "plug it in"),
        (["serial:///dev/ttyNOPE9"], USAGE, "say which device it is, with --device", "emgdetect"),
        (["serial:///dev/ttyNOPE9", "--device", "myo"], USAGE, "Myo armband has no serial link", "scan"),
        (["serial:///dev/ttyNOPE9", "--device", "toaster"], DEVICE_ERROR, "'toaster'", "known are: bitalino"),
        (["virtual://emgdetekt"], DEVICE_ERROR, "'emgdetekt'", "did you mean emgdetect?"),
        (["virtual://toaster"], DEVICE_ERROR, "'toaster'", "known are: bitalino"),
        (["ble://MyoW1", "--device", "gone.toml"], 6, "gone.toml", "check the name"),
        (["bogus://x"], USAGE, "bogus://", "known are: ble, serial"),
        (["virtual://emgdetect?colour=red"], USAGE, "knows no colour", "it knows: "),
        (["virtual://emgdetect", "--option", "colour=red"], USAGE, "colour", "("),
        (["virtual://myo", "--option", "rate=fast"], USAGE, "rate", "("),
        (["virtual://emgdetect", "--option", "rate"], USAGE, "is no option", "rate=500"),
        (["virtual://emgdetect?speed=-1"], USAGE, "not negative", "virtual://"),
        (["virtual://emgdetect?signal=song"], USAGE, "'song'", "known are: bursts"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_words_that_lead_nowhere(
    cli: Cli, command: str, words: list[str], code: int, said: str, hint: str
) -> None:
    refused(cli, command, *words, code=code, said=said, hint=hint)


def test_a_port_that_is_not_there(cli: Cli) -> None:
    refused(
        cli,
        "check",
        "/dev/ttyNOPE9",
        "--device",
        "emgdetect",
        code=DEVICE_ERROR,
        said="there is no such port",
        hint="no serial port is plugged in",
    )

"""What is in sight comes with the command that records from it; what cannot be looked at, with what to do."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from emgdetect.cli.sensors import Asked, sources_of
from emgdetect.errors import DeviceError
from firmware_interface.device import BleLink
from firmware_interface.devices import DEVICES, load_device
from firmware_interface.transports import ports, scanning
from firmware_interface.transports.ports import Port
from firmware_interface.transports.scanning import Found, Scan

if TYPE_CHECKING:
    from tests.cli.conftest import Cli

MYOWARE = Found("ble://MyoW1", "MyoW1", ("myoware-ble-uart",), -58, "C4:00:00:00:00:01")
SPACED = Found("ble://My%20band", "My band", ("myo",), -71, "C4:00:00:00:00:02")
UNO = Found("serial:///dev/ttyACM0", "/dev/ttyACM0", ("emgdetect", "myoware"), None, "Arduino Uno")
HEADPHONES = Found("ble://D0:00:00:00:00:03", "", (), -80, "D0:00:00:00:00:03")
OFF = DeviceError("the Bluetooth adapter is off", hint="bluetoothctl power on")
NO_PERMISSION = DeviceError("no permission to list ports", hint="ask the owner")


@pytest.fixture
def sight(monkeypatch: pytest.MonkeyPatch) -> list[Scan]:
    """Hold what a scan is to bring; the newest counts."""
    seen = [Scan(())]
    monkeypatch.setattr(scanning, "scan", lambda _seconds: seen[-1])
    return seen


def test_every_sensor_has_the_command_that_records_from_it(cli: Cli, sight: list[Scan]) -> None:
    sight.append(Scan((MYOWARE, SPACED, UNO, HEADPHONES)))
    outcome = cli("scan")
    assert outcome.code == 0
    assert "emgdetect record ble://MyoW1 --device myoware-ble-uart" in outcome.out
    assert "-58 dBm" in outcome.out
    assert "emgdetect record serial:///dev/ttyACM0 --device emgdetect " in outcome.out
    assert "emgdetect record serial:///dev/ttyACM0 --device myoware " in outcome.out
    assert "1 more" in outcome.out
    assert "D0:00" not in outcome.out


def test_the_commands_are_ones_that_can_be_typed(cli: Cli, sight: list[Scan]) -> None:
    sight.append(Scan((MYOWARE, SPACED, UNO)))
    document = json.loads(cli("scan", "--json").out)
    for found in document["found"]:
        for line, key in zip(found["record"], found["devices"], strict=True):
            program, verb, address, option, device = shlex.split(line)
            assert (program, verb, option, device) == ("emgdetect", "record", "--device", key)
            (source,) = sources_of(Asked((address,), device))
            assert source.device.key == key


def test_all_shows_the_others_too(cli: Cli, sight: list[Scan]) -> None:
    sight.append(Scan((HEADPHONES,)))
    assert "ble://D0:00:00:00:00:03" in cli("scan", "--all").out


def test_nothing_found_is_an_answer_with_what_to_try(cli: Cli, sight: list[Scan]) -> None:
    del sight
    outcome = cli("scan")
    assert (outcome.code, outcome.err) == (0, "")
    for word in ("No known sensor", "Bluetooth:", "USB:", "virtual://"):
        assert word in outcome.out


def test_what_cannot_be_looked_at_is_one_line(cli: Cli, sight: list[Scan]) -> None:
    sight.append(Scan((UNO,), (OFF,)))
    outcome = cli("scan")
    assert outcome.code == 0
    assert outcome.err == "emgdetect: the Bluetooth adapter is off (bluetoothctl power on)\n"
    assert "/dev/ttyACM0" in outcome.out


def test_nothing_to_look_with_is_a_failure(cli: Cli, sight: list[Scan]) -> None:
    sight.append(Scan((), (OFF, NO_PERMISSION)))
    outcome = cli("scan")
    assert outcome.code == 9
    assert len(outcome.err.splitlines()) == 2


def test_json_has_the_troubles(cli: Cli, sight: list[Scan]) -> None:
    sight.append(Scan((UNO,), (OFF,)))
    document = json.loads(cli("scan", "--json").out)
    assert document["troubles"] == [
        {"problem": "the Bluetooth adapter is off", "hint": "bluetoothctl power on"}
    ]
    assert document["found"][0]["rssi"] is None


def test_ports_come_from_the_system(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    uno = Port("/dev/ttyACM7", 0x2341, 0x0043, "A1", "1-1", "Arduino Uno")
    real = scanning.scan
    monkeypatch.setattr(scanning, "scan", lambda seconds: real(seconds, list_ports=lambda: [uno]))
    outcome = cli("scan", "--seconds", 1)
    assert "emgdetect record serial:///dev/ttyACM7 --device emgdetect" in outcome.out


def test_devices_lists_every_key(cli: Cli) -> None:
    lines = cli("devices").out.splitlines()
    assert {line.split()[0] for line in lines[1 : len(DEVICES) + 1]} == set(DEVICES)


@pytest.mark.parametrize("key", sorted(DEVICES))
def test_each_says_its_remarks_and_options(cli: Cli, key: str) -> None:
    document = json.loads(cli("devices", key, "--json").out)
    shown = " ".join(cli("devices", key).out.split())
    assert document["key"] == key
    for text in (*document["remarks"], *document["options"].values()):
        assert " ".join(text.split()) in shown
    for address in document["addresses"]:
        assert f"emgdetect record {address} --device {key}" in shown


def test_the_list_as_json_has_all_of_them(cli: Cli) -> None:
    document = json.loads(cli("devices", "--json").out)
    assert [one["key"] for one in document["devices"]] == sorted(DEVICES)


@pytest.mark.parametrize("key", sorted(DEVICES))
def test_what_advertises_as_a_product_does_is_taken_for_it_and_no_other(key: str) -> None:
    links = [link for link in load_device(key).links if isinstance(link, BleLink)]
    names = [name for link in links for name in link.names]
    kind = DEVICES[key]
    for name in names:
        known = scanning.known_by_name(name)
        assert key in known
        assert {DEVICES[other] for other in known} == {kind}


def test_a_device_nobody_knows(cli: Cli) -> None:
    outcome = cli("devices", "toaster")
    assert outcome.code == 9
    assert "known are: bitalino" in outcome.line


@pytest.fixture(autouse=True)
def no_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "list_ports", list)

"""A Bluetooth service that is not there, on a message bus of its own, for bleak's own BlueZ backend."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

if sys.platform != "linux":
    pytest.skip("BlueZ is Linux's", allow_module_level=True)
pytest.importorskip("dbus_fast", reason="needs bleak for Linux")

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from firmware_interface.device import BleLink, Send
from firmware_interface.transports.ble import BleTransport
from firmware_interface.transports.policy import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.firmware_interface.transports.conftest import Toys

QUICK = Patience(look=2.0, connect=10.0, first=30.0, silent=30.0, soonest=0.02, latest=0.05)
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>custom</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""
OBJECTS = "org.freedesktop.DBus.ObjectManager"
PROPERTIES = "org.freedesktop.DBus.Properties"
ADAPTER, DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
HCI = "/org/bluez/hci0"
TOY = f"{HCI}/dev_C0_11_22_33_44_55"
ADDRESS = "C0:11:22:33:44:55"

Properties = dict[str, Variant]


class FakeBluez:
    """Adapter, device and characteristics as objects on the bus; a test pulls the strings."""

    def __init__(self, address: str, link: BleLink) -> None:
        self._link = link
        self.heard: list[bytes] = []
        self.n_connections = 0
        self.objects: dict[str, dict[str, Properties]] = {HCI: {ADAPTER: _adapter()}}
        self._in_range = True
        self._looking = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._bus = self._do(self._connect(address))

    async def _connect(self, address: str) -> MessageBus:
        bus = await MessageBus(bus_address=address).connect()
        bus.add_message_handler(self._answer)
        await bus.request_name("org.bluez")
        return bus

    def _do(self, work: Any) -> Any:  # noqa: ANN401  whatever the coroutine gives
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20.0)

    def _soon(self, work: Callable[..., None], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(work, *arguments)

    def notify(self, *values: bytes) -> None:
        """Let the sensor send."""
        path = f"{TOY}/service0010/char0011"
        for value in values:
            self._soon(self._change, path, CHARACTERISTIC, {"Value": Variant("ay", value)})

    def drop(self) -> None:
        """Break the connection from the sensor's side."""
        self._soon(self._disconnected)

    def leave(self) -> None:
        """Go out of range; BlueZ forgets such devices after a while."""

        def leave() -> None:
            self._in_range = False
            self._disconnected()
            self._remove()

        self._soon(leave)

    def come_back(self) -> None:
        """Be in range again."""

        def come_back() -> None:
            self._in_range = True
            self._advertise()

        self._soon(come_back)

    def power(self, *, on: bool) -> None:
        """Switch the adapter on or off, which ends every connection."""

        def power() -> None:
            if not on:
                self._disconnected()
                self._remove()
            self._change(HCI, ADAPTER, {"Powered": Variant("b", on), "Discovering": Variant("b", False)})

        self._soon(power)

    def close(self) -> None:
        async def end() -> None:
            self._bus.disconnect()
            await self._bus.wait_for_disconnect()

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        message = Message(
            message_type=MessageType.SIGNAL,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=body,
        )
        self._bus.send(message)

    def _add(self, path: str, interfaces: dict[str, Properties]) -> None:
        self.objects[path] = interfaces
        self._signal("/", OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, interfaces])

    def _change(self, path: str, interface: str, properties: Properties) -> None:
        if path in self.objects:
            self.objects[path][interface].update(properties)
            self._signal(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, properties, []])

    def _remove(self) -> None:
        for path in [path for path in self.objects if path.startswith(TOY)]:
            interfaces = list(self.objects.pop(path))
            self._signal("/", OBJECTS, "InterfacesRemoved", "oas", [path, interfaces])

    def _advertise(self) -> None:
        if not (self._looking and self._in_range):
            return
        if TOY in self.objects:
            self._change(TOY, DEVICE, {"RSSI": Variant("n", -51)})
        else:
            self._add(TOY, {DEVICE: _device(self._link.service)})

    def _disconnected(self) -> None:
        self._change(TOY, DEVICE, {"ServicesResolved": Variant("b", False)})
        self._change(TOY, DEVICE, {"Connected": Variant("b", False)})

    def _connected(self) -> None:
        self.n_connections += 1
        service = f"{TOY}/service0010"
        self._add(service, {SERVICE: _service(self._link.service)})
        control = self._link.start[0]
        assert isinstance(control, Send)
        for name, uuid, flag in (
            ("char0011", self._link.notify[0], "notify"),
            ("char0014", control.to, "write"),
        ):
            self._add(f"{service}/{name}", {CHARACTERISTIC: _characteristic(uuid, service, flag)})
        self._change(TOY, DEVICE, {"Connected": Variant("b", True)})
        self._change(TOY, DEVICE, {"ServicesResolved": Variant("b", True)})

    def _answer(self, message: Message) -> Message | None:
        if message.message_type != MessageType.METHOD_CALL or message.path is None:
            return None
        member = message.member or ""
        if member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self.objects])
        if member == "GetAll":
            return Message.new_method_return(message, "a{sv}", [self.objects[message.path][message.body[0]]])
        if member in {"StartDiscovery", "StopDiscovery"}:
            self._looking = member == "StartDiscovery"
            self._change(HCI, ADAPTER, {"Discovering": Variant("b", self._looking)})
            self._loop.call_soon(self._advertise)
        elif member == "Connect":
            self._connected()
        elif member == "Disconnect":
            self._loop.call_soon(self._disconnected)
        elif member == "WriteValue":
            self.heard.append(bytes(message.body[0]))
        elif member not in {"SetDiscoveryFilter", "StartNotify", "StopNotify"}:
            return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", member)
        return Message.new_method_return(message)


def _adapter() -> Properties:
    return {
        "Address": Variant("s", "00:00:00:00:00:01"),
        "Name": Variant("s", "fake"),
        "Powered": Variant("b", True),
        "Discovering": Variant("b", False),
        "Roles": Variant("as", ["central"]),
        "UUIDs": Variant("as", []),
    }


def _device(service: str) -> Properties:
    flags = ("Paired", "Connected", "ServicesResolved", "Trusted", "Blocked", "LegacyPairing")
    return {
        "Address": Variant("s", ADDRESS),
        "AddressType": Variant("s", "random"),
        "Name": Variant("s", "Toy 1"),
        "Alias": Variant("s", "Toy 1"),
        "UUIDs": Variant("as", [service]),
        "RSSI": Variant("n", -50),
        "Adapter": Variant("o", HCI),
        **{flag: Variant("b", False) for flag in flags},
    }


def _service(uuid: str) -> Properties:
    return {"UUID": Variant("s", uuid), "Device": Variant("o", TOY), "Primary": Variant("b", True)}


def _characteristic(uuid: str, service: str, flag: str) -> Properties:
    return {
        "UUID": Variant("s", uuid),
        "Service": Variant("o", service),
        "Value": Variant("ay", b""),
        "Notifying": Variant("b", False),
        "Flags": Variant("as", [flag]),
        "MTU": Variant("q", 247),
    }


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A message bus of our own in the place of the system's."""
    program = shutil.which("dbus-daemon")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("dbus-daemon is missing")
        pytest.skip("needs dbus-daemon (Debian: dbus-daemon)")
    config = tmp_path / "bus.conf"
    config.write_text(BUS.format(path=tmp_path / "bus"))
    command = [program, f"--config-file={config}", "--nofork", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield address
        daemon.terminate()


def link_of(toys: Toys) -> BleLink:
    link = toys.ble().links[0]
    assert isinstance(link, BleLink)
    return replace(link, battery="")


@pytest.fixture
def bluez(bus: str, toys: Toys) -> Iterator[FakeBluez]:
    service = FakeBluez(bus, link_of(toys))
    yield service
    service.close()


@pytest.fixture
def start(toys: Toys) -> Iterator[Callable[..., BleTransport]]:
    opened: list[BleTransport] = []

    def start(patience: Patience = QUICK) -> BleTransport:
        opened.append(BleTransport("Toy", link_of(toys), patience=patience, settle=0.05))
        opened[-1].open()
        return opened[-1]

    yield start
    for transport in opened:
        transport.close()

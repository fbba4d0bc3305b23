# ruff: noqa: ANN401  bleak's backends and bumble's callbacks take what their own code gives
"""Air in a box: bumble's in-process radio link under bleak's public interface for backends.

Scanning, connecting, MTU exchange, discovery, notifications and broken links are real HCI, ATT and GATT; only
the radio is missing.
"""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

pytest.importorskip("bleak", reason="needs bleak")
pytest.importorskip("bumble", reason="needs bumble")

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from bumble.controller import Controller
from bumble.core import AdvertisingData
from bumble.device import Device, DeviceConfiguration, Peer
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.link import LocalLink
from bumble.transport.common import Transport

from firmware_interface.transports.air import Radio

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

T = TypeVar("T")
PROPERTIES = {0x02: "read", 0x04: "write-without-response", 0x08: "write", 0x10: "notify"}
NAME = AdvertisingData.Type.COMPLETE_LOCAL_NAME
UUIDS = AdvertisingData.Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS


class Air:
    """The link layer, one central and its sensors, in a thread and loop of their own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.mtu = 247
        self.clients: list[BumbleClient] = []
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self.link = LocalLink()  # type: ignore[no-untyped-call]  # bumble's
        self.central = self.do(self.power_on("central", "F0:00:00:00:00:01"))

    @property
    def radio(self) -> Radio:
        """What a transport has to be given to be on this air."""
        return Radio(
            scanner=type("Scanner", (BumbleScanner,), {"air": self}),
            client=type("Client", (BumbleClient,), {"air": self}),
        )

    async def power_on(self, name: str, address: str) -> Device:
        controller = Controller(name, link=self.link)
        chip = Transport(controller, controller)
        config = DeviceConfiguration(
            name=name, address=Address(address), advertising_interval_min=20, advertising_interval_max=20
        )
        device = Device.from_config_with_hci(config, chip.source, chip.sink)
        await device.power_on()
        return device

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the air, from a test."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20.0)

    async def ask(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the air, from the loop of a transport."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    def sensor(self, name: str, address: str, *, service: str, notify: str, control: str) -> Sensor:
        """Put a sensor on the air and let it advertise."""
        sensor = Sensor(self, service, notify, control)
        self.do(sensor.begin(name, address))
        return sensor

    def change_mtu(self, mtu: int) -> None:
        """Agree on another MTU while the link is up."""
        self.do(self.clients[-1].agree(mtu))

    def close(self) -> None:
        async def end() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self.do(end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class Sensor:
    """A peripheral that notifies when a test says so, and keeps what it hears."""

    def __init__(self, air: Air, service: str, notify: str, control: str) -> None:
        flags = Characteristic.Properties
        self._air = air
        self.heard: list[bytes] = []
        self.data = Characteristic(notify, flags.NOTIFY, Characteristic.READABLE, b"")
        self._service = Service(
            service,
            [
                self.data,
                Characteristic(
                    control,
                    flags.WRITE,
                    Characteristic.WRITEABLE,
                    CharacteristicValue(write=lambda _connection, value: self.heard.append(bytes(value))),
                ),
            ],
        )
        self._battery = Service(
            "0000180f-0000-1000-8000-00805f9b34fb",
            [
                Characteristic(
                    "00002a19-0000-1000-8000-00805f9b34fb", flags.READ, Characteristic.READABLE, bytes([83])
                )
            ],
        )
        self.device: Device

    async def begin(self, name: str, address: str) -> None:
        self.device = await self._air.power_on(name, address)
        self.device.add_services([self._service, self._battery])
        self.device.advertising_data = bytes(
            AdvertisingData([(NAME, name.encode()), (UUIDS, self._service.uuid.to_bytes())])
        )
        await self.device.start_advertising(auto_restart=True)

    def send(self, *notifications: bytes) -> None:
        """Notify whoever listens."""
        for each in notifications:
            self._air.do(self.device.notify_subscribers(self.data, each))

    def drop(self) -> None:
        """Break the connection from the sensor's side; it advertises again at once."""

        async def drop() -> None:
            for connection in list(self.device.connections.values()):
                await connection.disconnect()

        self._air.do(drop())

    def leave(self) -> None:
        """Go out of range."""

        async def leave() -> None:
            for connection in list(self.device.connections.values()):
                await connection.disconnect()
            await self.device.stop_advertising()

        self._air.do(leave())

    def come_back(self) -> None:
        """Be in range again, advertising."""
        self._air.do(self.device.start_advertising(auto_restart=True))


class BumbleScanner(BaseBleakScanner):
    """Looks around on the air."""

    air: Air

    def __init__(self, detection_callback: Any, service_uuids: Any, scanning_mode: str, **_: Any) -> None:
        del scanning_mode
        super().__init__(detection_callback, service_uuids)
        self._loop = asyncio.get_running_loop()

    async def start(self) -> None:
        self.seen_devices = {}
        self.air.central.on("advertisement", self._on_the_air)
        await self.air.ask(self.air.central.start_scanning(filter_duplicates=False))

    async def stop(self) -> None:
        await self.air.ask(self.air.central.stop_scanning())
        self.air.central.remove_listener("advertisement", self._on_the_air)

    def _on_the_air(self, advertisement: Any) -> None:
        self._loop.call_soon_threadsafe(self._heard, advertisement)

    def _heard(self, advertisement: Any) -> None:
        name = advertisement.data.get(NAME)
        uuids = [normalize_uuid_str(uuid.to_hex_str("-")) for uuid in advertisement.data.get(UUIDS) or []]
        data = AdvertisementData(
            local_name=name,
            manufacturer_data={},
            service_data={},
            service_uuids=uuids,
            tx_power=None,
            rssi=-50,
            platform_data=(),
        )
        address = str(advertisement.address).split("/", maxsplit=1)[0]
        device = self.create_or_update_device(address, address, name, advertisement.address, data)
        self.call_detection_callbacks(device, data)


class BumbleClient(BaseBleakClient):
    """Connects to one sensor on the air."""

    air: Air

    def __init__(self, device: Any, **kwargs: Any) -> None:
        super().__init__(device, **kwargs)
        self._to = device.details
        self._peer: Peer | None = None
        self._loop = asyncio.get_running_loop()
        self.air.clients.append(self)

    @property
    def name(self) -> str:
        return self.address

    @property
    def mtu_size(self) -> int:
        return 23 if self._peer is None else int(self._peer.connection.att_mtu)

    @property
    def is_connected(self) -> bool:
        return self._peer is not None

    async def connect(self, pair: bool, **_: Any) -> None:
        del pair
        await self.air.ask(self._connect())

    async def agree(self, mtu: int) -> None:
        assert self._peer is not None
        # Once a connection is all the standard allows; systems do it late all the same.
        self._peer.gatt_client.mtu_exchange_done = False
        await self._peer.request_mtu(mtu)

    async def _connect(self) -> None:
        connection = await self.air.central.connect(self._to, timeout=self._timeout)
        connection.on("disconnection", self._broken)
        self._peer = Peer(connection)
        if self.air.mtu > 23:
            await self._peer.request_mtu(self.air.mtu)
        await self._peer.discover_services()
        self.services = BleakGATTServiceCollection()
        for service in self._peer.services:
            listed = BleakGATTService(
                service, service.handle, normalize_uuid_str(service.uuid.to_hex_str("-"))
            )
            self.services.add_service(listed)
            for each in await service.discover_characteristics():
                words = [word for bit, word in PROPERTIES.items() if int(each.properties) & bit]
                uuid = normalize_uuid_str(each.uuid.to_hex_str("-"))
                self.services.add_characteristic(
                    BleakGATTCharacteristic(each, each.handle, uuid, words, lambda: self.mtu_size - 3, listed)  # type: ignore[arg-type]  # they are bleak's words
                )

    def _broken(self, _reason: int) -> None:
        self._peer = None
        if self._disconnected_callback is not None:
            self._loop.call_soon_threadsafe(self._disconnected_callback)

    async def disconnect(self) -> None:
        if self._peer is not None:
            await self.air.ask(self._peer.connection.disconnect())

    async def start_notify(self, characteristic: Any, callback: Any, **_: Any) -> None:
        def notified(value: bytes) -> None:
            self._loop.call_soon_threadsafe(callback, bytearray(value))

        await self.air.ask(self._checked(characteristic).subscribe(notified))

    async def stop_notify(self, characteristic: Any) -> None:
        await self.air.ask(self._checked(characteristic).unsubscribe())

    async def read_gatt_char(self, characteristic: Any, **_: Any) -> bytearray:
        return bytearray(await self.air.ask(self._checked(characteristic).read_value()))

    async def write_gatt_char(self, characteristic: Any, data: Any, response: bool) -> None:
        await self.air.ask(self._checked(characteristic).write_value(bytes(data), with_response=response))

    def _checked(self, characteristic: Any) -> Any:
        if self._peer is None:
            raise BleakError("Not connected")
        return characteristic.obj

    async def read_gatt_descriptor(self, descriptor: Any, **_: Any) -> bytearray:
        raise NotImplementedError

    async def write_gatt_descriptor(self, descriptor: Any, data: Any) -> None:
        raise NotImplementedError

    async def pair(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError

    async def unpair(self) -> None:
        raise NotImplementedError


@pytest.fixture
def air() -> Iterator[Air]:
    box = Air()
    yield box
    box.close()

"""What there is to record from: a look around on the air and on the ports."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from emgdetect.errors import EmgError
from firmware_interface.device import BleLink, SerialLink
from firmware_interface.devices import DEVICES, load_device
from firmware_interface.transports import air, ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    from firmware_interface.device import Device


@dataclass(frozen=True, slots=True)
class Found:
    """Something one can record from.

    ``url`` is what to type. ``devices`` are the keys of the products it may be, the likeliest first; empty if
    it is none of them. ``rssi`` is the strength of its signal in dBm, for a radio.
    """

    url: str
    name: str
    devices: tuple[str, ...] = ()
    rssi: int | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look around brought, and why a part of it was not possible."""

    found: tuple[Found, ...]
    troubles: tuple[EmgError, ...] = ()


def scan(
    seconds: float = 5.0,
    *,
    radio: air.Radio | None = None,
    list_ports: Callable[[], Iterable[ports.Port]] = ports.list_ports,
) -> Scan:
    """Look for sensors on the air and on the ports.

    Parameters
    ----------
    seconds : float
        How long to listen for advertisements.
    radio, list_ports : optional
        Something else than this computer's own.

    Returns
    -------
    Scan
        Likely sensors first, strong signals before weak ones. What cannot be looked at (no adapter, a library
        that is not installed) is told beside it.
    """
    devices = [load_device(key) for key in DEVICES]
    found: list[Found] = []
    troubles: list[EmgError] = []
    looks = (
        partial(_on_the_air, seconds, radio or air.Radio(), devices),
        partial(_plugged, list_ports, devices),
    )
    for look in looks:
        try:
            found += look()
        except EmgError as error:
            troubles.append(error)
    found.sort(key=lambda each: (not each.devices, -(each.rssi or 0), each.url))
    return Scan(tuple(found), tuple(troubles))


def known_by_name(name: str) -> list[str]:
    """Return the keys of the devices that advertise under names like this one."""
    return _named([load_device(key) for key in DEVICES], name)


def known_by_usb(port: ports.Port) -> list[str]:
    """Return the keys of the devices that come with the USB numbers of ``port``."""
    return [key for key in DEVICES if _has_usb(load_device(key), port)]


def _on_the_air(seconds: float, radio: air.Radio, devices: list[Device]) -> list[Found]:
    air.require_bleak()
    try:
        seen = asyncio.run(_listen(seconds, radio))
    except Exception as error:
        raise air.explain(error).error from error
    names = [each.name for each in seen]
    return [
        Found(
            url=f"ble://{quote(each.name) if names.count(each.name) == 1 and each.name else each.address}",
            name=each.name,
            devices=_likely(each, devices),
            rssi=each.rssi,
            description=each.address,
        )
        for each in seen
    ]


async def _listen(seconds: float, radio: air.Radio) -> list[air.Sighting]:
    from bleak import BleakScanner

    seen: dict[str, air.Sighting] = {}

    def detected(device: BLEDevice, advertisement: AdvertisementData) -> None:
        seen[device.address] = air.sighting_of(device, advertisement)

    async with BleakScanner(detected, backend=radio.scanner):
        await asyncio.sleep(seconds)
    return list(seen.values())


def _likely(sighting: air.Sighting, devices: list[Device]) -> tuple[str, ...]:
    """Return devices of that name; without any, those with its service, for names can be changed."""
    named = _named(devices, sighting.name)
    return tuple(named or [device.key for device in devices if _has_service(device, sighting.services)])


def _named(devices: list[Device], name: str) -> list[str]:
    """Return the keys of those whose names this one begins with; the longest decides, as in Myo and MyoW1."""
    lengths = {device.key: _length_of_name(device, name) for device in devices}
    longest = max(lengths.values(), default=0)
    return [key for key, length in lengths.items() if length == longest > 0]


def _length_of_name(device: Device, name: str) -> int:
    names = [known for link in device.links if isinstance(link, BleLink) for known in link.names]
    return max((len(known) for known in names if name.startswith(known)), default=0)


def _has_service(device: Device, services: tuple[str, ...]) -> bool:
    return any(isinstance(link, BleLink) and link.service in services for link in device.links)


def _plugged(list_ports: Callable[[], Iterable[ports.Port]], devices: list[Device]) -> list[Found]:
    return [
        Found(
            url=f"serial://{port.name}",
            name=port.name,
            devices=tuple(device.key for device in devices if _has_usb(device, port)),
            description=port.description,
        )
        for port in list_ports()
    ]


def _has_usb(device: Device, port: ports.Port) -> bool:
    return any(isinstance(link, SerialLink) and (port.vid, port.pid) in link.usb_ids for link in device.links)

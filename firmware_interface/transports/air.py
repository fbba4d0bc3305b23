"""Looking for a sensor over Bluetooth, and what can be wrong with the adapter."""

from __future__ import annotations

import asyncio
import re
import threading
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from emgdetect.errors import DeviceError, MissingExtraError
from firmware_interface.transports.policy import Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from bleak.backends.client import BaseBleakClient
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

    from firmware_interface.device import BleLink

SETTLE = 1.5
"""Seconds a first look goes on after it found a sensor, for a second one of the same name."""

_ADDRESS = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RADIO = threading.Lock()
_POLL = 0.05


@dataclass(frozen=True, slots=True)
class Radio:
    """Which backends bleak is to use; ``None`` for those of the system."""

    scanner: type[BaseBleakScanner] | None = None
    client: type[BaseBleakClient] | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device that advertises; ``device`` is bleak's record of it, which a fresh connection needs."""

    address: str
    name: str
    services: tuple[str, ...]
    rssi: int
    device: BLEDevice

    @property
    def label(self) -> str:
        """What people call it."""
        return f"{self.name} ({self.address})" if self.name else self.address


class Wanted:
    """Says which of the devices on the air is meant.

    Parameters
    ----------
    text : str
        An address (on macOS a UUID), a name or the beginning of one. Empty for whatever has a name, or, for a
        product without names of its own, the service of the link.
    link : BleLink
        Names and service of the product.
    """

    def __init__(self, text: str, link: BleLink) -> None:
        self._link = link
        self.text = text
        self.address = text.lower() if _ADDRESS.fullmatch(text.lower()) else None

    def choose(self, sightings: Iterable[Sighting]) -> list[Sighting]:
        """Return those that can be meant; a full name counts more than the beginning of one."""
        seen = list(sightings)
        if self.address is not None:
            return [each for each in seen if each.address.lower() == self.address]
        if self.text:
            exact = [each for each in seen if each.name == self.text]
            return exact or [each for each in seen if each.name.startswith(self.text)]
        if self._link.names:
            return [each for each in seen if each.name.startswith(self._link.names)]
        return [each for each in seen if self._link.service and self._link.service in each.services]

    def __str__(self) -> str:
        return self.text or " or ".join(f"{name}…" for name in self._link.names) or self._link.service


def sighting_of(device: BLEDevice, advertisement: AdvertisementData) -> Sighting:
    """Return what one advertisement says."""
    return Sighting(
        address=device.address,
        name=advertisement.local_name or device.name or "",
        services=tuple(uuid.lower() for uuid in advertisement.service_uuids),
        rssi=advertisement.rssi,
        device=device,
    )


async def look(
    radio: Radio, wanted: Wanted, *, known: str | None, seconds: float, settle: float = SETTLE
) -> Sighting | Trouble:
    """Look for one sensor, and take no other for it.

    Parameters
    ----------
    radio : Radio
        Where to look.
    wanted : Wanted
        Which one is meant.
    known : str or None
        The address it had before. Another one of the same name is not it: it may be on another limb.
    seconds : float
        How long to look.
    settle : float
        How much longer, after one was found and none was known, to see whether it is the only one.

    Returns
    -------
    Sighting or Trouble
        The sensor, or why there is none.
    """
    from bleak import BleakScanner

    seen: dict[str, Sighting] = {}
    found = asyncio.Event()

    def detected(device: BLEDevice, advertisement: AdvertisementData) -> None:
        seen[device.address] = sighting_of(device, advertisement)
        if any(known in {None, each.address} for each in wanted.choose(seen.values())):
            found.set()

    async with BleakScanner(detected, backend=radio.scanner):
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await found.wait()
        if found.is_set() and known is None and wanted.address is None:
            await asyncio.sleep(settle)
    return _verdict(wanted, wanted.choose(seen.values()), known)


def _verdict(wanted: Wanted, candidates: list[Sighting], known: str | None) -> Sighting | Trouble:
    ours = [each for each in candidates if known in {None, each.address}]
    if len(ours) > 1:
        labels = ", ".join(sorted(each.label for each in ours))
        error = DeviceError(
            f"{len(ours)} sensors go by the name {wanted}: {labels}",
            hint=f"name the one you mean by its address, such as ble://{ours[0].address}",
        )
        return Trouble(error, mends=False)
    if ours:
        return ours[0]
    if candidates:
        what = f"{known} is not in sight; {candidates[0].label} is, but was not the one before"
    else:
        what = f"no {wanted} is in sight"
    hint = "switch it off and on again, bring it closer, and disconnect it from phones"
    return Trouble(DeviceError(what, hint=hint))


@asynccontextmanager
async def one_at_a_time() -> AsyncIterator[None]:
    """Wait for other sensors of this program: adapters do not look and connect at the same time."""
    while not _RADIO.acquire(blocking=False):  # noqa: ASYNC110  other sensors have other loops
        await asyncio.sleep(_POLL)
    try:
        yield
    finally:
        _RADIO.release()


def require_bleak() -> None:
    """Raise :class:`~emgdetect.errors.MissingExtraError` if bleak is not installed."""
    if find_spec("bleak") is None:
        raise MissingExtraError("bleak", extra="ble", purpose="a Bluetooth sensor")


def explain(error: Exception) -> Trouble:
    """Say in the user's words what went wrong with Bluetooth."""
    from bleak.exc import BleakBluetoothNotAvailableError, BleakCharacteristicNotFoundError, BleakDBusError

    if isinstance(error, BleakBluetoothNotAvailableError):
        return _unavailable(error.reason)
    if isinstance(error, BleakCharacteristicNotFoundError):
        what = f"the sensor is not what it was taken for: it has no characteristic {error.char_specifier}"
        return Trouble(DeviceError(what, hint="check --device and the sensor's firmware"), mends=False)
    name = error.dbus_error if isinstance(error, BleakDBusError) else ""
    for part, reason in _BLUEZ.items():
        if name.endswith(part):
            return _unavailable(reason)
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return _unavailable("NO_SERVICE")
    if isinstance(error, TimeoutError):
        return Trouble(DeviceError("the sensor is there, but did not answer in time"))
    return Trouble(DeviceError(f"Bluetooth: {str(error) or type(error).__name__:.160}"))


_BLUEZ = {
    "org.freedesktop.DBus.Error.ServiceUnknown": "NO_SERVICE",
    "org.freedesktop.DBus.Error.NameHasNoOwner": "NO_SERVICE",
    "org.freedesktop.DBus.Error.AccessDenied": "DENIED",
    "org.bluez.Error.NotReady": "POWERED_OFF",
    "org.bluez.Error.NotPermitted": "DENIED",
}
_NO_ADAPTER = ("this computer has no Bluetooth adapter for Low Energy", "plug one in")
_UNAVAILABLE = {
    "NO_BLUETOOTH": _NO_ADAPTER,
    "NO_BLE_CENTRAL_ROLE": _NO_ADAPTER,
    "NO_SERVICE": ("the Bluetooth service does not run", "start it: sudo systemctl start bluetooth"),
    "POWERED_OFF": (
        "the Bluetooth adapter is off",
        "switch it on in the system's settings, or on Linux with: bluetoothctl power on",
    ),
    "DENIED": (
        "no permission to use Bluetooth",
        "allow it for the terminal in the system's privacy settings; on Linux join the group bluetooth",
    ),
}


def _unavailable(reason: Any) -> Trouble:  # noqa: ANN401  bleak's enumeration, or one of our words
    name = str(getattr(reason, "name", reason))
    name = "DENIED" if name.startswith("DENIED") else name
    what, hint = _UNAVAILABLE.get(
        name, ("Bluetooth is not available", "check the system's Bluetooth settings")
    )
    return Trouble(DeviceError(what, hint=hint), mends=False)

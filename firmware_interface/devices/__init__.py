"""The products that are known, one a file: one line each here, imported only when asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

from emgdetect.errors import DeviceError

if TYPE_CHECKING:
    from firmware_interface.device import Device

DEVICES: dict[str, str] = {
    "bitalino": "firmware_interface.devices.bitalino",
    "bitalino-2": "firmware_interface.devices.bitalino",
    "bitalino-4": "firmware_interface.devices.bitalino",
    "bitalino-6": "firmware_interface.devices.bitalino",
    "emgdetect": "firmware_interface.devices.emgdetect_board",
    "myoware": "firmware_interface.devices.myoware_text",
    "myoware-timed": "firmware_interface.devices.myoware_text",
    "myoware-ble": "firmware_interface.devices.myoware_ble",
    "myoware-ble-uart": "firmware_interface.devices.myoware_ble",
    "myoware-ble-sparkfun": "firmware_interface.devices.myoware_ble",
    "nordic-uart": "firmware_interface.devices.nordic_uart",
    "chords": "firmware_interface.devices.chords",
    "npg-lite": "firmware_interface.devices.npg_lite",
    "spikershield": "firmware_interface.devices.spikerbox",
    "spikershield-2": "firmware_interface.devices.spikerbox",
    "spikershield-3": "firmware_interface.devices.spikerbox",
    "spikershield-4": "firmware_interface.devices.spikerbox",
    "spikershield-5": "firmware_interface.devices.spikerbox",
    "spikershield-6": "firmware_interface.devices.spikerbox",
    "spikerbox": "firmware_interface.devices.spikerbox",
    "spikerbox-pro": "firmware_interface.devices.spikerbox",
    "human-spikerbox": "firmware_interface.devices.spikerbox",
    "spike-station": "firmware_interface.devices.spikerbox",
    "cyton": "firmware_interface.devices.openbci_cyton",
    "ganglion": "firmware_interface.devices.openbci_ganglion",
    "myo": "firmware_interface.devices.myo",
    "olimex": "firmware_interface.devices.olimex",
}
"""What people type, and the module whose ``DEVICES`` tuple has it."""


def load_device(key: str) -> Device:
    """Return the device people call ``key``, or the one that the TOML file of this name describes.

    Raises
    ------
    DeviceError
        There is no such device.
    ConfigError
        The file cannot be read, or a key in it is wrong.
    """
    if key.endswith(".toml"):
        from firmware_interface.devices.described import read_device

        return read_device(key)
    if key not in DEVICES:
        near = ", ".join(get_close_matches(key.lower(), DEVICES))
        known = f"known are: {', '.join(sorted(DEVICES))}, and descriptions in files that end in .toml"
        raise DeviceError(f"no device is called {key!r}", hint=f"did you mean {near}?" if near else known)
    devices: tuple[Device, ...] = import_module(DEVICES[key]).DEVICES
    return next(device for device in devices if device.key == key)

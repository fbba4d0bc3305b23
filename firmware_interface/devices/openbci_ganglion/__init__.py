"""OpenBCI Ganglion over Bluetooth Low Energy, firmware 2 and 3 (README, section 2.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_interface.device import BleLink, Device, Pause, Send
from firmware_interface.devices.openbci_ganglion import fields
from firmware_interface.devices.openbci_ganglion.decoder import GanglionDecoder
from firmware_interface.devices.openbci_ganglion.emulator import GanglionEmulator
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

OPTIONS = {"firmware": "2 or 3, the first number of its version; without it the board's own words tell"}


def given(options: Mapping[str, str]) -> int | None:
    """Read the firmware's version, if it was said."""
    said = Given("ganglion", options, OPTIONS).choice("firmware", "", ("", "2", "3"))
    return int(said) if said else None


def decoder(options: Mapping[str, str]) -> GanglionDecoder:
    """Make a decoder; raises ``UsageError`` for options it does not know."""
    return GanglionDecoder(given(options))


def emulator(options: Mapping[str, str]) -> GanglionEmulator:
    """Make an emulator from the same options; without ``firmware`` it has version 3."""
    return GanglionEmulator(given(options) or 3)


DEVICES = (
    Device(
        key="ganglion",
        name="OpenBCI Ganglion",
        links=(
            BleLink(
                names=("Ganglion", "Simblee"),
                notify=(fields.NOTIFY,),
                service=fields.SERVICE,
                start=(
                    Send(b"v", fields.WRITE),
                    Pause(1.0),
                    Send(b"b", fields.WRITE),
                ),
                stop=(Send(b"s", fields.WRITE),),
            ),
        ),
        decoder=decoder,
        emulator=emulator,
        framing="message",
        options=OPTIONS,
        remarks=(
            "Firmware 3 seems to leave out one sample in 201: expect 199 a second; no gap is made up.",
            "With firmware 2 a lost notification costs the samples up to the next whole one, at most 1 s.",
        ),
    ),
)

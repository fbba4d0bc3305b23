"""Anything that prints lines over the Nordic UART service, as many ESP32 and nRF sketches do (table 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware_interface.device import BleLink, Device
from firmware_interface.text.decoder import TextDecoder
from firmware_interface.text.emulator import TextEmulator
from firmware_interface.text.options import OPTIONS, read_options

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "nordic-uart"
SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
TX = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"


def _decoder(options: Mapping[str, str]) -> TextDecoder:
    return TextDecoder(read_options(KEY, "Nordic UART", options))


def _emulator(options: Mapping[str, str]) -> TextEmulator:
    return TextEmulator(read_options(KEY, "Nordic UART", options), end=b"\n", source=TX)


DEVICES = (
    Device(
        KEY,
        "Lines of text over Bluetooth (Nordic UART service)",
        (BleLink(names=(), notify=(TX,), service=SERVICE),),
        _decoder,
        _emulator,
        losses_seen="nothing",
        options=OPTIONS,
        remarks=(
            "Lines without a clock or a counter do not show which samples were lost.",
            "Other products use the same service: give the name or address of yours.",
        ),
    ),
)

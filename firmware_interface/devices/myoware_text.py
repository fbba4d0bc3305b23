"""MyoWare sensors, and anything else on an Arduino whose sketch prints lines (wire table 2.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from firmware_interface.device import Device, SerialLink
from firmware_interface.text.decoder import TextDecoder
from firmware_interface.text.emulator import BOOT_TEXT, TextEmulator
from firmware_interface.text.options import OPTIONS, TextOptions, read_options

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "myoware"
TIMED_KEY = "myoware-timed"
NAME = "MyoWare"

USB_IDS = (
    (0x2341, 0x0043),  # Uno
    (0x2341, 0x0001),  # Uno, early
    (0x2A03, 0x0043),  # Uno, of the other Arduino
    (0x2341, 0x0069),  # Uno R4 Minima
    (0x2341, 0x1002),  # Uno R4 WiFi
    (0x1A86, 0x7523),  # CH340 of many copies
    (0x0403, 0x6001),  # FT232R
    (0x10C4, 0xEA60),  # CP210x of ESP32 boards
    (0x2E8A, 0x0005),  # RP2040 with MicroPython
)
LINKS = (SerialLink(baud_rates=(115200, 9600), usb_ids=USB_IDS, boot=2.5),)


def _options(options: Mapping[str, str]) -> TextOptions:
    return read_options(KEY, NAME, options)


def _timed_options(options: Mapping[str, str]) -> TextOptions:
    found = read_options(TIMED_KEY, NAME, options)
    return replace(found, dialect="t_us") if found.dialect == "auto" else found


def _decoder(options: Mapping[str, str]) -> TextDecoder:
    return TextDecoder(_options(options))


def _emulator(options: Mapping[str, str]) -> TextEmulator:
    found = _options(options)
    return TextEmulator(found, boot=BOOT_TEXT if found.dialect in {"auto", "value"} else b"\r\n")


def _timed_decoder(options: Mapping[str, str]) -> TextDecoder:
    return TextDecoder(_timed_options(options))


def _timed_emulator(options: Mapping[str, str]) -> TextEmulator:
    return TextEmulator(_timed_options(options))


DEVICES = (
    Device(
        KEY,
        "MyoWare on an Arduino, lines of text",
        LINKS,
        _decoder,
        _emulator,
        losses_seen="nothing",
        options=OPTIONS,
        remarks=(
            "Lines without a clock or a counter do not show which samples were lost.",
            "The rate is that of the sketch; say --option rate=... if it is not that of its example.",
            "At 20 samples a second only the envelope can be watched, and short twitches are missed.",
        ),
    ),
    Device(
        TIMED_KEY,
        "MyoWare on an Arduino, lines of text that begin with micros()",
        LINKS,
        _timed_decoder,
        _timed_emulator,
        losses_seen="timing",
        options=OPTIONS,
        remarks=(
            "At 115200 baud lines with micros() fit up to about 800 times a second.",
            "With stamps in ms, a single lost line is not seen at rates near 1 kHz.",
        ),
    ),
)

"""MyoWare sensors over Bluetooth: the three ways their published sketches send (wire table 2.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel, StreamInfo
from firmware_interface.decoder import Described, Loss, Samples
from firmware_interface.device import BleLink, Device, Message
from firmware_interface.devices.nordic_uart import SERVICE as UART_SERVICE
from firmware_interface.devices.nordic_uart import TX as UART_TX
from firmware_interface.options import Given
from firmware_interface.text.decoder import TextDecoder
from firmware_interface.text.emulator import TextEmulator
from firmware_interface.text.options import TextOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emgdetect.types import RawArray
    from firmware_interface.decoder import Packet

TEXT_KEY = "myoware-ble"
UART_KEY = "myoware-ble-uart"
BYTE_KEY = "myoware-ble-sparkfun"

TEXT_SERVICE = "ec3af789-2154-49f4-a9fc-bc6c88e9e930"
TEXT_VALUE = "f3a56edf-8f1e-4533-93bf-5601b2e91308"
BYTE_SERVICE = "19b10000-e8f2-537e-4f6c-d104768a1214"
BYTE_VALUE = "19b10001-e8f2-537e-4f6c-d104768a1214"

RATE = 100.0
"""Nominal only, in Hz: two sketches send as fast as the radio takes it, the third waits 10 ms a turn."""

SHIELD_BITS = 12
SHIELD_VREF = 3.3
BYTE_HIGH = 255
BYTE_CHANNELS = ("1", "4")

_RATE_HELP = "samples per second (default: 100; the sketch does not keep a rate)"
_UNITS_HELP = "counts or mv, as the sketch converts its output; with it, RAW is in µV"
TEXT_OPTIONS = {"value": "env or raw: which output is sent", "units": _UNITS_HELP, "rate": _RATE_HELP}
UART_OPTIONS = {"units": _UNITS_HELP, "rate": _RATE_HELP}
BYTE_OPTIONS = {
    "channels": "1 or 4 sensors (default: learned from the first notification)",
    "rate": _RATE_HELP,
}


def _text_options(given: Given, names: tuple[str, ...]) -> TextOptions:
    units = given.choice("units", "", ("", "counts", "mv"))
    return TextOptions(
        device="MyoWare",
        dialect="value",
        rate=given.number("rate", RATE),
        names=names,
        vref=SHIELD_VREF if units == "counts" else None,
        bits=SHIELD_BITS if units == "counts" else None,
        output="mv" if units == "mv" else "counts",
        centred=True,
    )


def _value_options(options: Mapping[str, str]) -> TextOptions:
    given = Given(TEXT_KEY, options, tuple(TEXT_OPTIONS))
    return _text_options(given, (given.choice("value", "env", ("env", "raw")),))


def _uart_options(options: Mapping[str, str]) -> TextOptions:
    return _text_options(Given(UART_KEY, options, tuple(UART_OPTIONS)), ("env", "raw"))


def describe_bytes(n_channels: int, rate: float) -> StreamInfo:
    """Describe the stream of SparkFun's sketches: a tenth bit less than the converter has, and no µV."""
    channels = tuple(
        Channel(f"A{n}", "adc", raw_low=0.0, raw_high=float(BYTE_HIGH)) for n in range(n_channels)
    )
    return StreamInfo(rate, channels, "MyoWare")


class ByteDecoder:
    """A notification a sample, a byte a sensor; notifications of another length are no samples."""

    __slots__ = ("_described", "_is_damaged", "_n_channels", "_rate")

    def __init__(self, n_channels: int | None, rate: float) -> None:
        self._n_channels = n_channels
        self._rate = rate
        self._described = False
        self._is_damaged = False

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take one notification; see :class:`firmware_interface.decoder.Decoder`."""
        del source
        if self._n_channels is None and str(len(data)) in BYTE_CHANNELS:
            self._n_channels = len(data)
        if self._n_channels is None or len(data) != self._n_channels:
            self._is_damaged |= bool(data)
            return []
        packets: list[Packet] = []
        if not self._described:
            packets.append(Described(describe_bytes(self._n_channels, self._rate)))
        elif self._is_damaged:
            packets.append(Loss(None, "lost packets"))
        self._described, self._is_damaged = True, False
        return [*packets, Samples(np.frombuffer(data, dtype=np.uint8)[:, None])]

    def relink(self) -> list[Packet]:
        """Say that something is missing; nothing tells how much."""
        self._is_damaged = False
        return [Loss(None, "disconnect")] if self._described else []


class ByteEmulator:
    """Sends a notification for each sample."""

    __slots__ = ("_info",)

    def __init__(self, n_channels: int, rate: float) -> None:
        self._info = describe_bytes(n_channels, rate)

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return self._info

    def restart(self) -> list[Message]:
        """Power up, without a word."""
        return []

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Take no notice: what is written to the value does not change it for long."""
        del data, to
        return []

    def send(self, data: RawArray) -> list[Message]:
        """Send a byte of each sensor at a time."""
        return [Message(sample.astype(np.uint8).tobytes(), 1, BYTE_VALUE) for sample in data.T]


def _byte_given(options: Mapping[str, str]) -> tuple[int | None, float]:
    given = Given(BYTE_KEY, options, tuple(BYTE_OPTIONS))
    n_channels = int(given.choice("channels", "1", BYTE_CHANNELS)) if "channels" in given else None
    return n_channels, given.number("rate") or RATE


def _byte_decoder(options: Mapping[str, str]) -> ByteDecoder:
    return ByteDecoder(*_byte_given(options))


def _byte_emulator(options: Mapping[str, str]) -> ByteEmulator:
    n_channels, rate = _byte_given(options)
    return ByteEmulator(n_channels or 1, rate)


def _value_decoder(options: Mapping[str, str]) -> TextDecoder:
    return TextDecoder(_value_options(options), "lines")


def _value_emulator(options: Mapping[str, str]) -> TextEmulator:
    return TextEmulator(_value_options(options), boot=b"", end=b"", decimals=2, source=TEXT_VALUE)


def _uart_decoder(options: Mapping[str, str]) -> TextDecoder:
    return TextDecoder(_uart_options(options), "line starts")


def _uart_emulator(options: Mapping[str, str]) -> TextEmulator:
    return TextEmulator(_uart_options(options), boot=b"", end=b"\n", decimals=2, source=UART_TX)


NO_LOSSES = "Nothing in what is sent shows which samples were lost."
NO_RATE = "The sketch keeps no steady rate, so times are those of arrival."

DEVICES = (
    Device(
        TEXT_KEY,
        "MyoWare 2.0 Wireless Shield, sketch MyoWareBLEPeripheral",
        (BleLink(names=("MyoWareSensor",), notify=(TEXT_VALUE,), service=TEXT_SERVICE),),
        _value_decoder,
        _value_emulator,
        framing="message",
        losses_seen="nothing",
        options=TEXT_OPTIONS,
        remarks=(NO_LOSSES, NO_RATE),
    ),
    Device(
        UART_KEY,
        "MyoWare 2.0 Wireless Shield, sketch MyoWareBLEUART",
        (BleLink(names=("MyoW1", "MyoW2", "MyoW3", "MyoW4"), notify=(UART_TX,), service=UART_SERVICE),),
        _uart_decoder,
        _uart_emulator,
        losses_seen="nothing",
        options=UART_OPTIONS,
        remarks=(NO_LOSSES, NO_RATE),
    ),
    Device(
        BYTE_KEY,
        "MyoWare on a SparkFun Artemis, examples 2 and 3",
        (BleLink(names=("MYOWARE1",), notify=(BYTE_VALUE,), service=BYTE_SERVICE),),
        _byte_decoder,
        _byte_emulator,
        framing="message",
        losses_seen="nothing",
        options=BYTE_OPTIONS,
        remarks=(NO_LOSSES, "At less than 100 samples a second only the envelope can be watched."),
    ),
)

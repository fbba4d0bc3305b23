"""Devices that a user describes in a TOML file instead of in Python (README, section 2.8)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from emgdetect.errors import ConfigError
from emgdetect.types import Channel, StreamInfo
from firmware_interface.device import BleLink, Device, LossesSeen, Pause, Send, SerialLink, Step
from firmware_interface.devices.described.description import Description, FrameTable, LinesTable
from firmware_interface.devices.described.emulator import FramesEmulator, LinesEmulator
from firmware_interface.devices.described.frames import FramesDecoder
from firmware_interface.devices.described.lines import LinesDecoder
from firmware_interface.options import Given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from firmware_interface.decoder import Decoder
    from firmware_interface.device import Emulator
    from firmware_interface.devices.described.schema import BleTable, SerialTable, StepTable


OPTIONS = {"rate": "samples per second (default: what the description says)"}


def read_device(name: str) -> Device:
    """Read a device from the TOML file called ``name``; that is also its key.

    Raises
    ------
    ConfigError
        There is no such file, it is not TOML, or a key in it is unknown, missing or wrong.
    """
    path = Path(name)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        hint = "check the name; emgdetect devices lists what is known without one"
        raise ConfigError("there is no such description of a device", where=name, hint=hint) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not a TOML file: {error}", where=name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("the description cannot be read as text", where=name, hint=str(error)) from error
    return device_of(describe(table, name), name)


def describe(table: Mapping[str, Any], where: str) -> Description:
    """Check a description that was read from ``where``.

    Raises
    ------
    ConfigError
        A key is unknown, missing or wrong; the message names the first.
    """
    try:
        return Description.model_validate(table)
    except ValidationError as error:
        raise ConfigError(_first_fault(error), where=where) from error


def device_of(description: Description, key: str) -> Device:
    """Make the device of a description."""
    body = description.body

    def decoder(options: Mapping[str, str]) -> Decoder:
        info = _info(description, options, key)
        return LinesDecoder(body, info) if isinstance(body, LinesTable) else FramesDecoder(body, info)

    def emulator(options: Mapping[str, str]) -> Emulator:
        info = _info(description, options, key)
        over_ble = description.ble if description.serial is None else None
        source = "" if over_ble is None else over_ble.notify[0]
        if isinstance(body, LinesTable):
            return LinesEmulator(body, info, source)
        return FramesEmulator(body, info, source)

    return Device(
        key,
        description.name,
        _links(description),
        decoder,
        emulator,
        framing="message" if isinstance(body, FrameTable) and body.whole_notifications else "stream",
        losses_seen=_losses_seen(body),
        options=OPTIONS,
        remarks=description.remarks,
    )


def _info(description: Description, options: Mapping[str, str], key: str) -> StreamInfo:
    given = Given(key, options, tuple(OPTIONS))
    channels = tuple(
        Channel(table.name, table.unit, table.gain, table.offset, table.low, table.high)
        for table in description.body.channel
    )
    return StreamInfo(given.number("rate") or description.rate, channels, description.name)


def _losses_seen(body: LinesTable | FrameTable) -> LossesSeen:
    if body.counter is not None:
        return "counter"
    return "timing" if isinstance(body, FrameTable) or body.clock is not None else "nothing"


def _links(description: Description) -> tuple[SerialLink | BleLink, ...]:
    links: list[SerialLink | BleLink] = []
    if description.serial is not None:
        links.append(_serial_link(description.serial))
    if description.ble is not None:
        links.append(_ble_link(description.ble))
    return tuple(links)


def _serial_link(table: SerialTable) -> SerialLink:
    start, stop = _steps(table.start), _steps(table.stop)
    return SerialLink(table.baud, table.usb, table.boot, start=start, stop=stop)


def _ble_link(table: BleTable) -> BleLink:
    return BleLink(
        table.names,
        table.notify,
        table.service or "",
        table.battery or "",
        start=_steps(table.start),
        stop=_steps(table.stop),
    )


def _steps(tables: Sequence[StepTable]) -> tuple[Step, ...]:
    return tuple(
        Pause(table.pause) if table.pause is not None else Send(table.data, table.to or "")
        for table in tables
    )


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    where = f"key {key!r}: " if key else ""
    if fault["type"] == "extra_forbidden":
        return f"unknown key {key!r}"
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "missing":
        return f"key {key!r} is missing"
    given = "" if isinstance(fault.get("input"), dict) else f" (it says {fault.get('input')!r})"
    return f"{where}{message}{given}"

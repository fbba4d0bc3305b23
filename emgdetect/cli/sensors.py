"""From what the user calls a sensor to something that can be recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from emgdetect.cli.console import waiting
from emgdetect.errors import DeviceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from emgdetect.recorder import Host, Source
    from firmware_interface.transports.scanning import Found, Scan

_NAMED = re.compile(r"(?P<name>[^=/?:]+)=(?P<address>.+)")
_PORT = re.compile(r"/dev/\S+|COM\d+", re.IGNORECASE)
SCAN_S = 5.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of its sensors: addresses or words, product, options of the product."""

    sensors: tuple[str, ...]
    device: str | None = None
    options: tuple[str, ...] = ()
    quiet: bool = False


def sources_of(asked: Asked, *, look: Callable[[], Scan] | None = None) -> list[Source]:
    """Return the sensors, not opened yet, each with a name of its own.

    Parameters
    ----------
    asked : Asked
        ``NAME=ADDRESS``, an address alone, or a word that only one sensor in sight is called by.
    look : callable, optional
        Something else than :func:`~firmware_interface.transports.scanning.scan` to look around with.

    Raises
    ------
    UsageError
        An address that cannot be read, a word that could mean several sensors.
    DeviceError
        A word that no sensor in sight is called by.
    """
    from emgdetect.recorder import Source
    from firmware_interface.transports.finding import connect

    options = _options(asked.options)
    sources: list[Source] = []
    scanned: Scan | None = None
    for text in asked.sensors:
        name, address = _parts(text)
        key = asked.device
        if "://" not in address and not _PORT.fullmatch(address):
            scanned = scanned or _look_around(look, quiet=asked.quiet)
            found = _meant(address, scanned)
            name = name or address
            address, key = found.url, key or next(iter(found.devices), None)
        connection = connect(_unhurried(address), key, options)
        name = _own(name or _name_of(address) or connection.device.key, [one.name for one in sources])
        sources.append(Source(name, connection.device, connection.transport, connection.options))
    return sources


def host_of(asked: Asked, sources: Sequence[Source]) -> Host:
    """Return the computer to record on: one in the sensors' own time if they are virtual and in a hurry.

    Raises
    ------
    UsageError
        Sensors that do not all live in the same time.
    """
    from emgdetect.cli.pacing import PacedHost
    from emgdetect.recorder import RealHost

    speeds = {_speed(_parts(text)[1]) for text in asked.sensors}
    if speeds == {1.0}:
        return RealHost()
    if len(speeds) > 1:
        hint = "give all of them the same speed=, and real ones none"
        raise UsageError("sensors of different speeds cannot be recorded together", hint=hint)
    return PacedHost([source.transport for source in sources], speeds.pop())


def _parts(text: str) -> tuple[str, str]:
    """Return a sensor's name, empty if none was given, and its address."""
    named = _NAMED.fullmatch(text)
    return (named["name"].strip(), named["address"]) if named else ("", text)


def _speed(address: str) -> float:
    from firmware_interface.transports.virtual import read_virtual

    return read_virtual(address)[1].speed if address.lower().startswith("virtual://") else 1.0


def _unhurried(address: str) -> str:
    """Return the address of a virtual sensor that leaves its pace to the computer, if it has one."""
    if _speed(address) == 1.0:
        return address
    return re.sub(r"([?&]speed=)[^&]*", r"\g<1>0", address)


def _options(texts: Sequence[str]) -> Mapping[str, str]:
    options = {}
    for text in texts:
        key, found, value = text.partition("=")
        if not found or not key.strip():
            raise UsageError(f"--option {text!r} is no option", hint="write it as in --option rate=500")
        options[key.strip()] = value.strip()
    return options


def _look_around(look: Callable[[], Scan] | None, *, quiet: bool) -> Scan:
    from firmware_interface.transports.scanning import scan

    with waiting("Looking for sensors", quiet=quiet):
        return look() if look is not None else scan(SCAN_S)


def _meant(word: str, scanned: Scan) -> Found:
    """Return the one sensor of that name, or of that product, or whose address ends so."""
    wanted = word.casefold()
    ways: tuple[Callable[[Found], bool], ...] = (
        lambda one: one.name.casefold() == wanted,
        lambda one: wanted in one.devices,
        lambda one: one.url.casefold().endswith(f"/{wanted}") or one.description.casefold() == wanted,
        lambda one: one.name.casefold().startswith(wanted),
    )
    for way in ways:
        found = [one for one in scanned.found if way(one)]
        if len(found) == 1:
            return found[0]
        if found:
            addresses = ", ".join(one.url for one in found)
            raise UsageError(f"{word!r} could be any of several sensors", hint=f"say which: {addresses}")
    seen = ", ".join(one.name or one.url for one in scanned.found) or "nothing"
    troubles = "".join(f"; {trouble}" for trouble in scanned.troubles)
    raise DeviceError(
        f"no sensor in sight is called {word!r}",
        hint=f"in sight: {seen}{troubles}; an address such as ble://{word} is waited for instead",
    )


def _name_of(address: str) -> str:
    """Return a name for people from an address: the last thing it says, without what follows a "?"."""
    parts = urlsplit(address if "://" in address else f"serial://{address}")
    if parts.scheme == "virtual":
        return parts.netloc
    if parts.scheme in {"ble", "lsl"}:
        return unquote(address.partition("://")[2])
    return unquote((parts.path.rstrip("/") or parts.netloc).rsplit("/", 1)[-1])


def _own(name: str, taken: Sequence[str]) -> str:
    """Return the name, numbered if another sensor has it already."""
    number, own = 1, name
    while own in taken:
        number += 1
        own = f"{name} {number}"
    return own

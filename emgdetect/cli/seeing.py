"""What is in sight, in words."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from emgdetect.cli.console import note, say, say_json, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from firmware_interface.transports.scanning import Found, Scan

NO_SENSOR = 9
"""Exit code when there was nothing to look with; that of ``DeviceError``."""

_LOOKS = 2
_RADIO = "ble://"


def look_around(seconds: float, *, everything: bool, as_json: bool) -> int:
    """Look, say what was found, and return the exit code."""
    from firmware_interface.transports import scanning

    with waiting("Looking for sensors", quiet=as_json):
        seen = scanning.scan(seconds)
    if as_json:
        say_json(_document(seen))
    else:
        for line in _lines(seen, everything=everything):
            say(line)
        for trouble in seen.troubles:
            note(str(trouble))
    return NO_SENSOR if len(seen.troubles) >= _LOOKS else 0


def commands(found: Found) -> list[tuple[str, str]]:
    """Return what to type to record from it, and the product that would be, for each product it may be."""
    from firmware_interface.devices import load_device

    address = shlex.quote(found.url)
    return [(f"emgdetect record {address} --device {key}", load_device(key).name) for key in found.devices]


def _lines(seen: Scan, *, everything: bool) -> Iterator[str]:
    known = [one for one in seen.found if one.devices]
    others = [one for one in seen.found if not one.devices]
    yield from _section("On Bluetooth", [one for one in known if _is_radio(one)])
    yield from _section("On serial ports", [one for one in known if not _is_radio(one)])
    if everything:
        yield from _section("Others", others)
        if others:
            yield "  To record from one of them say what it is, with --device; see emgdetect devices."
    elif others:
        yield f"{len(others)} more that no known sensor looks like: emgdetect scan --all"
    if not known:
        yield from _nothing(seen)


def _section(title: str, found: Sequence[Found]) -> Iterator[str]:
    if not found:
        return
    yield title
    for one in found:
        strength = "" if one.rssi is None else f"  {one.rssi} dBm"
        what = "" if one.description in {"", "n/a"} else f"  {one.description}"
        yield f"  {one.name or 'without a name'}{what}{strength}"
        if not one.devices:
            yield f"    {one.url}"
        elif len(one.devices) > 1:
            yield "    it may be any of these; record as the one it is:"
        for command, name in commands(one):
            yield f"    {command}    # {name}"
    yield ""


def _nothing(seen: Scan) -> Iterator[str]:
    yield "No known sensor is in sight."
    if not seen.troubles:
        yield "  Bluetooth: switch the sensor on, bring it closer, and disconnect it from phones."
    yield "  USB: plug it in with a cable that carries data, not only power."
    yield "  None at hand? emgdetect record virtual://emgdetect --for 1min records one that is not there."


def _is_radio(found: Found) -> bool:
    return found.url.startswith(_RADIO)


def _document(seen: Scan) -> dict[str, Any]:
    return {
        "found": [
            {
                "url": one.url,
                "name": one.name,
                "description": one.description,
                "rssi": one.rssi,
                "devices": list(one.devices),
                "record": [command for command, _ in commands(one)],
            }
            for one in seen.found
        ],
        "troubles": [{"problem": trouble.what, "hint": trouble.hint} for trouble in seen.troubles],
    }

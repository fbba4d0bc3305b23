"""What is known of each product, in words."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from emgdetect.cli.console import say, say_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from firmware_interface.device import Device

_WIDTH = 100
_LOSSES = {
    "counter": "seen: what it sends is counted",
    "rotation": "seen: its channels take turns in a fixed order",
    "timing": "seen only by the clock: nothing it sends is counted",
    "nothing": "not seen: nothing it sends tells",
}


def list_all(*, as_json: bool) -> None:
    """Print a line for each product, or all about all of them as JSON."""
    from firmware_interface.devices import DEVICES, load_device

    known = [load_device(key) for key in sorted(DEVICES)]
    if as_json:
        say_json({"devices": [_document(device) for device in known]})
        return
    rows = [(device.key, _reached(device), _short(device), device.name) for device in known]
    rows.insert(0, ("key", "link", "losses", "product"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        say("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]))
    say("")
    say("emgdetect devices KEY says more: options, limits, how to record from it.")


def describe(key: str, *, as_json: bool) -> None:
    """Print all about one product.

    Raises
    ------
    DeviceError
        There is no such product.
    """
    from firmware_interface.devices import load_device

    device = load_device(key)
    if as_json:
        say_json(_document(device))
        return
    for line in _lines(device, key):
        say(line)


def _lines(device: Device, key: str) -> Iterator[str]:
    yield f"{device.key}: {device.name}"
    for remark in device.remarks:
        yield from _hung("  - ", remark)
    yield f"  lost samples are {_LOSSES[device.losses_seen]}"
    for address in _addresses(device):
        yield f"  emgdetect record {address} --device {key}"
    yield f"  emgdetect record 'virtual://{key}'    # one that is not there, to try it out"
    if device.options:
        yield "  options, as in --option NAME=VALUE:"
        width = max(len(name) for name in device.options)
        for name, meaning in device.options.items():
            yield from _hung(f"    {name.ljust(width)}  ", meaning)


def _hung(head: str, text: str) -> Iterator[str]:
    yield from textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _addresses(device: Device) -> list[str]:
    from firmware_interface.device import SerialLink

    found = []
    for link in device.links:
        if isinstance(link, SerialLink):
            # Without a name it is the only port with the product's USB numbers.
            found.append("serial://" if link.usb_ids else "serial:///dev/ttyUSB0")
        else:
            found.append(f"ble://{link.names[0] if link.names else 'NAME-OR-ADDRESS'}")
    return found


def _reached(device: Device) -> str:
    from firmware_interface.device import SerialLink

    kinds = ["serial" if isinstance(link, SerialLink) else "Bluetooth" for link in device.links]
    return ", ".join(dict.fromkeys(kinds))


def _short(device: Device) -> str:
    return {"nothing": "not seen", "timing": "by the clock"}.get(device.losses_seen, "seen")


def _document(device: Device) -> dict[str, Any]:
    return {
        "key": device.key,
        "name": device.name,
        "links": _reached(device).split(", "),
        "addresses": _addresses(device),
        "losses_seen": device.losses_seen,
        "options": dict(device.options),
        "remarks": list(device.remarks),
    }

"""The way to a sensor, by address: ``ble://MyoW1``, ``serial:///dev/ttyACM0``, ``virtual://myo?drop=0.01``.

``scan`` of :mod:`firmware_interface.transports.scanning` gives such addresses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from emgdetect.errors import DeviceError, UsageError
from firmware_interface.decoder import Samples
from firmware_interface.device import BleLink, SerialLink
from firmware_interface.devices import DEVICES, load_device
from firmware_interface.transports import ble, lsl, lsl_frames, ports, scanning, serial_port, virtual, wirelog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from firmware_interface.device import Device
    from firmware_interface.link import Transport

L = TypeVar("L", BleLink, SerialLink)

_PLAIN_PORT = re.compile(r"/dev/\S+|COM\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Connection:
    """A transport that is not open yet, the device behind it and the options for its decoder."""

    transport: Transport
    device: Device
    options: Mapping[str, str] = field(default_factory=dict)


def connect(
    url: str, key: str | None = None, options: Mapping[str, str] | None = None, *, silent: float | None = None
) -> Connection:
    """Return the way to a sensor, not opened yet.

    Parameters
    ----------
    url : str
        ``ble://NAME-or-address``, ``serial:///dev/ttyACM0``, ``serial://COM3``, ``serial://`` for the only
        port of the device, one of pyserial's URLs, ``virtual://DEVICE?…``, ``lsl://NAME``,
        ``wirelog:///file``. The bare name of a port will do.
    key : str, optional
        Which product it is. Needed where the address does not tell.
    options : mapping, optional
        The device's options.
    silent : float, optional
        Seconds without data after which a link is dead.

    Raises
    ------
    UsageError
        An address that cannot be read, or a product that has no such link.
    DeviceError
        No device has that key, or no port is one of the device's.
    """
    scheme, text = _split(url)
    if scheme not in SCHEMES:
        raise UsageError(
            f"there is no way to a sensor called {scheme}://", hint=f"known are: {', '.join(SCHEMES)}"
        )
    return SCHEMES[scheme](_Request(url, text, key, dict(options or {}), silent))


@dataclass(frozen=True, slots=True)
class _Request:
    url: str
    text: str
    key: str | None
    options: dict[str, str]
    silent: float | None

    def device(self, guesses: Sequence[str] = ()) -> Device:
        """Return the device that was named, or the only one it can be."""
        if self.key is not None:
            return load_device(self.key)
        if len(guesses) == 1:
            return load_device(guesses[0])
        hint = f"it may be one of: {', '.join(guesses or sorted(DEVICES))}"
        raise UsageError("say which device it is, with --device", where=self.url, hint=hint)


def _split(url: str) -> tuple[str, str]:
    if "://" not in url and _PLAIN_PORT.fullmatch(url):
        return "serial", url
    scheme, found, text = url.partition("://")
    if not found:
        raise UsageError(
            f"{url!r} is no address of a sensor", hint="such as ble://MyoW1 or serial:///dev/ttyACM0"
        )
    return scheme.lower(), unquote(text)


def _ble(request: _Request) -> Connection:
    device = request.device(scanning.known_by_name(request.text) if request.text else ())
    link = _link(device, BleLink, "Bluetooth")
    patience = ble.PATIENCE if request.silent is None else replace(ble.PATIENCE, silent=request.silent)
    return Connection(ble.BleTransport(request.text, link, patience=patience), device, request.options)


def _serial(request: _Request) -> Connection:
    listed = ports.list_ports() if request.key is None or not request.text else []
    plugged = [port for port in listed if port.name.lower() == request.text.lower()]
    device = request.device(scanning.known_by_usb(plugged[0]) if plugged else ())
    address = request.text or _only_port(device, listed)
    return _over_pyserial(request, device, address)


def _remote(request: _Request) -> Connection:
    return _over_pyserial(request, request.device(), request.url)


def _over_pyserial(request: _Request, device: Device, address: str) -> Connection:
    link = _link(device, SerialLink, "serial")
    patience = serial_port.PATIENCE
    if request.silent is not None:
        patience = replace(patience, silent=request.silent)
    transport = serial_port.SerialTransport(
        address, link, make_judge=judge_maker(device, request.options), patience=patience
    )
    return Connection(transport, device, request.options)


def _virtual(request: _Request) -> Connection:
    key, settings = virtual.read_virtual(request.url)
    device = load_device(key)
    unknown = sorted(set(settings.options) - set(device.options))
    if unknown:
        known = ", ".join(sorted({*virtual.WORDS, *device.options}))
        raise UsageError(f"a virtual {key} knows no {', '.join(unknown)}", hint=f"it knows: {known}")
    settings = replace(settings, options={**settings.options, **request.options})
    return Connection(virtual.VirtualTransport(device, settings), device, settings.options)


def _lsl(request: _Request) -> Connection:
    if request.key not in {None, lsl_frames.DEVICE.key}:
        raise UsageError("an LSL stream says itself what it is", where=request.url, hint="leave out --device")
    patience = lsl.PATIENCE if request.silent is None else replace(lsl.PATIENCE, silent=request.silent)
    return Connection(lsl.LslTransport(request.text, patience=patience), lsl_frames.DEVICE, request.options)


def _wirelog(request: _Request) -> Connection:
    playback = wirelog.read_playback(request.text)
    key = request.key or playback.device
    device = lsl_frames.DEVICE if key == lsl_frames.DEVICE.key else load_device(key)
    return Connection(playback, device, {**playback.options, **request.options})


SCHEMES: dict[str, Callable[[_Request], Connection]] = {
    "ble": _ble,
    "serial": _serial,
    "rfc2217": _remote,
    "socket": _remote,
    "virtual": _virtual,
    "lsl": _lsl,
    "wirelog": _wirelog,
}
"""The beginnings of addresses, and what makes a connection of the rest."""


def judge_maker(device: Device, options: Mapping[str, str]) -> Callable[[], serial_port.Judge]:
    """Return what makes judges: each says whether the bytes so far hold samples of the device."""

    def make() -> serial_port.Judge:
        decoder = device.decoder(options)

        def judge(data: bytes) -> bool:
            try:
                return any(isinstance(packet, Samples) for packet in decoder.feed(data))
            except DeviceError:
                return False

        return judge

    return make


def _link(device: Device, kind: type[L], word: str) -> L:
    for link in device.links:
        if isinstance(link, kind):
            return link
    raise UsageError(f"{device.name} has no {word} link", hint="emgdetect scan shows how it is reached")


def _only_port(device: Device, listed: list[ports.Port]) -> str:
    """Return the one port that is the device's by its USB numbers."""
    ours = [port.name for port in listed if device.key in scanning.known_by_usb(port)]
    if len(ours) == 1:
        return ours[0]
    if ours:
        raise DeviceError(
            f"{len(ours)} ports may be a {device.name}: {', '.join(ours)}",
            hint=f"name the one you mean, such as serial://{ours[0]}",
        )
    names = ", ".join(port.name for port in listed) or "none"
    raise DeviceError(
        f"no port shows the USB numbers of a {device.name}",
        hint=f"plug it in, or name its port; there are: {names}",
    )

"""Serial ports: which there are, which is ours after it was replugged, and opening one."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from emgdetect.errors import DeviceError, MissingExtraError
from firmware_interface.transports.policy import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

READ_TIMEOUT = 0.1
_BULK_TIMEOUT = 0.02
_WRITE_TIMEOUT = 2.0


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port as the system lists it; what it does not know is ``None`` or empty.

    ``location`` is the socket a USB device is plugged into.
    """

    name: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str = ""
    location: str = ""
    description: str = ""


class OpenPort(Protocol):
    """What is asked of an open port; pyserial's have it, whatever they lead to."""

    baudrate: int
    dtr: bool

    @property
    def in_waiting(self) -> int:
        """How many bytes can be read at once."""

    def read(self, size: int = 1, /) -> bytes:
        """Return up to ``size`` bytes, fewer when the timeout is over."""

    def write(self, data: bytes, /) -> int | None:
        """Send bytes."""

    def reset_input_buffer(self) -> None:
        """Forget what came and was not read."""

    def close(self) -> None:
        """Let go of the port."""


def list_ports() -> list[Port]:
    """Return every serial port the system knows.

    Raises
    ------
    MissingExtraError
        pyserial is not installed.
    """
    require_pyserial()
    from serial.tools.list_ports import comports

    return [
        Port(
            port.device,
            port.vid,
            port.pid,
            port.serial_number or "",
            port.location or "",
            port.description or "",
        )
        for port in comports()
    ]


def open_port(address: str, baud: int) -> OpenPort:
    """Open a port by name or by one of pyserial's URLs, for nobody but us.

    Raises
    ------
    OSError
        It cannot be opened; :func:`explain` says why.
    """
    from serial import serial_for_url

    port = serial_for_url(
        address,
        baud,
        do_not_open=True,
        timeout=_BULK_TIMEOUT if reads_in_bulk(address) else READ_TIMEOUT,
    )
    if not is_url(address):
        port.write_timeout = _WRITE_TIMEOUT
        port.exclusive = True
    port.open()
    # Without it, USB adapters hold bytes back for 16 ms; only some systems and drivers have it.
    with suppress(AttributeError, NotImplementedError, OSError, ValueError):
        port.set_low_latency_mode(True)
    opened: OpenPort = port
    return opened


def read_available(port: OpenPort, *, bulk: bool, rest: Callable[[], object]) -> bytes:
    """Return the bytes that are there, waiting a moment for the first.

    After the first byte ``rest`` is called, which lets a few milliseconds pass: a thread that woke for each
    byte of a fast sensor would keep a small computer busy all night.
    """
    if bulk:
        # A socket cannot tell how much is waiting.
        return port.read(4096)
    first = port.read(1)
    if not first:
        return b""
    rest()
    return first + port.read(port.in_waiting)


def is_url(address: str) -> bool:
    """Say whether it is one of pyserial's URLs and not the name of a port."""
    return "://" in address


def reads_in_bulk(address: str) -> bool:
    """Say whether the port cannot tell how many bytes are waiting."""
    return address.startswith("socket://")


def require_pyserial() -> None:
    """Raise :class:`~emgdetect.errors.MissingExtraError` if pyserial is not installed."""
    try:
        import serial  # noqa: F401  only whether it is there
    except ImportError as error:
        raise MissingExtraError("pyserial", extra="serial", purpose="reading a serial port") from error


class PortFinder:
    """Finds one and the same sensor, under whatever name its port comes back.

    Parameters
    ----------
    address : str
        The name of a port, or one of pyserial's URLs, which are always there.
    lister : callable
        Gives the ports there are.
    """

    def __init__(self, address: str, lister: Callable[[], Iterable[Port]]) -> None:
        self._address = address
        self._lister = lister
        self._known: Port | None = None

    def find(self) -> str | None:
        """Return the name to open, or ``None`` while the sensor is not plugged in."""
        if is_url(self._address):
            return self._address
        ports = list(self._lister())
        if self._known is None or self._known.vid is None:
            there = any(_same_name(port, self._address) for port in ports)
            return self._address if there or os.path.exists(self._address) else None  # noqa: PTH110  also COM3
        alike = [port for port in ports if _same_kind(port, self._known)]
        for same in (_same_place, _same_socket):
            ours = [port for port in alike if same(port, self._known)]
            if ours:
                return ours[0].name
        # Many boards have no serial number; a second one of the kind could be somebody else's limb.
        return alike[0].name if len(alike) == 1 else None

    def remember(self, name: str) -> None:
        """Take note that our sensor is on port ``name`` now."""
        if not is_url(name):
            self._known = next((port for port in self._lister() if _same_name(port, name)), self._known)

    def there(self) -> str:
        """Say which ports there are, for people."""
        names = [port.name for port in self._lister()]
        return f"there are: {', '.join(names)}" if names else "no serial port is plugged in"


def _same_name(port: Port, name: str) -> bool:
    # Links such as /dev/serial/by-id/… lead to the name that is listed.
    return name == port.name or os.path.realpath(name) == port.name


def _same_kind(port: Port, known: Port) -> bool:
    return (port.vid, port.pid, port.serial_number) == (known.vid, known.pid, known.serial_number)


def _same_place(port: Port, known: Port) -> bool:
    return bool(known.serial_number) or (port.name == known.name and port.location == known.location)


def _same_socket(port: Port, known: Port) -> bool:
    return bool(known.location) and port.location == known.location


def explain(error: OSError, address: str) -> Trouble:
    """Say in the user's words why a port did not open."""
    text = str(error)
    denied = error.errno in {errno.EACCES, errno.EPERM} or "PermissionError(13" in text
    if error.errno in {errno.EBUSY, errno.EAGAIN} or (denied and sys.platform == "win32"):
        what, hint = (
            "another program holds the port",
            "close it (serial monitor, other recorder) and try again",
        )
    elif denied:
        what = "no permission to open the port"
        hint = "add yourself to its group: sudo usermod -aG dialout $USER, then log in again"
    elif error.errno in {errno.ENOENT, errno.ENXIO, errno.ENODEV} or "FileNotFoundError" in text:
        what, hint = "there is no such port", "plug the sensor in; emgdetect scan lists the ports"
    elif is_url(address):
        what, hint = (
            f"the port cannot be reached: {text:.120}",
            "check the address, and that its server is running",
        )
        return Trouble(DeviceError(what, where=address, hint=hint))
    else:
        what, hint = f"the port cannot be opened: {text:.120}", "unplug the sensor and plug it in again"
    return Trouble(DeviceError(what, where=address, hint=hint), mends=False)

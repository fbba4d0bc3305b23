"""The contract of every device: how it is found, what is said to it, and what reads its bytes.

A device is data. Nothing is ever sent to a sensor that does not stand in its ``start``, ``keep_alive``
or ``stop`` steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emgdetect.types import RawArray, StreamInfo
    from firmware_interface.decoder import Decoder

Framing = Literal["stream", "message"]
"""Whether bytes run on from one notification to the next, or each notification stands for itself."""

LossesSeen = Literal["counter", "rotation", "timing", "nothing"]
"""What shows that samples were lost: a packet counter, an order of characteristics, the clock, nothing."""


@dataclass(frozen=True, slots=True)
class Send:
    """Bytes to the device; ``to`` is the UUID of the characteristic to write, empty on a serial port."""

    data: bytes
    to: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait so many seconds before the next step."""

    seconds: float


Step = Send | Pause
"""What is done on opening or closing a link, in order."""


@dataclass(frozen=True, slots=True)
class BleLink:
    """How a device is found and spoken to over Bluetooth Low Energy.

    UUIDs are in full and in lower case. ``names`` are beginnings of advertised names, ``service`` a service
    that is advertised (empty where it is not). ``notify`` are the characteristics that send, ``battery``
    one that holds a percentage (empty if none). ``keep_alive`` is sent every ``keep_alive_every`` seconds.
    """

    names: tuple[str, ...]
    notify: tuple[str, ...]
    service: str = ""
    battery: str = ""
    start: tuple[Step, ...] = ()
    keep_alive: tuple[Step, ...] = ()
    keep_alive_every: float = 0.0
    stop: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class SerialLink:
    """How a device is found and spoken to on a serial port.

    ``baud_rates`` are tried in order until packets come. ``usb_ids`` are pairs of vendor and product.
    ``boot`` is how many seconds it may stay silent after the port was opened, because opening resets it.
    """

    baud_rates: tuple[int, ...]
    usb_ids: tuple[tuple[int, int], ...] = ()
    boot: float = 0.0
    start: tuple[Step, ...] = ()
    keep_alive: tuple[Step, ...] = ()
    keep_alive_every: float = 0.0
    stop: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What a device puts on the wire in one go, carrying ``n_samples`` samples of each channel.

    On a real link it arrives whole or not at all (a notification, a frame), so it is what gets lost.
    """

    data: bytes
    n_samples: int = 0
    source: str = ""


class Emulator(Protocol):
    """The sensor's side of the wire, for tests, demonstrations and ``virtual://`` sources."""

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out: rate, channels, calibration."""

    def restart(self) -> list[Message]:
        """Power up or reset: counters as after a reset, and what is said unasked, such as boot text."""

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Take what the host sends and answer as the device would."""

    def send(self, data: RawArray) -> list[Message]:
        """Put the next samples on the wire, shape ``(n_channels, n_samples)``, in raw numbers.

        Samples that do not fill a message wait for the next call. Before the device was told to start it
        gives nothing, if it is one that waits.
        """


@dataclass(frozen=True, slots=True)
class Device:
    """A product: everything the rest of the program needs to know about it.

    Parameters
    ----------
    key : str
        What people type, as in ``--device bitalino``.
    name : str
        What it is called in texts.
    links : tuple
        Every way to reach it.
    decoder : callable
        Makes a decoder from the options the user gave; raises :class:`~emgdetect.errors.UsageError` for
        options it does not know.
    emulator : callable
        Makes an emulator from the same options.
    framing : {"stream", "message"}
        What the decoder expects of one call.
    losses_seen : {"counter", "rotation", "timing", "nothing"}
        What shows that samples were lost.
    options : mapping
        Name and meaning of each option, for the help.
    remarks : tuple of str
        What a user should know before a night with it, one sentence each.
    """

    key: str
    name: str
    links: tuple[BleLink | SerialLink, ...]
    decoder: Callable[[Mapping[str, str]], Decoder]
    emulator: Callable[[Mapping[str, str]], Emulator]
    framing: Framing = "stream"
    losses_seen: LossesSeen = "counter"
    options: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

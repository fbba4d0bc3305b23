"""The contract of every decoder: bytes in, packets out.

A decoder keeps what it needs between calls and nothing else: it opens nothing, waits for nothing and
never asks what time it is. The same bytes give the same packets however they are cut, so that a wire log
played back is as good as the sensor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from emgdetect.types import RawArray, StreamInfo


@dataclass(frozen=True, slots=True)
class Described:
    """What the stream is, said once before its first samples, and again if it has really changed.

    Devices with fixed facts say it with their first samples; others when they have told it themselves.
    """

    info: StreamInfo


@dataclass(frozen=True, slots=True)
class Samples:
    """Consecutive samples of all channels, shape ``(n_channels, n_samples)``, in raw numbers.

    ``device_time`` is the device's own clock in seconds at the first of them, where the format has one.
    """

    data: RawArray
    device_time: float | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Samples that were sent and never arrived; ``cause`` as in ``emgdetect.types.Gap``.

    ``n_samples`` is what the counter says. A counter that wraps knows it only modulo ``modulus`` samples:
    the true number is ``n_samples`` plus some multiple of it, which whoever has a clock picks. ``None``
    for ``n_samples`` means that something was lost and only a clock can say how much.
    """

    n_samples: int | None
    cause: str
    modulus: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the sensor said beside its samples, such as its battery level or a lead-off bit.

    ``name`` is a word of the device's table in the README, ``value`` its number or text.
    """

    name: str
    value: float | str


Packet = Described | Samples | Loss | Notice
"""What decoders give out, in the order of the stream."""


@runtime_checkable
class Decoder(Protocol):
    """Turns the bytes of one device into packets."""

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take the next bytes as they arrived and return every packet they complete.

        Parameters
        ----------
        data : bytes
            Any number of bytes; none at all is allowed and changes nothing. Byte streams may be cut
            anywhere. Devices whose notifications are messages (``Device.framing``) get one whole
            notification a call.
        source : str
            Where the bytes came from, for devices that send on several characteristics: the UUID in lower
            case. Empty on a serial port.

        Returns
        -------
        list of Packet
            In stream order; empty while no packet is complete. Damaged bytes are skipped up to the next
            place that can be a packet, and what they cost shows as a :class:`Loss` once the counter tells.

        Raises
        ------
        DeviceError
            When the bytes cannot come from this device at all, so that going on would only invent data.
        """

    def relink(self) -> list[Packet]:
        """Take note that the link was lost and is there again.

        Half a packet is forgotten; counters are kept, so that the next samples tell what was missed, if
        the device went on counting.

        Returns
        -------
        list of Packet
            What can be said at once: a :class:`Loss` of unknown length where the format has no counter or
            the device starts counting anew at each connection; else nothing.
        """

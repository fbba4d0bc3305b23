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
class Samples:
    """Consecutive samples of all channels, shape ``(n_channels, n_samples)``, in raw numbers."""

    data: RawArray


@dataclass(frozen=True, slots=True)
class Loss:
    """Samples the counter says were sent and that never arrived; ``cause`` as in ``emgdetect.types.Gap``."""

    n_samples: int
    cause: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the sensor said beside its samples, such as its battery level or a lead-off bit.

    ``name`` is a word of the device's table in the README, ``value`` its number or text.
    """

    name: str
    value: float | str


Packet = Samples | Loss | Notice
"""What decoders give out, in the order of the stream."""


@runtime_checkable
class Decoder(Protocol):
    """Turns the bytes of one device into packets."""

    @property
    def info(self) -> StreamInfo:
        """Rate, channels and calibration of the samples this decoder gives."""

    def feed(self, data: bytes) -> list[Packet]:
        """Take the next bytes as they arrived and return every packet they complete.

        Parameters
        ----------
        data : bytes
            Any number of bytes, cut anywhere; none at all is allowed and changes nothing.

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

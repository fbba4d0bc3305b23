"""What decoders said, in a form that does not depend on how the bytes were cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from firmware_interface.decoder import Described, Loss, Notice, Samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from emgdetect.types import StreamInfo
    from firmware_interface.decoder import Decoder, Packet
    from firmware_interface.device import Device, Message


@dataclass
class Told:
    """Everything a decoder said; rows are samples, places count the samples before."""

    infos: list[StreamInfo] = field(default_factory=list)
    rows: list[tuple[float, ...]] = field(default_factory=list)
    losses: list[tuple[int, Loss]] = field(default_factory=list)
    notices: list[tuple[int, Notice]] = field(default_factory=list)
    dtypes: set[str] = field(default_factory=set)

    def take(self, packets: Iterable[Packet]) -> Told:
        for packet in packets:
            match packet:
                case Described(info):
                    self.infos.append(info)
                case Samples():
                    assert self.infos, "samples before the description"
                    assert packet.data.shape[0] == len(self.infos[-1].channels)
                    assert packet.data.shape[1] > 0
                    self.dtypes.add(packet.data.dtype.name)
                    self.rows += [tuple(row) for row in packet.data.T.tolist()]
                case Loss():
                    self.losses.append((len(self.rows), packet))
                case Notice():
                    self.notices.append((len(self.rows), packet))
        return self

    @property
    def firsts(self) -> list[float]:
        """The first channel."""
        return [row[0] for row in self.rows]

    @property
    def lost(self) -> list[Loss]:
        return [loss for _, loss in self.losses]


Read = Callable[..., Told]
Tell = Callable[..., Told]


def read_pieces(decoder: Decoder, pieces: Iterable[bytes], source: str = "") -> Told:
    told = Told()
    for piece in pieces:
        told.take(decoder.feed(piece, source))
    return told


@pytest.fixture
def tell() -> Callable[[Iterable[Packet]], Told]:
    return lambda packets: Told().take(packets)


@pytest.fixture
def read_stream() -> Read:
    """Read bytes whole, byte by byte and split at every place, and insist that all say the same."""

    def read(make: Callable[[], Decoder], data: bytes) -> Told:
        whole = read_pieces(make(), [data])
        assert read_pieces(make(), [data[n : n + 1] for n in range(len(data))]) == whole
        for cut in range(len(data) + 1):
            assert read_pieces(make(), [data[:cut], b"", data[cut:]]) == whole
        return whole

    return read


@pytest.fixture
def read_messages() -> Callable[[Device, Sequence[Message]], Told]:
    """Read an emulator's messages one by one, with the device's decoder as it comes."""

    def read(device: Device, messages: Sequence[Message], **options: str) -> Told:
        decoder = device.decoder(options)
        told = Told()
        for message in messages:
            told.take(decoder.feed(message.data, message.source))
        return told

    return read

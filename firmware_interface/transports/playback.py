"""A stored stream as if its sensor were there: samples in their numbers, gaps of their length and cause.

Its time passes as it is read; whoever reads sets the pace.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import UsageError
from emgdetect.types import Chunk, Gap
from firmware_interface.decoder import Described, Loss, Packet, Samples
from firmware_interface.device import Device
from firmware_interface.link import Arrival, LinkDown, LinkUp, Received

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emgdetect.types import StreamInfo
    from firmware_interface.device import Emulator

STEP = 0.05
"""Seconds of stream that are handed over at a time, at most."""

SAMPLES = b"S"
GAP = b"G"


def encode(piece: Chunk | Gap) -> bytes:
    """Return the frame of a piece: letter, line of what it is, samples channel by channel."""
    if isinstance(piece, Gap):
        return GAP + json.dumps([piece.n_samples, piece.cause]).encode()
    return SAMPLES + piece.data.dtype.str.encode() + b"\n" + np.ascontiguousarray(piece.data).tobytes()


class PlaybackDecoder:
    """Reads the frames of a stream that is described by ``info``."""

    def __init__(self, info: StreamInfo) -> None:
        self._info = info
        self._described = False

    def feed(self, data: bytes, source: str = "") -> list[Packet]:  # noqa: ARG002 - one stream, one source
        """Take one frame."""
        packets: list[Packet] = [] if self._described else [Described(self._info)]
        self._described = True
        if data[:1] == GAP:
            count, cause = json.loads(data[1:])
            packets.append(Loss(int(count), str(cause)))
        elif data[:1] == SAMPLES:
            kind, _, numbers = data[1:].partition(b"\n")
            flat = np.frombuffer(numbers, dtype=np.dtype(kind.decode()))
            packets.append(Samples(flat.reshape(len(self._info.channels), -1)))
        return packets

    def relink(self) -> list[Packet]:
        """Say nothing: the link is never lost."""
        return []


def playback_device(info: StreamInfo) -> Device:
    """Return the product that a stored stream is played back as; it can be read and not emulated."""
    described = replace(info, start=None)

    def emulator(options: Mapping[str, str]) -> Emulator:
        raise UsageError("a recording cannot be emulated", hint=f"it has options {dict(options)}")

    return Device(
        key="recording",
        name=info.device,
        links=(),
        decoder=lambda _: PlaybackDecoder(described),
        emulator=emulator,
        framing="message",
    )


class Playback:
    """A :class:`~firmware_interface.link.Transport` that hands over a stored stream.

    Parameters
    ----------
    info : StreamInfo
        Its description.
    pieces : iterable of Chunk or Gap
        Its samples and gaps, in order.
    """

    def __init__(self, info: StreamInfo, pieces: Iterable[Chunk | Gap]) -> None:
        self._rate = info.sampling_rate
        self._pieces = iter(pieces)
        self._piece: Chunk | Gap | None = None
        self._time = 0.0
        self._position = 0
        self._begun = self._ended = False

    def open(self) -> None:
        """Begin; there is nothing to look for."""
        self._piece = next(self._pieces, None)

    def now(self) -> float:
        """Return the seconds of stream that have passed."""
        return self._time

    def read(self, timeout: float) -> list[Arrival]:
        """Let at most ``timeout`` seconds of stream pass and return what came in them."""
        if self._ended:
            return []
        arrivals: list[Arrival] = [] if self._begun else [LinkUp(self._time, "a recording")]
        self._begun = True
        self._time += min(max(timeout, 0.0), STEP)
        due = int(self._time * self._rate + 1e-6)
        while self._piece is not None and self._is_due(self._piece, due):
            arrivals.append(self._next(self._piece, due))
        if self._piece is None:
            self._ended = True
            self._time = self._position / self._rate
            arrivals.append(LinkDown(self._time, "closed", "the recording is over"))
        return arrivals

    def close(self) -> None:
        """Hand over nothing more."""
        self._ended = True

    def _is_due(self, piece: Chunk | Gap, due: int) -> bool:
        """Say whether there is something to tell; a gap is told when it is over."""
        return piece.stop <= due if isinstance(piece, Gap) else self._position < due

    def _next(self, piece: Chunk | Gap, due: int) -> Received:
        """Take what is due of a piece."""
        if isinstance(piece, Gap):
            self._position = piece.stop
            self._piece = next(self._pieces, None)
            return Received(piece.stop / self._rate, encode(piece))
        offset = self._position - piece.start
        part = Chunk(piece.data[:, max(offset, 0) : due - piece.start], max(self._position, piece.start))
        self._position = part.stop
        if part.stop >= piece.stop:
            self._piece = next(self._pieces, None)
        return Received(part.stop / self._rate, encode(part))

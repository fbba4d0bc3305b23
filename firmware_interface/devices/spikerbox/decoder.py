"""Bytes of a SpikerBox to packets (wire table 2.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.counting import with_losses
from firmware_interface.decoder import Described, Loss, Notice
from firmware_interface.devices.spikerbox.frames import Broken, FrameCutter
from firmware_interface.devices.spikerbox.messages import MessageSplitter, Said
from firmware_interface.devices.spikerbox.models import MODELS

if TYPE_CHECKING:
    from emgdetect.types import StreamInfo
    from firmware_interface.decoder import Packet
    from firmware_interface.devices.spikerbox.frames import Bytes
    from firmware_interface.devices.spikerbox.models import Model

START_UP = b"StartUp!"
LOST = "lost packets"

NOTICES = {
    b"HWT": "type",
    b"FWV": "firmware",
    b"HWV": "hardware",
    b"BRD": "board",
    b"EVNT": "event",
    b"MSF": "max_rate",
    b"MNC": "max_channels",
    b"JOY": "joystick",
}
"""What the keys of messages are called as notices."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_ITEM = re.compile(rb"([A-Z]{3,4}):([^;]*);")


class SpikerBoxDecoder:
    """Reads samples by the mark in their first byte.

    There is no counter: that something is missing shows where a frame is broken, and how much is left to
    the clock. A frame that is whole but holds a number the converter does not have is one lost sample.

    Parameters
    ----------
    model : Model
        What the device is taken for until it says.
    n_channels : int, optional
        How many channels it sends; without it, the first frames have to agree.
    """

    __slots__ = ("_described", "_frames", "_fresh", "_lost", "_messages", "_model", "_n_invalid")

    def __init__(self, model: Model, n_channels: int | None = None) -> None:
        self._model = model
        self._messages = MessageSplitter()
        self._frames = FrameCutter(n_channels)
        self._described: StreamInfo | None = None
        self._lost: str | None = None
        self._n_invalid = 0
        self._fresh = True  # nothing read since the link came up, so a broken place is only the beginning

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take the next bytes; see :class:`firmware_interface.decoder.Decoder`."""
        del source
        packets: list[Packet] = []
        for part in self._messages.feed(data):
            if isinstance(part, Said):
                self._frames.interrupt()
                packets += self._read_message(part.content)
                continue
            for found in self._frames.feed(part):
                packets += self._broken(found) if isinstance(found, Broken) else self._read_frames(found)
        return packets

    def relink(self) -> list[Packet]:
        """Forget half a frame; nothing will tell how much was missed."""
        self._messages.forget()
        self._frames.forget()
        self._lost, self._n_invalid = None, 0
        self._fresh = True
        return [] if self._described is None else [Loss(None, "disconnect")]

    def _read_message(self, content: bytes) -> list[Packet]:
        packets: list[Packet] = []
        for key, value in _ITEM.findall(content):
            if key == b"HWT":
                self._model = MODELS.get(value.decode("latin-1"), self._model)
            if key in NOTICES:
                packets.append(Notice(NOTICES[key], _readable(value)))
        return packets

    def _broken(self, broken: Broken) -> list[Packet]:
        restarted = START_UP in broken.stray
        if not self._fresh:
            self._lost = "restart" if restarted else LOST
        return [Notice("text", START_UP.decode())] if restarted else []

    def _read_frames(self, frames: Bytes) -> list[Packet]:
        high = (frames[:, 0::2] & 0x7F).astype(np.int16)
        values = high << 7 | frames[:, 1::2]
        valid = np.flatnonzero((values <= self._model.highest).all(axis=1))
        if not valid.size:
            self._n_invalid += len(values)
            return []
        before = np.diff(valid, prepend=-1) - 1
        before[0] += self._n_invalid
        self._n_invalid = int(len(values) - 1 - valid[-1])
        losses = [(place, Loss(int(before[place]), LOST)) for place in np.flatnonzero(before).tolist()]
        if self._lost is not None:
            losses = [(0, Loss(None, self._lost)), *(loss for loss in losses if loss[0])]
            self._lost = None
        if self._fresh and losses and not losses[0][0]:
            del losses[0]
        self._fresh = False
        return [*self._describe(values.shape[1]), *with_losses(values[valid].T, losses)]

    def _describe(self, n_channels: int) -> list[Packet]:
        info = self._model.info(n_channels)
        if info == self._described:
            return []
        self._described = info
        return [Described(info)]


def _readable(value: bytes) -> float | str:
    """Return a number where there is one; a joystick sends two bytes that are no text."""
    text = value.decode("ascii", errors="backslashreplace")
    return float(text) if _NUMBER.fullmatch(text) else text

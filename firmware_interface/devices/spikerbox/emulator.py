"""A SpikerBox without the box."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.device import Message
from firmware_interface.devices.spikerbox.decoder import START_UP
from firmware_interface.devices.spikerbox.frames import MARK
from firmware_interface.devices.spikerbox.messages import BEGIN, END

if TYPE_CHECKING:
    from emgdetect.types import RawArray, StreamInfo
    from firmware_interface.devices.spikerbox.models import Model

_CHANNELS = re.compile(rb"(?:^|;)c:([1-6]);")


@dataclass(frozen=True, slots=True)
class Manners:
    """How a product behaves beside sending samples.

    Parameters
    ----------
    hardware : str
        What it answers to a question for its type.
    boots : bool
        Whether it prints "StartUp!" after a reset and begins with one channel (the shields on an Uno).
    waits : bool
        Whether it sends nothing before it is told to (the Pro boxes).
    hears_any_b : bool
        Whether each byte "b" is a question for its type (the box with the ATtiny).
    """

    hardware: str
    boots: bool = False
    waits: bool = False
    hears_any_b: bool = False


class SpikerBoxEmulator:
    """Sends a frame for each sample."""

    __slots__ = ("_info", "_manners", "_n_sent_channels", "_sending")

    def __init__(self, model: Model, manners: Manners, n_channels: int) -> None:
        self._info = model.info(n_channels)
        self._manners = manners
        self._power_up()

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return self._info

    def restart(self) -> list[Message]:
        """Power up."""
        self._power_up()
        return [Message(START_UP + b"\r\n")] if self._manners.boots else []

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Answer questions, and follow what it is told."""
        del to
        if (told := _CHANNELS.search(data)) and self._manners.boots:
            self._n_sent_channels = min(int(told[1]), len(self._info.channels))
        if self._manners.waits and b"start:;" in data:
            self._sending = True
        if self._manners.waits and b"h:;" in data:
            self._sending = False
        asked = data.count(b"b") if self._manners.hears_any_b else data.count(b"b:;")
        said = [f"HWT:{self._manners.hardware};"] * asked
        if b"?:;" in data:
            said.append(f"FWV:0.01;HWT:{self._manners.hardware};HWV:0.01;")
        return [Message(BEGIN + text.encode("ascii") + END) for text in said]

    def send(self, data: RawArray) -> list[Message]:
        """Send a frame for each sample; it was told how many channels to send."""
        if not self._sending:
            return []
        values = data[: self._n_sent_channels].T.astype(np.int64)
        frames = np.empty((values.shape[0], 2 * values.shape[1]), dtype=np.uint8)
        frames[:, 0::2] = values >> 7
        frames[:, 1::2] = values & 0x7F
        frames[:, 0] |= MARK
        return [Message(frame.tobytes(), n_samples=1) for frame in frames]

    def _power_up(self) -> None:
        self._sending = not self._manners.waits
        self._n_sent_channels = 1 if self._manners.boots else len(self._info.channels)

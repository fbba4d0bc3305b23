"""A Chords board without the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.device import Message
from firmware_interface.devices.chords.finding import COUNTS, FOOT, HEAD

if TYPE_CHECKING:
    from emgdetect.types import RawArray, StreamInfo
    from firmware_interface.devices.chords.boards import Board

NPG_LITE = "NPG-LITE"


class ChordsEmulator:
    """Waits for ``START``; the count begins at 0 with the power, on an NPG Lite at 1, and never anew."""

    __slots__ = ("_board", "_count", "_info", "_sending")

    def __init__(self, board: Board, amplification: float | None = None) -> None:
        self._board = board
        self._info = board.info(amplification)
        self.restart()

    @property
    def info(self) -> StreamInfo:
        """What a decoder should find out."""
        return self._info

    def restart(self) -> list[Message]:
        """Power up, without a word."""
        self._sending = False
        self._count = int(self._board.name == NPG_LITE)
        return []

    def hear(self, data: bytes, to: str = "") -> list[Message]:
        """Answer to what stands in each line."""
        del to
        return [message for line in data.split(b"\n") if line for message in self._obey(line.strip())]

    def send(self, data: RawArray) -> list[Message]:
        """Send a frame for each sample."""
        if not self._sending:
            return []
        return [Message(self._frame(sample), n_samples=1) for sample in data.T]

    def _obey(self, command: bytes) -> list[Message]:
        npg = self._board.name == NPG_LITE
        match command:
            case b"WHORU":
                return [_line(self._board.name)]
            case b"START" | b"STOP":
                self._sending = command == b"START"
                return []
            case b"STATUS" if npg:
                return [_line("RUNNING" if self._sending else "STOPPED")]
            case b"STATUS":
                return [_line("START" if self._sending else "STOP")]
        return [_line("UNKNOWN COMMAND")] if npg else []

    def _frame(self, sample: RawArray) -> bytes:
        frame = HEAD + bytes([self._count]) + sample.astype(np.uint16).astype(">u2").tobytes() + bytes([FOOT])
        self._count = (self._count + 1) % COUNTS
        return frame


def _line(text: str) -> Message:
    return Message(text.encode("ascii") + b"\r\n")

"""Bytes of a Chords board to packets (wire table 2.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.counting import Counter, with_losses
from firmware_interface.decoder import Described, Loss, Notice
from firmware_interface.devices.chords.boards import BOARDS, board_called
from firmware_interface.devices.chords.finding import AROUND, COUNTS, FOOT, HEAD, LONGEST, REPLY, find_frames
from firmware_interface.frames import FrameFinder, FrameFormat

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import StreamInfo
    from firmware_interface.decoder import Packet
    from firmware_interface.devices.chords.boards import Board
    from firmware_interface.frames import Bytes, Counts

LONGEST_TEXT = 64
STATES = ("START", "STOP", "RUNNING", "STOPPED", "UNKNOWN COMMAND")


class ChordsDecoder:
    """Reads frames and the answers between them.

    How many channels there are shows in the first frames; bits and reference voltage are unknown until the
    board has answered to ``WHORU``. Most boards are reset by a new connection, so what was missed over one is
    left to the clock.

    Parameters
    ----------
    board : Board, optional
        The board, if the user has said which.
    amplification : float, optional
        What an amplifier does before the converter, for µV.
    """

    __slots__ = (
        *("_amplification", "_board", "_counter", "_described", "_dtype", "_finder"),
        *("_n_skipped", "_name", "_said", "_text", "_waiting"),
    )

    def __init__(self, board: Board | None = None, amplification: float | None = None) -> None:
        self._amplification = amplification
        self._board = board
        self._said = board is not None
        self._name = ""
        self._finder = None if board is None else _finder(board)
        self._dtype: type[np.generic] = np.uint16 if board is None else board.dtype
        self._counter = Counter(COUNTS, 1)
        self._described: StreamInfo | None = None
        self._waiting = b""
        self._text = b""
        self._n_skipped = 0

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take the next bytes; see :class:`firmware_interface.decoder.Decoder`."""
        del source
        if self._finder is None:
            return self._begin(data)
        return self._read(self._finder, data)

    def relink(self) -> list[Packet]:
        """Forget half a frame, and the counter: the board begins anew."""
        self._waiting = self._text = b""
        self._n_skipped = 0
        if self._finder is not None:
            self._finder.forget()
        begun = self._counter.expected is not None
        self._counter = Counter(COUNTS, 1)
        return [Loss(None, "disconnect")] if begun else []

    def _begin(self, data: bytes) -> list[Packet]:
        """Look for the first frames, and for the board's answer before them."""
        waiting = self._waiting + data
        packets: list[Packet] = []
        frames = find_frames(waiting)
        said = 0
        for reply in REPLY.finditer(waiting, 0, len(waiting) if frames is None else frames.start):
            self._name, said = reply[1].decode("ascii"), reply.end()
            packets.append(Notice("board", self._name))
        if frames is None:
            self._waiting = waiting[said:][-LONGEST:]
            return packets
        self._waiting = b""
        self._board = board_called(self._name, frames.n_channels)
        self._finder, self._dtype = _finder(self._board), self._board.dtype
        return packets + self._read(self._finder, waiting[frames.start :])

    def _read(self, finder: FrameFinder, data: bytes) -> list[Packet]:
        packets: list[Packet] = []
        for piece in finder.feed(data):
            packets += self._hear(piece) if isinstance(piece, bytes) else self._decode(piece)
        return packets

    def _hear(self, between: bytes) -> list[Packet]:
        """Take bytes that are no frames; what the board says ends with a line feed."""
        self._n_skipped += len(between)
        *said, rest = (self._text + between).split(b"\n")
        self._text = rest[-LONGEST_TEXT:]
        return [notice for line in said for notice in self._understand(line[-LONGEST_TEXT:])]

    def _understand(self, line: bytes) -> list[Packet]:
        text = line.decode("latin-1").rstrip("\r")
        if text in BOARDS:
            if self._board is not None and not self._said:
                self._board = board_called(text, self._board.n_channels)
            return [Notice("board", text)]
        if text in STATES:
            return [Notice("state", text)]
        return []

    def _decode(self, frames: Bytes) -> list[Packet]:
        if self._board is None:
            return []
        self._text = b""
        numbers = frames[:, 3:-1].reshape(len(frames), -1, 2).astype(np.uint16)
        data = (numbers[..., 0] << 8 | numbers[..., 1]).T.astype(self._dtype)
        damaged = self._n_skipped / frames.shape[1]
        self._n_skipped = 0
        return [
            *self._describe(self._board),
            *with_losses(data, self._counter.steps(_count(frames), damaged)),
        ]

    def _describe(self, board: Board) -> list[Packet]:
        info = board.info(self._amplification)
        if info == self._described:
            return []
        self._described = info
        return [Described(info)]


def _count(frames: Bytes) -> Counts:
    return frames[:, len(HEAD)].astype(np.int64)


def _finder(board: Board) -> FrameFinder:
    top = board.highest >> 8

    def is_sound(frames: Bytes) -> NDArray[np.bool_]:
        marks: NDArray[np.bool_] = (frames[:, : len(HEAD)] == list(HEAD)).all(axis=1)
        marks &= (frames[:, -1] == FOOT) & (frames[:, 3:-1:2] <= top).all(axis=1)
        return marks

    length = 2 * board.n_channels + AROUND
    return FrameFinder(FrameFormat(length, HEAD, is_sound, _count, COUNTS, run=2))

"""Finds out how many channels a board sends, before its frames can be cut."""

from __future__ import annotations

import re
from typing import NamedTuple

from firmware_interface.devices.chords.boards import BOARDS

HEAD = b"\xc7\x7c"
FOOT = 0x01
AROUND = 4
"""Bytes of a frame that are not samples: head, counter, foot."""

COUNTS = 256
FRAMES_TO_LEARN = 3
SIZES = tuple(sorted({board.n_channels for board in BOARDS.values()}))

REPLY = re.compile(rb"(" + b"|".join(name.encode("ascii") for name in BOARDS) + rb")\r?\n")
LONGEST = FRAMES_TO_LEARN * (2 * SIZES[-1] + AROUND)
"""Bytes in which either a reply or enough frames must be found."""


class Frames(NamedTuple):
    """Where frames begin, and how many channels they have."""

    start: int
    n_channels: int


def find_frames(data: bytes) -> Frames | None:
    """Return the first frames in a row that count up, ``None`` if there are none yet."""
    found: Frames | None = None
    end = len(data)
    at = data.find(HEAD)
    while 0 <= at < end:
        for n_channels in SIZES:
            stop = at + FRAMES_TO_LEARN * (2 * n_channels + AROUND)
            if (stop < end or (stop == end and found is None)) and _counts_up(data, at, n_channels):
                found, end = Frames(at, n_channels), stop
        at = data.find(HEAD, at + 1)
    return found


def _counts_up(data: bytes, at: int, n_channels: int) -> bool:
    length = 2 * n_channels + AROUND
    for n in range(FRAMES_TO_LEARN):
        frame = data[at + n * length : at + (n + 1) * length]
        if not frame.startswith(HEAD) or frame[-1] != FOOT or frame[2] != (data[at + 2] + n) % COUNTS:
            return False
    return True

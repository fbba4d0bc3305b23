"""Boards that the Chords firmware knows, by the names they answer with."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from emgdetect.types import Channel, StreamInfo

UV_PER_V = 1e6
UNKNOWN = "unknown"
UNKNOWN_RATE = 500.0
_INT16_BITS = 15


@dataclass(frozen=True, slots=True)
class Board:
    """Facts of one board; ``bits`` and ``vref`` (in V) are ``None`` where it has not said what it is."""

    name: str
    n_channels: int
    bits: int | None
    rate: float
    vref: float | None

    @property
    def highest(self) -> int:
        """The largest number that can come."""
        return (1 << (self.bits or 16)) - 1

    @property
    def dtype(self) -> type[np.int16 | np.uint16]:
        """The smallest type for its numbers."""
        return np.int16 if self.bits is not None and self.bits <= _INT16_BITS else np.uint16

    def info(self, amplification: float | None = None) -> StreamInfo:
        """Describe its stream, in µV if it is said how much an amplifier before the converter does."""
        channels = tuple(self._channel(f"A{n}", amplification) for n in range(self.n_channels))
        return StreamInfo(self.rate, channels, f"Chords {self.name}")

    def _channel(self, name: str, amplification: float | None) -> Channel:
        if self.bits is None or self.vref is None:
            return Channel(name, "adc")
        high = float(self.highest)
        if amplification is None:
            return Channel(name, "adc", raw_low=0.0, raw_high=high)
        steps = 1 << self.bits
        gain = self.vref / steps / amplification * UV_PER_V
        return Channel(name, "uV", gain, -steps / 2 * gain, 0.0, high)


def board_called(name: str, n_channels: int) -> Board:
    """Return what is known of a board by its answer, if it gave one, and by its frames.

    An NPG Lite with a Playmate sends six channels instead of three; frames know better than names.
    """
    known = BOARDS.get(name, Board(UNKNOWN, n_channels, None, UNKNOWN_RATE, None))
    return replace(known, n_channels=n_channels)


BOARDS = {
    board.name: board
    for board in (
        Board("UNO-R3", 6, 10, 250, 5),
        Board("UNO-CLONE", 6, 10, 250, 5),
        Board("GENUINO-UNO", 6, 10, 250, 5),
        Board("NANO-CLASSIC", 8, 10, 250, 5),
        Board("NANO-CLONE", 8, 10, 250, 5),
        Board("MEGA-2560-R3", 16, 10, 250, 5),
        Board("MEGA-2560-CLONE", 16, 10, 250, 5),
        Board("UNO-R4", 6, 14, 500, 5),
        Board("RPI-PICO-RP2040", 3, 12, 500, 3.3),
        Board("GIGA-R1", 6, 16, 500, 3.3),
        Board("STM32F4-BLACK-PILL", 8, 12, 500, 3.3),
        Board("STM32G4-CORE-BOARD", 16, 12, 500, 3.3),
        Board("NPG-LITE", 3, 12, 500, 2.5),
        Board("ESP32-S3", 16, 12, 500, 3.3),
    )
}

"""The two ways in which lines hold samples: a line a sample, or several lines for one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

from emgdetect.types import StreamInfo
from firmware_interface.decoder import Loss
from firmware_interface.text.bars import BarReader
from firmware_interface.text.channels import channels_of
from firmware_interface.text.dialect import MISSING, RATES
from firmware_interface.text.stamps import StampClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_interface.text.dialect import Dialect
    from firmware_interface.text.options import TextOptions
    from firmware_interface.text.parsing import Line, Number
    from firmware_interface.text.rows import RowGatherer

LOST = "lost packets"
BAR = ("plain", ("",))
"""Shape of every line of the bar graph sketch."""


class Reader(Protocol):
    """Takes lines and gives rows to a gatherer."""

    def take(self, line: Line) -> bool:
        """Take a line; ``False`` says that it is not one of this stream."""

    def damaged(self) -> None:
        """Note that a line that may have been a sample could not be read."""

    def relink(self) -> None:
        """Note that the link was lost and is there again."""


class LineReader:
    """A line a sample, with the sketch's clock or without."""

    __slots__ = ("_clock", "_damaged", "_dialect", "_held", "_rows")

    def __init__(self, dialect: Dialect, lines: Sequence[Line], rows: RowGatherer) -> None:
        self._dialect = dialect
        self._rows = rows
        self._damaged = False
        self._held: tuple[tuple[Number, ...], Number] | None = None
        stamps = [stamp for line in lines if (stamp := dialect.stamp(line)) is not None]
        step = 1 / dialect.info.sampling_rate / dialect.tick
        self._clock = StampClock(dialect.tick, stamps, step) if dialect.time is not None else None
        rows.describe(dialect.info, dialect.dtype)

    def take(self, line: Line) -> bool:
        """Take a line; stamped ones that do not follow wait for the next to bear them out."""
        row, stamp = self._dialect.row(line), self._dialect.stamp(line) if self._clock else None
        if row is None or (stamp is not None and not math.isfinite(stamp)):
            return False
        if stamp is None or self._clock is None:
            if self._damaged:
                self._rows.put(Loss(None, LOST))
            self._damaged = False
            self._rows.add(row)
        else:
            self._take_stamped(self._clock, row, stamp)
        return True

    def _take_stamped(self, clock: StampClock, row: tuple[Number, ...], stamp: Number) -> None:
        held, self._held = self._held, None
        if held is not None and clock.bears_out(stamp, held[1]):
            self._accept(clock, *held)
        if clock.follows(stamp):
            self._accept(clock, row, stamp)
        else:
            # A digit that was garbled looks like this, and so does a pause: the next line knows.
            self._held = row, stamp

    def _accept(self, clock: StampClock, row: tuple[Number, ...], stamp: Number) -> None:
        loss = clock.take(stamp)
        if loss is not None:
            self._rows.put(loss)
        self._rows.add(row, clock.seconds)

    def damaged(self) -> None:
        """Note that a line could not be read; stamps will tell by themselves."""
        self._damaged = True

    def relink(self) -> None:
        """Note that the link was lost."""
        self._held, self._damaged = None, False
        if self._clock is None:
            self._rows.put(Loss(None, "disconnect"))
        else:
            self._clock.relink()


class TaggedReader:
    """Several lines for one sample, as the bar graph sketch prints them."""

    __slots__ = ("_bars", "_damaged", "_options", "_rows")

    def __init__(self, options: TextOptions, rows: RowGatherer) -> None:
        self._options = options
        self._rows = rows
        self._damaged = False
        self._bars = BarReader(len(options.names) or None)

    def take(self, line: Line) -> bool:
        """Take a line; lines that are not whole numbers are not of this sketch."""
        value = line.values[0]
        if line.shape != BAR or not isinstance(value, int):
            return False
        complete = self._bars.take(value)
        if complete is None:
            self._damaged = True
        for row in complete or ():
            self._add(row)
        return True

    def _add(self, row: tuple[int, ...]) -> None:
        if not self._rows.begun:
            self._rows.describe(bars_info(len(row), self._options), np.int16)
        if MISSING in row or max(map(abs, row)) > np.iinfo(np.int16).max:
            self._damaged = True  # tags are only told from values because no converter's counts reach them
            return
        if self._damaged:
            self._rows.put(Loss(None, LOST))
        self._damaged = False
        self._rows.add(row)

    def damaged(self) -> None:
        """Note that a line could not be read, and with it its turn."""
        self._bars.forget()
        self._damaged = True

    def relink(self) -> None:
        """Note that the link was lost."""
        self._bars.forget()
        self._damaged = False
        self._rows.put(Loss(None, "disconnect"))


def bars_info(n_channels: int, options: TextOptions) -> StreamInfo:
    """Describe the stream of the bar graph sketch."""
    names = options.names or tuple(f"A{n}" for n in range(n_channels))
    rate = options.rate or RATES["bargraph"]
    return StreamInfo(rate, channels_of(names, options), options.device)

"""Described lines to packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from firmware_interface.counting import Counter
from firmware_interface.decoder import Loss, Notice
from firmware_interface.lines import LineSplitter
from firmware_interface.text.decoder import TEXT
from firmware_interface.text.dialect import Dialect
from firmware_interface.text.parsing import parse
from firmware_interface.text.readers import LineReader, Reader
from firmware_interface.text.rows import RowGatherer

if TYPE_CHECKING:
    from emgdetect.types import StreamInfo
    from firmware_interface.decoder import Packet
    from firmware_interface.devices.described.description import LinesTable
    from firmware_interface.text.parsing import Line, Number

TICKS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}
SEPARATORS = {",": b",", ";": b";", "tab": b"\t"}


class CountedReader:
    """Lines with a counter; one that does not count on is left out if the next shows that it was garbled."""

    __slots__ = ("_counter", "_counts", "_dialect", "_field", "_held", "_rows")

    def __init__(self, dialect: Dialect, field: int, modulus: int, rows: RowGatherer) -> None:
        self._dialect = dialect
        self._field = field
        self._counts = modulus
        self._rows = rows
        self._counter = Counter(modulus, 1)
        self._held: tuple[int, tuple[Number, ...]] | None = None
        rows.describe(dialect.info, dialect.dtype)

    def take(self, line: Line) -> bool:
        """Take a line; ``False`` says that it is not one of this stream."""
        row, count = self._dialect.row(line), line.values[self._field] if self._fits(line) else None
        if row is None or not isinstance(count, int) or not 0 <= count < self._counts:
            return False
        held, self._held = self._held, None
        expected = self._counter.expected
        if held is not None and expected is not None and count != (expected + 1) % self._counts:
            self._accept(*held)
        if self._counter.expected in (None, count):
            self._accept(count, row)
        else:
            self._held = count, row
        return True

    def damaged(self) -> None:
        """Take no note: the counter will tell."""

    def relink(self) -> None:
        """Note that the link was lost, and with it, mostly, the count."""
        self._held = None
        self._counter = Counter(self._counts, 1)
        self._rows.put(Loss(None, "disconnect"))

    def _fits(self, line: Line) -> bool:
        return line.shape == self._dialect.shape

    def _accept(self, count: int, row: tuple[Number, ...]) -> None:
        loss = self._counter.step(count)
        if loss is not None:
            self._rows.put(loss)
        self._rows.add(row)


class LinesDecoder:
    """Reads lines of so many numbers; others are told as text and may have been samples."""

    __slots__ = ("_first", "_reader", "_rows", "_separator", "_splitter", "_table")

    def __init__(self, table: LinesTable, info: StreamInfo) -> None:
        self._table = table
        self._splitter = LineSplitter()
        self._rows = RowGatherer()
        self._first = True
        self._separator = SEPARATORS.get(table.separator)
        self._reader = reader_of(table, info, self._rows)

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take the next bytes; see :class:`firmware_interface.decoder.Decoder`."""
        del source
        for line in self._splitter.feed(data):
            self._take(line)
        return self._rows.flush()

    def relink(self) -> list[Packet]:
        """Forget half a line; stamps will tell what was missed, counters mostly begin anew."""
        self._splitter.forget()
        self._first = True
        self._reader.relink()
        return self._rows.flush()

    def _take(self, line: bytes | None) -> None:
        first, self._first = self._first, False
        if line is not None and not line.strip():
            return
        numbers = None if line is None or not self._is_separated(line) else parse(line)
        if first and numbers is not None:
            return  # it may be the rest of one
        if numbers is None or not self._reader.take(numbers):
            self._reader.damaged()
        if numbers is None and line is not None and line.isascii():
            text = line.decode("ascii").strip()
            if text.isprintable():
                self._rows.put(Notice(TEXT, text))

    def _is_separated(self, line: bytes) -> bool:
        if self._separator is not None:
            return line.count(self._separator) == self._table.fields - 1
        return self._table.separator == "any" or not (b"," in line or b";" in line)


def dialect_of(table: LinesTable, info: StreamInfo) -> Dialect:
    """Return how the lines of a description are written."""
    integer = table.numbers == "integers"
    return Dialect(
        shape=("plain", ("",) * table.fields),
        columns=tuple(channel.field for channel in table.channel),
        integer=integer,
        info=info,
        time=None if table.clock is None else table.clock.field,
        tick=1.0 if table.clock is None else TICKS[table.clock.unit],
        dtype=np.int32 if integer else np.float64,
        missing=None,
    )


def reader_of(table: LinesTable, info: StreamInfo, rows: RowGatherer) -> Reader:
    """Return what reads the lines of a description."""
    dialect = dialect_of(table, info)
    if table.counter is not None:
        return CountedReader(dialect, table.counter.field, table.counter.modulus, rows)
    return LineReader(dialect, (), rows)

"""Lines of text to packets, whichever of the known ways they are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from firmware_interface.decoder import Notice
from firmware_interface.lines import LONGEST, LineSplitter
from firmware_interface.text.bars import looks_tagged
from firmware_interface.text.dialect import LINES_TO_LEARN, learn
from firmware_interface.text.parsing import parse
from firmware_interface.text.readers import BAR, LineReader, TaggedReader
from firmware_interface.text.rows import RowGatherer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firmware_interface.decoder import Packet
    from firmware_interface.text.options import TextOptions
    from firmware_interface.text.parsing import Line
    from firmware_interface.text.readers import Reader

TEXT = "text"
"""Name of the notice that holds what the sketch printed beside its samples."""

LineArrival = Literal["stream", "line starts", "lines"]

_TOLD_AT_ONCE = {"value", "library", "volts"}
"""Dialects whose lines need not be compared to be understood."""


class TextDecoder:
    """Reads samples from lines of text.

    The first line after the link came up is left out if it holds numbers, because it may be the rest of
    one. Lines that are no numbers are told as notices; among samples each of them may have been one, so what
    it cost is left to the clock. After as many lines of another shape as it takes to learn one, the stream is
    described anew.

    Parameters
    ----------
    options : TextOptions
        How the lines are to be read.
    arrival : {"stream", "line starts", "lines"}
        Whether the first bytes over a new link may be the rest of a line, are the start of one, or each call
        of :meth:`feed` brings one line that has no end of its own.
    """

    __slots__ = ("_arrival", "_first", "_odd", "_options", "_reader", "_rows", "_splitter")

    def __init__(self, options: TextOptions, arrival: LineArrival = "stream") -> None:
        self._options = options
        self._arrival = arrival
        self._splitter = LineSplitter()
        self._first = arrival == "stream"
        self._odd: list[Line] = []
        self._rows = RowGatherer()
        self._reader: Reader | None = None
        if options.dialect == "bargraph":
            self._reader = TaggedReader(options, self._rows)

    def feed(self, data: bytes, source: str = "") -> list[Packet]:
        """Take the next bytes; see :class:`firmware_interface.decoder.Decoder`."""
        del source
        for line in self._lines(data):
            self._take(line)
        return self._rows.flush()

    def relink(self) -> list[Packet]:
        """Forget half a line; where no stamps will tell what was missed, say that something was."""
        self._splitter.forget()
        self._first = self._arrival == "stream"
        self._odd.clear()
        if self._reader is not None:
            self._reader.relink()
        return self._rows.flush()

    def _lines(self, data: bytes) -> Sequence[bytes | None]:
        if self._arrival == "lines":
            return [data if len(data) <= LONGEST else None]
        return self._splitter.feed(data)

    def _take(self, line: bytes | None) -> None:
        first, self._first = self._first, False
        if line is not None and not line.strip():
            return
        numbers = None if line is None else parse(line)
        if numbers is None:
            self._take_text(line)
        elif not first:
            self._take_numbers(numbers)

    def _take_text(self, line: bytes | None) -> None:
        """Pass on what the sketch says; it stands where a sample may have been."""
        if self._reader is not None:
            self._reader.damaged()
        if line is not None and line.isascii() and line.decode("ascii").strip().isprintable():
            self._rows.put(Notice(TEXT, line.decode("ascii").strip()))

    def _take_numbers(self, line: Line) -> None:
        if self._reader is not None:
            if self._reader.take(line):
                self._odd.clear()
                return
            self._reader.damaged()
        if self._odd and self._odd[-1].shape != line.shape:
            self._odd.clear()
        self._odd.append(line)
        if len(self._odd) >= self._n_to_learn:
            self._learn()

    @property
    def _n_to_learn(self) -> int:
        known = self._reader is None and self._options.dialect in _TOLD_AT_ONCE
        return 1 if known else LINES_TO_LEARN

    def _learn(self) -> None:
        """Make a reader for the lines that the last one did not know, and let it have them."""
        lines, self._odd = self._odd, []
        fresh = self._reader_for(lines)
        if fresh is None:
            self._odd = lines[1:]
            return
        self._reader = fresh
        if self._rows.begun:
            fresh.damaged()
        for line in lines:
            fresh.take(line)

    def _reader_for(self, lines: Sequence[Line]) -> Reader | None:
        tagged = lines[0].shape == BAR and looks_tagged(line.values[0] for line in lines)
        if tagged and self._options.dialect == "auto":
            return TaggedReader(self._options, self._rows)
        dialect = learn(lines, self._options)
        return None if dialect is None else LineReader(dialect, lines, self._rows)

"""Lines of the MyoWare bar graph sketch: a tag, a value and an end for each channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST_TAG = 10001
END = 10010
MOST_CHANNELS = END - FIRST_TAG

Row = tuple[int, ...]


def looks_tagged(values: Iterable[float]) -> bool:
    """Say whether lines of one number each are those of the bar graph sketch."""
    found = list(values)
    return found.count(END) > 1 and sum(FIRST_TAG <= value < END for value in found) > 1


class BarReader:
    """Puts the lines of one turn together: channels come in order, 10001 first.

    Parameters
    ----------
    n_channels : int, optional
        How many there are; without it two turns in a row have to agree on it.
    """

    __slots__ = ("_first", "_in_channel", "_row", "_value", "n_channels")

    def __init__(self, n_channels: int | None = None) -> None:
        self.n_channels = n_channels
        self._first: Row | None = None
        self._row: list[int] | None = None  # None until a turn begins
        self._in_channel = False
        self._value: int | None = None

    def take(self, line: int) -> list[Row] | None:
        """Take the number of one line.

        Returns
        -------
        list of tuple of int, or None
            The values of each turn that is now complete, mostly none; ``None`` where a turn came in pieces.
        """
        if line == FIRST_TAG:
            return self._begin()
        if self._row is None:
            return [] if self.n_channels is None else None
        if self._in_channel:
            return self._in_value(self._row, line)
        self._in_channel = line == FIRST_TAG + len(self._row) and line != END
        if not self._in_channel:
            self.forget()
            return None
        return []

    def forget(self) -> None:
        """Throw away a turn whose rest will not come."""
        self._row, self._in_channel, self._value, self._first = None, False, None, None

    def _begin(self) -> list[Row] | None:
        row, whole = self._row, not self._in_channel
        self._row, self._in_channel, self._value = [], True, None
        if row is None:
            return []
        if self.n_channels is not None or not (row and whole):
            self._first = None
            return None
        first, self._first = self._first, tuple(row)
        if first is None or len(first) != len(row):
            return []
        self.n_channels = len(row)
        return [first, self._first]

    def _in_value(self, row: list[int], line: int) -> list[Row] | None:
        if self._value is None and not FIRST_TAG <= line <= END:
            self._value = line
            return []
        if self._value is None or line != END:
            self.forget()
            return None
        row.append(self._value)
        self._in_channel, self._value = False, None
        if len(row) != self.n_channels:
            return []
        self._row = None
        return [tuple(row)]

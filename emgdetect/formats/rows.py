"""Lines of text to rows of numbers: fast where a block is clean, patient where it is not."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

_MISSING = frozenset({"", "nan", "na", "n/a", "null", "none", "-", "inf", "+inf", "-inf", "infinity"})


@dataclass(frozen=True, slots=True)
class RowFormat:
    """How a line becomes numbers.

    ``delimiter`` is ``None`` for white space; ``columns`` are the fields wanted, in the order they come
    back. A line must have between ``least`` and ``most`` fields. ``swaps`` are replaced in every line first
    (a decimal comma, the colons of a clock time). With ``missing`` an empty field is a NaN, without it the
    line is no row. ``comment`` begins lines to leave out.
    """

    delimiter: str | None
    columns: tuple[int, ...]
    least: int
    most: int
    swaps: tuple[tuple[str, str], ...] = ()
    missing: bool = False
    comment: str = ""


@dataclass(slots=True)
class RowParser:
    """Turns blocks of lines into arrays and remembers what was not a row."""

    format: RowFormat
    n_rows: int = 0
    n_bad: int = 0
    first_bad: str = field(default="")

    def parse(self, lines: list[str]) -> FloatArray:
        """Return the rows among ``lines``, shape ``(n_rows, len(columns))``, float64."""
        text = "\n".join(lines)
        for old, new in self.format.swaps:
            if old in text:
                text = text.replace(old, new)
                lines = text.split("\n")
        if "" in lines:
            lines = [line for line in lines if line]
        rows = self._fast(lines, text) if text.strip() else None
        if rows is None:
            rows = self._slow(lines)
        self.n_rows += rows.shape[0]
        return rows

    def _fast(self, lines: list[str], text: str) -> FloatArray | None:
        wanted = self.format
        if not self._even(len(lines), text):
            return None
        try:
            rows = np.loadtxt(
                lines, delimiter=wanted.delimiter, usecols=wanted.columns, comments=None, ndmin=2
            )
        except (ValueError, IndexError):
            return None
        finite = np.isfinite(rows)
        if finite.all():
            return rows if rows.shape[0] == len(lines) else None
        if not wanted.missing or rows.shape[0] != len(lines):
            return None
        rows[~finite] = np.nan
        return rows

    def _even(self, n_lines: int, text: str) -> bool:
        """Say whether the lines have the right number of fields on the whole; each one is not looked at."""
        wanted = self.format
        if wanted.delimiter is None:
            return True
        found = text.count(wanted.delimiter)
        return n_lines * (wanted.least - 1) <= found <= n_lines * (wanted.most - 1)

    def _slow(self, lines: list[str]) -> FloatArray:
        rows = []
        for line in lines:
            if not line.strip() or (self.format.comment and line.startswith(self.format.comment)):
                continue
            row = self._row(line)
            if row is not None:
                rows.append(row)
                continue
            self.n_bad += 1
            self.first_bad = self.first_bad or line[:60]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.format.columns))

    def _row(self, line: str) -> list[float] | None:
        wanted = self.format
        fields = line.split(wanted.delimiter)
        if not wanted.least <= len(fields) <= wanted.most:
            return None
        try:
            return [self._number(fields[column]) for column in wanted.columns]
        except (ValueError, IndexError):
            return None

    def _number(self, text: str) -> float:
        text = text.strip().strip('"')
        if text.lower() in _MISSING:
            if not self.format.missing:
                raise ValueError(text)
            return math.nan
        # Python reads 1_000 and Unicode digits; a recording never means them.
        if "_" in text or not text.isascii():
            raise ValueError(text)
        value = float(text)
        return value if math.isfinite(value) else math.nan

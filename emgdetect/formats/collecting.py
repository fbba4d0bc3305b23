"""One pass over a text table: samples into one spool, counters and stamps into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import FormatError
from emgdetect.formats.rows import RowFormat, RowParser
from emgdetect.formats.spool import Spool
from emgdetect.formats.textio import line_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from emgdetect.recording import Fetch
    from emgdetect.types import FloatArray, RawArray

LARGEST_MARK = 1e17
"""A counter or stamp beyond this is a damaged line: not even nanoseconds since 1970 get there soon."""

MARKS_PER_BLOCK = 1 << 16


@dataclass(slots=True)
class Collected:
    """The numbers of a table: ``data`` (channels) and ``marks`` (stamps, counters), equally many samples.

    ``lowest`` and ``highest`` are per channel, NaN where a channel has no number at all.
    """

    data: Spool
    marks: Spool
    lowest: FloatArray
    highest: FloatArray
    integral: bool
    parser: RowParser
    n_dropped: int = 0

    @property
    def n_samples(self) -> int:
        """How many samples are stored."""
        return self.data.n_samples

    def mark_blocks(self) -> Iterator[FloatArray]:
        """Give the marks in blocks of shape ``(n_marks, n)``."""
        for start in range(0, self.n_samples, MARKS_PER_BLOCK):
            yield self.marks.fetch(start, min(start + MARKS_PER_BLOCK, self.n_samples))

    def fetch(self) -> Fetch:
        """Return the fetch of the stored samples, in the smallest integer type that holds them all.

        Samples that are not whole numbers stay float64.
        """
        dtype = self._natural()
        stored = self.data.fetch
        if dtype == np.float64:
            return stored

        def fetch(start: int, stop: int, /) -> RawArray:
            return stored(start, stop).astype(dtype)

        return fetch

    def _natural(self) -> np.dtype[np.generic]:
        if not self.integral:
            return np.dtype(np.float64)
        low, high = float(np.min(self.lowest)), float(np.max(self.highest))
        for name in ("int8", "int16", "int32"):
            limits = np.iinfo(name)
            if limits.min <= low and high <= limits.max:
                return np.dtype(name)
        return np.dtype(np.float64)

    def notes(self) -> tuple[str, ...]:
        """Say how many lines were not rows."""
        found = []
        if self.parser.n_bad:
            lines = "line is" if self.parser.n_bad == 1 else "lines are"
            found.append(
                f"{self.parser.n_bad} {lines} not a row of numbers, the first: {self.parser.first_bad!r}"
            )
        return tuple(found)


def collect(
    path: Path,
    wanted: RowFormat,
    n_marks: int,
    *,
    skip: int = 0,
    keep: Callable[[FloatArray], FloatArray] | None = None,
    lines: Callable[[list[str]], list[str]] | None = None,
) -> Collected:
    """Read a table's rows.

    Parameters
    ----------
    path : Path
        The file.
    wanted : RowFormat
        Its first ``n_marks`` columns are marks (stamps, counters), which every row must have; the rest
        channels.
    n_marks : int
        How many columns are marks.
    skip : int, optional
        Header lines to leave out.
    keep : callable, optional
        Given rows ``(n, n_columns)``, returns those that are samples.
    lines : callable, optional
        Rewrites lines before they are parsed.

    Raises
    ------
    FormatError
        If there is no row, or most lines are none.
    """
    blocks = line_blocks(path, skip)
    parser = RowParser(wanted)
    gathered = Collected(
        Spool(len(wanted.columns) - n_marks, np.float64),
        Spool(n_marks, np.float64),
        np.full(len(wanted.columns) - n_marks, np.nan),
        np.full(len(wanted.columns) - n_marks, np.nan),
        integral=True,
        parser=parser,
    )
    for rows in _parsed(blocks, parser, lines):
        sound = rows[(np.abs(rows[:, :n_marks]) < LARGEST_MARK).all(axis=1)]
        parser.n_bad += rows.shape[0] - sound.shape[0]
        kept = sound if keep is None else keep(sound)
        gathered.n_dropped += sound.shape[0] - kept.shape[0]
        _store(gathered, kept, n_marks)
    _check(path, gathered)
    return gathered


def _parsed(
    blocks: Iterable[list[str]], parser: RowParser, lines: Callable[[list[str]], list[str]] | None
) -> Iterator[FloatArray]:
    for block in blocks:
        rows = parser.parse(block if lines is None else lines(block))
        if rows.shape[0]:
            yield rows


def _store(gathered: Collected, rows: FloatArray, n_marks: int) -> None:
    if not rows.shape[0]:
        return
    data = rows[:, n_marks:]
    gathered.marks.append(rows[:, :n_marks].T)
    gathered.data.append(data.T)
    gathered.lowest = np.fmin(gathered.lowest, np.fmin.reduce(data, axis=0))
    gathered.highest = np.fmax(gathered.highest, np.fmax.reduce(data, axis=0))
    gathered.integral = gathered.integral and bool((data == np.rint(data)).all())


def _check(path: Path, gathered: Collected) -> None:
    if not gathered.n_samples:
        raise FormatError(
            "there is a header but no sample",
            where=path.name,
            hint="the recorder may have been stopped at once",
        )
    if gathered.parser.n_bad > gathered.n_samples + 10:
        raise FormatError(
            f"{gathered.parser.n_bad} of {gathered.parser.n_bad + gathered.n_samples} lines are not rows of "
            f"numbers, the first: {gathered.parser.first_bad!r}",
            where=path.name,
            hint="a saved layout says how to read an unusual table: see docs/formats.md",
        )

"""A recording that can be read piece by piece: what every format reader returns.

A reader fills in :class:`Recording`; nothing of the samples need be in memory. Streams hold channels of
one rate: a file with mixed rates has several.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from emgdetect.types import Annotation, Chunk, FloatArray, Gap, RawArray, StreamInfo, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


class Fetch(Protocol):
    """Read raw samples ``start:stop`` (stream indices, never across a gap) of all channels."""

    def __call__(self, start: int, stop: int, /) -> RawArray:
        """Return an array of shape ``(n_channels, stop - start)`` in the numbers the sensor sent."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Channels that share one sampling rate.

    ``n_samples`` counts from the first sample to the last, gaps included; ``gaps`` are sorted, do not
    overlap and do not touch.
    """

    info: StreamInfo
    n_samples: int
    gaps: tuple[Gap, ...]
    fetch: Fetch

    def runs(self) -> Iterator[tuple[int, int]]:
        """Give the stretches without a gap as half-open ``(start, stop)`` indices."""
        start = 0
        for gap in self.gaps:
            if gap.start > start:
                yield start, gap.start
            start = gap.stop
        if start < self.n_samples:
            yield start, self.n_samples

    def pieces(self, chunk_samples: int) -> Iterator[Chunk | Gap]:
        """Give chunks of at most ``chunk_samples`` samples and the gaps, in order of their start."""
        gaps = iter(self.gaps)
        gap = next(gaps, None)
        for start, stop in self.runs():
            while gap is not None and gap.start < start:
                yield gap
                gap = next(gaps, None)
            for first in range(start, stop, chunk_samples):
                last = min(first + chunk_samples, stop)
                yield Chunk(self.fetch(first, last), first)
        while gap is not None:
            yield gap
            gap = next(gaps, None)

    def window(self, start: int, stop: int) -> FloatArray:
        """Return values (not raw numbers) of ``start:stop``, NaN where nothing was recorded.

        Returns
        -------
        ndarray of float64, shape ``(n_channels, stop - start)``
            Also for indices before 0 or after the end, which are NaN.
        """
        values = np.full((len(self.info.channels), stop - start), np.nan)
        gain = np.array([[channel.gain] for channel in self.info.channels])
        offset = np.array([[channel.offset] for channel in self.info.channels])
        for first, last in self.runs():
            lo, hi = max(first, start), min(last, stop)
            if lo < hi:
                values[:, lo - start : hi - start] = self.fetch(lo, hi) * gain + offset
        return values


@dataclass(frozen=True, slots=True)
class Recording:
    """A file as it was understood: format, device, start, streams (the main one first), marks, oddities.

    ``format`` is the name of the format in the registry, or "bdf" for the 24-bit kind of "edf"; ``title`` is
    how people call it, with its dialect ("EDF+"). ``oddities`` are sentences about what is unusual in the
    file (a counter that wraps early, duplicated stamps, a repaired header): one line each, for people.
    """

    path: Path
    format: str
    device: str
    start: datetime | None
    streams: tuple[Stream, ...]
    annotations: tuple[Annotation, ...] = ()
    oddities: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user knows better than the file; ``None`` leaves it to the file.

    ``layout`` is a saved description of a text table (see ``emgdetect.formats.table``).
    """

    sampling_rate: float | None = None
    unit: Unit | None = None
    layout: Path | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a format looks at to recognise its own files: the path, the size and the first bytes."""

    path: Path
    size: int
    data: bytes

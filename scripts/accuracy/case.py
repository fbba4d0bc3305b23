"""A recording of the bench: where its numbers lie, what is true of it, and jobs cut from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from accuracy.piece import Settings
    from emgdetect.evaluate import Mark

SECONDS, MEGABYTES = 120.0, 6000.0
"""Limits of one job."""


@dataclass(frozen=True, slots=True)
class Line:
    """One channel: its row in the file, its calibration and its rails."""

    name: str
    row: int
    unit: str = "uV"
    gain: float = 1.0
    offset: float = 0.0
    rails: tuple[float | None, float | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Case:
    """A recording: ``path`` holds raw numbers of shape (channels, samples) as an NPY file."""

    name: str
    path: Path
    rate: float
    n_samples: int
    lines: tuple[Line, ...]
    gaps: tuple[tuple[int, int], ...] = ()
    truth: tuple[Mark, ...] = ()
    window: tuple[float, float] = field(default=(0.0, 0.0))

    @property
    def hours(self) -> float:
        """Length of what is judged."""
        return (self.window[1] - self.window[0]) / 3600.0

    def job(self, line: Line, settings: Settings, rest: tuple[float, float] | None = None) -> dict[str, Any]:
        """Return what a worker needs to search one channel of the window; ``rest`` in s of the recording."""
        start, stop = (round(edge * self.rate) for edge in self.window)
        told = None if rest is None else [round(edge * self.rate) - start for edge in rest]
        return {
            "path": str(self.path),
            "row": line.row,
            "start": start,
            "stop": stop,
            "rate": self.rate,
            "unit": line.unit,
            "gain": line.gain,
            "offset": line.offset,
            "rails": list(line.rails),
            "gaps": clipped(self.gaps, start, stop),
            "rest": told,
            "settings": settings,
            "seconds": SECONDS,
            "megabytes": MEGABYTES,
        }


def clipped(gaps: tuple[tuple[int, int], ...], start: int, stop: int) -> list[tuple[int, int]]:
    """Return gaps (first, length) as far as they lie in ``start:stop``, counted from ``start``."""
    found = []
    for first, length in gaps:
        lo, hi = max(first, start), min(first + length, stop)
        if lo < hi:
            found.append((lo - start, hi - lo))
    return found

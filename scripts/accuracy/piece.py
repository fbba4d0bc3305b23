"""What a detector is given: one channel of a recording, or an excerpt of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Span = tuple[float, float]
"""Start and stop in seconds."""

Settings = dict[str, Any]

FIRST_SECONDS = 2.0
"""What a user who does not know better takes for rest."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Raw numbers of one channel with its calibration; sample indices count from its own start.

    ``rest`` is the stretch a tuned detector is told to be at rest, ``None`` for one that is not told.
    """

    counts: NDArray[Any]
    rate: float
    unit: str = "uV"
    gain: float = 1.0
    offset: float = 0.0
    rails: tuple[float | None, float | None] = (None, None)
    gaps: tuple[tuple[int, int], ...] = ()
    rest: tuple[int, int] | None = None

    @property
    def n_samples(self) -> int:
        """Samples, gaps included."""
        return int(self.counts.shape[0])

    def values(self) -> NDArray[np.float64]:
        """Return values with every gap filled by the last value before it; peers know no gaps."""
        values: NDArray[np.float64] = self.counts.astype(np.float64) * self.gain + self.offset
        for start, length in self.gaps:
            values[start : start + length] = values[start - 1] if start else 0.0
        return values

    def resting(self) -> tuple[int, int]:
        """Return the stretch that counts as rest: the one told, or the first seconds."""
        return self.rest or (0, min(self.n_samples, round(FIRST_SECONDS * self.rate)))

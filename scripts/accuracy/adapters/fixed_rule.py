"""The fixed leg-movement rule: begins 8 µV above rest, ends after 0.5 s below 2 µV above rest, 0.5-10 s."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from accuracy.adapters.textbook import band_passed, moving_rms
from accuracy.spans import hysteresis, runs, tidy

if TYPE_CHECKING:
    from accuracy.piece import Piece, Settings, Span

BEGIN_UV, END_UV, QUIET_S, SHORTEST_S, LONGEST_S = 8.0, 2.0, 0.5, 0.5, 10.0
WINDOW_S, REST_PERCENTILE = 0.1, 10.0


def prepare() -> None:
    """Load what is needed."""
    import scipy.ndimage
    import scipy.signal  # noqa: F401 - the same


def find(piece: Piece, settings: Settings) -> list[Span]:
    """Apply the rule to the RMS in 100 ms; ``any_length`` leaves out the limits of duration."""
    band = band_passed(piece)
    level = band if piece.unit == "envelope" else moving_rms(band, round(WINDOW_S * piece.rate))
    rest = float(np.percentile(level, REST_PERCENTILE))
    found = tidy(runs(hysteresis(level, rest + BEGIN_UV, rest + END_UV), piece.rate), QUIET_S, 0.0)
    if settings.get("any_length"):
        return found
    return [(start, stop) for start, stop in found if SHORTEST_S <= stop - start <= LONGEST_S]

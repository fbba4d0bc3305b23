"""How likely an event is true: a calibrated probability from what was measured of it.

A logistic model of three measures (how far the event passed its threshold, its mean level over the floor, its
duration), fitted by ``scripts/calibrate_confidence.py`` on simulated recordings of every kind and checked on
others; ``docs/accuracy/confidence.md`` shows the reliability. It speaks of recordings like those: a different
mix of artefacts shifts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

WEIGHTS = (2.634, -0.072, 0.212, -0.533, -1.374, 0.655, -0.021, 0.608, 0.239, -0.043)
"""In the order of :func:`measures`; the first is the constant."""

_LEAST_MARGIN_DB, _GREATEST_MARGIN_DB = -10.0, 15.0
_CLEAR_MARGIN_DB = 2.0
_CLEAR_LEVEL_DB = 9.0
_SHORTEST_S, _LONGEST_S = 0.005, 60.0


def measures(margin_db: float, level_db: float, seconds: float) -> FloatArray:
    """Return what the model weighs, shape (10,).

    Parameters
    ----------
    margin_db : float
        Greatest energy over its threshold, in dB; below 0 for what only the dense rule believes.
    level_db : float
        Mean energy over the floor, in dB.
    seconds : float
        Duration.
    """
    margin = min(max(margin_db, _LEAST_MARGIN_DB), _GREATEST_MARGIN_DB)
    near = min(margin, _CLEAR_MARGIN_DB)
    weak = _CLEAR_LEVEL_DB - min(max(level_db, 0.0), _CLEAR_LEVEL_DB)
    decades = float(np.log10(min(max(seconds, _SHORTEST_S), _LONGEST_S)))
    long, short = max(decades, 0.0), max(-1 - decades, 0.0)
    return np.array(
        [
            1.0,
            near,
            max(margin - _CLEAR_MARGIN_DB, 0.0),
            weak,
            long,
            weak * long,
            short,
            short * near,
            float(margin < 0),
            weak * weak * long,
        ]
    )


def confidence_of(margin_db: float, level_db: float, seconds: float) -> float:
    """Return the probability, 0 to 1, that such an event is true."""
    return float(1 / (1 + np.exp(-(measures(margin_db, level_db, seconds) @ np.array(WEIGHTS)))))

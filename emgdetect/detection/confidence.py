"""How likely an event is true: a calibrated probability from what was measured of it.

A logistic model whose weights run smoothly from brief over middling to long events. It was fitted by
``scripts/calibrate_confidence.py`` on simulated recordings of every kind and checked on others;
``docs/accuracy/confidence.md`` shows the reliability. It speaks of recordings like those: a different mix of
artefacts shifts it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

WEIGHTS = (
    -4.439, 2.572, 1.619, 0.566, -1.042, 0.937, -0.552, 1.153,  # brief
    -1.416, 0.381, 1.157, 0.000, -0.975, -0.349, -0.465, 1.346,  # middling
    -0.706, 0.000, 1.771, 0.764, -0.173, -0.142, -0.368, 0.170,  # long
    0.250, 0.036, -0.855, 1.510, -2.233,  # dense
)  # fmt: skip
"""In the order of :func:`measures`."""

_WEIGHTS = np.array(WEIGHTS)
_DENSE = 5

_ANCHORS = (-1.6, -0.7, 0.3)
"""Decimal logarithms of the durations (25 ms, 0.2 s, 2 s) that have weights of their own."""
_RISES = ((0.0, 1.0), (1.0, 2.0), (3.0, 7.0))
"""The margin counts in three pieces: from where on, and how far, in dB."""
_CLEAR_LEVEL_DB = 9.0
_GREATEST_DB = 15.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured of an event.

    Attributes
    ----------
    margin_db : float
        Its greatest energy over the threshold, in dB; below 0 for what only the dense rule believes.
    level_db : float
        Its mean energy over the floor, in dB.
    peak_db : float
        Its greatest energy of about 8 ms over the floor, in dB.
    around_db : float
        The energy right beside it over the floor, in dB: the median, on the louder side.
    evidence : float
        Its log-likelihood ratio against noise, in nats.
    seconds : float
        Its duration.
    """

    margin_db: float
    level_db: float
    peak_db: float
    around_db: float
    evidence: float
    seconds: float


def measures(found: Findings) -> FloatArray:
    """Return what the model weighs, shape (29,).

    Eight measures for each anchor's share in the duration; for what only the dense rule believes, where the
    threshold and the neighbourhood say nothing, five of its own.
    """
    weak = _between(_CLEAR_LEVEL_DB - found.level_db, 0.0, _CLEAR_LEVEL_DB)
    spread = _between(found.peak_db - found.level_db, 0.0, _GREATEST_DB)
    evidence = _between(math.log(max(found.evidence, 1.0)), 0.0, 8.0)
    rises = [_between(found.margin_db - start, 0.0, width) for start, width in _RISES]
    rare = (1.0, *rises, _between(found.around_db, 0.0, 8.0), weak, spread, evidence)
    decades = math.log10(max(found.seconds, 1e-4))
    if found.margin_db < 0:
        dense = (1.0, weak, spread, evidence, _between(decades, -1.0, 1.0))
        return np.array([0.0] * (len(_ANCHORS) * len(rare)) + [*dense])
    shared = [share * measure for share in _shares(decades) for measure in rare]
    return np.array([*shared, *([0.0] * _DENSE)])


def _shares(decades: float) -> tuple[float, ...]:
    """Return how much each anchor has in a duration: they lie on a line, and the nearest two share it."""
    brief, middling, long = _ANCHORS
    if decades < middling:
        share = _between((middling - decades) / (middling - brief), 0.0, 1.0)
        return share, 1 - share, 0.0
    share = _between((decades - middling) / (long - middling), 0.0, 1.0)
    return 0.0, 1 - share, share


def confidence_of(found: Findings) -> float:
    """Return the probability, 0 to 1, that such an event is true."""
    return 1 / (1 + math.exp(-float(measures(found) @ _WEIGHTS)))


def _between(value: float, least: float, greatest: float) -> float:
    return min(max(value, least), greatest)

"""How likely an event is true: a calibrated probability from what was measured of it.

A logistic model whose weights run smoothly from brief over middling to long events. It was fitted by
``scripts/calibrate_confidence.py`` on simulated recordings of every kind and checked on others;
``docs/accuracy/confidence.md`` shows the reliability. It speaks of recordings like those: a different mix of
artefacts shifts it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

WEIGHTS: FloatArray = np.array([
    -3.170, 2.709, 1.592, 0.593, -0.990, 1.296, 1.160, -0.611, 0.670, 0.404,  # brief
    -0.940, 1.582, 1.714, 0.000, -1.471, 0.755, -0.315, -0.513, 0.906, 0.161,  # middling
    -0.640, 0.905, 2.549, 0.691, 0.212, 0.056, 0.015, -0.246, -0.191, 0.681,  # long
    1.043, -0.393, -0.703, 1.339, -5.663,  # dense
])  # fmt: skip
"""In the order of :func:`measures`."""

_RARE, _DENSE = 30, 5

COMPANY_WEIGHTS: FloatArray = np.array([1.130, -2.459, -0.330, -1.621, 2.162, 0.417, 1.501])
"""In the order of :func:`with_company`."""

_FEW_PER_HOUR = 5.0

_ANCHORS = (-1.6, -0.7, 0.3)
"""Decimal logarithms of the durations (25 ms, 0.2 s, 2 s) that have weights of their own."""
_RISES = ((0.0, 1.0), (1.0, 2.0), (3.0, 7.0))
"""The margin counts in three pieces: from where on, and how far, in dB."""
_NOT_PASSED_DB = -1.0
_CLEAR_LEVEL_DB = 9.0
_GREATEST_DB = 15.0
_GREATEST_AROUND_DB = 8.0
_GREATEST_SHARP_DB = 6.0
_GREATEST_SURGE_DB = 4.0
_LONG_DECADES = 0.85
"""Decimal logarithm of the seconds from which on the length of a dense event speaks against it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured of an event.

    Attributes
    ----------
    margin_db : float
        Its greatest energy over the threshold, in dB; below 0 for what only the dense rule believes.
    sharp_db : float
        By how much it stands out more among the prediction errors than in the signal, in dB.
    level_db : float
        Its mean energy over the floor, in dB.
    peak_db : float
        Its greatest energy of about 8 ms over the floor, in dB.
    around_db : float
        The energy right beside it over the floor, in dB: the median, on the louder side.
    surge_db : float
        The background within five seconds over that which the thresholds go by, in dB.
    evidence : float
        Its log-likelihood ratio against noise, in nats.
    seconds : float
        Its duration.
    dense : bool
        Whether the dense rule believes it, too, by its length and level, and others crowd around it.
    """

    margin_db: float
    sharp_db: float
    level_db: float
    peak_db: float
    around_db: float
    surge_db: float
    evidence: float
    seconds: float
    dense: bool


def measures(found: Findings) -> FloatArray:
    """Return what the model weighs, shape (35,).

    Where the background nearby has risen, what is not long is compared with that.
    Ten measures for each anchor's share in the duration; for what only the dense rule believes, where the
    threshold and the neighbourhood say nothing, five of its own.
    """
    weak = _between(_CLEAR_LEVEL_DB - found.level_db, 0.0, _CLEAR_LEVEL_DB)
    spread = _between(found.peak_db - found.level_db, 0.0, _GREATEST_DB)
    evidence = _between(math.log(max(found.evidence, 1.0)), 0.0, 8.0)
    decades = math.log10(max(found.seconds, 1e-4))
    if found.margin_db < 0:
        dense = (1.0, weak, spread, evidence, _between(decades - _LONG_DECADES, 0.0, 1.0))
        return np.array([0.0] * _RARE + [*dense])
    shares = _shares(decades)
    surge = _between(found.surge_db, 0.0, _GREATEST_SURGE_DB) * (1 - shares[-1])
    sharp = _between(found.sharp_db, -_GREATEST_SHARP_DB, _GREATEST_SHARP_DB)
    rare = (1.0, *_beside_surge(found, surge), weak, spread, evidence, sharp)
    return np.array([*(share * measure for share in shares for measure in rare), *([0.0] * _DENSE)])


def _beside_surge(found: Findings, surge: float) -> tuple[float, ...]:
    """Return margin, neighbourhood and lacking margin over a background that has risen by so much."""
    margin = found.margin_db - surge
    rises = (_between(margin - start, 0.0, width) for start, width in _RISES)
    around = _between(found.around_db - surge, 0.0, _GREATEST_AROUND_DB)
    return (*rises, around, _between(margin, -_GREATEST_SURGE_DB, 0.0))


def _shares(decades: float) -> tuple[float, ...]:
    """Return how much each anchor has in a duration: they lie on a line, and the nearest two share it."""
    brief, middling, long = _ANCHORS
    if decades < middling:
        share = _between((middling - decades) / (middling - brief), 0.0, 1.0)
        return share, 1 - share, 0.0
    share = _between((decades - middling) / (long - middling), 0.0, 1.0)
    return 0.0, 1 - share, share


def first_glance(found: Findings) -> float:
    """Return the log odds that such an event is true, by itself."""
    return float(measures(found) @ WEIGHTS)


def with_company(found: Findings, glance: float, company: float) -> FloatArray:
    """Return what the second model weighs, shape (7,).

    Parameters
    ----------
    found : Findings
        What was measured.
    glance : float
        Log odds of the event by itself.
    company : float
        Weak brief events believed at first glance, per hour, lately (``company.Company``).
    """
    if found.margin_db < 0:
        return np.array([glance, *([0.0] * (2 * len(_ANCHORS)))])
    shares = _shares(math.log10(max(found.seconds, 1e-4)))
    crowd = math.log1p(company / _FEW_PER_HOUR)
    return np.array([glance, *shares, *(share * crowd for share in shares)])


def likeliest(found: Findings, company: float) -> Findings:
    """Return an event as the rule sees it that makes more of it: the thresholds, or the dense rule.

    In dense activity thresholds stand among the contractions themselves: to pass them by a little says no
    more than to stay below them by as much.
    """
    if not found.dense or found.margin_db < 0:
        return found
    return max((found, replace(found, margin_db=_NOT_PASSED_DB)), key=lambda one: _log_odds(one, company))


def confidence_of(found: Findings, company: float) -> float:
    """Return the probability, 0 to 1, that such an event is true, in such company."""
    return 1 / (1 + math.exp(-_log_odds(likeliest(found, company), company)))


def _log_odds(found: Findings, company: float) -> float:
    return float(with_company(found, first_glance(found), company) @ COMPANY_WEIGHTS)


def _between(value: float, least: float, greatest: float) -> float:
    return min(max(value, least), greatest)

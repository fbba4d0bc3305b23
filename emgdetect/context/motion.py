"""Movement and turns of the body out of an accelerometer that was recorded along with the muscles.

An accelerometer tells lying still from getting up, which EMG alone cannot. Nothing is assumed of its unit or
of how it was worn: gravity is the unit, and a turn is a change of its direction. The numbers are ours.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.types import FloatArray

AXES = ("x", "y", "z")

TURN_DEGREES = 45.0
"""Gravity moves by 90 degrees when somebody turns from the back to the side; half of it is a turn."""

REST_S = 10.0
"""So long the body lies before and after a turn."""

_ACCELERATION = re.compile(r"acc|accel|\bg[ _-]?[xyz]\b|beschleunig|gravity", re.IGNORECASE)
_AXIS = re.compile(r"(?:^|[^A-Za-z])([XYZxyz])(?:[^A-Za-z]|$)|([XYZ])$|(?<=[a-z])([xyz])$")


def axes_of(names: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """Return the accelerometers among channels: names that are the same but for X, Y and Z, in that order.

    Returns
    -------
    tuple of (str, str, str)
        In the order of the channels; empty if there is none, or an axis is missing.
    """
    found: dict[str, dict[str, str]] = {}
    for name in names:
        axis = _AXIS.search(name) if _ACCELERATION.search(name) else None
        if axis is not None:
            letter = next(part for part in axis.groups() if part)
            place = axis.start() + axis[0].index(letter)
            found.setdefault(name[:place] + name[place + 1 :], {})[letter.casefold()] = name
    return tuple((axes["x"], axes["y"], axes["z"]) for axes in found.values() if set(axes) == set(AXES))


def movement(values: FloatArray, sampling_rate: float) -> FloatArray:
    """Return how much the body moves, second by second.

    Parameters
    ----------
    values : ndarray, shape ``(3, n_samples)``
        Acceleration in any unit; NaN where nothing was recorded.
    sampling_rate : float
        In Hz, at least 2.

    Returns
    -------
    ndarray, shape ``(n_seconds,)``
        Standard deviation of the acceleration's vector within the second, as a part of gravity; NaN for a
        second without two samples. A part of a second at the end is left out.
    """
    gravity = _gravity(values)
    found = []
    for start, stop in _seconds(values.shape[1], sampling_rate):
        piece = values[:, start:stop]
        piece = piece[:, np.isfinite(piece).all(axis=0)]
        enough = piece.shape[1] > 1 and gravity > 0
        found.append(float(np.sqrt(np.sum(np.var(piece, axis=1)))) / gravity if enough else np.nan)
    return np.array(found, dtype=np.float64)


def turns(values: FloatArray, sampling_rate: float) -> FloatArray:
    """Return when the body was turned.

    Parameters
    ----------
    values, sampling_rate
        As for :func:`movement`.

    Returns
    -------
    ndarray, shape ``(n,)``
        Seconds from the first sample, sorted: where the direction of gravity over the ten seconds before and
        after differs by 45 degrees or more, and most around there. Empty without a turn.
    """
    seconds = [
        np.mean(values[:, start:stop], axis=1) for start, stop in _seconds(values.shape[1], sampling_rate)
    ]
    means = np.array(seconds, dtype=np.float64).reshape(-1, 3)
    window = int(REST_S)
    angles = np.zeros(len(means) + 1)
    for second in range(window, len(means) - window + 1):
        before, after = means[second - window : second], means[second : second + window]
        angles[second] = _angle(before.mean(axis=0), after.mean(axis=0))
    found = []
    while angles.size and angles.max() >= TURN_DEGREES:
        second = int(np.argmax(angles))
        found.append(float(second))
        angles[max(second - window, 0) : second + window + 1] = 0.0
    return np.array(sorted(found), dtype=np.float64)


def _gravity(values: FloatArray) -> float:
    """Return the usual length of the vector: the body lies still most of the time."""
    length = np.sqrt(np.sum(values**2, axis=0))
    known = length[np.isfinite(length)]
    return float(np.median(known)) if known.size else 0.0


def _seconds(n_samples: int, sampling_rate: float) -> list[tuple[int, int]]:
    whole = int(n_samples / sampling_rate + 1e-9)
    edges = [round(second * sampling_rate) for second in range(whole + 1)]
    return list(pairwise(edges))


def _angle(before: FloatArray, after: FloatArray) -> float:
    size = float(np.linalg.norm(before) * np.linalg.norm(after))
    if not (np.isfinite(size) and size > 0):
        return 0.0
    return float(np.degrees(np.arccos(np.clip(before @ after / size, -1.0, 1.0))))

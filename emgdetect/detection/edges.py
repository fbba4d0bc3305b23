"""Edges at sample resolution, on the buffered signal.

The frames say where an event is to a few milliseconds; here the same cumulative sum runs over single
samples. The comparison level is the floor, or a small part of the event's own power where that is more: a
strong twitch must not be lengthened by the tail that every filter leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.ranks import ranked

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

_SHORT_S = 0.24
_SHORT_WINDOW_S = 0.002
_LONG_WINDOW_S = 0.010
_RATIO = 4.0
_GREATEST_RATIO = 16.0
_BELOW_OWN = 6.0
"""In a short event the power that is told from noise is its own over this, within the two ratios."""
_STRONGEST = 8.0
_STEADY_FALL = 0.7
_RISE_FLOOR = 2.0
_RISE_SHARE = 0.03
_UPPER = 0.9
_ACTIVE = 0.05
"""Samples below this part of the greatest power do not count as the event's own."""
_SHORT_TAIL = 4.0
"""In a short event the filters' tail weighs more: its part of the power is so many times larger."""


def refine(squares: FloatArray, floor: float, rate: float, tail: float) -> tuple[int, int]:
    """Return half-open edges in samples.

    Parameters
    ----------
    squares : ndarray
        Squared samples of the event with a few milliseconds on either side.
    floor : float
        Power of the noise.
    rate : float
        Working rate in Hz.
    tail : float
        Part of the event's own power (its 90th percentile) that counts as its end.
    """
    seconds = len(squares) / rate
    short = seconds < _SHORT_S
    window = max(1, round((_SHORT_WINDOW_S if short else _LONG_WINDOW_S) * rate))
    smooth = np.convolve(squares, np.full(window, 1 / window), "same")
    active = smooth[smooth >= _ACTIVE * smooth.max()]
    own = ranked(active, _UPPER)
    level = max(floor, tail * (_SHORT_TAIL if short else 1.0) * own)
    ratio = min(max(own / level / _BELOW_OWN, _RATIO), _GREATEST_RATIO) if short else _RATIO
    gains = np.minimum(0.5 * (squares / level * (1 - 1 / ratio) - np.log(ratio)), _STRONGEST)
    sums = np.concatenate([[0.0], np.cumsum(gains)])
    peak = int(np.argmax(smooth))
    start = int(np.argmin(sums[: peak + 1]))
    stop = peak + 1 + int(np.argmax(sums[peak + 1 :]))
    return start, stop


def is_smoothed(squares: FloatArray) -> bool:
    """Tell an envelope that was smoothed, which falls steadily after its peak, from one only rectified."""
    falling = np.diff(squares[int(np.argmax(squares)) :]) <= 0
    return len(falling) > 0 and bool(np.mean(falling) >= _STEADY_FALL)


def rise_of(squares: FloatArray, floor: float) -> tuple[int, int]:
    """Return half-open edges in samples of a short event in an envelope.

    A smoothed level rises while the muscle is active and falls afterwards, however long that takes: the event
    lasts from where the level leaves the floor to its peak.
    """
    peak = int(np.argmax(squares))
    below = np.flatnonzero(squares[:peak] <= max(_RISE_FLOOR * floor, _RISE_SHARE * squares[peak]))
    return (int(below[-1]) + 1 if len(below) else 0), peak + 1

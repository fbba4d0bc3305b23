"""Events that no muscle made, by what gives them away.

- *electrode motion*: the baseline swings far more than the muscle band does;
- *glitch*: one or two samples hold nearly all the power, which no muscle fibre can do;
- *mains*: nearly all the power sits in lines at 50 or 60 Hz and their harmonics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

_SWING_SHORT = 1.5
_SWING_LONG = 20.0
_BRIEF_S = 0.4
_GLITCH_SHARE = 0.8
_GLITCH_SAMPLES = 3
_GLITCH_LEAST_RATE = 450.0
_MAINS_SHARE = 0.7
_MAINS_LEAST_S = 0.3
_MAINS_HALF_WIDTH_HZ = 2.0


def artefact_cause(samples: FloatArray, rate: float, swing: float) -> str | None:
    """Return the cause of an artefact, or ``None`` for what looks like muscle.

    Parameters
    ----------
    samples : ndarray
        Conditioned samples of the event.
    rate : float
        Working rate in Hz.
    swing : float
        Peak-to-peak of the slow baseline around the event, in the channel's unit.
    """
    peak = float(np.abs(samples).max())
    seconds = len(samples) / rate
    limit = _SWING_SHORT if seconds < _BRIEF_S else _SWING_LONG
    if swing > limit * peak:
        return "electrode motion"
    if rate >= _GLITCH_LEAST_RATE and _is_glitch(samples):
        return "glitch"
    if seconds >= _MAINS_LEAST_S and _mains_share(samples, rate) > _MAINS_SHARE:
        return "mains"
    return None


def _is_glitch(samples: FloatArray) -> bool:
    squares = samples * samples
    centre = int(np.argmax(squares))
    around = squares[max(0, centre - 1) : centre + _GLITCH_SAMPLES - 1]
    return float(around.sum()) > _GLITCH_SHARE * float(squares.sum()) and len(samples) > 2 * _GLITCH_SAMPLES


def _mains_share(samples: FloatArray, rate: float) -> float:
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequency = np.fft.rfftfreq(len(samples), 1 / rate)
    width = max(_MAINS_HALF_WIDTH_HZ, 2 * rate / len(samples))
    total = float(power.sum())
    shares = []
    for base in (50.0, 60.0):
        offset = np.abs(frequency - base * np.maximum(1, np.round(frequency / base)))
        shares.append(float(power[offset <= width].sum()))
    return max(shares) / total if total > 0 else 0.0

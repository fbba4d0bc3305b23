"""Events that no muscle made, by what gives them away.

- *electrode pop*: the baseline jumps with the event, and what passes the filter is the jump's own echo;
- *electrode motion*: the baseline swings far more than the muscle band does;
- *lead-off*: an electrode in the air picks up everything, and far more of it than any muscle makes;
- *glitch*: a transmission glitch that the filters saw before it could be told (``conditioning.despike``);
- *mains*: nearly all the power above the floor sits in lines at 50 or 60 Hz and their harmonics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

_JUMP = 0.6
_JUMP_S = 0.06
_CONCENTRATED = 0.3
"""A jump's echo holds at least this part of the event's energy; people who move jolt cables too."""
_SLOW_HZ = 35.0
_SLOW_SHARE = 0.09
_LEAST_SPECTRUM = 128
_ECHO_S = 0.06
_ECHO_SHARE = 0.12
_ECHO_JUMP = 0.35
"""Brief, partly below the band and beside a jump: the filter's answer to it, and nothing else."""
_HANGING_S = 2.0
_HANGING = 1600.0
_HANGING_SWING = 2.0
"""An electrode that hangs in the air: far more power than muscle, for seconds, with larger swings yet."""
_HUGE = 8000.0
_HUGE_SWING = 0.9
"""No muscle stands so far above its rest; then a lesser swing will do."""
_VERY_SLOW_SHARE = 0.16
_SLOW_SWING = 0.9
_LEAST_SLOW_RATE = 200.0
"""Muscle has next to nothing below the band: so much there is a baseline that left and came back. At slower
rates the band itself begins lower, or ends there."""
_SWING_SHORT = 1.5
_SWING_LONG = 20.0
_WEAK = 12.0
_BRIEF_S = 0.4
_NOTHING = 1e-300
_MAINS_SHARE = 0.7
_MAINS_LEAST_S = 0.3
_MAINS_HALF_WIDTH_HZ = 2.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """How the slow baseline moved around an event, in the channel's unit.

    ``swing`` is its peak-to-peak, ``jump`` how far it stood after the event's strongest moment from where it
    stood before the event.
    """

    swing: float
    jump: float


def artefact_cause(samples: FloatArray, rate: float, floor: float, baseline: Baseline) -> str | None:
    """Return the cause of an artefact, or ``None`` for what looks like muscle.

    Parameters
    ----------
    samples : ndarray
        Conditioned samples of the event.
    rate : float
        Working rate in Hz.
    floor : float
        Power of the noise.
    baseline : Baseline
        What the slow part of the signal did meanwhile.
    """
    peak = float(np.abs(samples).max())
    seconds = len(samples) / rate
    power = float(np.mean(samples * samples))
    slow_share = _slow_share(samples, rate)
    slow = slow_share > _SLOW_SHARE
    jump, swing = (move / max(peak, _NOTHING) for move in (baseline.jump, baseline.swing))
    left = slow_share > _VERY_SLOW_SHARE and swing > _SLOW_SWING and rate >= _LEAST_SLOW_RATE
    if left or _is_pop(samples, rate, jump, slow_share):
        return "electrode pop"
    if _is_hanging(seconds, power / floor, swing):
        return "lead-off"
    if seconds < _BRIEF_S and swing > _SWING_SHORT:
        return "electrode motion"
    # People move cables when they move: a strong event with the spectrum of muscle stays one.
    if swing > _SWING_LONG and (slow or power < _WEAK * floor):
        return "electrode motion"
    if seconds >= _MAINS_LEAST_S and _mains_share(samples, rate, floor) > _MAINS_SHARE:
        return "mains"
    return None


def _is_hanging(seconds: float, rise: float, swing: float) -> bool:
    """Tell an electrode in the air by how far its power rises above the floor and its baseline swings."""
    if seconds <= _HANGING_S:
        return False
    return (rise > _HANGING and swing > _HANGING_SWING) or (rise > _HUGE and swing > _HUGE_SWING)


def _is_pop(samples: FloatArray, rate: float, jump: float, slow_share: float) -> bool:
    """Tell a jump's echo, by how large the jump is in the event's own peaks."""
    if len(samples) < _ECHO_S * rate and slow_share > _ECHO_SHARE and jump > _ECHO_JUMP:
        return True
    return jump > _JUMP and slow_share > _SLOW_SHARE and _concentration(samples, rate) > _CONCENTRATED


def _concentration(samples: FloatArray, rate: float) -> float:
    """Part of the energy that lies around the strongest moment."""
    squares = samples * samples
    peak, reach = int(np.argmax(squares)), max(1, round(_JUMP_S / 2 * rate))
    total = float(squares.sum())
    return float(squares[max(0, peak - reach) : peak + reach].sum()) / total if total > 0 else 0.0


def _slow_share(samples: FloatArray, rate: float) -> float:
    """Part of the power below 35 Hz, where a filtered jump has much of its own and muscle little."""
    size = max(len(samples), _LEAST_SPECTRUM)
    power = np.abs(np.fft.rfft(samples, size)) ** 2
    slow = power[np.fft.rfftfreq(size, 1 / rate) < _SLOW_HZ]
    total = float(power.sum())
    return float(slow.sum()) / total if total > 0 else 0.0


def _mains_share(samples: FloatArray, rate: float, floor: float) -> float:
    """Part of the power above the floor that sits in mains lines."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    frequency = np.fft.rfftfreq(len(samples), 1 / rate)
    width = max(_MAINS_HALF_WIDTH_HZ, 2 * rate / len(samples))
    total = float(power.sum())
    above = 1 - floor / max(float(np.mean(samples * samples)), floor)
    if total <= 0 or above <= 0:
        return 0.0
    lines = [
        float(power[np.abs(frequency - base * np.maximum(1, np.round(frequency / base))) <= width].sum())
        for base in (50.0, 60.0)
    ]
    return max(lines) / (total * above)

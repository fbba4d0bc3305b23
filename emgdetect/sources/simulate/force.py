"""How force develops in each kind of sustained event, as curves from 0 to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

STEP_S = 0.002


def _time(duration: float) -> FloatArray:
    return np.arange(max(2, round(duration / STEP_S) + 1), dtype=np.float64) * STEP_S


def _ramps(t: FloatArray, duration: float, rise: float, fall: float) -> FloatArray:
    up = np.clip(t / rise, 0.0, 1.0)
    down = np.clip((duration - t) / fall, 0.0, 1.0)
    return (np.sin(0.5 * np.pi * up) * np.sin(0.5 * np.pi * down)) ** 1.2


def _unrest(rng: np.random.Generator, t: FloatArray, depth: float, slowest: float) -> FloatArray:
    """Slow irregular modulation around 1."""
    curve = np.ones_like(t)
    for _ in range(4):
        frequency = slowest * float(np.exp(rng.uniform(0, 2.3)))
        curve += depth / 2 * np.sin(2 * np.pi * frequency * t + rng.uniform(0, 2 * np.pi))
    return np.clip(curve, 0.15, None)


def burst(rng: np.random.Generator, duration: float) -> tuple[FloatArray, FloatArray]:
    """Rise quickly, hold unsteadily, relax: a leg movement, a step, a squeeze."""
    t = _time(duration)
    rise = float(rng.uniform(0.05, 0.3)) * min(duration, 1.5)
    fall = float(rng.uniform(0.08, 0.4)) * min(duration, 2.0)
    return t, _ramps(t, duration, rise, fall) * _unrest(rng, t, 0.3, 0.7 / max(duration, 0.5))


def ramped(rng: np.random.Generator, duration: float) -> tuple[FloatArray, FloatArray]:
    """Tighten over a ramp of up to seconds and let go slowly: a sustained spasm."""
    t = _time(duration)
    rise = float(rng.uniform(0.03, 0.3)) * min(duration, 12.0)
    fall = float(rng.uniform(0.08, 0.4)) * min(duration, 20.0)
    return t, _ramps(t, duration, rise, fall) * _unrest(rng, t, 0.25, 0.15)


def cramp(rng: np.random.Generator, duration: float) -> tuple[FloatArray, FloatArray]:
    """Build up over tens of seconds, wax and wane for minutes, fade."""
    t = _time(duration)
    rise = float(rng.uniform(0.06, 0.15)) * duration
    fall = float(rng.uniform(0.15, 0.3)) * duration
    return t, _ramps(t, duration, rise, fall) * _unrest(rng, t, 0.4, 0.03)


def lobes(rng: np.random.Generator, duration: float) -> tuple[FloatArray, FloatArray]:
    """Several efforts that overlap: ordinary movement, turning over, walking to the door."""
    t = _time(duration)
    count = 2 + int(rng.poisson(duration / 1.5))
    curve = np.full_like(t, 0.12)
    for _ in range(count):
        centre, width = rng.uniform(0.05, 0.95) * duration, rng.uniform(0.15, 0.9)
        curve += rng.uniform(0.2, 0.9) * np.exp(-0.5 * ((t - centre) / width) ** 2)
    return t, curve * _ramps(t, duration, 0.08 * duration, 0.12 * duration)

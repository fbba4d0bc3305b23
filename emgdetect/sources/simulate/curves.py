"""Levels that change slowly over a recording: the noise floor and the tonic activity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.seeds import Part, generator

if TYPE_CHECKING:
    from emgdetect.sources.simulate.scenario import Scenario
    from emgdetect.types import FloatArray

DRIFT_STEP_S = 20.0
DRIFT_MEMORY = 0.93
"""Share of the drift that is left after one step: half of it is gone after three minutes."""
DRIFT_SD = 0.25
CHANGE_S = (0.2, 3.0)
SILENT_SHARE = 0.15
"""Share of postures in which the muscle is silent."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A level in µV RMS as straight lines between knots (seconds)."""

    times: FloatArray
    values: FloatArray

    def at(self, times: FloatArray) -> FloatArray:
        """Return the level at ``times`` in seconds."""
        return np.interp(times, self.times, self.values)

    def mean_square(self, start: float, stop: float) -> float:
        """Return the mean of the squared level from ``start`` to ``stop`` seconds."""
        return float(np.mean(np.square(self.at(np.linspace(start, stop, 33)))))


def tonic_level(scenario: Scenario, channel: int) -> Curve:
    """Draw the level of tonic activity: a slow drift, and a new level with each posture."""
    rng = generator(scenario.seed, Part.TONIC_LEVEL, channel)
    base = scenario.background.tonic_uv
    count = int(rng.poisson(scenario.background.postures_per_hour * scenario.duration / 3600))
    changes = np.sort(rng.uniform(0, scenario.duration, count))
    factors = np.exp(rng.normal(0, 0.6, count + 1)) * (rng.uniform(0, 1, count + 1) > SILENT_SHARE)
    ramps = rng.uniform(*CHANGE_S, count)
    times = np.arange(0.0, scenario.duration + DRIFT_STEP_S, DRIFT_STEP_S)
    times = np.unique(np.concatenate([times, changes, changes + ramps]))
    posture = np.searchsorted(changes + ramps, times, side="right")
    return Curve(times, base * factors[posture] * np.exp(_drift(rng, times)))


def _drift(rng: np.random.Generator, times: FloatArray) -> FloatArray:
    shocks = rng.normal(0, DRIFT_SD * np.sqrt(1 - DRIFT_MEMORY**2), times.size)
    shocks[0] *= 1 / np.sqrt(1 - DRIFT_MEMORY**2)
    drift = np.empty_like(shocks)
    level = 0.0
    for i, shock in enumerate(shocks):
        level = DRIFT_MEMORY * level + shock
        drift[i] = level
    return drift


def noise_level(scenario: Scenario, channel: int, steps: list[tuple[float, float]]) -> Curve:
    """Draw the noise floor: each step (start and length in seconds) leads to a level that then holds."""
    rng = generator(scenario.seed, Part.NOISE_LEVEL, channel)
    times, values = [0.0], [1.0]
    for start, length in steps:
        if start <= times[-1]:
            continue
        times += [start, start + length]
        values += [values[-1], float(np.clip(np.exp(rng.normal(0, 0.5)), 0.6, 2.6))]
    return Curve(np.array(times), scenario.background.noise_uv * np.array(values))

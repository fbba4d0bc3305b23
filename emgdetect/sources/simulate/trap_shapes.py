"""What artefacts look like, in µV at the electrode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.seeds import log_uniform

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import FloatArray

RECOVERY_S = (0.03, 0.15)
SMALLEST_UV = 0.05
CRACKLE_HZ = 180.0


def motion(rng: np.random.Generator, n: int, rate: float) -> FloatArray:
    """Cable motion: swings of 0.5-9 Hz, now and then with the crackle of a rubbing contact."""
    t = np.arange(n) / rate
    envelope = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** float(rng.uniform(1.0, 2.5))
    swing = np.zeros(n)
    for _ in range(int(rng.integers(2, 5))):
        frequency = log_uniform(rng, 0.5, 9.0)
        bend = float(rng.uniform(0, 2)) * np.sin(2 * np.pi * t * float(rng.uniform(0.2, 0.8)))
        swing += frequency**-0.5 * np.sin(2 * np.pi * frequency * t + bend + float(rng.uniform(0, 7)))
    size = log_uniform(rng, 60.0, 1800.0)
    return size * envelope * (swing + _crackle(rng, n, rate))


def _crackle(rng: np.random.Generator, n: int, rate: float) -> FloatArray:
    """Short broadband bits, a few per cent of the swing."""
    crackle = np.zeros(n)
    for _ in range(int(rng.poisson(1.2))):
        length = min(n, max(2, round(rate * float(rng.uniform(0.004, 0.05)))))
        at = int(rng.integers(0, n - length + 1))
        t = np.arange(length) / rate
        tone = np.sin(2 * np.pi * float(rng.uniform(0.2, 1.0)) * CRACKLE_HZ * t)
        crackle[at : at + length] += tone * np.hanning(length) * rng.uniform(0.01, 0.06)
    return crackle


def pop(rng: np.random.Generator, n: int, rate: float) -> FloatArray:
    """Electrode pop: a jump within a millisecond or two, then a slow or a sudden return."""
    t = np.arange(n) / rate
    size = log_uniform(rng, 60.0, 2000.0) * float(rng.choice([-1.0, 1.0]))
    jump = np.clip(t / float(rng.uniform(0.0008, 0.003)), 0.0, 1.0)
    if rng.uniform() < 0.75:  # noqa: PLR2004 - share of slow returns
        return size * jump * np.exp(-t * 7.0 / t[-1]) if n > 1 else size * jump
    back = np.clip((t[-1] - t) / float(rng.uniform(0.002, 0.02)), 0.0, 1.0)
    drift = 1 + 0.3 * np.cumsum(rng.standard_normal(n)) / np.sqrt(rate)
    pulse: FloatArray = size * jump * back * drift
    return pulse


def saturation(rng: np.random.Generator, n: int, rate: float, rails: tuple[float, float]) -> FloatArray:
    """Drive the input beyond a rail, then let it recover exponentially."""
    t = np.arange(n) / rate
    rail = 3.0 * rails[int(rng.integers(0, 2))]
    # The stay beyond the rail ends where the recovery still fits into the artefact's time.
    decay = min(float(rng.uniform(*RECOVERY_S)), 0.4 * n / rate / np.log(abs(rail) / SMALLEST_UV))
    hold = n / rate - decay * np.log(abs(rail) / SMALLEST_UV)
    course: FloatArray = rail * np.minimum(1.0, np.exp(-np.maximum(t - hold, 0.0) / decay))
    return course


def lead_off(
    rng: np.random.Generator, n: int, rate: float, rails: tuple[float, float], mains_hz: float
) -> FloatArray:
    """Open the input: it hangs at a rail, or swings with the mains and whatever moves nearby."""
    t = np.arange(n) / rate
    if rng.uniform() < 0.5:  # noqa: PLR2004 - either way
        return np.full(n, 2.0 * rails[int(rng.integers(0, 2))])
    reach = min(float(rails[1] - rails[0]) / 2, 20000.0)
    hum = float(rng.uniform(0.05, 0.7)) * reach * np.sin(2 * np.pi * mains_hz * t)
    slow = float(rng.uniform(0.1, 1.5)) * reach * np.sin(2 * np.pi * float(rng.uniform(0.1, 1.0)) * t)
    return hum + slow + 0.05 * reach * rng.standard_normal(n)


SIMPLE: dict[str, Callable[[np.random.Generator, int, float], FloatArray]] = {"motion": motion, "pop": pop}

"""One event's muscle activity: motor units of a pool, summed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from emgdetect.sources.simulate import force
from emgdetect.sources.simulate.firing import FASTEST_PPS, add_discharges, firing_rate, renewal
from emgdetect.sources.simulate.unit import Unit, draw_pool, draw_unit
from emgdetect.types import FloatArray

LEAD_S = 0.006
"""Silence before the first discharge, so that a window of 10 ms can run into the event."""
TAIL_S = 0.06
"""Room for that silence, and behind the last discharge for its action potential."""

Shape = Callable[[np.random.Generator, float], tuple[FloatArray, FloatArray]]

FORCES: dict[str, Shape] = {
    "burst": force.burst,
    "ramped": force.ramped,
    "cramp": force.cramp,
    "lobes": force.lobes,
}


def render(style: str, duration: float, rate: float, rng: np.random.Generator) -> FloatArray:
    """Make the activity of one event, in arbitrary units.

    Parameters
    ----------
    style : str
        "discharge", "volley", "beats" or one of :data:`FORCES`.
    duration : float
        Seconds during which units may fire; the measured duration comes out a little different.
    rate : float
        Samples per second of the result, 4000 or more.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n,)
    """
    whole = np.zeros(round((duration + TAIL_S) * rate))
    signal = whole[round(LEAD_S * rate) :]
    if style == "discharge":
        _discharge(signal, duration, rate, rng)
    elif style == "volley":
        _volleys(signal, np.array([0.0]), duration, rate, rng)
    elif style == "beats":
        _beats(signal, duration, rate, rng)
    else:
        _contraction(signal, FORCES[style](rng, duration), rate, rng)
    return whole


def _discharge(signal: FloatArray, duration: float, rate: float, rng: np.random.Generator) -> None:
    """One unit fires once, or twice within 4-12 ms when there is time for it."""
    unit = draw_unit(rng, slowness=float(rng.uniform(0.85, 1.3)))
    times = np.array([0.0])
    if rng.uniform() < 0.25:  # noqa: PLR2004 - share of doublets
        times = np.array([0.0, rng.uniform(0.004, min(0.012, max(0.005, 0.6 * duration)))])
    add_discharges(signal, times, unit.template(rate), rate, 1 + 0.1 * rng.standard_normal(times.size))


def _volleys(
    signal: FloatArray, starts: FloatArray, duration: float, rate: float, rng: np.random.Generator
) -> None:
    """Many units fire once or twice each, all within ``duration`` of every start."""
    pool = draw_pool(rng, int(rng.integers(10, 30)))
    strength = 0.45 + 0.55 * np.abs(np.sin(np.linspace(0.4, 2.9, starts.size) + rng.normal(0, 0.1)))
    strength *= np.exp(rng.normal(0, 0.2, starts.size))
    for unit in pool:
        lag = rng.beta(1.6, 2.4, starts.size) * duration
        again = np.minimum(lag + rng.uniform(0.008, 0.04, starts.size), duration)
        second = rng.uniform(0, 1, starts.size) < min(0.8, duration / 0.1)
        times = np.concatenate([starts + lag, (starts + again)[second]])
        weights = np.concatenate([strength, strength[second]])
        add_discharges(signal, times, unit.template(rate), rate, weights)


def _beats(signal: FloatArray, duration: float, rate: float, rng: np.random.Generator) -> None:
    """Clonus: volleys at 4-8 Hz, slowing a little, each lasting about a third of its period."""
    frequency = float(rng.uniform(4.3, 7.7))
    count = max(4, int(duration * frequency))
    drift = np.linspace(1.06, 0.94, count) * np.exp(rng.normal(0, 0.03, count))
    starts = np.cumsum(1.0 / (frequency * drift))
    length = float(rng.uniform(0.15, 0.4)) / frequency
    starts = starts - starts[0]
    _volleys(signal, starts[starts + length <= duration], length, rate, rng)


def _contraction(
    signal: FloatArray, curve: tuple[FloatArray, FloatArray], rate: float, rng: np.random.Generator
) -> None:
    times, effort = curve
    effort = np.clip(effort / effort.max(), 0.0, 1.0) * rng.uniform(0.35, 1.0)
    for unit in draw_pool(rng, int(rng.integers(18, 45))):
        peak = float(rng.uniform(14.0, FASTEST_PPS))
        fired = renewal(rng, times, firing_rate(effort, unit.threshold, peak), float(rng.uniform(0.12, 0.3)))
        _fire(signal, fired, unit, rate, rng)


def _fire(signal: FloatArray, times: FloatArray, unit: Unit, rate: float, rng: np.random.Generator) -> None:
    weights = 1.0 + 0.05 * rng.standard_normal(times.size)
    add_discharges(signal, times, unit.template(rate), rate, weights)

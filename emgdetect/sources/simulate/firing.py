"""When motor units fire: gamma renewal processes whose rate follows the force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

SLOWEST_PPS, FASTEST_PPS = 6.0, 30.0


def firing_rate(force: FloatArray, threshold: float, peak: float) -> FloatArray:
    """Give the rate in pulses per second: 0 below the threshold, then 6 rising to ``peak`` at full force."""
    drive = np.clip((force - threshold) / max(1e-9, 1.0 - threshold), 0.0, 1.0)
    return np.where(force > threshold, SLOWEST_PPS + (peak - SLOWEST_PPS) * drive, 0.0)


def renewal(rng: np.random.Generator, times: FloatArray, rate: FloatArray, cv: float) -> FloatArray:
    """Draw discharge times of a gamma renewal process with a varying rate (time rescaling).

    Parameters
    ----------
    rng : numpy.random.Generator
    times : ndarray, shape (n,)
        Even grid in seconds.
    rate : ndarray, shape (n,)
        Pulses per second on the grid.
    cv : float
        Coefficient of variation of the intervals at constant rate, above 0.

    Returns
    -------
    ndarray, shape (n_discharges,)
        Increasing times in seconds; empty when the rate is 0 throughout.
    """
    expected = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(times))])
    total = float(expected[-1])
    if total <= 0:
        return np.empty(0)
    shape = 1.0 / (cv * cv)
    room = int(total + 6 * np.sqrt(total) + 8)
    steps = rng.gamma(shape, 1.0 / shape, room)
    steps[0] *= rng.uniform()
    phase = np.cumsum(steps)
    return np.interp(phase[phase < total], expected, times)


def add_discharges(
    target: FloatArray, times: FloatArray, template: FloatArray, rate: float, weights: FloatArray
) -> None:
    """Add one weighted template per discharge to ``target``; a template begins at its discharge.

    What would fall behind the end of ``target`` is left out.
    """
    starts = np.rint(times * rate).astype(np.int64)
    places = starts[:, None] + np.arange(template.size)
    values = weights[:, None] * template
    inside = places < target.size
    np.add.at(target, places[inside], values[inside])

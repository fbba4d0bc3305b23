"""Motor-unit action potentials as a bipolar electrode sees them through skin and fat.

The shapes are the first to third derivatives of a Gaussian (bi-, tri- and tetraphasic), a common model of
surface potentials; depth widens and weakens them, and adds a slower component of lower amplitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

REACH = 4.2
"""Half length of a template in standard deviations of its Gaussian."""
WIDENING = (1.0, 1.25, 1.45)
WIDEST_S = 0.0032
"""Standard deviation of the Gaussian beyond which a potential would last longer than 25 ms."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One motor unit: recruitment threshold (share of full force), peak amplitude, shape."""

    threshold: float
    amplitude: float
    width: float
    order: int
    slow_share: float

    def template(self, rate: float) -> FloatArray:
        """Sample the action potential, peak 1 times ``amplitude``, odd length."""
        reach = REACH * self.width * 1.6
        half = int(np.ceil(reach * rate))
        t = np.arange(-half, half + 1) / rate
        shape = _derivative(t / self.width, self.order)
        shape += self.slow_share * _derivative((t - 0.5 * self.width) / (1.6 * self.width), self.order)
        shape *= self.amplitude / np.abs(shape).max()
        return shape


def _derivative(z: FloatArray, order: int) -> FloatArray:
    bell = np.exp(-0.5 * z * z)
    if order == 1:
        polynomial = -z
    elif order == 2:  # noqa: PLR2004 - the order itself
        polynomial = z * z - 1
    else:
        polynomial = 3 * z - z**3
    shape: FloatArray = polynomial * bell
    shape /= np.abs(shape).max()
    return shape


def draw_unit(
    rng: np.random.Generator, *, threshold: float = 0.0, size: float = 1.0, slowness: float = 1.0
) -> Unit:
    """Draw a motor unit at a random depth.

    Parameters
    ----------
    rng : numpy.random.Generator
    threshold : float
        Share of full force at which it is recruited.
    size : float
        Amplitude it would have at the skin.
    slowness : float
        Stretches the potential in time: a muscle with slow fibres under thick tissue has more.
    """
    depth = float(rng.uniform(0.0, 1.0))
    order = int(rng.choice([1, 2, 3], p=[0.45, 0.4, 0.15]))
    # Higher derivatives oscillate faster: wider bells keep all orders in the same band.
    width = 1e-3 * (0.8 + 1.25 * depth) * WIDENING[order - 1] * slowness * float(rng.uniform(0.85, 1.15))
    amplitude = size * (1.0 - 0.75 * depth) * float(rng.choice([-1.0, 1.0]))
    return Unit(threshold, amplitude, min(width, WIDEST_S), order, slow_share=float(rng.uniform(0.0, 0.3)))


def draw_pool(rng: np.random.Generator, n_units: int) -> list[Unit]:
    """Draw a pool by the size principle: many small units recruited early, few large ones late."""
    rank = (np.arange(n_units) + rng.uniform(0, 1, n_units)) / n_units
    thresholds = 0.65 * (np.exp(3.0 * rank) - 1) / (np.exp(3.0) - 1)
    sizes = np.exp(1.6 * rank)
    slowness = float(rng.uniform(1.1, 1.75))
    return [
        draw_unit(rng, threshold=float(t), size=float(s), slowness=slowness)
        for t, s in zip(thresholds, sizes, strict=True)
    ]

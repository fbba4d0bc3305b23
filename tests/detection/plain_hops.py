"""Hops as the conditioner gives them, of which nothing but the samples matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.chain import Conditioned, frame_sums

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import RealArray


def plain_hops(samples: RealArray, grid: Grid) -> Conditioned:
    """Return samples at the working rate with the energies they have; a clean signal in every other way."""
    samples = np.asarray(samples, np.float32)
    energy = frame_sums(samples * samples, grid.frame) / grid.frame
    count = len(energy) // grid.hop
    return Conditioned(
        samples,
        energy,
        low=np.zeros(len(energy)),
        usable=np.ones(len(energy), bool),
        power=frame_sums(energy, grid.hop) / grid.hop,
        flat=np.zeros(count, bool),
        clipped=np.zeros(count),
        present=np.ones(count),
        swing=np.zeros(count),
        hum=np.zeros(count),
    )

"""Gaussian noise of any spectrum, made block by block without a filter's memory.

Segments of two blocks, each with its own random numbers, overlap by one block under sine windows: the
power is constant, and any block can be made without those before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.cache import Cache
from emgdetect.sources.simulate.seeds import Part, generator

if TYPE_CHECKING:
    from emgdetect.sources.simulate.grid import Grid
    from emgdetect.types import FloatArray

BAND_LOW_HZ, BAND_HIGH_HZ, BAND_SHARE = 20.0, 450.0, 0.45


def band(rate: float) -> tuple[float, float]:
    """Give the band in Hz in which background levels are defined."""
    return BAND_LOW_HZ, min(BAND_HIGH_HZ, BAND_SHARE * rate)


class ColouredNoise:
    """Noise with 1 µV RMS between 20 Hz and the upper end of the band.

    Parameters
    ----------
    seed, part, channel
        Where the random numbers come from.
    grid : Grid
    amplitude : ndarray, shape (grid.size + 1,)
        Relative amplitude at the frequencies 0 to ``grid.rate / 2``.
    """

    def __init__(self, key: tuple[int, Part, int], grid: Grid, amplitude: FloatArray) -> None:
        self._seed, self._part, self._channel = key
        self._size = grid.size
        frequencies = segment_frequencies(grid)
        low, high = band(grid.rate)
        inside = (frequencies >= low) & (frequencies <= high)
        self._amplitude = amplitude * (self._size / np.sqrt(np.sum(np.square(amplitude[inside]))))
        self._window = np.sin(np.pi * (np.arange(2 * self._size) + 0.5) / (2 * self._size))
        self._segment = Cache(self._make, 2)

    def block(self, index: int) -> FloatArray:
        """Return block ``index``, shape ``(grid.size,)``."""
        mixed: FloatArray = self._segment(index)[self._size :] + self._segment(index + 1)[: self._size]
        return mixed

    def _make(self, number: int) -> FloatArray:
        # Counted from block -1: sensors with a memory look one block back.
        rng = generator(self._seed, self._part, self._channel, number + 1)
        bins = rng.standard_normal((self._amplitude.size, 2)).view(np.complex128)[:, 0]
        segment: FloatArray = np.fft.irfft(bins * self._amplitude, 2 * self._size)
        return segment * self._window


def segment_frequencies(grid: Grid) -> FloatArray:
    """Give the frequencies in Hz of a segment's bins, shape ``(grid.size + 1,)``."""
    return np.arange(grid.size + 1, dtype=np.float64) * (grid.rate / (2 * grid.size))


def electrode_spectrum(grid: Grid, corner: float) -> FloatArray:
    """White noise plus an electrode part that grows below ``corner`` Hz; nothing at 0 Hz."""
    frequencies = segment_frequencies(grid)
    amplitude = np.zeros_like(frequencies)
    amplitude[1:] = np.sqrt(1.0 + (corner / frequencies[1:]) ** 1.6)
    return amplitude


def muscle_spectrum(grid: Grid) -> FloatArray:
    """Interference of many distant motor units, after Shwedyk et al. (1977), corners at 60 and 120 Hz."""
    frequencies = segment_frequencies(grid)
    squares = np.square(frequencies)
    amplitude: FloatArray = frequencies / np.sqrt(squares + 60.0**2) / (squares + 120.0**2)
    return amplitude

"""Mains hum: steady lines at 50 or 60 Hz and their harmonics, predicted from the past and subtracted.

A notch filter rings after every strong burst and so lengthens it. Here each line's complex amplitude is
measured once a second, the median of the last seconds (turned forward by the line's own slow phase drift)
predicts the next second, and only a line that is steady is subtracted. A burst cannot enter the median, so
nothing rings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray

ComplexArray = NDArray[np.complex128]

LINES_HZ = (50.0, 100.0, 150.0, 60.0, 120.0, 180.0)
_HIGHEST = 0.45
_CELL_HOPS = 10
_MEMORY = 6
_STEADY = 0.35
"""A line is steady when its measurements scatter by less than this part of their median."""


class MainsCanceller:
    """Subtract steady mains lines from a filtered stream.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate; one cell is ten hops (about a second).
    """

    def __init__(self, grid: Grid) -> None:
        rate = grid.working_rate
        self._hop = grid.frame * grid.hop
        self._omega = np.array([2 * np.pi * f / rate for f in LINES_HZ if f < _HIGHEST * rate])
        self._basis = np.exp(-1j * np.outer(np.arange(self._hop), self._omega))
        self._flat_basis = np.hstack([self._basis.real, self._basis.imag])
        self._past: ComplexArray = np.full((_MEMORY, len(self._omega)), np.nan + 0j)
        self._pending: ComplexArray = np.empty((0, len(self._omega)), complex)
        self._hops_done = 0

    def process(self, samples: FloatArray, whole: NDArray[np.bool_]) -> FloatArray:
        """Return whole hops with the predicted lines taken out.

        Parameters
        ----------
        samples : ndarray, shape (n_hops * hop,)
            Filtered samples at the working rate.
        whole : ndarray of bool, shape (n_hops,)
            Which hops have every sample; the others teach nothing.
        """
        if not len(self._omega) or not len(samples):
            return samples
        hops = samples.reshape(-1, self._hop)
        measured = np.concatenate([self._pending, self._measure(hops, whole)])
        cells = len(measured) // _CELL_HOPS
        seen = measured[: cells * _CELL_HOPS].reshape(cells, _CELL_HOPS, len(self._omega))
        known = np.concatenate([self._past, _middle(seen, axis=1)])
        result = self._subtract(hops, known)
        self._past = known[-_MEMORY:]
        self._pending = measured[cells * _CELL_HOPS :]
        self._hops_done += len(hops)
        return result.ravel()

    def _measure(self, hops: FloatArray, whole: NDArray[np.bool_]) -> ComplexArray:
        # One product of fixed shape per hop: the result cannot depend on how many hops came at once.
        products = np.matmul(hops[:, None, :], self._flat_basis)[:, 0, :]
        lines = len(self._omega)
        numbers = np.arange(self._hops_done, self._hops_done + len(hops))
        turn = np.exp(-1j * np.outer(numbers * self._hop, self._omega))
        measured = (products[:, :lines] + 1j * products[:, lines:]) * turn * (2 / self._hop)
        measured[~whole] = np.nan
        return np.asarray(measured)

    def _subtract(self, hops: FloatArray, known: ComplexArray) -> FloatArray:
        """Take the lines out of ``hops``; ``known`` starts ``_MEMORY`` cells before their first cell."""
        numbers = np.arange(self._hops_done, self._hops_done + len(hops))
        cell = numbers // _CELL_HOPS - self._hops_done // _CELL_HOPS
        windows = np.lib.stride_tricks.sliding_window_view(known, _MEMORY, axis=0)
        predicted, drift = _predict(windows[: cell[-1] + 1])
        within = (numbers % _CELL_HOPS - (_CELL_HOPS - 1) / 2) / _CELL_HOPS
        now = predicted[cell] * np.exp(1j * drift[cell] * within[:, None])
        turn = np.exp(1j * np.outer(numbers * self._hop, self._omega))
        result = hops
        for line in np.flatnonzero(np.any(now != 0, axis=0)):
            weight = (now[:, line] * turn[:, line])[:, None]
            carrier = self._basis[:, line].conj()
            result = result - (weight.real * carrier.real - weight.imag * carrier.imag)
        return result


def _predict(windows: ComplexArray) -> tuple[ComplexArray, FloatArray]:
    """Predict the next cell of every line from the last ones; 0 where the line is not steady.

    ``windows`` has shape (cells, lines, _MEMORY), oldest first. Returns the amplitudes and the phase drift
    per cell, both of shape (cells, lines).
    """
    steps = windows[..., 1:] * windows[..., :-1].conj()
    drift = np.angle(_middle(steps, axis=-1))
    ages = np.arange(_MEMORY, 0, -1)
    turned = windows * np.exp(1j * drift[..., None] * ages)
    middle = _middle(turned, axis=-1)
    scatter = np.median(np.abs(turned - middle[..., None]), axis=-1)
    # A NaN anywhere (a gap, or too early) compares false: the line is left alone.
    steady = scatter < _STEADY * np.abs(middle)
    return np.where(steady, middle, 0), np.where(steady, drift, 0.0)


def _middle(values: ComplexArray, axis: int) -> ComplexArray:
    """Median of real and imaginary parts."""
    return np.median(values.real, axis=axis) + 1j * np.median(values.imag, axis=axis)

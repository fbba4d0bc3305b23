"""Mains hum: steady lines at 50 or 60 Hz and their harmonics, predicted from the past and subtracted.

A notch filter rings after every strong burst and so lengthens it. Here each line's complex amplitude is
measured twice a second, the median of the last five (turned forward by the line's own slow phase drift)
predicts the next half second, and only a line that is steady is subtracted. A short burst cannot enter the
median; one of more than a second can, and the line may then be louder for up to three seconds after it.
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
_CELL_HOPS = 5
_MEMORY = 5
_STEADY = 3.0
"""A line is left alone when this many times its measurements' scatter exceeds its power."""
_LONGEST_BRIDGE = 20
"""So many cells without a measurement, and a line is no longer known."""
_NEAR_HOPS = 64
_ENOUGH_CELLS = 3
_ENOUGH_HOPS = 3
"""A cell with fewer whole hops is not measured."""


class MainsCanceller:
    """Subtract steady mains lines from a filtered stream.

    Parameters
    ----------
    grid : Grid
        Sizes that belong to the stream's rate; one cell is five hops (about half a second).

    Attributes
    ----------
    hum : ndarray
        Power of the lines that were subtracted, for each hop of the last call.
    """

    def __init__(self, grid: Grid) -> None:
        rate = grid.working_rate
        self._hop = grid.frame * grid.hop
        self._omega = np.array([2 * np.pi * f / rate for f in LINES_HZ if f < _HIGHEST * rate])
        self._basis = np.exp(-1j * np.outer(np.arange(self._hop), self._omega))
        self._flat_basis = np.hstack([self._basis.real, self._basis.imag])
        self._carriers = np.ascontiguousarray(self._flat_basis.T)
        self._near = np.exp(1j * np.outer(np.arange(_NEAR_HOPS) * self._hop, self._omega))
        self._past: ComplexArray = np.full((_MEMORY, len(self._omega)), np.nan + 0j)
        self._pending: ComplexArray = np.empty((0, len(self._omega)), complex)
        self._bridged = 0
        self._hops_done = 0
        self.hum: FloatArray = np.empty(0)
        self._current: tuple[int, ComplexArray, FloatArray] | None = None

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
            self.hum = np.zeros(len(samples) // self._hop)
            return samples
        hops = samples.reshape(-1, self._hop)
        turn = self._turn(np.arange(self._hops_done, self._hops_done + len(hops)))
        measured = np.concatenate([self._pending, self._measure(hops, whole, turn)])
        cells = len(measured) // _CELL_HOPS
        seen = measured[: cells * _CELL_HOPS].reshape(cells, _CELL_HOPS, len(self._omega))
        known = self._bridge(np.concatenate([self._past, _cells(seen)]))
        result = self._subtract(hops, known, turn)
        self._past = known[-_MEMORY:]
        self._pending = measured[cells * _CELL_HOPS :]
        self._hops_done += len(hops)
        return result.ravel()

    def _turn(self, numbers: NDArray[np.int64]) -> ComplexArray:
        """Return how far each line has turned at the beginning of each hop, shape (hops, lines).

        A product of two tables, for the exponential is slow.
        """
        far, near = np.divmod(numbers, len(self._near))
        groups = np.arange(far[0], far[-1] + 1) * (len(self._near) * self._hop)
        coarse = np.exp(1j * np.outer(groups, self._omega))
        return np.asarray(coarse[far - far[0]] * self._near[near])

    def _bridge(self, known: ComplexArray) -> ComplexArray:
        """Keep the lines going through cells that were not measured; the first ``_MEMORY`` are the past.

        Not for long: a phase guessed for a minute is as wrong as any, and would add a line, not take one out.
        """
        unmeasured = np.isnan(known[_MEMORY:, 0])
        for index, missing in enumerate(unmeasured.tolist(), _MEMORY):
            if not missing:
                self._bridged = 0
            elif self._bridged < _LONGEST_BRIDGE and not np.isnan(known[index - 1, 0]):
                known[index] = _predict(known[None, index - _MEMORY : index].swapaxes(1, 2))[0][0]
                self._bridged += 1
        return known

    def _measure(self, hops: FloatArray, whole: NDArray[np.bool_], turn: ComplexArray) -> ComplexArray:
        # One product of fixed shape per hop: the result cannot depend on how many hops came at once.
        products = np.matmul(hops[:, None, :], self._flat_basis)[:, 0, :]
        lines = len(self._omega)
        measured = (products[:, :lines] + 1j * products[:, lines:]) * turn.conj() * (2 / self._hop)
        measured[~whole] = np.nan
        return np.asarray(measured)

    def _subtract(self, hops: FloatArray, known: ComplexArray, turn: ComplexArray) -> FloatArray:
        """Take the lines out of ``hops``; ``known`` starts ``_MEMORY`` cells before their first cell."""
        numbers = np.arange(self._hops_done, self._hops_done + len(hops))
        cell = numbers // _CELL_HOPS - self._hops_done // _CELL_HOPS
        predicted, drift = self._predictions(known, int(cell[-1]) + 1)
        within = (numbers % _CELL_HOPS - (_CELL_HOPS - 1) / 2) / _CELL_HOPS
        self.hum = 0.5 * (np.abs(predicted) ** 2).sum(axis=1)[cell]
        if not predicted.any():
            return hops
        lines = np.flatnonzero(predicted.any(axis=0))
        weights = np.zeros(turn.shape, complex)
        drifted = np.exp(1j * drift[:, lines][cell] * within[:, None])
        weights[:, lines] = predicted[:, lines][cell] * drifted * turn[:, lines]
        # As for the measurement: one product of fixed shape per hop.
        rows = np.hstack([weights.real, weights.imag])
        sines = np.matmul(rows[:, None, :], self._carriers)[:, 0, :]
        return np.asarray(np.subtract(hops, sines, out=sines))

    def _predictions(self, known: ComplexArray, count: int) -> tuple[ComplexArray, FloatArray]:
        """Predict ``count`` cells from the one in progress on; that one is predicted only once."""
        first = self._hops_done // _CELL_HOPS
        windows = np.lib.stride_tricks.sliding_window_view(known, _MEMORY, axis=0)[:count]
        if self._current is None or self._current[0] != first:
            predicted, drift = _predict(windows)
        else:
            predicted, drift = self._current[1], self._current[2]
            if count > 1:
                later, later_drift = _predict(windows[1:])
                predicted, drift = np.vstack([predicted, later]), np.vstack([drift, later_drift])
        self._current = (first + count - 1, predicted[-1:], drift[-1:])
        return predicted, drift


def _predict(windows: ComplexArray) -> tuple[ComplexArray, FloatArray]:
    """Predict the next cell of every line from the last ones; 0 where nothing is known or steady.

    ``windows`` has shape (cells, lines, _MEMORY), oldest first. Returns the amplitudes and the phase drift
    per cell, both of shape (cells, lines). The amplitude shrinks with the scatter of the measurements, much
    as a Wiener filter's would, so that a line that comes and goes does so without a step.
    """
    young = np.isnan(windows[:, 0, 0])
    windows = _extended_back(windows)
    steps = windows[..., 1:] * windows[..., :-1].conj()
    drift = np.angle(_middle(steps))
    ages = np.arange(_MEMORY, 0, -1)
    turned = windows * np.exp(1j * drift[..., None] * ages)
    middle = _middle(turned)
    deviation = np.abs(turned - middle[..., None]) ** 2
    # Repeated values scatter little: at the beginning the mean must stand in for the median.
    scatter = np.where(young[:, None], deviation.mean(axis=-1), _median(deviation))
    size = np.abs(middle) ** 2
    # NaN (nothing known yet) and 0 (no line at all) compare false.
    steady = _STEADY * scatter < size
    gain = np.zeros(size.shape)
    gain[steady] = 1 - _STEADY * scatter[steady] / size[steady]
    return np.asarray(np.where(steady, middle, 0) * gain, complex), np.where(steady, drift, 0.0)


def _cells(hops: ComplexArray) -> ComplexArray:
    """Median of each cell's whole hops, NaN where there are too few; shape (cells, hops, lines) in.

    The median, because a burst that fills a few hops must not pass for a line.
    """
    if not len(hops):
        return np.empty((0, hops.shape[2]), complex)
    cells = _middle(hops.swapaxes(1, 2))
    for index in np.flatnonzero(np.isnan(cells[:, 0])):
        whole = hops[index][~np.isnan(hops[index, :, 0])]
        if len(whole) >= _ENOUGH_HOPS:
            cells[index] = _middle(whole.T)
    return cells


def _extended_back(windows: ComplexArray) -> ComplexArray:
    """Let the first known cell of a window speak for the unknown ones before it, if enough are known."""
    young = np.flatnonzero(np.isnan(windows[:, 0, 0]) & ~np.isnan(windows[:, 0, -_ENOUGH_CELLS]))
    if not len(young):
        return windows
    windows = windows.copy()
    for index in young:
        first = int(np.flatnonzero(~np.isnan(windows[index, 0]))[0])
        windows[index, :, :first] = windows[index, :, first : first + 1]
    return windows


def _middle(values: ComplexArray) -> ComplexArray:
    """Median of real and imaginary parts along the last axis."""
    return _median(values.real) + 1j * _median(values.imag)


def _median(values: FloatArray) -> FloatArray:
    """Median along a short last axis; NaN where any entry is (numpy's own is slow on many short rows)."""
    count = values.shape[-1]
    if count == _MEMORY:
        return _median_of_five(*(values[..., place] for place in range(count)))
    if count == _MEMORY - 1:
        return _median_of_four(*(values[..., place] for place in range(count)))
    ordered = np.sort(values, axis=-1)
    middle = (ordered[..., (count - 1) // 2] + ordered[..., count // 2]) / 2
    return np.where(np.isnan(ordered[..., -1]), np.nan, middle)


def _median_of_four(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    lower = np.maximum(np.minimum(a, b), np.minimum(c, d))
    upper = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return np.asarray((lower + upper) / 2)


def _median_of_five(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, e: FloatArray) -> FloatArray:
    lower = np.maximum(np.minimum(a, b), np.minimum(c, d))
    upper = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return np.maximum(np.minimum(lower, upper), np.minimum(np.maximum(lower, upper), e))

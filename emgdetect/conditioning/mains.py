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
    from emgdetect.types import FloatArray, RealArray

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
        waves = np.exp(-1j * np.outer(np.arange(self._hop), self._omega))
        self._basis = np.hstack([waves.real, waves.imag]).astype(np.float32)
        self._carriers = np.ascontiguousarray(self._basis.T)
        self._near = np.exp(1j * np.outer(np.arange(_NEAR_HOPS) * self._hop, self._omega))
        self._past: ComplexArray = np.full((_MEMORY, len(self._omega)), np.nan + 0j)
        self._pending: ComplexArray = np.empty((0, len(self._omega)), complex)
        self._bridged = 0
        self._hops_done = 0
        self.hum: FloatArray = np.empty(0)
        self._current: tuple[int, ComplexArray, ComplexArray] | None = None

    def process(self, samples: RealArray, whole: NDArray[np.bool_]) -> RealArray:
        """Return whole hops with the predicted lines taken out, in single precision.

        Parameters
        ----------
        samples : ndarray, shape (n_hops * hop,)
            Filtered samples at the working rate.
        whole : ndarray of bool, shape (n_hops,)
            Which hops have every sample; the others teach nothing.
        """
        samples = samples.astype(np.float32, copy=False)
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
        return np.asarray(np.multiply(coarse[far - far[0]], self._near[near]))

    def _bridge(self, known: ComplexArray) -> ComplexArray:
        """Keep the lines going through cells that were not measured; the first ``_MEMORY`` are the past.

        Not for long: a phase guessed for a minute is as wrong as any, and would add a line, not take one out.
        """
        unmeasured = np.isnan(known[_MEMORY:, 0])
        for index, missing in enumerate(unmeasured.tolist(), _MEMORY):
            if not missing:
                self._bridged = 0
            elif self._bridged < _LONGEST_BRIDGE and not np.isnan(known[index - 1, 0]):
                known[index] = _predict(known[index - _MEMORY : index, None])[0][0]
                self._bridged += 1
        return known

    def _measure(self, hops: RealArray, whole: NDArray[np.bool_], turn: ComplexArray) -> ComplexArray:
        # One product of fixed shape per hop: the result cannot depend on how many hops came at once.
        products = np.matmul(hops[:, None, :], self._basis)[:, 0, :]
        lines = len(self._omega)
        measured = np.empty((len(hops), lines), complex)
        measured.real, measured.imag = products[:, :lines], products[:, lines:]
        # Never in place or with an operator: numpy rounds a complex product otherwise for a single number
        # that is its own result, and may swap the factors of large arrays.
        measured = np.multiply(np.multiply(measured, turn.conj()), 2 / self._hop)
        if not whole.all():
            measured[~whole] = np.nan
        return measured

    def _subtract(self, hops: RealArray, known: ComplexArray, turn: ComplexArray) -> RealArray:
        """Take the lines out of ``hops``; ``known`` starts ``_MEMORY`` cells before their first cell."""
        numbers = np.arange(self._hops_done, self._hops_done + len(hops))
        cell, within = np.divmod(numbers, _CELL_HOPS)
        cell -= self._hops_done // _CELL_HOPS
        predicted, twist = self._predictions(known, int(cell[-1]) + 1)
        self.hum = 0.5 * (predicted.real**2 + predicted.imag**2).sum(axis=1)[cell]
        if not predicted.any():
            return hops
        weights = np.multiply(_spread(predicted, twist)[cell, within], turn)
        # As for the measurement: one product of fixed shape per hop.
        rows = np.hstack([weights.real, weights.imag]).astype(np.float32)
        sines = np.matmul(rows[:, None, :], self._carriers)[:, 0, :]
        return np.asarray(np.subtract(hops, sines, out=sines))

    def _predictions(self, known: ComplexArray, count: int) -> tuple[ComplexArray, ComplexArray]:
        """Predict ``count`` cells from the one in progress on; that one is predicted only once."""
        first = self._hops_done // _CELL_HOPS
        done = 0 if self._current is None or self._current[0] != first else 1
        if self._current is not None and done == count:
            return self._current[1:]
        windows = np.lib.stride_tricks.sliding_window_view(known, _MEMORY, axis=0)[done:count]
        predicted, twist = _predict(np.moveaxis(windows, -1, 0))
        if self._current is not None and done:
            predicted = np.vstack([self._current[1], predicted])
            twist = np.vstack([self._current[2], twist])
        self._current = (first + count - 1, predicted[-1:], twist[-1:])
        return predicted, twist


def _spread(predicted: ComplexArray, twist: ComplexArray) -> ComplexArray:
    """Return each cell's lines at its hops, shape (cells, hops, lines): they drift from hop to hop."""
    spread = np.empty((len(predicted), _CELL_HOPS, predicted.shape[1]), complex)
    middle = _CELL_HOPS // 2
    spread[:, middle] = predicted
    back = twist.conj()
    for distance in range(1, middle + 1):
        spread[:, middle + distance] = spread[:, middle + distance - 1] * twist
        spread[:, middle - distance] = spread[:, middle - distance + 1] * back
    return spread


def _predict(windows: ComplexArray) -> tuple[ComplexArray, ComplexArray]:
    """Predict the next cell of every line from the last ones; 0 where nothing is known or steady.

    ``windows`` has shape (_MEMORY, cells, lines), oldest first. Returns the amplitudes and how far a line
    drifts from hop to hop, as a number of size 1, both of shape (cells, lines). The amplitude shrinks with
    the scatter of the measurements, much as a Wiener filter's would, so that a line that comes and goes does
    so without a step.
    """
    young = np.isnan(windows[0, :, 0])
    windows = _extended_back(windows)
    # Not with an operator: on large arrays it may swap the factors, and round otherwise than on small ones.
    drift = np.angle(_middle(np.multiply(windows[1:], windows[:-1].conj())))
    # A turn by the hop, and its powers by the cell: the exponential is slow.
    twist = np.exp(1j / _CELL_HOPS * drift)
    turn = _power_of_hops(twist)
    turned, ahead = np.empty_like(windows), turn
    for place in reversed(range(_MEMORY)):
        np.multiply(windows[place], ahead, out=turned[place])
        ahead = ahead * turn
    middle = _middle(turned)
    apart = turned - middle
    deviation = apart.real**2 + apart.imag**2
    # Repeated values scatter little: at the beginning the mean must stand in for the median.
    scatter = _median(deviation)
    if young.any():
        scatter[young] = deviation[:, young].mean(axis=0)
    size = middle.real**2 + middle.imag**2
    # NaN (nothing known yet) and 0 (no line at all) compare false.
    steady = _STEADY * scatter < size
    gain = np.zeros(size.shape)
    np.divide(_STEADY * scatter, size, out=gain, where=steady)
    np.subtract(1, gain, out=gain, where=steady)
    return np.asarray(np.where(steady, middle, 0) * gain, complex), np.where(steady, twist, 1)


def _power_of_hops(twist: ComplexArray) -> ComplexArray:
    """Return the drift from cell to cell."""
    turn = twist
    for _ in range(_CELL_HOPS - 1):
        turn = turn * twist
    return turn


def _cells(hops: ComplexArray) -> ComplexArray:
    """Median of each cell's whole hops, NaN where there are too few; shape (cells, hops, lines) in.

    The median, because a burst that fills a few hops must not pass for a line.
    """
    if not len(hops):
        return np.empty((0, hops.shape[2]), complex)
    cells = _middle(np.moveaxis(hops, 1, 0))
    for index in np.flatnonzero(np.isnan(cells[:, 0])):
        whole = hops[index][~np.isnan(hops[index, :, 0])]
        if len(whole) >= _ENOUGH_HOPS:
            cells[index] = _middle(whole)
    return cells


def _extended_back(windows: ComplexArray) -> ComplexArray:
    """Let the first known cell of a window speak for the unknown ones before it, if enough are known."""
    young = np.flatnonzero(np.isnan(windows[0, :, 0]) & ~np.isnan(windows[-_ENOUGH_CELLS, :, 0]))
    if not len(young):
        return windows
    windows = windows.copy()
    for index in young:
        first = int(np.flatnonzero(~np.isnan(windows[:, index, 0]))[0])
        windows[:first, index] = windows[first, index]
    return windows


def _middle(values: ComplexArray) -> ComplexArray:
    """Median of real and imaginary parts along the first axis."""
    middle = np.empty(values.shape[1:], complex)
    middle.real, middle.imag = _median(values.real), _median(values.imag)
    return middle


def _median(values: FloatArray) -> FloatArray:
    """Median along a short first axis; NaN where any entry is (numpy's own is slow on many short rows)."""
    count = len(values)
    if count == _MEMORY:
        return _median_of_five(*values)
    if count == _MEMORY - 1:
        return _median_of_four(*values)
    ordered = np.sort(values, axis=0)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    return np.where(np.isnan(ordered[-1]), np.nan, middle)


def _median_of_four(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray) -> FloatArray:
    lower = np.maximum(np.minimum(a, b), np.minimum(c, d))
    upper = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return np.asarray((lower + upper) / 2)


def _median_of_five(a: FloatArray, b: FloatArray, c: FloatArray, d: FloatArray, e: FloatArray) -> FloatArray:
    lower = np.maximum(np.minimum(a, b), np.minimum(c, d))
    upper = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return np.maximum(np.minimum(lower, upper), np.minimum(np.maximum(lower, upper), e))

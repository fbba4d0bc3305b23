"""Band-pass to what the rate allows: steep high-pass, low-pass where there is room for one, decimation.

Butterworth sections run by ``scipy.signal.sosfilt`` with carried state, so that any chunking gives the
same output bit for bit. The state starts from the first sample of a run, which keeps an ADC's offset from
becoming a burst.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import signal

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.types import FloatArray

_LOW_LIMIT = 0.2
"""The high-pass corner never exceeds this part of the rate."""
_HIGH_LIMIT = 0.4
"""A low-pass above this part of the rate is left out: the sensor's own band ends there."""
_RESPONSE_S = 1.0
"""An impulse has come through long before."""


class BandPass:
    """High-pass, optional low-pass, and decimation to the grid's working rate.

    Parameters
    ----------
    low, high : float
        Corner frequencies in Hz.
    grid : Grid
        Sizes that belong to the stream's rate.
    """

    def __init__(self, low: float, high: float, grid: Grid) -> None:
        self._sos = design(low, high, grid)
        self._rest = signal.sosfilt_zi(self._sos)
        self._state: FloatArray | None = None
        self._decimation = grid.decimation
        self.delay = delay_samples(self._sos, grid.sampling_rate)

    def restart(self) -> None:
        """Forget the past: the next sample begins a new run."""
        self._state = None

    def process(self, values: FloatArray) -> FloatArray:
        """Filter a run of consecutive samples; shape kept, not yet decimated."""
        if self._state is None:
            self._state = self._rest * values[0]
        filtered, self._state = signal.sosfilt(self._sos, values, zi=self._state)
        return np.asarray(filtered)

    def decimate(self, filtered: FloatArray) -> FloatArray:
        """Keep every n-th sample; the input must start on the grid."""
        return filtered if self._decimation == 1 else np.ascontiguousarray(filtered[:: self._decimation])


def design(low: float, high: float, grid: Grid) -> FloatArray:
    """Return second-order sections for a stream of ``grid.sampling_rate``."""
    rate = grid.sampling_rate
    sections = [signal.butter(4, min(low, _LOW_LIMIT * rate), "highpass", fs=rate, output="sos")]
    high = min(high, _HIGH_LIMIT * grid.working_rate)
    if grid.decimation > 1 or high < _HIGH_LIMIT * rate:
        order = 4 if grid.decimation > 1 else 2
        sections.append(signal.butter(order, high, "lowpass", fs=rate, output="sos"))
    return np.vstack(sections)


def delay_samples(sos: FloatArray, sampling_rate: float) -> float:
    """Return after how many samples the energy of an impulse comes out, on average.

    The group delay would not do: near its corner a steep high-pass delays phases by tens of milliseconds, but
    an event's energy comes through at once.
    """
    impulse = np.zeros(max(2, round(_RESPONSE_S * sampling_rate)))
    impulse[0] = 1.0
    energy = signal.sosfilt(sos, impulse) ** 2
    return float(np.average(np.arange(len(energy)), weights=energy))

"""The textbook detector, written for this bench: band-pass, TKEO, RMS, median and MAD, hysteresis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from accuracy.spans import finish, hysteresis, runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from accuracy.piece import Piece, Settings, Span

LOW_HZ, HIGH_HZ, TOP = 20.0, 450.0, 0.45
RELEASE = 0.5
"""The lower threshold stands at this part of the upper one's height above the median."""

MAD_TO_SD = 1.4826


def prepare() -> None:
    """Load what is needed."""
    import scipy.ndimage
    import scipy.signal  # noqa: F401 - the same


def band_passed(piece: Piece) -> NDArray[np.float64]:
    """Return the signal between 20 and 450 Hz without delay; an envelope is left as it is."""
    values = piece.values()
    if piece.unit == "envelope":
        return values
    from scipy import signal

    edges = [LOW_HZ, min(HIGH_HZ, TOP * piece.rate)]
    sections = signal.butter(2, edges, "bandpass", fs=piece.rate, output="sos")
    filtered: NDArray[np.float64] = signal.sosfiltfilt(sections, values)
    return filtered


def tkeo(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Teager-Kaiser energy, 0 at both ends."""
    energy = np.zeros_like(values)
    energy[1:-1] = values[1:-1] ** 2 - values[:-2] * values[2:]
    return energy


def moving_rms(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return the RMS in a centred window of ``width`` samples."""
    from scipy.ndimage import uniform_filter1d

    power: NDArray[np.float64] = uniform_filter1d(values**2, max(1, width), mode="nearest")
    return np.sqrt(np.maximum(power, 0.0))


def find(piece: Piece, settings: Settings) -> list[Span]:
    """Find activity above ``k`` robust standard deviations of the whole piece (or of the rest told)."""
    band = band_passed(piece)
    level = (
        band if piece.unit == "envelope" else moving_rms(tkeo(band), round(settings["window"] * piece.rate))
    )
    base = level[slice(*piece.rest)] if piece.rest else level
    median = float(np.median(base))
    height = settings["k"] * MAD_TO_SD * float(np.median(np.abs(base - median)))
    return finish(runs(hysteresis(level, median + height, median + RELEASE * height), piece.rate), settings)

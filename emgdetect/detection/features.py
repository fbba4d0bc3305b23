"""What an event was like: amplitudes, signal-to-noise ratio, median frequency, rhythm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray

_SPECTRUM_S = 4.0
_LEAST_SPECTRUM_SAMPLES = 16
_LEAST_BEATS = 4
_MOST = 0.8
_RHYTHM_STRENGTH = 0.3
"""Height of the autocorrelation's peak from which an event counts as rhythmic."""


@dataclass(frozen=True, slots=True)
class Features:
    """Amplitudes in the unit of the channel, ratio in dB, frequencies in Hz, spread in s; NaN if unknown."""

    peak: float
    rms: float
    snr_db: float
    median_frequency: float
    rhythm: float
    spread: float


def describe(
    samples: FloatArray, rate: float, floor: float, *, waveform: bool, rhythm: tuple[float, float]
) -> Features:
    """Measure one event.

    Parameters
    ----------
    samples : ndarray
        Conditioned samples of the event alone.
    rate : float
        Working rate in Hz.
    floor : float
        Power of the noise, in the square of the unit.
    waveform : bool
        False for an envelope, which has no median frequency.
    rhythm : tuple of float
        Slowest and fastest beat in Hz.
    """
    power = float(np.mean(samples * samples))
    return Features(
        peak=float(np.abs(samples).max()),
        rms=power**0.5,
        snr_db=10 * float(np.log10(power / floor)),
        median_frequency=median_frequency(samples, rate) if waveform else float("nan"),
        rhythm=beat_rate(samples, rate, *rhythm),
        spread=energy_spread(samples, rate),
    )


def energy_spread(samples: FloatArray, rate: float) -> float:
    """Return the shortest time in seconds that holds four fifths of an event's energy; NaN if it has none."""
    sums = np.concatenate([[0.0], np.cumsum(samples * samples)])
    if sums[-1] <= 0:
        return float("nan")
    reached = np.searchsorted(sums, sums[:-1] + _MOST * sums[-1])
    whole = reached < len(sums)
    return float(np.min((reached - np.arange(len(reached)))[whole])) / rate


def median_frequency(samples: FloatArray, rate: float) -> float:
    """Frequency in Hz below which half the power lies; NaN for fewer than 16 samples.

    Of a long event the middle four seconds speak for the whole.
    """
    if len(samples) < _LEAST_SPECTRUM_SAMPLES:
        return float("nan")
    surplus = max(0, len(samples) - round(_SPECTRUM_S * rate))
    part = samples[surplus // 2 : len(samples) - (surplus - surplus // 2)]
    power = np.abs(np.fft.rfft(part * np.hanning(len(part)))) ** 2
    total = np.cumsum(power)
    if total[-1] <= 0:
        return float("nan")
    return float(np.searchsorted(total, total[-1] / 2) * rate / len(part))


def beat_rate(samples: FloatArray, rate: float, slowest: float, fastest: float) -> float:
    """Rate in Hz of regular beats in an event's envelope; NaN where there are fewer than four.

    The envelope's autocorrelation must stand out at the beat's period: a burst of steady activity has none.
    """
    step = max(1, round(rate * 0.01))
    count = len(samples) // step
    envelope_rate = rate / step
    longest, shortest = int(envelope_rate / slowest), max(1, int(envelope_rate / fastest))
    if count < _LEAST_BEATS * shortest or count <= longest + 1:
        return float("nan")
    envelope = np.sqrt(np.mean(samples[: count * step].reshape(count, step) ** 2, axis=1))
    envelope = envelope - envelope.mean()
    size = 1 << (2 * count - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(envelope, size)) ** 2
    correlation = np.fft.irfft(spectrum, size)[: longest + 2]
    if correlation[0] <= 0:
        return float("nan")
    correlation = correlation / correlation[0]
    lags = np.arange(shortest, longest + 1)
    inner = correlation[lags]
    crest = (inner >= correlation[lags - 1]) & (inner >= correlation[lags + 1]) & (inner > _RHYTHM_STRENGTH)
    if not crest.any():
        return float("nan")
    lag = int(lags[crest][np.argmax(inner[crest])])
    return envelope_rate / lag if count >= _LEAST_BEATS * lag else float("nan")

"""What each second of a channel holds: noise, hum, rails, stillness. Pure functions over arrays.

Powers come from the spectrum of each second under a Hann window, which keeps electrode drift and a strong
line from spilling into the rest (F. J. Harris, "On the use of windows for harmonic analysis with the
discrete Fourier transform", Proc. IEEE 66, 1978).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.conditioning.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from emgdetect.types import Channel, FloatArray

MAINS_HZ = (50.0, 60.0)
HARMONICS = 3
LOW_HZ, HIGH_HZ = 30.0, 400.0
"""The band of the shipped profiles, so that a floor measured here is the one that detection measures."""

_HIGH_PART = 0.4
_NYQUIST_PART = 0.45
_LINE_HZ = 2.5
_BESIDE_HZ = 6.5
_LEAST_PRESENT = 0.8
_FEWEST = 8


@dataclass(frozen=True, slots=True)
class Seconds:
    """One entry a second of one channel, in its unit; NaN where too little of a second is there to tell.

    Parameters
    ----------
    present : ndarray
        Part of the samples that are there, 0 to 1.
    mean : ndarray
        Mean value.
    scatter : ndarray
        Variance about the second's own trend.
    noise : ndarray
        Power in the band without mains lines.
    hum : ndarray, shape (2, n_seconds)
        Power of the lines of 50 and of 60 Hz with their harmonics, above what stands beside them: around
        zero, and as often below, where there is none. NaN where the rate is too low for them.
    clipped : ndarray
        Part of the samples that stand at a rail, 0 to 1.
    flat : ndarray of bool
        All samples are the same.
    """

    present: FloatArray
    mean: FloatArray
    scatter: FloatArray
    noise: FloatArray
    hum: FloatArray
    clipped: FloatArray
    flat: NDArray[np.bool_]


def band_of(sampling_rate: float) -> tuple[float, float]:
    """Return the band that noise is measured in, in Hz: what detection's band-pass lets pass."""
    grid = Grid.of(sampling_rate)
    high = min(HIGH_HZ, _HIGH_PART * grid.working_rate)
    open_ended = grid.decimation == 1 and high >= _HIGH_PART * sampling_rate
    return min(LOW_HZ, sampling_rate / 5), sampling_rate / 2 if open_ended else high


def per_second(sampling_rate: float) -> int:
    """Return how many samples are looked at together: those of a second, eight at least."""
    return max(_FEWEST, round(sampling_rate))


def measure(values: FloatArray, sampling_rate: float, channel: Channel) -> Seconds:
    """Measure each whole second of a channel; the samples after the last one are left out.

    Parameters
    ----------
    values : ndarray, shape (n,)
        In the channel's unit, NaN where samples are missing.
    sampling_rate : float
        In Hz.
    channel : Channel
        Its rails.
    """
    count = per_second(sampling_rate)
    rows = values[: len(values) // count * count].reshape(-1, count)
    known = np.isfinite(rows)
    present = known.mean(axis=1)
    enough = present >= _LEAST_PRESENT
    filled = _bridged(rows, known)
    straight = _without_trend(filled)
    power = _spectrum(straight)
    frequencies = np.asarray(np.fft.rfftfreq(count, 1 / sampling_rate), np.float64)
    whole = (0.0, _NYQUIST_PART * sampling_rate)
    lines = np.array([_lines(power, frequencies, base, whole) for base in MAINS_HZ])
    low, high = band_of(sampling_rate)
    in_band = (frequencies >= low) & (frequencies <= high)
    # A line that cannot be measured takes nothing from the band.
    hum = np.nansum([_lines(power, frequencies, base, (low, high)) for base in MAINS_HZ], axis=0)
    share = np.where(enough, present, np.nan)
    return Seconds(
        present=present,
        mean=np.where(enough, filled.mean(axis=1), np.nan),
        scatter=(straight**2).mean(axis=1) / share,
        noise=np.maximum(power[:, in_band].sum(axis=1) - hum, 0.0) / share,
        hum=lines / share,
        clipped=_at_rails(rows, channel) / np.maximum(known.sum(axis=1), 1),
        flat=enough & (np.ptp(filled, axis=1) == 0),
    )


def joined(parts: Sequence[Seconds]) -> Seconds:
    """Put the seconds of several stretches one after the other."""
    return Seconds(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts], axis=-1)
            for field in fields(Seconds)
        }
    )


def _bridged(rows: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Draw straight lines over missing samples, for measuring alone."""
    if known.all():
        return rows
    filled = np.zeros_like(rows)
    places = np.arange(rows.shape[1])
    for index in np.flatnonzero(known.any(axis=1)):
        there = known[index]
        filled[index] = np.interp(places, places[there], rows[index, there])
    return filled


def _without_trend(rows: FloatArray) -> FloatArray:
    time = np.linspace(-1.0, 1.0, rows.shape[1])
    centred = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(centred - (centred @ time / (time @ time))[:, None] * time)


def _spectrum(rows: FloatArray) -> FloatArray:
    """Return power by frequency; the sum over all frequencies is the mean square."""
    count = rows.shape[1]
    window = np.hanning(count + 1)[:-1]
    power = np.abs(np.fft.rfft(rows * window, axis=1)) ** 2 / (count * (window @ window))
    power[:, 1 : (count + 1) // 2] *= 2
    return np.asarray(power)


def _lines(power: FloatArray, frequencies: FloatArray, base: float, reach: tuple[float, float]) -> FloatArray:
    """Return the power of a line and its harmonics above what stands on both sides of each.

    NaN if the line itself lies out of ``reach``; harmonics out of it are left out.
    """
    low, high = reach
    total = np.full(len(power), np.nan)
    for number in range(1, HARMONICS + 1):
        line = base * number
        if not low + _LINE_HZ <= line <= high - _LINE_HZ:
            continue
        distance = np.abs(frequencies - line)
        at, beside = distance <= _LINE_HZ, (distance > _LINE_HZ + 1) & (distance <= _BESIDE_HZ)
        excess = power[:, at].sum(axis=1) - at.sum() * power[:, beside].mean(axis=1)
        total = excess if number == 1 else total + excess
    return total


def _at_rails(rows: FloatArray, channel: Channel) -> FloatArray:
    """Count the samples of each row that stand at a rail or beyond."""
    ends = [
        None if raw is None else raw * channel.gain + channel.offset
        for raw in (channel.raw_low, channel.raw_high)
    ]
    least, greatest = ends if channel.gain > 0 else ends[::-1]
    # Half a step is room for rounding between counts and values.
    room = abs(channel.gain) / 2
    counts = np.zeros(len(rows))
    if least is not None:
        counts += np.count_nonzero(rows <= least + room, axis=1)
    if greatest is not None:
        counts += np.count_nonzero(rows >= greatest - room, axis=1)
    return counts

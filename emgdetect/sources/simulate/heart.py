"""The electrocardiogram in a muscle channel: P, QRS and T waves with heart-rate variability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.seeds import Part, generator

if TYPE_CHECKING:
    from emgdetect.sources.simulate.scenario import Background
    from emgdetect.types import FloatArray

WAVES = (  # delay to R in s, width in s, share of the R wave
    (-0.16, 0.020, 0.09),
    (-0.026, 0.007, -0.13),
    (0.0, 0.009, 1.0),
    (0.028, 0.009, -0.28),
    (0.24, 0.045, 0.22),
)
BEFORE_S, AFTER_S = 0.25, 0.45
STEP_S = 0.02
VARIABILITY = ((0.25, 0.03), (0.095, 0.025), (0.012, 0.04), (0.0021, 0.06))
"""Frequency in Hz and depth of the variations: breathing, blood pressure, slow, very slow."""


class Heart:
    """The heart's share of one channel, in µV."""

    def __init__(self, seed: int, background: Background, channel: int) -> None:
        # One heart: its beats come from the seed alone; each channel sees it with its own strength.
        rng = generator(seed, Part.HEART)
        self._rate = background.heart_rate / 60
        self._swings = [
            (f * float(rng.uniform(0.85, 1.15)), d, float(rng.uniform(0, 7))) for f, d in VARIABILITY
        ]
        own = generator(seed, Part.HEART, channel)
        self._amplitude = background.ecg_uv * float(own.uniform(0.7, 1.3)) * float(own.choice([-1.0, 1.0]))

    def beats(self, start: float, stop: float) -> FloatArray:
        """Return the times of the R waves between ``start`` and ``stop`` seconds."""
        # One grid for the whole recording: a beat has one time, whoever asks.
        times = STEP_S * np.arange(int(start / STEP_S) - 1, int(stop / STEP_S) + 2)
        phase = self._rate * times
        for frequency, depth, shift in self._swings:
            turn = 2 * np.pi * frequency
            phase += self._rate * depth / turn * np.sin(turn * times + shift)
        whole = np.floor(phase)
        at = np.flatnonzero(np.diff(whole) > 0)
        share = (whole[at + 1] - phase[at]) / (phase[at + 1] - phase[at])
        beats = times[at] + share * STEP_S
        inside: FloatArray = beats[(beats >= start) & (beats < stop)]
        return inside

    def add(self, signal: FloatArray, first: int, rate: float) -> None:
        """Add the heart to ``signal``, whose first sample has index ``first`` at ``rate``."""
        if self._amplitude == 0:
            return
        length = int((BEFORE_S + AFTER_S) * rate)
        for beat in self.beats(first / rate - AFTER_S, (first + signal.size) / rate + BEFORE_S):
            begin = int(np.ceil((beat - BEFORE_S) * rate))
            lo, hi = max(begin, first), min(begin + length, first + signal.size)
            if lo < hi:
                signal[lo - first : hi - first] += self._amplitude * wave(np.arange(lo, hi) / rate - beat)


def wave(times: FloatArray) -> FloatArray:
    """Return one beat, R wave of height 1, at ``times`` in seconds from the R wave."""
    total = np.zeros_like(times)
    for delay, width, share in WAVES:
        total += share * np.exp(-0.5 * ((times - delay) / width) ** 2)
    return total

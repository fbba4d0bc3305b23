"""Where an event begins and ends: measured on its own activity, without any noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.sources.simulate.scenario import Kind
    from emgdetect.types import FloatArray

SHORT_WINDOW_S, LONG_WINDOW_S = 0.002, 0.010
EDGE_SHARE, HIGH_PERCENTILE, SUPPORT_SHARE = 0.10, 90.0, 0.01


@dataclass(frozen=True, slots=True)
class TrueEvent:
    """An event that really happened: seconds, kind, channel's name, and its SNR in dB."""

    onset: float
    duration: float
    trial_type: Kind
    channel: str
    snr_db: float


@dataclass(frozen=True, slots=True)
class TrueArtefact:
    """Something that is not an event: seconds, kind, and the channel ("n/a" for all of them)."""

    onset: float
    duration: float
    trial_type: str
    channel: str


def short_time_rms(signal: FloatArray, rate: float, window: float) -> FloatArray:
    """Return the RMS in a centred window of ``window`` seconds at each sample."""
    width = max(1, round(window * rate))
    total = np.concatenate([[0.0], np.cumsum(np.square(signal))])
    first = np.clip(np.arange(signal.size) - width // 2, 0, signal.size)
    last = np.clip(first + width, 0, signal.size)
    level: FloatArray = np.sqrt(np.maximum(total[last] - total[first], 0.0) / width)
    return level


def edges(signal: FloatArray, rate: float, kind: Kind) -> tuple[int, int]:
    """Measure where an event's short-time RMS passes 10 % of its 90th percentile.

    Parameters
    ----------
    signal : ndarray, shape (n,)
        The event alone.
    rate : float
        Samples per second.
    kind : str
        Twitches are measured in windows of 2 ms, all others of 10 ms.

    Returns
    -------
    (int, int)
        Half-open sample range. The percentile is taken where the short-time RMS exceeds 1 % of its
        maximum, so that silence around the event does not count.
    """
    level = short_time_rms(signal, rate, SHORT_WINDOW_S if kind == "twitch" else LONG_WINDOW_S)
    support = level[level > SUPPORT_SHARE * level.max()]
    above = np.flatnonzero(level > EDGE_SHARE * np.percentile(support, HIGH_PERCENTILE))
    return int(above[0]), int(above[-1]) + 1

"""Which part of a channel's time is valid: the denominator of every rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import INVALID_REASONS, VALID, FloatArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import Detection, Gap, Quality

LOST_S = 10.0
"""Invalid time from this length on ends a run of events: no interval is measured across it."""

NOT_RECORDED = INVALID_REASONS.index("not recorded")

EDGE = 1e-9
"""Keeps a sample that falls on a full second in that second in spite of rounding."""


@dataclass(frozen=True, slots=True)
class ValidTime:
    """One channel's seconds: reason codes, what each weighs, and stretches that part runs of events.

    ``weight`` is 1, but less for a last second that was not completed. ``before`` has the valid seconds
    before each second (and, last, all of them). ``lost`` has shape ``(n, 2)``: starts and stops in s of
    gaps of any length and of invalid time of :data:`LOST_S` and more, sorted by start.
    """

    reason: NDArray[np.uint8]
    weight: FloatArray
    before: FloatArray
    lost: FloatArray

    @property
    def seconds(self) -> float:
        """Valid seconds in all."""
        return float(self.before[-1])

    def up_to(self, times: FloatArray) -> FloatArray:
        """Return how many valid seconds lie before each of the times."""
        edges = np.concatenate(([0.0], np.cumsum(self.weight)))
        return np.interp(times, edges, self.before)

    def at(self, times: FloatArray) -> NDArray[np.bool_]:
        """Tell which of the times lie in a valid second."""
        second = np.floor(times + EDGE).astype(np.int64)
        inside = (second >= 0) & (second < self.reason.size)
        valid = np.zeros(times.shape, dtype=np.bool_)
        valid[inside] = self.reason[second[inside]] == VALID
        return valid

    def parted(self, starts: FloatArray, stops: FloatArray) -> NDArray[np.bool_]:
        """Tell which stretches ``start`` to ``stop`` touch lost time."""
        before_stop = np.searchsorted(np.sort(self.lost[:, 0]), stops, side="left")
        over_by_start = np.searchsorted(np.sort(self.lost[:, 1]), starts, side="right")
        return before_stop > over_by_start

    def seconds_by_reason(self) -> tuple[tuple[str, float], ...]:
        """Return the seconds of each reason that occurs, except "valid", the longest first."""
        sums = np.bincount(self.reason, weights=self.weight, minlength=len(INVALID_REASONS))
        named = [(INVALID_REASONS[code], float(sums[code])) for code in range(1, len(INVALID_REASONS))]
        return tuple(sorted((item for item in named if item[1] > 0), key=lambda item: -item[1]))


def valid_time(detection: Detection, channel: str) -> ValidTime:
    """Gather what the quality records say of one channel. Seconds they leave out are "not recorded"."""
    rate = detection.info.sampling_rate
    length = detection.n_samples / rate
    n_seconds = int(np.ceil(length - EDGE))
    reason = np.full(n_seconds, NOT_RECORDED, dtype=np.uint8)
    for quality in detection.quality:
        if quality.channel == channel:
            _lay_in(reason, quality)
    weight = np.clip(length - np.arange(n_seconds, dtype=np.float64), 0.0, 1.0)
    before = np.concatenate(([0.0], np.cumsum(weight * (reason == VALID))))
    return ValidTime(reason, weight, before, _lost(reason, detection.gaps, rate))


def _lay_in(reason: NDArray[np.uint8], quality: Quality) -> None:
    stop = min(quality.stop, reason.size)
    if stop > quality.start:
        reason[quality.start : stop] = quality.reason[: stop - quality.start]


def _lost(reason: NDArray[np.uint8], gaps: tuple[Gap, ...], rate: float) -> FloatArray:
    padded = np.concatenate(([False], reason != VALID, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1]).astype(np.float64).reshape(-1, 2)
    long = edges[edges[:, 1] - edges[:, 0] >= LOST_S]
    torn = np.array([(gap.start / rate, gap.stop / rate) for gap in gaps], dtype=np.float64).reshape(-1, 2)
    lost = np.concatenate((torn, long))
    return lost[np.argsort(lost[:, 0], kind="stable")]

"""Which part of a channel's time is valid: the denominator of every rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import INVALID_REASONS, VALID, FloatArray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import Detection, Quality

LOST_S = 10.0
"""Invalid time from this length on ends a run of events: no interval is measured across it."""

GAP = INVALID_REASONS.index("gap")
NOT_RECORDED = INVALID_REASONS.index("not recorded")

EDGE = 1e-9
"""Keeps a sample that falls on a full second in that second in spite of rounding."""


@dataclass(frozen=True, slots=True)
class ValidTime:
    """One channel's time: the reason code of each second, exact spans, and what parts runs of events.

    ``edges`` are the times in s at which a second or a gap begins or ends: n + 1 of them for n spans, whose
    reason codes are ``span_reason``. ``before`` has the valid seconds before each edge. A second that is
    only partly a gap is so much less: what lies in the gap is never valid. ``lost`` has shape ``(n, 2)``:
    starts and stops in s of gaps of any length and of invalid time of :data:`LOST_S` and more, sorted by
    start. ``recorded`` is the length in s without the gaps.
    """

    reason: NDArray[np.uint8]
    edges: FloatArray
    span_reason: NDArray[np.uint8]
    before: FloatArray
    lost: FloatArray
    recorded: float

    @property
    def seconds(self) -> float:
        """Valid seconds in all."""
        # Summing up a night's spans may leave a rounding error too much.
        return min(float(self.before[-1]), self.recorded)

    def up_to(self, times: FloatArray) -> FloatArray:
        """Return how many valid seconds lie before each of the times."""
        return np.interp(times, self.edges, self.before)

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
        sums = np.bincount(self.span_reason, weights=np.diff(self.edges), minlength=len(INVALID_REASONS))
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
    torn = np.array([(gap.start / rate, gap.stop / rate) for gap in detection.gaps]).reshape(-1, 2)
    torn = torn[np.argsort(torn[:, 0], kind="stable")]
    edges, span_reason = _spans(reason, torn, length)
    before = np.concatenate(([0.0], np.cumsum(np.diff(edges) * (span_reason == VALID))))
    recorded = (detection.n_samples - sum(gap.n_samples for gap in detection.gaps)) / rate
    return ValidTime(reason, edges, span_reason, before, _lost(reason, torn), recorded)


def _spans(
    reason: NDArray[np.uint8], torn: FloatArray, length: float
) -> tuple[FloatArray, NDArray[np.uint8]]:
    """Cut the time at every full second and at both ends of every gap; say what each span is."""
    seconds = np.arange(reason.size, dtype=np.float64)
    edges = np.concatenate((seconds, [length]))
    if torn.size:
        edges = np.unique(np.concatenate((edges, np.clip(torn.ravel(), 0.0, length))))
    middles = (edges[:-1] + edges[1:]) / 2
    span_reason = reason[np.minimum(middles.astype(np.int64), reason.size - 1)]
    begun = np.searchsorted(torn[:, 0], middles, side="right")
    ended = np.searchsorted(np.sort(torn[:, 1]), middles, side="right")
    return edges, np.where(begun > ended, np.uint8(GAP), span_reason)


def _lay_in(reason: NDArray[np.uint8], quality: Quality) -> None:
    stop = min(quality.stop, reason.size)
    if stop > quality.start:
        reason[quality.start : stop] = quality.reason[: stop - quality.start]


def _lost(reason: NDArray[np.uint8], torn: FloatArray) -> FloatArray:
    padded = np.concatenate(([False], reason != VALID, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1]).astype(np.float64).reshape(-1, 2)
    long = edges[edges[:, 1] - edges[:, 0] >= LOST_S]
    lost = np.concatenate((torn, long))
    return lost[np.argsort(lost[:, 0], kind="stable")]

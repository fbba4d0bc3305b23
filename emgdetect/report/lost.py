"""Stretches of a channel that cannot be judged, for drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import INVALID_REASONS, VALID

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import Detection

NOT_RECORDED = INVALID_REASONS.index("not recorded")
GAP = INVALID_REASONS.index("gap")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From ``start`` to ``stop`` in s, with the reason that holds for most of it."""

    start: float
    stop: float
    cause: str


def lost_stretches(detection: Detection, channel: str, *, at_least: float) -> list[Stretch]:
    """Return where a channel has no valid signal, in order.

    Stretches closer together than ``at_least`` seconds are joined, and none is drawn shorter than that:
    a lost second in a whole night stays visible.
    """
    duration = detection.n_samples / detection.info.sampling_rate
    reason = reasons(detection, channel)
    padded = np.concatenate(([False], reason != VALID, [False]))
    edges = np.flatnonzero(padded[1:] != padded[:-1]).reshape(-1, 2)
    joined: list[tuple[int, int]] = []
    for start, stop in edges.tolist():
        if joined and start - joined[-1][1] < at_least:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return [
        Stretch(
            start, min(max(stop, start + at_least), max(duration, 0)), _cause(detection, reason, start, stop)
        )
        for start, stop in joined
    ]


def reasons(detection: Detection, channel: str) -> NDArray[np.uint8]:
    """Return the reason code of every second of the recording; what nobody judged is "not recorded"."""
    n_seconds = int(np.ceil(detection.n_samples / detection.info.sampling_rate - 1e-9))
    reason = np.full(n_seconds, NOT_RECORDED, dtype=np.uint8)
    for quality in detection.quality:
        if quality.channel == channel:
            stop = min(quality.stop, n_seconds)
            reason[quality.start : stop] = quality.reason[: max(stop - quality.start, 0)]
    return reason


def _cause(detection: Detection, reason: NDArray[np.uint8], start: int, stop: int) -> str:
    counts = np.bincount(reason[start:stop], minlength=len(INVALID_REASONS))
    counts[VALID] = 0
    code = int(counts.argmax())
    if code != GAP:
        return INVALID_REASONS[code]
    rate = detection.info.sampling_rate
    inside = [gap for gap in detection.gaps if gap.start / rate < stop and gap.stop / rate > start]
    longest = max(inside, key=lambda gap: gap.n_samples, default=None)
    return "gap" if longest is None else f"gap: {longest.cause}"

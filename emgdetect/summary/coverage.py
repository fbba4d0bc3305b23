"""How much of a channel could be judged, and why the rest could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.summary.rows import unit_of
from emgdetect.summary.statistics import spread
from emgdetect.summary.types import Coverage
from emgdetect.types import VALID

if TYPE_CHECKING:
    from emgdetect.summary.valid import ValidTime
    from emgdetect.types import Detection, FloatArray


def coverage(detection: Detection, channel: str, valid: ValidTime) -> Coverage:
    """Describe one channel's recorded and valid time.

    The valid fraction is of the whole length, gaps included; 0 for a recording without samples.
    """
    rate = detection.info.sampling_rate
    missing = sum(gap.n_samples for gap in detection.gaps)
    length = detection.n_samples / rate
    return Coverage(
        channel=channel,
        unit=unit_of(detection, channel),
        recorded_hours=(detection.n_samples - missing) / rate / 3600,
        valid_hours=valid.seconds / 3600,
        valid_fraction=min(valid.seconds / length, 1.0) if length > 0 else 0.0,
        invalid_seconds=valid.seconds_by_reason(),
        gaps=len(detection.gaps),
        gap_seconds=missing / rate,
        floor=spread(_valid_floor(detection, channel)),
    )


def _valid_floor(detection: Detection, channel: str) -> FloatArray:
    pieces = [one.floor[one.reason == VALID] for one in detection.quality if one.channel == channel]
    return np.concatenate(pieces, dtype=np.float64) if pieces else np.empty(0)

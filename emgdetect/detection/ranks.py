"""Quantiles of short arrays, many times a minute: numpy's own spend most of their time on options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from emgdetect.types import FloatArray


def ranked(values: FloatArray, quantile: float) -> float:
    """Return the value at the rank nearest to a quantile (0 to 1); ``values`` has one at least, none NaN."""
    rank = round(quantile * (len(values) - 1))
    return float(np.partition(values, rank)[rank])

"""How long a data record of EDF or BDF is, so that the header says the sampling rate as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.errors import UnsuitableSignalError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.types import FloatArray

RECORD_BYTES = 61440
"""Longest data record the EDF specification recommends."""

LONGEST_S = 100.0
SHORTEST_S = 0.1
"""Range of durations to choose from; a recording shorter than that may be one record."""

DECIMALS = 6
"""Decimals of a duration below 10 s in the eight characters a header has for it."""

ROUNDING = 1e-12
"""Rates that differ by less, relatively, are the same."""

TOLERANCE = 0.5
"""Samples by which the stated rate may be off at the end of the recording."""


@dataclass(frozen=True, slots=True)
class RecordPlan:
    """Samples per data record and channel, its duration in s, how many, and samples of padding at the end."""

    n_samples: int
    duration: float
    count: int
    padding: int


def plan_records(sampling_rate: float, n_samples: int, bytes_per_sample: int) -> RecordPlan:
    """Choose a data record: one that states the rate exactly, without padding, near one second.

    The header has eight characters for a record's duration, so that not every length states the rate. In
    this order of preference: exact and without padding; exact; without padding; any, as long as
    the rate is off by less than half a sample over the whole recording.

    Parameters
    ----------
    sampling_rate : float
        In Hz.
    n_samples : int
        Of one channel.
    bytes_per_sample : int
        Over all channels.

    Raises
    ------
    UnsuitableSignalError
        If there are no samples, or no record says the rate well enough.
    """
    if n_samples == 0:
        raise UnsuitableSignalError("there are no samples to write")
    limit = min(RECORD_BYTES // bytes_per_sample, math.ceil(sampling_rate * LONGEST_S))
    lengths = np.arange(1, max(1, limit) + 1)
    durations = _in_eight_characters(lengths / sampling_rate)
    error = np.full(lengths.shape, np.inf)
    said = (durations > 0) & (durations < 10**8)
    error[said] = np.abs(lengths[said] / durations[said] / sampling_rate - 1)
    best = _best(lengths, durations, error, n_samples)
    if best is None:
        raise UnsuitableSignalError(
            f"EDF cannot state a rate of {sampling_rate:.9g} Hz", hint="choose another format"
        )
    length = int(lengths[best])
    count = -(-n_samples // length)
    return RecordPlan(length, float(durations[best]), count, count * length - n_samples)


def _in_eight_characters(durations: FloatArray) -> FloatArray:
    decimals = np.clip(DECIMALS - np.floor(np.log10(np.maximum(durations, 1.0))), 0, DECIMALS)
    rounded: FloatArray = np.rint(durations * 10**decimals) / 10**decimals
    return rounded


def _best(lengths: NDArray[np.int64], durations: FloatArray, error: FloatArray, n_samples: int) -> int | None:
    padding = -n_samples % lengths
    right = error * n_samples < TOLERANCE
    exact = right & (error < ROUNDING)
    handy = (durations >= SHORTEST_S) | (lengths == n_samples)
    unpadded = (padding == 0) & handy
    # More padding than recording would be a strange copy.
    bearable = (padding <= n_samples) & handy
    for wanted in (exact & unpadded, exact & bearable, right & unpadded, right & handy, right):
        candidates = np.flatnonzero(wanted)
        if candidates.size:
            return int(candidates[np.argmin(np.abs(np.log(durations[candidates])))])
    return None

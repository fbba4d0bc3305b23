"""Whether the disk will do for the night, and when it no longer does."""

from __future__ import annotations

RESERVE_BYTES = 64 << 20
"""A recording stops while there is still so much, enough to close the session in good order."""

WARN_HOURS = 10.0
"""A forecast below a night is worth a word at the start, if nobody said how long it will be."""

LAST_WARN_HOURS = 1.0

_OVERHEAD = 1.1
_QUALITY_BYTES = 5.0


def bytes_per_second(n_channels: int, sampling_rate: float, sample_bytes: int) -> float:
    """Return what a stream takes on the disk: samples, the database around them, quality and a few events."""
    return _OVERHEAD * n_channels * (sampling_rate * sample_bytes + _QUALITY_BYTES)


def hours_left(free_bytes: int, bytes_per_s: float) -> float:
    """Return for how long the disk will do; infinite while nothing is written."""
    if bytes_per_s <= 0:
        return float("inf")
    return max(0, free_bytes - RESERVE_BYTES) / bytes_per_s / 3600


class SpaceWatch:
    """Says once that the disk will not do, once more when it is nearly full, and when to stop.

    Parameters
    ----------
    wanted_hours : float
        How long the recording is to be.
    """

    def __init__(self, wanted_hours: float = WARN_HOURS) -> None:
        self._limits = sorted({wanted_hours, LAST_WARN_HOURS})

    def look(self, free_bytes: int, bytes_per_s: float) -> str:
        """Return a warning if there is a new one, else an empty text."""
        hours = hours_left(free_bytes, bytes_per_s)
        if not self._limits or hours >= self._limits[-1]:
            return ""
        while self._limits and hours < self._limits[-1]:
            self._limits.pop()
        return f"the disk has room for {hours:.1f} more hours ({free_bytes / 1e9:.1f} GB free)"

    @staticmethod
    def is_full(free_bytes: int) -> bool:
        """Say whether it is time to stop."""
        return free_bytes < RESERVE_BYTES

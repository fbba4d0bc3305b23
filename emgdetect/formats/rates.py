"""Sampling rates as headers state them."""

from __future__ import annotations

from contextlib import suppress

HIGHEST_RATE = 1e6


def stated_rate(value: object) -> float | None:
    """Return a rate in Hz if ``value``, a number or its text, is above 0 and not above a megahertz."""
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        with suppress(ValueError, OverflowError):
            rate = float(value)
            return rate if 0 < rate <= HIGHEST_RATE else None
    return None

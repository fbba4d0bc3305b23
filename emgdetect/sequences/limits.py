"""Comparing times with the limits of a rule, so that "10 s" holds for 10 s counted in samples.

Onsets are samples divided by a rate, and the difference of two of them misses the true value by some
1e-12 s. A limit that is meant to be included must not lose by that, and one that is not must not win. All
comparisons of rules therefore go through here and allow for one microsecond: less than a sample at any rate
below 1 MHz, and far more than rounding.
"""

from __future__ import annotations

TICK = 1e-6
"""Seconds by which a time may miss a limit and still be taken to be it."""


def at_least(value: float, limit: float) -> bool:
    """Tell whether ``value >= limit``, the limit included whatever the rounding."""
    return value >= limit - TICK


def at_most(value: float, limit: float) -> bool:
    """Tell whether ``value <= limit``, the limit included whatever the rounding."""
    return value <= limit + TICK


def below(value: float, limit: float) -> bool:
    """Tell whether ``value < limit``, the limit left out whatever the rounding."""
    return value < limit - TICK


def above(value: float, limit: float) -> bool:
    """Tell whether ``value > limit``, the limit left out whatever the rounding."""
    return value > limit + TICK


def between(value: float, low: float, high: float) -> bool:
    """Tell whether ``low <= value <= high``, both limits included."""
    return at_least(value, low) and at_most(value, high)

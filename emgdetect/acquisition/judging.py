"""Whether to believe a counter or the clock, from how late samples are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.acquisition.holding import Hold

if TYPE_CHECKING:
    from emgdetect.acquisition.clock import StreamClock

LATE_S = 0.25
"""Samples that come later than this, after as long a silence, may have lost others before them."""

LEAST_LOSS_S = 0.1
"""A delay that stays, and is longer than this, is taken for lost samples where nothing counts them."""

RESET_S = 2.0
"""A counter that says more was lost than there was time for, by so much, has been reset."""

_STEADY = 0.01
_SLACK_S = 0.05


@dataclass(frozen=True, slots=True)
class Here:
    """A place in a stream: its clock, the index of the next sample, the time, and whether the link held."""

    clock: StreamClock
    position: int
    time: float
    unbroken: bool


def is_steady(clock: StreamClock) -> bool:
    """Tell whether a clock can be believed more than a counter."""
    measured = clock.estimate
    return measured is not None and measured.uncertainty < _STEADY


def reset_tolerance(clock: StreamClock) -> float:
    """Return by how many samples a counter may be off the clock before it is taken for reset."""
    return RESET_S * (clock.rate or 0.0) if is_steady(clock) else math.inf


def is_certain(here: Here, number: int, modulus: int | None) -> bool:
    """Tell whether exactly ``number`` samples were lost, whatever the clock will say later."""
    rate, expected = here.clock.rate, here.clock.expected(here.time)
    if rate is None or expected is None:
        return number >= 0 and (modulus is None or here.unbroken)
    most = expected - here.position
    if number > most + reset_tolerance(here.clock):
        return False
    if modulus is None:
        return number >= 0
    # What arrives late makes more seem lost, never less.
    return number >= 0 and most < number + modulus - min(modulus / 4, _SLACK_S * rate)


def suspicion(here: Here, count: int, turn: int | None, late_before: float) -> Hold | None:
    """Return a hold for a loss that only a silence hints at.

    Parameters
    ----------
    here : Here
        Where ``count`` samples have just come after a silence.
    count : int
        How many.
    turn : int or None
        Modulus of the counter in samples, which is silent about whole turns; ``None`` where it is not known,
        0 for a device without a counter.
    late_before : float
        How late the last sample before the silence was, in samples.

    Returns
    -------
    Hold or None
        ``None`` if there was no time for a loss.
    """
    rate, expected = here.clock.rate, here.clock.expected(here.time)
    if rate is None or expected is None or turn is None or not is_steady(here.clock):
        return None
    late = expected - here.position - count
    if turn:
        if late < turn - min(turn / 4, _SLACK_S * rate):
            return None
        return Hold(0, turn, "lost packets", rate, suspected=True)
    if late < LATE_S * rate:
        return None
    # How late the last sample before the silence was has nothing to do with it.
    least = LEAST_LOSS_S * rate + max(0.0, late_before)
    return Hold(None, None, "unknown", rate, least=least, suspected=True)

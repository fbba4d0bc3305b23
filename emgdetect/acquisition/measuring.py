"""Which rate a stream is described with: the one it claims, or the one it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emgdetect.acquisition.clock import Estimate

TOLERANCE = 0.02
"""A claim that is wrong by less is kept: filters and durations hardly differ, and the clock knows better."""

LOOK_S = 5.0
"""After so long a claim can be told to be roughly right."""

ENOUGH_S = 20.0
"""After so long a measured rate is taken as it is."""


def rate_to_use(nominal: float | None, estimate: Estimate | None) -> float | None:
    """Decide the rate that a stream is described with.

    Parameters
    ----------
    nominal : float or None
        The claimed rate in Hz, ``None`` if there is none.
    estimate : Estimate or None
        What the clock has measured so far.

    Returns
    -------
    float or None
        ``nominal`` where it is right within 2 %, else the measured rate, to a thousandth of a hertz; ``None``
        while more has to be measured.
    """
    if estimate is None or estimate.span < LOOK_S:
        return None
    if nominal is not None and abs(estimate.rate / nominal - 1) <= TOLERANCE:
        return nominal
    if estimate.span >= ENOUGH_S:
        return round(estimate.rate, 3)
    return None

"""Names for events, by how long they last; and what a rate is too slow to carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Channel, Kind, Refusal

if TYPE_CHECKING:
    from emgdetect.config import Kinds

LEAST_RATE_HZ: dict[Kind, float] = {"twitch": 200.0, "burst": 20.0, "spasm": 10.0}
"""Below this rate a kind of event cannot be told from noise, or from one another, in raw EMG."""

LEAST_ENVELOPE_RATE_HZ: dict[Kind, float] = {"twitch": 50.0, "burst": 10.0, "spasm": 10.0}
"""The same for a stream that is an envelope already."""


def kind_of(duration: float, settings: Kinds) -> Kind:
    """Name an event of so many seconds."""
    if duration <= settings.twitch_max:
        return "twitch"
    return "burst" if duration <= settings.burst_max else "spasm"


SINGLE_DISCHARGE_S = 0.012
"""Most of the energy of one motor unit's discharge at the skin comes within so many seconds."""

_LEAST_RATE_SINGLE_HZ = 400.0


def flags_of(kind: Kind, rhythm: float) -> tuple[str, ...]:
    """Return "rhythmic" or "sustained" for a spasm, "rhythmic" for shorter rhythmic events, else nothing."""
    if not np.isnan(rhythm):
        return ("rhythmic",)
    return ("sustained",) if kind == "spasm" else ()


def is_single_discharge(kind: Kind, spread: float, rate: float) -> bool:
    """Tell one motor unit's discharge from the jerk of many, by how its energy is spread in time.

    Parameters
    ----------
    kind : Kind
        Only a twitch can be one.
    spread : float
        The shortest time in seconds that holds most of the event's energy.
    rate : float
        Working rate in Hz; below 400 Hz the two look alike, and the answer is no.
    """
    return kind == "twitch" and rate >= _LEAST_RATE_SINGLE_HZ and spread <= SINGLE_DISCHARGE_S


def refusals(channel: Channel, rate: float, settings: Kinds) -> tuple[Refusal, ...]:
    """Return the kinds that the profile asks for and this channel cannot carry, with the reason."""
    least = LEAST_ENVELOPE_RATE_HZ if channel.unit == "envelope" else LEAST_RATE_HZ
    plural = {"twitch": "twitches", "burst": "bursts", "spasm": "spasms"}
    return tuple(
        Refusal(kind, channel.name, f"{plural[kind]} need at least {least[kind]:g} Hz; this has {rate:g} Hz")
        for kind in settings.look_for
        if rate < least[kind]
    )

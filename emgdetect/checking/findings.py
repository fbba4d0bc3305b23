"""The words of a check: frozen records."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from emgdetect.calibration import Calibration
    from emgdetect.types import StreamInfo, Unit
    from firmware_interface.device import LossesSeen

Verdict = Literal["pass", "fail", "unknown"]
"""Unknown is what this sensor, or this check, cannot tell; it does not fail a check."""


@dataclass(frozen=True, slots=True)
class StreamFacts:
    """What is known of a stream beside its samples.

    Parameters
    ----------
    claimed_rate : float
        What the device says, in Hz; NaN if it says nothing.
    measured_rate : float
        What the clock says; NaN if nobody measured it, as for a file.
    n_samples : int
        How many arrived.
    n_lost : int
        How many did not.
    drops : int
        How often the link broke.
    losses_seen : str
        What shows losses on this device, as in :class:`firmware_interface.device.Device`.
    loose : frozenset of str
        Channels whose electrodes the device itself reported as off at any moment.
    sensor : str
        What people call the sensor; empty if it has no name.
    """

    claimed_rate: float
    measured_rate: float = math.nan
    n_samples: int = 0
    n_lost: int = 0
    drops: int = 0
    losses_seen: LossesSeen = "counter"
    loose: frozenset[str] = frozenset()
    sensor: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    ``value`` is its number in ``unit``, NaN if there is none; ``text`` says it in words, ``advice`` what to
    do if it failed.
    """

    name: str
    verdict: Verdict
    value: float
    unit: str
    text: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """The findings on one channel, and what is worth keeping of them."""

    name: str
    unit: Unit
    findings: tuple[Finding, ...]
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class StreamCheck:
    """The findings on one sensor: those on all of it, and those on its channels."""

    name: str
    info: StreamInfo
    seconds: float
    findings: tuple[Finding, ...]
    channels: tuple[ChannelCheck, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Everything that failed."""
        everything = (*self.findings, *(one for channel in self.channels for one in channel.findings))
        return tuple(one for one in everything if one.verdict == "fail")

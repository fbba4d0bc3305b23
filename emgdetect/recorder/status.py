"""What screens and alarms see of a recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from emgdetect.types import Event, Gap, Unit

LinkState = Literal["looking", "streaming", "stale", "down", "ended"]
"""How a sensor does: not found yet, sending, sending nothing, gone, gone for good."""

STALE_S = 2.0
"""Samples older than this are not shown as if they were the present."""


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """One channel, now.

    Parameters
    ----------
    name, unit : str
        As described.
    level : float
        RMS about the mean over the last second, of an envelope about where it rests, in ``unit``; NaN when
        nothing came.
    floor : float
        RMS of the background where it was last known for certain, about two minutes ago; NaN before.
    trouble : str
        Empty if all is well, else one of "no data", "gap", "flat", "saturated" or a reason of
        :data:`emgdetect.types.INVALID_REASONS`.
    events : int
        Final events so far, artefacts not counted.
    last : Event or None
        The newest event, provisional or final.
    """

    name: str
    unit: Unit
    level: float
    floor: float
    trouble: str
    events: int
    last: Event | None


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """One sensor, now.

    Parameters
    ----------
    name, device : str
        What it is called and what it is.
    state : LinkState
        How it does.
    detail : str
        Where it is, or what is wrong, in words.
    age : float
        Seconds since the newest sample; infinite before the first.
    sampling_rate : float
        What the stream is described with, in Hz; NaN while that is being measured.
    measured_rate : float
        The true rate now, in Hz; NaN before it is known.
    ppm : float
        The measured rate against the one claimed, parts per million; NaN if unknown.
    seconds : float
        Of stream, gaps included.
    lost : float
        Share of it that is missing, pauses not counted, 0 to 1.
    gaps : int
        Number of gaps, pauses not counted.
    battery : float
        In percent; NaN if unknown.
    behind : float
        Seconds of stream that detection has yet to look at; large while an earlier recording is gone on with.
    channels : tuple of ChannelStatus
        Empty before the sensor has described itself.
    """

    name: str
    device: str
    state: LinkState
    detail: str
    age: float
    sampling_rate: float
    measured_rate: float
    ppm: float
    seconds: float
    lost: float
    gaps: int
    battery: float
    behind: float
    channels: tuple[ChannelStatus, ...]

    @property
    def is_healthy(self) -> bool:
        """Whether samples are coming in and every channel measures; never true of old data."""
        return self.state == "streaming" and not any(channel.trouble for channel in self.channels)


@dataclass(frozen=True, slots=True)
class Status:
    """The whole recording, now: frozen, so that it can be shown by another thread.

    ``hours_left`` is how long the disk will do; ``elapsed`` seconds since the recording was begun.
    """

    time: datetime
    elapsed: float
    paused: bool
    free_bytes: int
    hours_left: float
    streams: tuple[StreamStatus, ...]


class Listener(Protocol):
    """Somebody who is told what happens while it is recorded.

    Calls come from the recorder's thread and have to return soon. What is told has been stored before. A
    listener that raises is not called again. :class:`Silent` has empty methods to build on.
    """

    def on_status(self, status: Status) -> None:
        """Take the state of things, twice a second."""

    def on_event(self, source: str, event: Event) -> None:
        """Take an event: its ``status`` says whether it is provisional, final or withdrawn."""

    def on_gap(self, source: str, gap: Gap) -> None:
        """Take a gap that has become known."""

    def on_message(self, source: str, text: str) -> None:
        """Take a remark for people; ``source`` is empty where it concerns all."""


class Silent:
    """A listener that does nothing."""

    def on_status(self, status: Status) -> None:
        """Do nothing."""

    def on_event(self, source: str, event: Event) -> None:
        """Do nothing."""

    def on_gap(self, source: str, gap: Gap) -> None:
        """Do nothing."""

    def on_message(self, source: str, text: str) -> None:
        """Do nothing."""

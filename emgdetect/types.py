"""The words everything else is written in: frozen records without behaviour of their own.

Samples are counted from the start of a stream. The count goes on through gaps, so that
``sample / sampling_rate`` is always the time in seconds since the stream began.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from datetime import datetime

Unit = Literal["uV", "adc", "envelope"]
"""What a channel's values mean: µV at the electrodes, counts of unknown gain, or a smoothed level."""

Kind = Literal["twitch", "burst", "spasm", "artefact"]
"""What an event is; durations and rules are those of the profile."""

Status = Literal["provisional", "final", "withdrawn"]
"""An event is announced provisionally, and becomes final (or is withdrawn) after the look-ahead."""

RawArray = NDArray[Any]
"""Samples as the sensor sent them, any integer or float type, shape ``(n_channels, n_samples)``."""

FloatArray = NDArray[np.float64]

RealArray = NDArray[np.floating[Any]]
"""Numbers of either width: single precision where much is kept and nothing subtracted."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of a stream and how its raw numbers become values.

    ``value = raw * gain + offset``, in ``unit``. ``raw_low`` and ``raw_high`` are the converter's rails
    in raw numbers; ``None`` where the device does not say.
    """

    name: str
    unit: Unit
    gain: float = 1.0
    offset: float = 0.0
    raw_low: float | None = None
    raw_high: float | None = None


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """What is known of a stream before its first sample: rate in Hz, channels, device, start.

    ``start`` is the wall-clock time of sample 0; without a UTC offset it is the clock of the recorder.
    """

    sampling_rate: float
    channels: tuple[Channel, ...]
    device: str = "unknown"
    start: datetime | None = None

    @property
    def ch_names(self) -> tuple[str, ...]:
        """The channels' names, in the order of the rows of every chunk."""
        return tuple(channel.name for channel in self.channels)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive samples: ``data`` has shape ``(n_channels, n_samples)``, ``start`` is its first index.

    ``data`` holds raw numbers. A sample that is not finite, or beyond 1e15 in the channel's unit, counts as
    missing in its channel alone.
    """

    data: RawArray
    start: int

    @property
    def stop(self) -> int:
        """Index after the last sample."""
        return self.start + int(self.data.shape[1])


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples that never arrived, in all channels: first index, how many, and why.

    Causes in use: "disconnect", "lost packets", "overflow", "restart", "sleep", "pause", "unknown".
    """

    start: int
    n_samples: int
    cause: str

    @property
    def stop(self) -> int:
        """Index after the last missing sample."""
        return self.start + self.n_samples


@dataclass(frozen=True, slots=True)
class Annotation:
    """A mark that came with a recording: onset and duration in seconds, text, and its channel if any."""

    onset: float
    duration: float
    text: str
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something a muscle (or, for an artefact, a cable) did.

    ``onset`` and ``duration`` are seconds, derived from ``sample`` and ``n_samples``. Amplitudes are in
    the channel's unit after conditioning: ``peak`` of the rectified signal, ``rms`` over the event.
    ``snr_db`` compares that RMS with the background's. ``median_frequency`` is in Hz, NaN where the
    signal cannot tell (too short, or an envelope). ``rhythm`` is the beat rate in Hz of a rhythmic
    event, else NaN. ``confidence`` runs from 0 to 1. ``flags`` are words such as "sustained",
    "rhythmic", "truncated", "settling"; for an artefact the first is its cause. ``rule`` names what
    produced the event: profile, version and configuration hash.
    """

    channel: str
    sample: int
    n_samples: int
    onset: float
    duration: float
    kind: Kind
    peak: float
    rms: float
    snr_db: float
    median_frequency: float = float("nan")
    rhythm: float = float("nan")
    confidence: float = float("nan")
    flags: tuple[str, ...] = ()
    rule: str = ""
    status: Status = "final"


VALID = 0
INVALID_REASONS: tuple[str, ...] = (
    "valid",
    "gap",
    "missing values",
    "flat",
    "saturated",
    "lead-off",
    "mains",
    "noise floor too high",
    "settling",
    "not recorded",
)
"""What the reason codes of :class:`Quality` mean, by index; 0 is valid."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Whole seconds of one channel, from second ``start`` on.

    ``floor`` is the background's RMS in the channel's unit (float32, NaN where unknown), ``reason`` an
    index into :data:`INVALID_REASONS` (uint8). Both have one entry per second.
    """

    channel: str
    start: int
    floor: NDArray[np.float32]
    reason: NDArray[np.uint8]

    @property
    def stop(self) -> int:
        """Second after the last."""
        return self.start + int(self.reason.shape[0])


@dataclass(frozen=True, slots=True)
class Update:
    """What one push through the pipeline brought: final events, and changes among provisional ones."""

    events: tuple[Event, ...] = ()
    provisional: tuple[Event, ...] = ()
    withdrawn: tuple[Event, ...] = ()
    quality: tuple[Quality, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of event that was not looked for in a stream, and why."""

    kind: Kind
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Detection:
    """The result of one profile on one stream.

    ``events`` are final and sorted by onset, then channel; artefacts are among them. ``quality`` has one
    entry per channel and covers every second from 0 to the end.
    """

    info: StreamInfo
    n_samples: int
    gaps: tuple[Gap, ...]
    events: tuple[Event, ...]
    quality: tuple[Quality, ...]
    profile: str
    config_hash: str
    version: str
    settings: dict[str, Any] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    notices: tuple[str, ...] = ()
    source: str = ""

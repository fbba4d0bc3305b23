"""Detection on one stream, fed in any chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.detection.channel import ChannelDetector
from emgdetect.detection.kinds import refusals
from emgdetect.errors import UnsuitableSignalError, UsageError
from emgdetect.pipeline.lane import Lane, slab_of
from emgdetect.types import Chunk, Gap, Update

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.config import Profile
    from emgdetect.types import Channel, Event, Refusal, StreamInfo

LOWEST_RATE_HZ = 10.0
HIGHEST_RATE_HZ = 20_000.0
_NUMBERS = "biuf"
"""The kinds of numpy types that samples may have: truth values, integers, floating point."""


class Pipeline:
    """Detection on one stream, fed in any chunks.

    Parameters
    ----------
    info : StreamInfo
        What the stream says of itself.
    profile : Profile
        The settings.
    provisional : bool
        Whether to announce events before they are final, for screens and alarms.
    floors : sequence of float, optional
        RMS of each channel's background as measured beforehand (``calibration.initial_floors``), NaN where
        unknown: with it, events are announced from the first moment on. Final events do not depend on it.

    Raises
    ------
    UnsuitableSignalError
        The rate lies outside 10 to 20 000 Hz, or no channel can carry any kind the profile looks for.
    UsageError
        Two channels have the same name.

    Attributes
    ----------
    refused : tuple of Refusal
        Kinds that are not looked for in a channel, and why.
    slab : int
        So many samples of each channel are best pushed at once.
    """

    def __init__(
        self,
        info: StreamInfo,
        profile: Profile,
        *,
        provisional: bool = False,
        floors: Sequence[float] | None = None,
    ) -> None:
        self.info = info
        self.profile = profile
        self._provisional = provisional
        self._floors = [np.nan] * len(info.channels) if floors is None else list(floors)
        if len(set(info.ch_names)) < len(info.channels):
            raise UsageError(
                f"two channels have the same name among {', '.join(info.ch_names)}",
                hint="events know their channel by its name",
            )
        self.refused = _refused(info, profile)
        self._lanes: list[Lane] | None = None
        self._lead = 0
        self.slab = slab_of(info)
        self._position = 0
        self._finished = False

    @property
    def position(self) -> int:
        """Index of the next sample that is expected."""
        return self._position

    def push(self, piece: Chunk | Gap) -> Update:
        """Take the next chunk or gap; samples skipped without a word count as a gap.

        Raises
        ------
        UsageError
            The piece starts before the last one ended, has the wrong number of channels or no numbers, or
            the stream has been finished.
        """
        if self._finished:
            raise UsageError("samples came after the stream was finished", hint="begin a new one")
        if isinstance(piece, Chunk):
            self._check(piece)
        if piece.start < self._position:
            raise UsageError(
                f"samples from {piece.start} on came after sample {self._position} had been seen",
                hint="give chunks and gaps in order",
            )
        events: list[Event] = []
        if isinstance(piece, Gap):
            events += self._skip(piece.stop)
        else:
            events += self._skip(piece.start)
            events += self._feed(piece)
        return self._update(events)

    def finish(self) -> Update:
        """Take the end of the stream: every event still open becomes final. Again, it brings nothing."""
        if self._finished:
            return Update()
        self._finished = True
        events = self._open_lanes(np.dtype(np.float64))
        for lane in self._lanes or []:
            events += lane.finish(self._position)
        return self._update(events)

    def _check(self, chunk: Chunk) -> None:
        if chunk.data.ndim != 2 or chunk.data.shape[0] != len(self.info.channels):  # noqa: PLR2004 - two axes
            raise UsageError(
                f"a chunk of shape {chunk.data.shape} does not fit {len(self.info.channels)} channels",
                hint="chunks have the shape (n_channels, n_samples)",
            )
        if chunk.data.dtype.kind not in _NUMBERS:
            raise UsageError(f"samples of type {chunk.data.dtype} are not numbers")

    def _feed(self, chunk: Chunk) -> list[Event]:
        if not chunk.data.shape[1]:
            return []
        events = self._open_lanes(chunk.data.dtype)
        self._position = chunk.stop
        for lane, row in zip(self._lanes or [], chunk.data, strict=True):
            events += lane.push(row)
        return events

    def _skip(self, stop: int) -> list[Event]:
        count = stop - self._position
        if count <= 0:
            return []
        self._position = stop
        if self._lanes is None:
            self._lead += count
            return []
        return [event for lane in self._lanes for event in lane.skip(count)]

    def _open_lanes(self, dtype: np.dtype[np.generic]) -> list[Event]:
        """Begin with the first samples, whose type tells the sensor's steps; a gap before them waits."""
        if self._lanes is not None:
            return []
        self._lanes = [
            Lane(channel, self._detector(channel, dtype, floor), self.slab)
            for channel, floor in zip(self.info.channels, self._floors, strict=True)
        ]
        return [event for lane in self._lanes for event in lane.skip(self._lead)]

    def _detector(self, channel: Channel, dtype: np.dtype[np.generic], floor: float) -> ChannelDetector:
        step = abs(channel.gain) if np.issubdtype(dtype, np.integer) else 0.0
        return ChannelDetector(
            channel,
            self.info.sampling_rate,
            self.profile,
            step=step,
            provisional=self._provisional,
            floor=floor,
        )

    def _update(self, events: list[Event]) -> Update:
        detectors = [lane.detector for lane in self._lanes or []]
        drained = [detector.drain_quality() for detector in detectors]
        provisional = [event for detector in detectors for event in detector.provisional]
        withdrawn = [event for detector in detectors for event in detector.withdrawn]
        for detector in detectors:
            detector.provisional.clear()
            detector.withdrawn.clear()
        return Update(
            events=tuple(sorted(events, key=in_order)),
            provisional=tuple(sorted(provisional, key=in_order)),
            withdrawn=tuple(sorted(withdrawn, key=in_order)),
            quality=tuple(part for part in drained if part is not None),
        )


def in_order(event: Event) -> tuple[int, str, int]:
    """Return the key by which events are sorted: as they begin."""
    return event.sample, event.channel, event.n_samples


def _refused(info: StreamInfo, profile: Profile) -> tuple[Refusal, ...]:
    rate = info.sampling_rate
    if not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        low = "twitches need at least 200 Hz, bursts 20 Hz, spasms 10 Hz"
        limit = low if rate < LOWEST_RATE_HZ else "rates go up to 20 000 Hz"
        raise UnsuitableSignalError(f"{limit}; this file has {rate:g} Hz", where=", ".join(info.ch_names))
    refused = tuple(
        refusal for channel in info.channels for refusal in refusals(channel, rate, profile.kinds)
    )
    if refused and len(refused) == len(info.channels) * len(profile.kinds.look_for):
        reasons = "; ".join(dict.fromkeys(refusal.reason for refusal in refused))
        raise UnsuitableSignalError(reasons, where=", ".join(info.ch_names))
    return refused

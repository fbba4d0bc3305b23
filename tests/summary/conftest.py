from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from emgdetect.types import (
    INVALID_REASONS,
    Channel,
    Detection,
    Event,
    Gap,
    Kind,
    Quality,
    StreamInfo,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

RATE = 100.0


class MakeEvent(Protocol):
    def __call__(
        self,
        onset: float,
        duration: float = 0.2,
        kind: Kind = "twitch",
        *,
        channel: str = "a",
        flags: tuple[str, ...] = (),
    ) -> Event: ...


class MakeDetection(Protocol):
    def __call__(
        self,
        events: tuple[Event, ...] = (),
        *,
        seconds: float = 7200.0,
        invalid: Mapping[tuple[int, int], str] | None = None,
        gaps: tuple[Gap, ...] = (),
        start: datetime | None = None,
        channels: tuple[str, ...] = ("a",),
    ) -> Detection: ...


@pytest.fixture
def event() -> MakeEvent:
    def make(
        onset: float,
        duration: float = 0.2,
        kind: Kind = "twitch",
        *,
        channel: str = "a",
        flags: tuple[str, ...] = (),
    ) -> Event:
        sample, n_samples = round(onset * RATE), round(duration * RATE)
        return Event(
            channel, sample, n_samples, sample / RATE, n_samples / RATE, kind,
            peak=10 + onset, rms=5.0, snr_db=12.0, flags=flags,
        )  # fmt: skip

    return make


@pytest.fixture
def detection() -> MakeDetection:
    """Give a builder: ``invalid`` maps whole seconds (start, stop) of every channel to a reason."""

    def make(
        events: tuple[Event, ...] = (),
        *,
        seconds: float = 7200.0,
        invalid: Mapping[tuple[int, int], str] | None = None,
        gaps: tuple[Gap, ...] = (),
        start: datetime | None = None,
        channels: tuple[str, ...] = ("a",),
    ) -> Detection:
        n_seconds = int(np.ceil(seconds))
        reason = np.zeros(n_seconds, dtype=np.uint8)
        for (first, last), why in (invalid or {}).items():
            reason[first:last] = INVALID_REASONS.index(why)
        floor = np.full(n_seconds, 2.0, dtype=np.float32)
        return Detection(
            info=StreamInfo(RATE, tuple(Channel(name, "uV") for name in channels), "MyoWare", start),
            n_samples=round(seconds * RATE),
            gaps=gaps,
            events=tuple(sorted(events, key=lambda one: (one.onset, one.channel))),
            quality=tuple(Quality(name, 0, floor, reason) for name in channels),
            profile="default",
            config_hash="c0ffee",
            version="1.2.3",
            notices=("the first seconds settle",),
            source="night.edf",
        )

    return make

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import pytest

from emgdetect.types import Channel, Detection, Event, Kind, Refusal, StreamInfo

if TYPE_CHECKING:
    from datetime import datetime


class MakeEvents(Protocol):
    def __call__(
        self,
        samples: list[int],
        rate: float,
        *,
        n_samples: int = 50,
        kind: Kind = "twitch",
        channel: str = "EMG 1",
    ) -> tuple[Event, ...]: ...


class MakeDetection(Protocol):
    def __call__(
        self,
        events: tuple[Event, ...],
        rate: float = 1000.0,
        *,
        n_samples: int = 3_600_000,
        start: datetime | None = None,
    ) -> Detection: ...


@pytest.fixture
def events() -> MakeEvents:
    def make(
        samples: list[int], rate: float, *, n_samples: int = 50, kind: Kind = "twitch", channel: str = "EMG 1"
    ) -> tuple[Event, ...]:
        flags = ("pop", "truncated") if kind == "artefact" else ()
        return tuple(
            Event(
                channel, sample, n_samples, sample / rate, n_samples / rate, kind,
                peak=123.456789, rms=45.6, snr_db=math.inf, rhythm=5.5, flags=flags,
                rule="default 1.2.3 c0ffee",
            )
            for sample in samples
        )  # fmt: skip

    return make


@pytest.fixture
def detection() -> MakeDetection:
    def make(
        events: tuple[Event, ...],
        rate: float = 1000.0,
        *,
        n_samples: int = 3_600_000,
        start: datetime | None = None,
    ) -> Detection:
        return Detection(
            info=StreamInfo(rate, (Channel("EMG 1", "uV"), Channel("EMG 2", "adc")), "MyoWare 2.0", start),
            n_samples=n_samples,
            gaps=(),
            events=events,
            quality=(),
            profile="default",
            config_hash="c0ffee",
            version="1.2.3",
            settings={"band": (20.0, 450.0), "ceiling": math.inf, "notch": None, "nested": {"on": True}},
            refused=(Refusal("spasm", "EMG 2", "a reason"),),
            notices=("a notice",),
            source="night.edf",
        )

    return make

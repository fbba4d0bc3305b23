from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypedDict, Unpack

import pytest

from emgdetect.sequences import Context, site_from_name
from emgdetect.types import Event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.sequences import Span, StagedSpan
    from emgdetect.types import Kind, Unit

RATE = 200.0


class Facts(TypedDict, total=False):
    peak: float
    snr_db: float
    kind: Kind
    rhythm: float
    flags: tuple[str, ...]


class Known(TypedDict, total=False):
    gaps: tuple[Span, ...]
    stages: tuple[StagedSpan, ...] | None
    arousals: tuple[Span, ...] | None
    respiratory: tuple[Span, ...] | None
    in_bed: Span | None
    resolution: float


class MakeEvent(Protocol):
    def __call__(
        self, onset: float, duration: float = 1.0, channel: str = "LAT", **facts: Unpack[Facts]
    ) -> Event: ...


class MakeContext(Protocol):
    def __call__(
        self,
        length: float = 7200.0,
        channels: Iterable[str] = ("LAT", "RAT"),
        *,
        unit: Unit | None = "uV",
        **known: Unpack[Known],
    ) -> Context: ...


@pytest.fixture
def event() -> MakeEvent:
    """Give a maker of events on the sample grid, as a detection has them."""

    def make(onset: float, duration: float = 1.0, channel: str = "LAT", **facts: Unpack[Facts]) -> Event:
        sample, n_samples = round(onset * RATE), round(duration * RATE)
        plain = Event(
            channel, sample, n_samples, sample / RATE, n_samples / RATE, "burst",
            peak=60.0, rms=15.0, snr_db=20.0,
        )  # fmt: skip
        return replace(plain, **facts)

    return make


@pytest.fixture
def context() -> MakeContext:
    """Give a maker of contexts whose channels are where their names say."""

    def make(
        length: float = 7200.0,
        channels: Iterable[str] = ("LAT", "RAT"),
        *,
        unit: Unit | None = "uV",
        **known: Unpack[Known],
    ) -> Context:
        return Context(length, tuple(site_from_name(name, unit) for name in channels), **known)

    return make

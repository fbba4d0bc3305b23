"""Small sessions, streams and results to test with."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from emgdetect.recording import Recording, Stream
from emgdetect.types import Annotation, Channel, Chunk, Detection, Event, Gap, Quality, Refusal, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.types import RawArray


class MakeRecording(Protocol):
    """Build a recording in memory from pieces in order."""

    def __call__(self, *streams: tuple[StreamInfo, Sequence[Chunk | Gap]]) -> Recording: ...


def _stream(info: StreamInfo, pieces: Sequence[Chunk | Gap]) -> Stream:
    stop = max((piece.stop for piece in pieces), default=0)
    chunks = [piece for piece in pieces if isinstance(piece, Chunk)]
    dtype = chunks[0].data.dtype if chunks else np.dtype(np.int16)
    whole = np.zeros((len(info.channels), stop), dtype=dtype)
    for chunk in chunks:
        whole[:, chunk.start : chunk.stop] = chunk.data

    def fetch(start: int, stop: int, /) -> RawArray:
        return whole[:, start:stop].copy()

    return Stream(info, stop, tuple(piece for piece in pieces if isinstance(piece, Gap)), fetch)


@pytest.fixture
def make_recording() -> MakeRecording:
    def build(*streams: tuple[StreamInfo, Sequence[Chunk | Gap]]) -> Recording:
        return Recording(
            path=Path("night.txt"),
            format="test",
            device=streams[0][0].device if streams else "unknown",
            start=streams[0][0].start if streams else None,
            streams=tuple(_stream(*stream) for stream in streams),
            annotations=(Annotation(1.25, 0.5, "turned over"), Annotation(3.0, 0.0, "µV ≠ mV", "left")),
            oddities=("the counter wraps early",),
        )

    return build


@pytest.fixture
def info() -> StreamInfo:
    return StreamInfo(
        sampling_rate=199.7,
        channels=(
            Channel("m. tibialis ant. 左", "uV", gain=0.1, offset=-3.3, raw_low=-32768.0, raw_high=32767.0),
            Channel("ÄMG\u00a0rechts", "adc", gain=1 / 3),
        ),
        device="board № 7",
        start=datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=UTC),
    )


@pytest.fixture
def detection(info: StreamInfo) -> Detection:
    names = info.ch_names
    events = (
        Event(
            names[0],
            40,
            10,
            40 / 199.7,
            10 / 199.7,
            "twitch",
            12.5,
            4.0,
            9.5,
            81.0,
            confidence=0.75,
            rule="p 1 ab",
        ),
        Event(
            names[1],
            40,
            99,
            40 / 199.7,
            99 / 199.7,
            "artefact",
            9.0,
            2.0,
            float("inf"),
            flags=("cable motion",),
        ),
        Event(
            names[0],
            300,
            700,
            300 / 199.7,
            700 / 199.7,
            "spasm",
            50.0,
            20.0,
            15.0,
            rhythm=5.5,
            flags=("rhythmic",),
        ),
    )
    return Detection(
        info=info,
        n_samples=1000,
        gaps=(Gap(150, 50, "disconnect"),),
        events=events,
        quality=tuple(
            Quality(
                name,
                0,
                np.array([1.5, np.nan, 0.1, 0.2, 0.3], np.float32),
                np.array([0, 1, 0, 8, 9], np.uint8),
            )
            for name in names
        ),
        profile="default",
        config_hash="abcdef0123",
        version="0.1.0",
        settings={"band": [20.0, 450.0], "name": "µ", "nested": {"x": None, "y": True}},
        refused=(Refusal("twitch", names[1], "needs at least 60 Hz"),),
        notices=("the mains are strong",),
        source="night.txt",
    )


def _same(first: object, second: object) -> bool:
    if isinstance(first, float) and isinstance(second, float):
        # The sign of zero is not kept, and means nothing here.
        return first == second or (math.isnan(first) and math.isnan(second))
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return (
            first.dtype == second.dtype
            and first.tobytes() == second.tobytes()
            and first.shape == second.shape
        )
    if isinstance(first, tuple) and isinstance(second, tuple):
        return len(first) == len(second) and all(map(_same, first, second))
    if isinstance(first, Detection | Event | Quality) and type(first) is type(second):
        return all(_same(getattr(first, f.name), getattr(second, f.name)) for f in fields(first))
    return first == second


class Same(Protocol):
    def __call__(self, first: object, second: object, /) -> bool: ...


@pytest.fixture(scope="session")
def same() -> Same:
    """Equality in which NaN equals NaN and types count."""
    return _same

"""Nights out of numbers, and sessions to read them from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from emgdetect.context import Entry, placed
from emgdetect.session import Note, SessionWriter
from emgdetect.trends import HourBin, Night, NightChannel
from emgdetect.types import INVALID_REASONS, Channel, Detection, Event, Gap, Kind, Quality, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE = 100.0
FIRST = datetime.fromisoformat("2026-11-01T22:00:00+01:00")
LENGTHS: dict[Kind, float] = {"twitch": 0.2, "burst": 1.0, "spasm": 3.0}


class MakeNight(Protocol):
    def __call__(  # noqa: PLR0913 - what a test may choose
        self,
        day: int,
        count: int,
        hours: float = 8.0,
        *,
        share: float = 1.0,
        entries: Sequence[tuple[str, str]] = (),
        rules: str = "abc",
        start: datetime | None = ...,
        refused: tuple[str, ...] = (),
    ) -> Night: ...


@pytest.fixture
def night() -> MakeNight:
    """Give a builder of a night of one channel with so many twitches in its valid hours."""

    def make(  # noqa: PLR0913 - what a test may choose
        day: int,
        count: int,
        hours: float = 8.0,
        *,
        share: float = 1.0,
        entries: Sequence[tuple[str, str]] = (),
        rules: str = "abc",
        start: datetime | None = FIRST,
        refused: tuple[str, ...] = (),
    ) -> Night:
        began = None if start is None else start + timedelta(days=day)
        counts = {"all": count, "twitch": count, "burst": 0, "spasm": 0}
        said = [Entry(kind, text, FIRST + timedelta(days=day, hours=-1)) for kind, text in entries]  # type: ignore[arg-type]
        hour = 0 if began is None else began.hour
        return Night(
            name=f"night {day}",
            start=began,
            duration=hours / share * 3600 if share else 8 * 3600,
            channels=(
                NightChannel(
                    name="TA left",
                    valid_hours=hours,
                    share=share,
                    counts=counts,
                    first={"all": 60.0, "twitch": 60.0} if count else {},
                    hours=(HourBin(hour, hours * 3600, counts),),
                    refused=refused,
                ),
            ),
            entries=placed(said, began, hours * 3600),
            profile="generic",
            config_hash=rules,
            version="1.2.3",
        )

    return make


class MakeSession(Protocol):
    def __call__(  # noqa: PLR0913 - what a test may choose
        self,
        name: str,
        events: Sequence[tuple[float, Kind]] = (),
        *,
        seconds: int = 8 * 3600,
        start: datetime | None = ...,
        invalid: tuple[int, int] = (0, 0),
        gaps: tuple[Gap, ...] = (),
        notes: Sequence[Note] = (),
        channel: str = "TA left",
        profile: str = "generic",
    ) -> Path: ...


@pytest.fixture
def session(tmp_path: Path) -> MakeSession:
    """Give a builder of a session that has no samples, only a detection and a diary."""

    def make(  # noqa: PLR0913 - what a test may choose
        name: str,
        events: Sequence[tuple[float, Kind]] = (),
        *,
        seconds: int = 8 * 3600,
        start: datetime | None = FIRST,
        invalid: tuple[int, int] = (0, 0),
        gaps: tuple[Gap, ...] = (),
        notes: Sequence[Note] = (),
        channel: str = "TA left",
        profile: str = "generic",
    ) -> Path:
        reason = np.zeros(seconds, dtype=np.uint8)
        reason[slice(*invalid)] = INVALID_REASONS.index("mains")
        info = StreamInfo(RATE, (Channel(channel, "uV"),), "MyoWare", start)
        found = tuple(
            Event(
                channel,
                round(onset * RATE),
                round(LENGTHS[kind] * RATE),
                onset,
                LENGTHS[kind],
                kind,
                9.0,
                5.0,
                12.0,
            )
            for onset, kind in events
        )
        detection = Detection(
            info=info,
            n_samples=round(seconds * RATE),
            gaps=gaps,
            events=found,
            quality=(Quality(channel, 0, np.ones(seconds, dtype=np.float32), reason),),
            profile=profile,
            config_hash="abc",
            version="1.2.3",
        )
        path = tmp_path / f"{name}.emgdb"
        with SessionWriter.create(path) as writer:
            stream_id = writer.add_stream(info)
            writer.add_gap(stream_id, Gap(0, detection.n_samples, "pause"))
            writer.add_detection(stream_id, detection)
            writer.add_notes(notes)
        return path

    return make

"""What a tape says of the clock of its stream."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from emgdetect.acquisition import StreamClock
from emgdetect.config import load_profile
from emgdetect.recorder import Search
from emgdetect.recorder.tape import Tape
from emgdetect.session import SessionWriter
from emgdetect.types import Channel, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

TRUE_PPM = 200.0


def test_a_deviation_is_told_when_it_is_known_and_not_before(tmp_path: Path) -> None:
    info = StreamInfo(1000.0, (Channel("RAW", "uV"),))
    clock = StreamClock(1000.0)
    with SessionWriter.create(tmp_path / "night.emgdb") as session:
        tape = Tape(session, info, clock, Search(load_profile("generic")), tell=print, say=print)
        told: list[tuple[float, float]] = []
        for tick in range(1200 * 20):
            # Frames of 25 samples, fetched twenty times a second.
            time = tick / 20
            clock.observe(int(time * 1000 * (1 + TRUE_PPM / 1e6)) // 25 * 25, time)
            told.append((time, tape.ppm))
    assert all(math.isnan(ppm) for time, ppm in told if time < 590)
    known = [ppm for time, ppm in told if time > 700]
    assert known == pytest.approx([TRUE_PPM] * len(known), abs=60)

"""How long ``trends`` takes beside reading the sessions' event tables; ``bench.py nights`` runs it."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emgdetect.types import Kind

N_NIGHTS = 40
EVENTS_A_NIGHT = 250
SECONDS = 8 * 3600
RATE = 250.0
CHANNELS = ("TA left", "TA right")
RUNS = 7


def nights(folder: Path) -> None:
    """Compare all of ``trends`` with reading the events of the same sessions, in one process."""
    from emgdetect.session import SessionReader
    from emgdetect.trends import read_night, trends

    paths = [_session(folder, day) for day in range(N_NIGHTS)]

    def tables() -> int:
        count = 0
        for path in paths:
            with SessionReader(path) as session:
                count += sum(len(session.events(run.id, "final")) for run in session.runs())
        return count

    count = tables()
    trends([read_night(path) for path in paths])
    reading = _median(tables)
    whole = _median(lambda: trends([read_night(path) for path in paths]))
    print(
        f"{count} events, {N_NIGHTS} nights, {len(CHANNELS)} channels: trends {whole:.3f} s = "
        f"{whole / reading:.2f} x reading their event tables ({reading:.3f} s)"
    )


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _session(folder: Path, day: int) -> Path:
    """Write a night with a detection and a diary, but without samples."""
    import numpy as np

    from emgdetect.session import Note, SessionWriter
    from emgdetect.types import Channel, Detection, Event, Gap, Quality, StreamInfo

    rng = np.random.default_rng(day)
    start = datetime(2026, 11, 1, 22, tzinfo=UTC) + timedelta(days=day)
    info = StreamInfo(RATE, tuple(Channel(name, "uV") for name in CHANNELS), "bench", start)
    events = []
    for sample in np.sort(rng.integers(0, int((SECONDS - 5) * RATE), size=EVENTS_A_NIGHT)):
        n_samples = int(rng.integers(20, 700))
        kind: Kind = "twitch" if n_samples < RATE / 2 else "burst" if n_samples < 2 * RATE else "spasm"
        events.append(
            Event(
                CHANNELS[int(sample) % 2], int(sample), n_samples, int(sample) / RATE, n_samples / RATE,
                kind, 50.0, 20.0, 12.0, 80.0, confidence=0.9, rule="generic",
            )
        )  # fmt: skip
    reason = np.zeros(SECONDS, dtype=np.uint8)
    reason[:60] = 8
    floor = np.full(SECONDS, 2.0, dtype=np.float32)
    detection = Detection(
        info, int(SECONDS * RATE), (), tuple(events),
        tuple(Quality(name, 0, floor, reason) for name in CHANNELS), "generic", "0" * 12, "0",
    )  # fmt: skip
    path = folder / f"night{day:02d}.emgdb"
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(info)
        session.add_gap(stream_id, Gap(0, detection.n_samples, "pause"))
        session.add_detection(stream_id, detection)
        session.note(Note("trigger" if day % 3 else "note", "long walk", start - timedelta(hours=2)))
        if day == N_NIGHTS // 2:
            session.note(Note("intervention", "stretching", start - timedelta(hours=1)))
    return path

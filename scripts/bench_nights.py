"""How long ``trends`` and its report take beside reading the sessions' event tables: ``bench.py nights``."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from emgdetect.types import Kind

N_NIGHTS = 40
EVENTS_A_NIGHT = 250
SECONDS = 8 * 3600
RATE = 250.0
CHANNELS = ("TA left", "TA right")
RUNS = 7


def nights(folder: Path) -> None:
    """Compare ``trends``, alone and with its report, with reading the events of the same sessions.

    All in one process, after imports; each round measures everything once, beside each other. What the whole
    commands take, start of Python and imports included, is printed below.
    """
    paths = [_session(folder, day) for day in range(N_NIGHTS)]
    works = _works(paths, folder)
    rounds = [{name: _seconds(work) for name, work in works.items()} for _ in range(1 + RUNS)][1:]
    reading = statistics.median(one["reading"] for one in rounds)
    count = N_NIGHTS * EVENTS_A_NIGHT
    print(
        f"{count} events, {N_NIGHTS} nights, {len(CHANNELS)} channels: event tables read in {reading:.3f} s"
    )
    for name in works:
        if name != "reading":
            taken = statistics.median(one[name] for one in rounds)
            ratio = statistics.median(one[name] / one["reading"] for one in rounds)
            print(f"{name}: {taken:.3f} s = {ratio:.2f} x reading")
    _whole_commands(folder)


def _works(paths: Sequence[Path], folder: Path) -> dict[str, Callable[[], object]]:
    from emgdetect.report import ReportOptions, nights_document, write_document
    from emgdetect.session import SessionReader
    from emgdetect.trends import read_night, trends

    def reading() -> int:
        count = 0
        for path in paths:
            with SessionReader(path) as session:
                count += sum(len(session.events(run.id, "final")) for run in session.runs())
        return count

    def report(*, page: bool) -> None:
        found = trends([read_night(path) for path in paths])
        document = nights_document(found, options=ReportOptions(narrow=page))
        write_document(folder / ("nights.html" if page else "nights.pdf"), document, force=True)

    return {
        "reading": reading,
        "trends": lambda: trends([read_night(path) for path in paths]),
        "trends and report as HTML": lambda: report(page=True),
        "trends and report as PDF": lambda: report(page=False),
    }


def _whole_commands(folder: Path) -> None:
    program = [sys.executable, "-m", "emgdetect"]
    report = [*program, "report", "--nights", str(folder), "--quiet", "--force"]
    commands = {
        "emgdetect --help": [*program, "--help"],
        "emgdetect trends": [*program, "trends", str(folder), "--quiet"],
        "emgdetect report --nights --html": [*report, "--html", str(folder / "nights.html")],
        "emgdetect report --nights --pdf": [*report, "--pdf", str(folder / "nights.pdf")],
    }
    for name, command in commands.items():
        taken = statistics.median(_seconds(lambda: _run(command)) for _ in range(RUNS // 2))  # noqa: B023 - called at once
        print(f"{name}, the whole process: {taken:.2f} s")


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


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

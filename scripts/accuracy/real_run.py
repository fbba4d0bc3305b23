"""What can be said of the real recordings: events at rest, cued movements and prompts that were found."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accuracy.making import real
from accuracy.scoring import marks
from emgdetect.evaluate import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from accuracy.case import Case
    from accuracy.child import Child
    from accuracy.piece import Settings

MOVEMENT_CODE, CUE_S, AFTER_S = "770", 4.0, 2.0
CONNECTED = ("EXG 1", "EXG 2")
SUBJECTS = ("S02", "S03", "S04", "S05", "S06", "S07")


@dataclass(frozen=True, slots=True)
class Cued:
    """One recording with cues: how many were found, events outside all of them, hours."""

    name: str
    n_cues: int
    found: int
    outside: int
    hours: float


def resting(shared: Path, folder: Path) -> dict[str, list[Case]]:
    """Give the real recordings at rest, as far as they are there."""
    legs = sorted((shared / "ganglion_myoware").glob("*REST.txt"))
    arm = shared / "myo_armband" / "21547-1" / "0.txt"
    found = {}
    if legs:
        found["Ganglion at rest"] = [real(path, CONNECTED, folder) for path in legs]
    if arm.exists():
        found["armband at rest"] = [real(arm, None, folder)]
    return found


def cued(child: Child, settings: Settings, shared: Path, folder: Path) -> list[Cued]:
    """Search the recordings with cues; an event on any channel that overlaps a cue's window finds it."""
    results = []
    for subject in SUBJECTS:
        path = shared / "ganglion_myoware" / f"OpenBCI-RAW-{subject}_S1R0.txt"
        if path.exists():
            case = real(path, CONNECTED, folder)
            windows = after_gaps(movement_windows(path.with_name("cues.csv"), subject), case)
            results.append(_searched(child, settings, case, windows, f"Ganglion {subject}"))
    for path in sorted((shared / "myo_armband").glob("*/[1-9].txt")):
        windows = prompts(path)
        name = f"armband {path.parent.name}/{path.stem}"
        results.append(_searched(child, settings, real(path, None, folder), windows, name))
    return results


def movement_windows(cues: Path, subject: str) -> list[Mark]:
    """Return for each movement cue of a subject the time it may be found in: 4 s and up to 2 s after."""
    with cues.open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if row["subject"] == subject and row["code"] == MOVEMENT_CODE
        ]
    return [Mark(float(row["t_s"]), CUE_S + AFTER_S) for row in rows]


def after_gaps(windows: Iterable[Mark], case: Case) -> list[Mark]:
    """Move windows later by every gap before them: the cues of this set count recorded time only."""
    moved = []
    for window in windows:
        onset = window.onset
        for start, length in sorted(case.gaps):
            if start / case.rate <= onset:
                onset += length / case.rate
        moved.append(Mark(onset, window.duration))
    return moved


def tally(windows: Iterable[Mark], found: list[Mark]) -> tuple[int, int]:
    """Count the windows that some event overlaps, and the events that overlap none."""
    pairs = [(w.onset, w.onset + w.duration) for w in windows]
    spans = [(m.onset, m.onset + m.duration) for m in found]
    hit = sum(any(a < stop and b > start for a, b in spans) for start, stop in pairs)
    outside = sum(not any(a < stop and b > start for start, stop in pairs) for a, b in spans)
    return hit, outside


def prompts(path: Path) -> list[Mark]:
    """Return for each prompt of an armband recording the time it may be found in: itself and 1 s after."""
    from emgdetect import read

    return [Mark(a.onset, a.duration + 1.0) for a in read(path).annotations if a.text.startswith("prompt")]


def _searched(child: Child, settings: Settings, case: Case, windows: list[Mark], name: str) -> Cued:
    answers = {line.name: child.ask(case.job(line, settings)) for line in case.lines}
    hit, outside = tally(windows, marks(case, answers))
    return Cued(name, len(windows), hit, outside, case.hours)

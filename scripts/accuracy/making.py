"""Make the bench's recordings: from the simulator, and from the shared folder where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from accuracy.case import Case, Line
from emgdetect.evaluate import Mark, read_events

if TYPE_CHECKING:
    from pathlib import Path

    from accuracy.suites import Suite
    from emgdetect.recording import Stream
    from emgdetect.sources.simulate import Simulation

BLOCK = 1 << 20


def simulated(suite: Suite, seed: int, folder: Path) -> Case:
    """Simulate one recording of a suite."""
    from emgdetect.sources.simulate import simulate

    simulation = simulate(suite.scenario, seed=seed, duration=suite.duration, sampling_rate=suite.rate)
    name = f"{suite.name.replace(' ', '_')}_{seed}"
    truth = tuple(Mark(e.onset, e.duration, e.trial_type, e.channel) for e in simulation.events)
    return stored(name, simulation.stream(), folder, truth)


def stored(name: str, stream: Stream | Simulation, folder: Path, truth: tuple[Mark, ...] = ()) -> Case:
    """Write a stream's raw numbers where children can map them."""
    path = folder / f"{name}.npy"
    info, n_samples = stream.info, stream.n_samples
    head = stream.fetch(0, min(1, n_samples))
    file = np.lib.format.open_memmap(path, "w+", dtype=head.dtype, shape=(len(info.channels), n_samples))
    last = [(gap.start, gap.n_samples) for gap in stream.gaps]
    for start, stop in _runs(last, n_samples):
        for first in range(start, stop, BLOCK):
            end = min(first + BLOCK, stop)
            file[:, first:end] = stream.fetch(first, end)
    file.flush()
    lines = tuple(
        Line(c.name, row, c.unit, c.gain, c.offset, (c.raw_low, c.raw_high))
        for row, c in enumerate(info.channels)
    )
    rate = info.sampling_rate
    return Case(name, path, rate, n_samples, lines, tuple(last), truth, (0.0, n_samples / rate))


def _runs(gaps: list[tuple[int, int]], n_samples: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for start, length in gaps for edge in (start, start + length)), n_samples]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def independent(shared: Path, folder: Path) -> dict[str, list[Case]]:
    """Give the recordings of the independent simulator, the six short dense ones as one suite."""
    found: dict[str, list[Case]] = {}
    for path in sorted((shared / "simulated").glob("*.npz")):
        suite = "busy_1 to busy_6" if path.stem.startswith("busy") else path.stem
        found.setdefault(suite, []).append(_independent(path, folder))
    return found


def _independent(path: Path, folder: Path) -> Case:
    with np.load(path) as file:
        counts = np.atleast_2d(file["counts"])
        rate, gain = float(file["sampling_rate"]), float(file["uv_per_count"])
        gaps = tuple((int(a), int(b - a)) for a, b in file["gaps_samples"].reshape(-1, 2))
    target = folder / f"independent_{path.stem}.npy"
    np.save(target, counts)
    truth = read_events(path.with_name(f"{path.stem}_events.tsv"))
    seconds = counts.shape[1] / rate
    lines = tuple(Line(f"EMG{row + 1}", row, "uV", gain) for row in range(len(counts)))
    return Case(path.stem, target, rate, counts.shape[1], lines, gaps, truth, (0.0, seconds))


def real(path: Path, channels: tuple[str, ...] | None, folder: Path) -> Case:
    """Read a real recording; ``channels`` picks those in use (``None``: all)."""
    from dataclasses import replace

    from emgdetect import read

    stream = read(path).streams[0]
    case = stored(f"{path.parent.name}_{path.stem}".replace(" ", "_"), stream, folder)
    if channels is None:
        return case
    return replace(case, lines=tuple(line for line in case.lines if line.name in channels))

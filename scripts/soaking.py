"""What `soak.py night` does: the sensor, the faults, and the comparison afterwards."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.config import load_profile
from emgdetect.pipeline import detect_stream
from emgdetect.recorder import Options, Search, Silent, Source, VirtualHost, record
from emgdetect.session import SessionReader
from emgdetect.types import Chunk
from firmware_interface.device import BleLink
from firmware_interface.devices import load_device
from firmware_interface.transports.virtual import VirtualTransport, read_virtual
from firmware_interface.transports.virtual_sensor import Struck

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.recorder import Outcome, Status
    from emgdetect.recording import Stream
    from emgdetect.types import RawArray
    from firmware_interface.transports.virtual_sensor import Truth

CHANNELS = ("RAW", "ENV", "REF", "ADC")
RATE = 1000
PROFILE = "generic"
DAMAGED = {"bytes": 0.01, "frames": 0.01 / 250}
"""The share of bytes that arrive changed: one in a hundred, or one in a hundred frames of four channels.

Of the former only every ninth frame comes through whole; the latter leaves enough to search for events.
"""

RESET_LIMIT = 100
"""A sensor that was reset counts anew: the clock places its samples within a tenth of a second."""

_GROWTH = 1.05
_FILLING_S = 1800.0
"""Thresholds look back over minutes: what they build on fills until a third of this."""

_BLOCK = 5000
_PIECE = 2000


@lru_cache(maxsize=8)
def _block(number: int) -> RawArray:
    rng = np.random.default_rng((99, number))
    noise = rng.normal(0.0, 4.0, (len(CHANNELS), _BLOCK))
    for row in noise:
        if rng.random() < 0.3:  # noqa: PLR2004 - a burst in three blocks of ten
            first = int(rng.integers(0, _BLOCK - 1000))
            row[first : first + int(rng.integers(100, 1000))] *= 25
    return np.clip(np.rint(512 + noise), 0, 1023).astype(np.int32)


def signal(start: int, n: int, /) -> RawArray:
    """Give what the sensor takes: muscle at rest and at work, a function of the index alone."""
    first, last = start // _BLOCK, (start + max(n, 1) - 1) // _BLOCK
    whole = np.concatenate([_block(number) for number in range(first, last + 1)], axis=1)
    return whole[:, start - first * _BLOCK :][:, :n]


@dataclass
class Watch(Silent):
    """Looks at the memory of this process once a minute of the night, and counts announcements."""

    memory: list[tuple[float, float]] = field(default_factory=list)

    def on_status(self, status: Status) -> None:
        """Take a look."""
        if not self.memory or status.elapsed >= self.memory[-1][0] + 60:
            self.memory.append((status.elapsed, _resident_mb()))


@dataclass(frozen=True)
class Recorded:
    """A night, and what is known of it from the other side."""

    path: Path
    outcome: Outcome
    hours: float
    faults: str
    seconds: float
    memory: list[tuple[float, float]]
    damaged: int


def faults(hours: float, damage: str) -> str:
    """Give the faults of a night, as many for its length as eight hours have."""
    disconnects, resets, sleeps = _times(hours)
    seconds = 600 if hours >= 1 else 60
    half = hours * 1800
    return (
        f"disconnect={disconnects}x20&reset={resets}x1&sleep={sleeps}x{seconds}"
        f"&drop=0.005&corrupt={DAMAGED[damage]:g}&drift=200e-6,-200e-6@{half:g}"
    )


def _times(hours: float) -> tuple[int, int, int]:
    """Return how many disconnects, resets and sleeps there are."""
    share = hours / 8
    return max(2, round(100 * share)), max(1, round(3 * share)), max(1, round(2 * share))


def record_night(path: Path, hours: float, seed: int, damage: str) -> Recorded:
    """Record a board over a radio link, which outlives disconnects, as fast as the machine goes."""
    url = f"virtual://emgdetect?channels={','.join(CHANNELS)}&rate={RATE}&hours={hours}&speed=0&seed={seed}"
    wrong = faults(hours, damage)
    key, settings = read_virtual(f"{url}&{wrong}")
    device = load_device(key)
    device = replace(device, links=tuple(link for link in device.links if isinstance(link, BleLink)))
    damaged = 0

    def note(truth: Truth) -> None:
        nonlocal damaged
        damaged += isinstance(truth, Struck) and truth.kind in {"corrupt", "drop"}

    transport = VirtualTransport(device, settings, signal=signal, truth=note)
    watch = Watch()
    options = Options(Search(load_profile(PROFILE), every=5.0), awake=False, host=VirtualHost([transport]))
    begun = time.monotonic()
    outcome = record([Source("leg", device, transport, settings.options)], path, options, [watch])
    return Recorded(path, outcome, hours, wrong, time.monotonic() - begun, watch.memory, damaged)


def check(recorded: Recorded) -> Iterator[tuple[str, str]]:
    """Compare the session with what the sensor took, and give the figures.

    Raises
    ------
    SystemExit
        Something is not as it should be.
    """
    session = SessionReader(recorded.path)
    (stream_id,) = session.stream_ids()
    stream = session.stream(stream_id)
    live = session.detection(recorded.outcome.runs[-1])
    n_anchors = len(session.anchors(stream_id))
    seconds = stream.n_samples / RATE
    yield "stream time", f"{seconds / 3600:.2f} h of {len(CHANNELS)} channels at {RATE} Hz"
    yield "pace", f"{seconds / recorded.seconds:.0f} times real time"
    yield "faults", recorded.faults.replace("&", ", ")
    steps = _steps(stream)
    yield "frames dropped or damaged", str(recorded.damaged)
    stored = stream.n_samples - sum(gap.n_samples for gap in stream.gaps)
    yield "samples stored, each compared with what was sent", f"{stored} per channel, 0 false"
    yield "gaps", f"{len(stream.gaps)}, {stream.n_samples - stored} samples"
    resets = _times(recorded.hours)[1]
    _require(len(steps) <= resets, f"{len(steps)} places where the count shifts, {resets} resets")
    _require(all(abs(step) <= RESET_LIMIT for step in steps), f"shifts of {steps} samples at resets")
    yield "gaps with a counter", "all right to the sample"
    yield "gaps at resets, off by", ", ".join(f"{step} ms" for step in steps) or "nothing"
    causes = sorted({part for gap in stream.gaps for part in gap.cause.split(", ")})
    yield "causes", ", ".join(causes)
    found = detect_stream(stream, load_profile(PROFILE))
    _require(repr(found.events) == repr(live.events), "live events differ from those of detect")
    glitches = sum(event.kind == "artefact" for event in live.events)
    yield "events, live as by detect", f"{len(live.events) - glitches}, and {glitches} artefacts"
    yield "moments stored", str(n_anchors)
    yield "memory", _memory(recorded.memory)


def _steps(stream: Stream) -> list[int]:
    """Return by how many samples the place of the sensor's samples shifts, at each place where it does."""
    offset, steps = None, []
    for piece in stream.pieces(_PIECE):
        if not isinstance(piece, Chunk):
            continue
        now = _offset(piece, offset)
        if offset is not None and now != offset:
            steps.append(now - offset)
        offset = now
    return steps


def _offset(chunk: Chunk, known: int | None) -> int:
    near = range(10 * RATE) if known is None else range(known - 2 * RESET_LIMIT, known + 2 * RESET_LIMIT)
    offset: int
    for offset in (*(() if known is None else (known,)), *near):
        first = chunk.start + offset
        if first >= 0 and np.array_equal(chunk.data, signal(first, chunk.data.shape[1])):
            return offset
    raise SystemExit(f"samples {chunk.start} to {chunk.stop} were never sent")


def _memory(memory: list[tuple[float, float]]) -> str:
    """Compare the last third of the night with the one before: in the first one buffers still fill."""
    if memory[-1][0] < _FILLING_S:
        return f"at most {max(size for _, size in memory):.0f} MB, too short a time to tell whether it grows"
    third = max(1, len(memory) // 3)
    early, late = (sorted(size for _, size in part) for part in (memory[third : 2 * third], memory[-third:]))
    _require(
        late[len(late) // 2] < early[len(early) // 2] * _GROWTH,
        f"memory grows from {early[len(early) // 2]:.0f} to {late[len(late) // 2]:.0f} MB",
    )
    return (
        f"median {early[len(early) // 2]:.0f} MB in the second third of the night, "
        f"{late[len(late) // 2]:.0f} MB in the last; at most {max(early[-1], late[-1]):.0f} MB"
    )


def _resident_mb() -> float:
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 1e6


def _require(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise SystemExit(otherwise)

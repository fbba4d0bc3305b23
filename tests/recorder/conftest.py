"""A recorder with virtual sensors, and what it should have stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.config import load_profile
from emgdetect.pipeline import detect_stream
from emgdetect.recorder import Control, Options, Search, Silent, Source, VirtualHost, record
from emgdetect.session import SessionReader
from emgdetect.types import Chunk
from firmware_interface.devices import load_device
from firmware_interface.transports.virtual import VirtualTransport, read_virtual

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from emgdetect.recorder import Listener, Outcome, Status
    from emgdetect.types import Detection, Event, Gap, RawArray, StreamInfo

START = 1_700_000_000.0
_BLOCK = 5000
PROFILE = "twitch"


def muscle(seed: int, n_channels: int) -> Callable[[int, int], RawArray]:
    """Noise with a twitch every few seconds, in numbers of ten bits that depend on nothing but the index."""

    @lru_cache(maxsize=4)
    def block(number: int) -> RawArray:
        rng = np.random.default_rng((seed, number))
        noise = rng.normal(0.0, 4.0, (n_channels, _BLOCK))
        for row in noise:
            first = int(rng.integers(0, _BLOCK - 400))
            row[first : first + 200] *= 25
        return np.clip(np.rint(512 + noise), 0, 1023).astype(np.int32)

    def signal(start: int, n: int) -> RawArray:
        first, last = start // _BLOCK, (start + max(n, 1) - 1) // _BLOCK
        whole = np.concatenate([block(number) for number in range(first, last + 1)], axis=1)
        return whole[:, start - first * _BLOCK :][:, :n]

    return signal


class Heard(Silent):
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Event]] = []
        self.gaps: list[tuple[str, Gap]] = []
        self.messages: list[str] = []
        self.statuses: list[Status] = []

    def on_event(self, source: str, event: Event) -> None:
        self.events.append((source, event))

    def on_gap(self, source: str, gap: Gap) -> None:
        self.gaps.append((source, gap))

    def on_message(self, source: str, text: str) -> None:
        self.messages.append(f"{source}: {text}")

    def on_status(self, status: Status) -> None:
        self.statuses.append(status)


@dataclass
class Rig:
    """Records virtual sensors into one session, as fast as the machine goes.

    Every call of :meth:`record` is one recording; ``wall`` is the time of day at which the next one begins.
    """

    path: Path
    wall: float = START
    heard: Heard = field(default_factory=Heard, repr=False)
    disk: Callable[[Path], int] = lambda _: 1 << 40

    def source(self, url: str, name: str = "leg", *, seed: int = 0) -> Source:
        """Make a sensor of ``virtual://…`` with muscle on its wires."""
        key, settings = read_virtual(f"{url}{'&' if '?' in url else '?'}speed=0&seed={seed}")
        device = load_device(key)
        n_channels = len(device.emulator(settings.options).info.channels)
        transport = VirtualTransport(device, settings, signal=muscle(seed, n_channels))
        return Source(name, device, transport, settings.options)

    def record(
        self,
        *sources: Source,
        duration: float | None = None,
        control: Control | None = None,
        listeners: Sequence[Listener] = (),
        every: float = 2.0,
    ) -> Outcome:
        """Record, and let the time of day go on by as long as it took."""
        host = VirtualHost([source.transport for source in sources], self.wall)
        rig = self

        class Computer(VirtualHost):
            def free_bytes(self, folder: Path) -> int:
                return rig.disk(folder)

        host = Computer([source.transport for source in sources], self.wall)
        options = Options(
            Search(load_profile(PROFILE), every=every),
            duration=duration,
            awake=False,
            control=control or Control(),
            host=host,
        )
        try:
            return record(sources, self.path, options, [self.heard, *listeners])
        finally:
            self.wall = host.read().wall

    def check(self, run_id: int) -> Detection:
        """Compare a stored run with detection on the stored stream; return it."""
        with SessionReader(self.path) as session:
            (run,) = [run for run in session.runs() if run.id == run_id]
            live = session.detection(run_id)
            stream = session.stream(run.stream_id)
            afterwards = detect_stream(stream, load_profile(PROFILE))
            assert {event.status for event in session.events(run_id)} <= {"final", "withdrawn"}
        # NaN is not equal to itself, its text is.
        assert repr(live.events) == repr(afterwards.events)
        assert repr(live.gaps) == repr(afterwards.gaps)
        assert live.n_samples == afterwards.n_samples
        for one, other in zip(live.quality, afterwards.quality, strict=True):
            assert one.reason.tobytes() == other.reason.tobytes()
            assert one.floor.tobytes() == other.floor.tobytes()
        return live

    def offsets(self, stream_id: int = 1, *, seed: int = 0) -> list[int]:
        """Return by how much each stretch of stored samples is off the sensor's own count, in order.

        A stretch that is no part of what the sensor took fails the test.
        """
        with SessionReader(self.path) as session:
            stream = session.stream(stream_id)
            signal = muscle(seed, len(stream.info.channels))
            found: list[int] = []
            for piece in stream.pieces(_BLOCK):
                if isinstance(piece, Chunk):
                    found.append(_offset(piece, signal, found[-1:]))
        return found


def _offset(chunk: Chunk, signal: Callable[[int, int], RawArray], known: list[int]) -> int:
    offset: int
    for offset in [*known, *range(-200, 6000)]:
        first = chunk.start + offset
        if first >= 0 and np.array_equal(chunk.data, signal(first, chunk.data.shape[1])):
            return offset
    raise AssertionError(f"samples {chunk.start} to {chunk.stop} were never sent")


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path / "night.emgdb")


@pytest.fixture
def info() -> Callable[[Rig], StreamInfo]:
    def read(rig: Rig) -> StreamInfo:
        with SessionReader(rig.path) as session:
            return session.stream(1).info

    return read

"""Kill a recorder at random moments and see what its session still holds; prints a line of JSON.

One process forks the recorders, so that each costs little. They record a virtual sensor as fast as the
machine goes, and report through a pipe how far its time has come and which events somebody was told of.
"""

from __future__ import annotations

import json
import os
import random
import struct
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from emgdetect.config import load_profile
from emgdetect.pipeline import detect_stream
from emgdetect.recorder import Options, Search, Silent, Source, VirtualHost, record
from emgdetect.session import SessionReader
from emgdetect.types import Chunk
from firmware_interface.devices import load_device
from firmware_interface.transports.virtual import VirtualTransport, read_virtual
from tests.killing import is_damaged, kill_one

if TYPE_CHECKING:
    from emgdetect.types import Event, RawArray
    from firmware_interface.link import Arrival

RATE = 250
URL = f"virtual://emgdetect?rate={RATE}&drop=0.01&speed=0"
WALL = 1_700_000_000.0
APART = 100.0
"""Seconds between the beginnings of two recordings, by their time of day."""

REPORT = struct.Struct("<cdqq")
MOST_REPORTS = 300
CONTINUED = 4
"""Kills a session survives before a new one is begun."""

CONNECTED_S = 6.0
"""By then the sensor is connected and the first samples were stored."""


def samples(start: int, n: int) -> RawArray:
    """What the sensor sends: a number that tells the index, with a twitch every other second."""
    index = np.arange(start, start + n)
    noise = (index * 7919 + (index // 1009) * 31) % 17
    twitch = np.where(index % (2 * RATE) < RATE // 5, 25 * (noise - 8), 0)
    return np.asarray(500 + noise + twitch)[None, :].astype(np.int32)


class Pipe(Silent):
    """A listener on the other side of a pipe."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def tell(self, what: bytes, time: float, sample: int = 0, stop: int = 0) -> None:
        os.write(self._pipe, REPORT.pack(what, time, sample, stop))

    def on_event(self, source: str, event: Event) -> None:
        del source
        self.tell(b"e", 0.0, event.sample, event.sample + event.n_samples)


class Reporting(VirtualTransport):
    """A virtual sensor that says how late it is before the recorder gets anything."""

    pipe: Pipe

    def read(self, timeout: float) -> list[Arrival]:
        arrivals = super().read(timeout)
        self.pipe.tell(b"t", self.now())
        return arrivals


def run(path: Path, number: int, pipe: int) -> NoReturn:
    """Record until killed."""
    key, settings = read_virtual(f"{URL}&seed={number}")
    device = load_device(key)
    transport = Reporting(device, settings, signal=samples)
    transport.pipe = Pipe(pipe)
    host = VirtualHost([transport], WALL + number % CONTINUED * APART)
    options = Options(Search(load_profile("twitch"), every=0.5), awake=False, host=host)
    record([Source("leg", device, transport, settings.options)], path, options, [transport.pipe])
    raise SystemExit("nobody killed it")


def examine(path: Path, number: int, reports: list[tuple[bytes, float, int, int]]) -> dict[str, float]:
    """Open what is left and compare it with what was reported."""
    reached = max((time for what, time, _, _ in reports if what == b"t"), default=0.0)
    told = [(sample, stop) for what, _, sample, stop in reports if what == b"e"]
    missing, wrong, lost = 0.0, 0, 0
    with SessionReader(path) as session:
        for stream in session.streams():
            wrong += sum(unknown(piece) for piece in stream.pieces(200) if isinstance(piece, Chunk))
            start = stream.info.start
            if reached > CONNECTED_S and start is not None:
                stored = start.timestamp() + stream.n_samples / stream.info.sampling_rate
                missing = WALL + number % CONTINUED * APART + reached - stored
        runs = session.runs()
        events = session.events(runs[-1].id) if runs else ()
        for sample, stop in told:
            lost += not any(one.sample < stop and sample < one.sample + one.n_samples for one in events)
    return {
        "missing": missing,
        "wrong": wrong,
        "lost_events": lost,
        "damaged": int(is_damaged(path)),
        "events": len(told),
    }


def unknown(chunk: Chunk) -> int:
    """Tell whether a stretch of samples is none that the sensor ever took."""
    whole = samples(0, int(APART * RATE))[0]
    n = chunk.data.shape[1]
    first = np.flatnonzero(whole[: len(whole) - n] == chunk.data[0, 0])
    return int(not any((whole[at : at + n] == chunk.data[0]).all() for at in first))


def main(folder: Path, kills: int, seed: int) -> None:
    """Kill ``kills`` recorders and print the sums, and the most seconds of samples missing."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    # What takes long to load is loaded before anybody is forked.
    from emgdetect.api import from_array

    detect_stream(from_array(np.zeros(3000), RATE), load_profile("twitch"))
    totals = Counter[str]()
    most = 0.0
    for number in range(kills):
        path = folder / f"{number // CONTINUED}.emgdb"
        # One in four is killed while it may still be opening the file or connecting.
        early = number % 4 == 1
        after, delay = (0, 0.05) if early else (rng.randint(1, MOST_REPORTS), 0.002)
        reports = kill_one(partial(run, path, number), REPORT, after=after, delay=rng.uniform(0.0, delay))
        totals["kills"] += 1
        totals["reported"] += bool(reports)
        if not path.exists():
            continue
        found = examine(path, number, reports)
        most = max(most, found.pop("missing"))
        totals.update({name: int(value) for name, value in found.items()})
    sys.stdout.write(json.dumps({**totals, "missing": round(most, 3)}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

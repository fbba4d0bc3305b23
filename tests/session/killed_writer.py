"""Kill a recorder at random moments and see what its session still holds; prints a line of JSON.

One process forks the recorders, so that each costs milliseconds. A recorder runs ahead of time: its
clock moves on by a tenth of a second with every chunk, as fast as the machine goes. It reports through a
pipe what it has handed over and which events were stored.
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
from typing import NoReturn

import numpy as np

from emgdetect.session import CommitPolicy, RunInfo, SessionReader, SessionWriter
from emgdetect.types import Channel, Chunk, Event, Gap, StreamInfo
from tests.killing import is_damaged, kill_one

RATE = 1000
CHUNK = 100
REPORT = struct.Struct("<cqq")
MOST_REPORTS = 150
CONTINUED = 5
"""Kills a file survives before a new one is begun."""


def samples(start: int, stop: int) -> np.ndarray[tuple[int, int], np.dtype[np.int16]]:
    """What the sensor sends: the index itself, and something that depends on it."""
    index = np.arange(start, stop)
    return np.stack([index % 32768, (index * 7919) % 30011]).astype(np.int16)


def record(path: Path, seed: int, pipe: int) -> NoReturn:
    """Record until killed."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    now = [0.0]
    policy = CommitPolicy(clock=lambda: now[0])
    session = (SessionWriter.open if path.exists() else SessionWriter.create)(path, policy=policy)
    with SessionReader(path) as reader:
        begun = bool(reader.stream_ids())
    if not begun:
        session.add_stream(StreamInfo(RATE, (Channel("a", "adc"), Channel("b", "adc"))))
    run_id = session.add_run(1, RunInfo("p", "v", "h"))
    position = session.next_sample(1)
    os.write(pipe, REPORT.pack(b"s", position, run_id))
    while True:
        now[0] += CHUNK / RATE
        if rng.random() < 0.02:
            session.add_gap(1, Gap(position, CHUNK, "lost packets"))
        else:
            session.append(1, Chunk(samples(position, position + CHUNK), position))
        position += CHUNK
        if rng.random() < 0.05:
            session.add_events(run_id, [Event("a", position, 1, 0.0, 0.0, "twitch", 1.0, 1.0, 1.0)])
            os.write(pipe, REPORT.pack(b"e", position, run_id))
        os.write(pipe, REPORT.pack(b"s", position, run_id))


def examine(path: Path, reports: list[tuple[bytes, int, int]]) -> dict[str, int]:
    """Open what is left and compare it with what was reported."""
    reached = max((position for what, position, _ in reports if what == b"s"), default=0)
    with SessionReader(path) as session:
        stop, wrong, lost_events = 0, 0, 0
        for stream in session.streams():
            stop = stream.n_samples
            for piece in stream.pieces(10_000):
                if isinstance(piece, Chunk):
                    wrong += int((piece.data != samples(piece.start, piece.stop)).sum())
        for what, position, run_id in reports:
            if what == b"e":
                lost_events += position not in {event.sample for event in session.events(run_id)}
    return {
        "missing": max(0, reached - stop),
        "wrong": wrong,
        "lost_events": lost_events,
        "damaged": int(is_damaged(path)),
        "events": sum(what == b"e" for what, _, _ in reports),
    }


def main(folder: Path, kills: int, seed: int) -> None:
    """Kill ``kills`` recorders and print the sums, and the largest number of samples missing."""
    rng = random.Random(seed)  # noqa: S311 - no secret
    totals = Counter[str]()
    for number in range(kills):
        path = folder / f"{number // CONTINUED}.emgdb"
        # One in four is killed while it may still be opening the file.
        early = number % 4 == 0
        after, delay = (0, 0.02) if early else (rng.randint(1, MOST_REPORTS), 0.002)
        reports = kill_one(
            partial(record, path, seed + number), REPORT, after=after, delay=rng.uniform(0.0, delay)
        )
        totals["kills"] += 1
        totals["reported"] += bool(reports)
        if not path.exists():
            # Killed before the session had its name: nothing was promised yet.
            totals["wrong"] += bool(reports)
            continue
        found = examine(path, reports)
        most = max(totals["missing"], found.pop("missing"))
        totals.update(found)
        totals["missing"] = most
    sys.stdout.write(json.dumps(totals) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

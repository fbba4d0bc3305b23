"""The Lab Streaming Layer between processes: another program's outlet and a replayed one are recorded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.session import SessionReader, SessionWriter
from emgdetect.types import Channel, Chunk, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.types import RawArray

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="the recorder is stopped by a signal here"),
    pytest.mark.timeout(90),
]

RATE, COUNT = 500, 1200
SENDER = f"""
import sys, time
import numpy as np
from pylsl import StreamInfo, StreamOutlet
name = sys.argv[1]
outlet = StreamOutlet(StreamInfo(name, "EMG", 2, {RATE}, "int32", name))
while not outlet.wait_for_consumers(1.0):
    pass
began = time.monotonic()
for first in range(0, {COUNT}, 25):
    time.sleep(max(0.0, first / {RATE} - (time.monotonic() - began)))
    outlet.push_chunk([[k, -k] for k in range(first, first + 25)])
time.sleep(1.0)
"""


@pytest.fixture
def name() -> str:
    """A name of its own keeps streams of other tests and machines out."""
    pylsl = pytest.importorskip("pylsl", reason="needs pylsl")
    name = f"emgdetect-test-{uuid.uuid4().hex}"
    probe = pylsl.StreamOutlet(pylsl.StreamInfo(name, "EMG", 1, 100.0, "int16", name))
    if not pylsl.resolve_byprop("name", name, 1, 5.0):
        pytest.skip("LSL streams cannot be seen here: no multicast, not even to oneself")
    del probe
    return f"{name}-2"


@contextmanager
def running(folder: Path, log: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python, what it says on stderr going into a file."""
    with (folder / log).open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=said
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def recorded_from(sender: tuple[str, ...], name: str, folder: Path) -> tuple[StreamInfo, RawArray]:
    """Record until the sender is done; return what the recording holds, which has no gap."""
    recorder = ("-m", "emgdetect", "record", f"lsl://{name}", "-o", "night.emgdb", "--no-wake-lock", "-q")
    with running(folder, "recorder", *recorder) as recording, running(folder, "sender", *sender) as sending:
        assert sending.wait(60) == 0
        recording.send_signal(signal.SIGINT)
        assert recording.wait(30) == 0
    assert not (folder / "recorder").read_text()
    with SessionReader(folder / "night.emgdb") as session:
        (stream,) = session.streams()
        assert not [gap for gap in stream.gaps if gap.stop < stream.n_samples]
        stop = stream.n_samples - sum(gap.n_samples for gap in stream.gaps)
        return stream.info, stream.fetch(0, stop)


def test_every_sample_of_another_programs_outlet_is_recorded(name: str, tmp_path: Path) -> None:
    info, data = recorded_from(("-c", SENDER, name), name, tmp_path)
    assert info.sampling_rate == RATE
    assert np.array_equal(data[0], np.arange(COUNT))
    assert np.array_equal(data[1], -np.arange(COUNT))


def test_a_recording_replayed_as_an_outlet_is_recorded_as_it_was(name: str, tmp_path: Path) -> None:
    samples = np.random.default_rng(3).integers(-2000, 2000, (2, COUNT)).astype(np.int16)
    channels = (Channel("TA", "uV", gain=0.5), Channel("GC", "uV", gain=-1.0))
    with SessionWriter.create(tmp_path / f"{name}.emgdb") as session:
        stream_id = session.add_stream(StreamInfo(float(RATE), channels))
        session.append(stream_id, Chunk(samples, 0))
    sender = ("-m", "emgdetect", "replay", f"{name}.emgdb", "--lsl", "--channel", "TA", "--channel", "GC")
    info, data = recorded_from(sender, name, tmp_path)
    assert (info.ch_names, [channel.unit for channel in info.channels]) == (("TA", "GC"), ["uV", "uV"])
    assert np.array_equal(data, samples * np.array([[0.5], [-1.0]]))

"""From the converter of a board to the session on the disk, through everything that is between.

The sketch runs on a simulated Uno in real time, behind a serial port; the recorder is a process of its own,
as somebody at home starts it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.session import SessionReader
from emgdetect.types import Chunk
from tests.firmware_interface.firmware.conftest import REAL_TIME

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Stream
    from emgdetect.types import RawArray
    from tests.firmware_interface.firmware.conftest import PlugIn, SimulatedBoard

SECONDS = 60
LOOKED_AT = 40_000
STRETCH = 5000


def record(port: str, session: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emgdetect", "record", f"leg=serial://{port}", "--device", "emgdetect"]
    command += ["--for", f"{seconds}s", "--output", str(session), "--no-wake-lock"]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=250, check=False)


def fed(board: SimulatedBoard, first: int, n_samples: int) -> RawArray:
    return np.array([[board.key(place) for place in range(first, first + n_samples)]])


def first_conversion(board: SimulatedBoard, stream: Stream) -> int:
    """Say by the samples themselves which conversion since power-up the first of them is."""
    start, stop = next(stream.runs())
    # The numbers nearly repeat; only a long stretch of them stands at one place alone.
    known = stream.fetch(start, min(stop, start + STRETCH))[0]
    conversions = fed(board, 0, LOOKED_AT + STRETCH)[0]
    found = [place for place in range(LOOKED_AT) if np.array_equal(conversions[place:][: len(known)], known)]
    assert len(found) == 1, "the samples are not those of the converter"
    return found[0] - start


@pytest.mark.timeout(400)
def test_every_sample_of_a_minute_is_in_the_session_or_in_a_gap(plug_in: PlugIn, tmp_path: Path) -> None:
    board = plug_in({"RATE_HZ": "1000"}, speed=REAL_TIME)
    session = tmp_path / "night.emgdb"
    done = record(board.port, session, SECONDS)
    assert done.returncode == 0, done.stderr
    assert str(session) in done.stdout
    with SessionReader(session) as reader:
        (stream,) = reader.streams()
        (run,) = reader.runs()
        assert reader.source(1) == "leg"
        offset = first_conversion(board, stream)
        stored = 0
        for piece in stream.pieces(10_000):
            if isinstance(piece, Chunk):
                count = piece.data.shape[1]
                assert np.array_equal(piece.data, fed(board, offset + piece.start, count)), piece.start
                stored += count
    missing = sum(gap.n_samples for gap in stream.gaps)
    assert stored + missing == stream.n_samples
    assert run.n_samples == stream.n_samples
    # Opening the port resets a board, whose boot takes two seconds; a busy machine takes some more.
    assert stream.n_samples > (SECONDS - 15) * 1000

"""EDF files others wrote: edfio, a sleep laboratory; and long ones."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import edfio
import numpy as np
import pytest

from emgdetect.types import Annotation

if TYPE_CHECKING:
    from tests.formats.binary.conftest import Opener, Reader


def test_written_by_edfio(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(0, 50, 6000)
    signal = edfio.EdfSignal(
        values, 200, label="EMG RAT", physical_dimension="uV", physical_range=(-500, 500)
    )
    marks = [edfio.EdfAnnotation(1.5, None, "a"), edfio.EdfAnnotation(29.0, 0.25, "b")]
    path = tmp_path / "a.edf"
    edfio.Edf([signal], annotations=marks).write(path)
    recording = opened(path)
    (stream,) = recording.streams
    np.testing.assert_allclose(stream.window(0, 6000)[0], signal.data, atol=1e-9)
    assert stored(stream).shape == (1, 6000)
    assert recording.annotations == (Annotation(1.5, 0.0, "a"), Annotation(29.0, 0.25, "b"))


def test_real_recordings(shared_data: Path, opened: Opener, stored: Reader) -> None:
    folder = shared_data / "psg_edf"
    recording = opened(folder / "short_psg.edf")
    main = recording.streams[0]
    # A record is 30 s: 3 signals of 3000 samples, then 4 of 30; the chin is the second of the four.
    data = np.frombuffer((folder / "short_psg.edf").read_bytes()[256 * 8 :], dtype="<i2").reshape(10, -1)
    assert (main.info.sampling_rate, main.info.channels[1].name) == (1.0, "EMG submental")
    np.testing.assert_array_equal(stored(main)[1], data[:, 9030:9060].reshape(-1))
    np.testing.assert_array_equal(stored(recording.streams[1])[2], data[:, 6000:9000].reshape(-1))
    twin = opened(folder / "short_psg.bdf")
    for one, other in zip(recording.streams, twin.streams, strict=True):
        np.testing.assert_array_equal(stored(one), stored(other))
    subsecond = opened(folder / "test_subsecond.edf")
    assert subsecond.start == datetime(2020, 1, 24, 4, 5, 56, 394_531)  # noqa: DTZ001 - the recorder's clock
    assert [mark.text for mark in subsecond.annotations][:2] == ["XLSpike", "Clip Note"]


_MEASURE = """
import resource, sys
from pathlib import Path
from emgdetect.formats.opening import open_recording
(stream,) = open_recording(Path(sys.argv[1])).streams
total = sum(int(piece.data[:, ::1000].sum()) for piece in stream.pieces(30_000))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times the length may cost a few MB for its time stamps, not ten times the memory."""
    pytest.importorskip("resource", reason="peak memory is not measured on this system")
    values = np.random.default_rng(1).normal(0, 50, 4000)
    signal = edfio.EdfSignal(values, 4000, label="EMG", physical_range=(-500, 500))
    one = edfio.Edf([signal], annotations=[edfio.EdfAnnotation(0, None, "room for stamps")]).to_bytes()
    head, record = one[: 256 * 3], one[256 * 3 :]
    used = []
    for n_records in (2_500, 25_000):
        path = tmp_path / f"{n_records}.edf"
        with path.open("wb") as file:
            file.write(head)
            for number in range(n_records):
                stamp = f"+{number}\x14\x14\x00".encode()
                file.write(record[:8000] + stamp.ljust(len(record) - 8000, b"\0"))
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(path)],
            capture_output=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3]), "OMP_NUM_THREADS": "1"},
        )
        used.append(int(done.stdout))
        path.unlink()
    assert used[1] < 1.1 * used[0]

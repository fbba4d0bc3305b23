from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.formats import openbci
from emgdetect.formats.opening import read_head
from emgdetect.recording import ReadOptions, Stream
from emgdetect.types import Annotation, Gap

Write = Callable[[str, str], Path]
Pieces = Callable[[Stream, int], tuple[np.ndarray[Any, np.dtype[Any]], list[Gap]]]

V3 = "%OpenBCI Raw EEG Data\n%\n%Sample Rate = 200.0 Hz\n%First Column = SampleIndex\n"
V6 = (
    "%OpenBCI Raw EXG Data\n%Number of channels = 2\n%Sample Rate = 250 Hz\n"
    "%Board = OpenBCI_GUI$BoardCytonSerial\n"
    "Sample Index, EXG Channel 0, EXG Channel 1, Accel Channel 0, Timestamp, Marker Channel, "
    "Timestamp (Formatted)\n"
)


def clock(seconds: float) -> str:
    whole = int(seconds + 1e-9)
    return f"{whole // 3600 % 24:02d}:{whole // 60 % 60:02d}:{seconds - whole // 60 * 60:06.3f}"


def ganglion(rows: list[tuple[int, float]]) -> str:
    """Rows of index and time; channel 1 is the row's number."""
    lines = [f"{i}, {n}.25, {-n}.50, 0.00, 0.00, 0.0, 0.0, 0.0, {clock(t)}" for n, (i, t) in enumerate(rows)]
    return V3 + "\n".join(lines) + "\n"


def read(path: Path, rate: float | None = None) -> tuple[Stream, tuple[str, ...]]:
    assert openbci.sniff(read_head(path))
    recording = openbci.read(path, ReadOptions(sampling_rate=rate))
    return recording.streams[0], recording.oddities


@pytest.mark.parametrize("subject", ["S02_S1R0", "S04_S1R0", "S04_S1REST", "S06_S1R0"])
def test_ganglion_files_sample_by_sample(shared_data: Path, pieces: Pieces, subject: str) -> None:
    path = shared_data / "ganglion_myoware" / f"OpenBCI-RAW-{subject}.txt"
    with path.open() as file:
        rows = [row for row in csv.reader(file) if not row[0].startswith("%")]
    stream, oddities = read(path)
    data, gaps = pieces(stream, 999)
    np.testing.assert_array_equal(data, np.array([[float(cell) for cell in row[1:5]] for row in rows]).T)
    assert gaps == []
    assert [c.unit for c in stream.info.channels] == ["uV"] * 4
    assert stream.info.sampling_rate == 200.0
    assert any("wraps after 200" in note for note in oddities)


def test_the_hole_of_29_seconds_is_a_gap_of_that_length(shared_data: Path, pieces: Pieces) -> None:
    path = shared_data / "ganglion_myoware" / "OpenBCI-RAW-S03_S1R0.txt"
    stream, _ = read(path)
    data, gaps = pieces(stream, 5000)
    assert data.shape[1] == 26612
    (gap,) = gaps
    assert gap.start == 1870
    assert gap.cause == "restart"
    assert gap.n_samples == pytest.approx(29.204 * 200, abs=10)
    assert stream.n_samples == 26612 + gap.n_samples


def test_both_dialects_of_the_same_recording_are_the_same(shared_data: Path, pieces: Pieces) -> None:
    folder = shared_data / "openbci_cyton"
    five, _ = read(folder / "OpenBCI_GUI-v5-blinks-jawClench-alpha.txt")
    six, _ = read(folder / "OpenBCI_GUI-v6-blinks-jawClench-alpha.txt")
    with (folder / "OpenBCI_GUI-v6-blinks-jawClench-alpha.txt").open() as file:
        rows = [line.split(",") for line in file if line[0].isdigit()]
    expected = np.array([row[1:9] for row in rows]).astype(float).T
    for stream in (five, six):
        data, gaps = pieces(stream, 4096)
        np.testing.assert_array_equal(data, expected)
        assert gaps == []
        assert stream.info.start == datetime(
            2019, 5, 15, 12, 0, 53, 329000, tzinfo=timezone(timedelta(hours=-4))
        )


def test_lost_packets_are_counted_over_the_wrap(write: Write, pieces: Pieces) -> None:
    kept = [n for n in range(1000) if n not in {*range(150, 157), *range(398, 405), 700}]
    path = write("lost.txt", ganglion([(n % 201, 36000 + n / 200) for n in kept]))
    stream, _ = read(path)
    data, gaps = pieces(stream, 64)
    assert gaps == [
        Gap(150, 7, "lost packets"),
        Gap(398, 7, "lost packets"),
        Gap(700, 1, "lost packets"),
    ]
    assert stream.n_samples == 1000
    np.testing.assert_array_equal(data[0], np.arange(len(kept)) + 0.25)


def test_a_loss_of_more_than_a_turn_is_told_by_the_clock(write: Write) -> None:
    kept = [n for n in range(3000) if not 500 <= n < 500 + 3 * 201 + 40]
    path = write("long.txt", ganglion([(n % 201, 36000 + n / 200) for n in kept]))
    stream, _ = read(path)
    assert stream.gaps == (Gap(500, 3 * 201 + 40, "lost packets"),)


def test_stamps_in_bursts_make_no_gap(write: Write) -> None:
    rows = [(n % 201, 36000 + (n // 20 * 20 + 20) / 200 + 0.05 * (n // 20 % 7 == 3)) for n in range(2000)]
    stream, _ = read(write("bursts.txt", ganglion(rows)))
    assert stream.gaps == ()
    assert stream.n_samples == 2000


def test_a_clock_over_midnight_is_no_gap(write: Write) -> None:
    rows = [(n % 201, 86400 - 2 + n / 200) for n in range(1000)]
    stream, _ = read(write("midnight.txt", ganglion(rows)))
    assert stream.gaps == ()


def test_a_repeated_index_is_kept_and_said(write: Write) -> None:
    rows = [(n % 201 if n != 77 else 76, 36000 + n / 200) for n in range(600)]
    stream, oddities = read(write("twice.txt", ganglion(rows)))
    assert stream.n_samples >= 600
    assert any("stands still" in note for note in oddities)


def test_two_samples_per_index_are_learnt(write: Write) -> None:
    rows = [(n // 2 % 201, 36000 + n / 200) for n in range(2000)]
    stream, oddities = read(write("pairs.txt", ganglion(rows)))
    assert stream.gaps == ()
    assert stream.n_samples == 2000
    assert any("on 2 rows" in note for note in oddities)


def v6_row(n: int, marker: int = 0) -> str:
    return f"{n % 256}, {n}.5, 0.0, 0.1, {1557936053.25 + n / 250:.6f}, {marker}, 2019-05-15 12:00:53.250\n"


def test_named_columns_unix_seconds_and_markers(write: Write) -> None:
    rows = [v6_row(n, marker=4 if n == 120 else 0) for n in range(400) if not 100 <= n < 110]
    path = write("six.txt", V6 + "".join(rows))
    recording = openbci.read(path, ReadOptions())
    (stream,) = recording.streams
    assert stream.gaps == (Gap(100, 10, "lost packets"),)
    assert stream.info.ch_names == ("EXG 1", "EXG 2")
    assert recording.annotations == (Annotation(120 / 250, 0.0, "marker 4"),)
    assert recording.start is not None
    assert recording.start.timestamp() == pytest.approx(1557936053.25)
    assert any("always zero" in note and "EXG 2" in note for note in recording.oddities)


@pytest.mark.parametrize(
    "change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n"), lambda t: t[:-30]]
)
def test_line_ends_bom_and_a_cut_end(write: Write, change: Callable[[str], str]) -> None:
    path = write("odd.txt", change(ganglion([(n % 201, 36000 + n / 200) for n in range(300)])))
    stream, _ = read(path)
    assert stream.n_samples in {299, 300}
    np.testing.assert_array_equal(stream.fetch(0, 299)[0], np.arange(299) + 0.25)


@pytest.mark.parametrize("text", [V3, V3 + "0, 1.0, 2.0\n" * 9, "%OpenBCI Raw EEG Data\n1,2,3,4,5,6,7,8,9\n"])
def test_what_cannot_be_read_says_so(write: Write, text: str) -> None:
    with pytest.raises(FormatError):
        openbci.read(write("bad.txt", text), ReadOptions())


def test_a_header_that_lies_about_the_rate_is_found_out(write: Write) -> None:
    rows = [(n % 201, 36000 + n / 100) for n in range(4000)]
    stream, oddities = read(write("slow.txt", ganglion(rows)))
    assert stream.info.sampling_rate == 200
    assert any("time stamps about 100 Hz" in note for note in oddities)
    honest = [(n % 201, 36000 + n / 200) for n in range(4000)]
    _, quiet = read(write("honest.txt", ganglion(honest)))
    assert not any("time stamps about" in note for note in quiet)

"""ScientISST, BioSPPy, OpenSignals and Myo."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.formats import biosppy, myo, opensignals, scientisst
from emgdetect.formats.opening import read_head
from emgdetect.recording import ReadOptions, Stream
from emgdetect.types import Gap

Write = Callable[[str, str], Path]
Pieces = Callable[[Stream, int], tuple[np.ndarray[Any, np.dtype[Any]], list[Gap]]]


def test_scientisst_sample_by_sample(shared_data: Path, pieces: Pieces) -> None:
    path = shared_data / "scientisst" / "output.csv"
    assert scientisst.sniff(read_head(path))
    recording = scientisst.read(path, ReadOptions())
    data, gaps = pieces(recording.streams[0], 7777)
    lines = path.read_text().split("\n")[1:]
    assert data[0].tolist() == [int(line.rpartition(",")[2]) for line in lines if line]
    assert gaps == []
    assert recording.streams[0].info.channels[0].raw_high == 4095
    assert any("default" in note for note in recording.oddities)


def test_scientisst_losses_and_metadata(write: Write) -> None:
    facts = json.dumps({"Sampling rate (Hz)": 100, "ISO 8601": "2023-05-01T10:00:00.250+02:00"})
    rows = [f"{n % 16}\t0\t1\t0\t0\t{n}\t{n / 7:.3f}\n" for n in range(200) if n not in {15, 16, 17, 90}]
    path = write("a.csv", f"#{facts}\n#NSeq\tI1\tI2\tO1\tO2\tAI1_raw\tAI1_mv\n" + "".join(rows))
    assert scientisst.sniff(read_head(path))
    recording = scientisst.read(path, ReadOptions())
    (stream,) = recording.streams
    assert stream.gaps == (Gap(15, 3, "lost packets"), Gap(90, 1, "lost packets"))
    assert stream.info.sampling_rate == 100
    assert stream.info.ch_names == ("AI1",)
    assert recording.start == datetime.fromisoformat("2023-05-01T10:00:00.250+02:00")


@pytest.mark.parametrize(("name", "n"), [("emg.txt", 100000), ("emg_1.txt", 63880)])
def test_biosppy_sample_by_sample(shared_data: Path, pieces: Pieces, name: str, n: int) -> None:
    path = shared_data / "biosppy_text" / name
    assert biosppy.sniff(read_head(path))
    (stream,) = biosppy.read(path, ReadOptions()).streams
    data, _ = pieces(stream, 12345)
    expected = [float(word) for word in path.read_text().split("Labels:= EMG")[1].split()]
    assert len(expected) == n
    assert data[0].tolist() == expected
    assert stream.info.sampling_rate == 1000.0
    assert (stream.info.channels[0].unit, stream.info.channels[0].raw_high) == ("adc", 4095)


def test_biosppy_columns_and_values_beyond_the_stated_bits(write: Write) -> None:
    head = "# Simple Text Format\n# Sampling Rate (Hz):= 199.70\n# Resolution:= 8\n# Labels:= EMG\tECG\n"
    recording = biosppy.read(write("a.txt", head + "1.5\t2\n300\t4\n"), ReadOptions())
    (stream,) = recording.streams
    assert stream.fetch(0, 2).tolist() == [[1.5, 300.0], [2.0, 4.0]]
    assert stream.info.ch_names == ("EMG", "ECG")
    assert stream.info.sampling_rate == 199.7
    assert stream.info.channels[0].raw_high is None
    assert any("8 bits" in note for note in recording.oddities)


@pytest.mark.parametrize("rate", ["", "zero", "-5", "inf"])
def test_biosppy_without_a_rate(write: Write, rate: str) -> None:
    path = write("a.txt", f"# Simple Text Format\n# Sampling Rate (Hz):= {rate}\n1\n2\n")
    with pytest.raises(FormatError, match="--sampling-rate"):
        biosppy.read(path, ReadOptions())
    assert biosppy.read(path, ReadOptions(sampling_rate=50)).streams[0].info.sampling_rate == 50


def bitalino(rows: list[str], **facts: object) -> str:
    device = {
        "sensor": ["EMG", "ECG", "EMG"], "column": ["nSeq", "I1", "I2", "O1", "O2", "A1", "A2", "A5"],
        "time": "13:26:33.450", "date": "2017-5-12", "device": "bitalino_rev", "sampling rate": 1000,
        "label": ["A1", "A2", "A5"], "resolution": [4, 1, 1, 1, 1, 10, 10, 6],
    }  # fmt: skip
    header = json.dumps({"20:16:07:18:14:22": device | facts})
    return f"# OpenSignals Text File Format\n# {header}\n# EndOfHeader\n" + "".join(rows)


def test_opensignals_counts_transfer_function_and_losses(write: Write, pieces: Pieces) -> None:
    rows = [f"{n % 16}\t0\t0\t1\t1\t{n % 1024}\t500\t{n % 64}\t\n" for n in range(900) if n not in {31, 32}]
    path = write("opensignals_201607181422_2017-05-12_13-26-33.txt", bitalino(rows))
    assert opensignals.sniff(read_head(path))
    recording = opensignals.read(path, ReadOptions())
    (stream,) = recording.streams
    data, gaps = pieces(stream, 100)
    kept = [n for n in range(900) if n not in {31, 32}]
    assert data.tolist() == [[n % 1024 for n in kept], [500] * 898, [n % 64 for n in kept]]
    assert gaps == [Gap(31, 2, "lost packets")]
    assert [c.unit for c in stream.info.channels] == ["uV", "adc", "uV"]
    assert [c.raw_high for c in stream.info.channels] == [1023, 1023, 63]
    # EMG in mV = (ADC / 2**n - 0.5) * 3.3 / 1009 * 1000
    values = stream.window(10, 12)
    assert values[0, 0] == pytest.approx((10 / 1024 - 0.5) * 3.3 / 1009 * 1000 * 1000)
    assert values[2, 1] == pytest.approx((11 / 64 - 0.5) * 3.3 / 1009 * 1000 * 1000)
    assert values[1, 0] == 500
    assert recording.start == datetime.fromisoformat("2017-05-12T13:26:33.450")


def test_opensignals_emg_of_another_maker_stays_in_counts(write: Write) -> None:
    rows = [f"{n % 16}\t0\t0\t1\t1\t{n}\t500\t1\t\n" for n in range(50)]
    path = write("a.txt", bitalino(rows, device="biosignalsplux", resolution=[4, 1, 1, 1, 1, 16, 16, 16]))
    (stream,) = opensignals.read(path, ReadOptions()).streams
    assert {c.unit for c in stream.info.channels} == {"adc"}


@pytest.mark.parametrize(
    "text",
    ["# OpenSignals Text File Format\n", "# OpenSignals Text File Format\n# {}\n# EndOfHeader\n1\t2\n"],
)
def test_opensignals_with_a_broken_header(write: Write, text: str) -> None:
    with pytest.raises(FormatError):
        opensignals.read(write("a.txt", text), ReadOptions())


@pytest.mark.parametrize("name", ["12345-1/3.txt", "21547-1/0.txt", "21547-1/7.txt"])
def test_myo_sample_by_sample(shared_data: Path, pieces: Pieces, name: str) -> None:
    path = shared_data / "myo_armband" / name
    assert myo.sniff(read_head(path))
    recording = myo.read(path, ReadOptions())
    (stream,) = recording.streams
    table = [[int(cell) for cell in line.split(",")] for line in path.read_text().split()]
    data, _ = pieces(stream, 1001)
    assert data.T.tolist() == [row[:8] for row in table]
    assert data.dtype == np.int8
    assert stream.info.sampling_rate == 200.0
    marked = np.zeros(len(table), dtype=int)
    for mark in recording.annotations:
        first, last = round(mark.onset * 200), round((mark.onset + mark.duration) * 200)
        marked[first:last] = int(mark.text.removeprefix("prompt "))
    assert marked.tolist() == [row[8] for row in table]


def test_myo_with_names_and_stamps(write: Write) -> None:
    stamps = [1700000000000 + n * 5 + (3000 if n >= 300 else 0) for n in range(600)]
    rows = [f"{t}," + ",".join(str((n + k) % 200 - 100) for k in range(8)) for n, t in enumerate(stamps)]
    path = write("a.csv", "\n".join(["timestamp,emg1,emg2,emg3,emg4,emg5,emg6,emg7,emg8", *rows]))
    assert myo.sniff(read_head(path))
    recording = myo.read(path, ReadOptions())
    assert recording.streams[0].gaps == (Gap(300, 600, "unknown"),)
    assert recording.start is not None
    assert recording.start.timestamp() == 1700000000
    assert recording.annotations == ()


@pytest.mark.parametrize(
    "row",
    ["1,2,3,4,5,6,7,8,0", "-1,2,3,4,5,6,7,300,0", "-1,2,3,4,5,6,7,8.5,0", "-1,2,3,4,5,6,7,8,1000", "-1,2"],
)
def test_other_tables_are_not_an_armband(write: Write, row: str) -> None:
    assert not myo.sniff(read_head(write("a.txt", f"{row}\n" * 50)))

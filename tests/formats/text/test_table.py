from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import ConfigError, FormatError, OutputError
from emgdetect.formats import table
from emgdetect.formats.opening import open_recording
from emgdetect.formats.table_layout import ColumnLayout, TableLayout, load_layout, save_layout
from emgdetect.recording import ReadOptions, Recording, Stream
from emgdetect.types import Gap

Write = Callable[[str, str], Path]
Pieces = Callable[[Stream, int], tuple[np.ndarray[Any, np.dtype[Any]], list[Gap]]]

VALUES = [round(300 * math.sin(n * n / 50), 2) for n in range(600)]


def read(path: Path, options: ReadOptions | None = None) -> tuple[Stream, Recording]:
    recording = open_recording(path, options)
    assert recording.format == "table"
    return recording.streams[0], recording


def test_the_contract_of_time_s_and_emg(write: Write, pieces: Pieces) -> None:
    path = write("a.csv", "time_s,emg\n" + "".join(f"{n / 1000:.3f},{v}\n" for n, v in enumerate(VALUES)))
    stream, _ = read(path)
    data, gaps = pieces(stream, 7)
    with path.open() as file:
        assert data[0].tolist() == [float(row["emg"]) for row in csv.DictReader(file)]
    assert gaps == []
    assert stream.info.sampling_rate == 1000
    assert (stream.info.channels[0].name, stream.info.channels[0].unit) == ("emg", "adc")


def test_the_contract_of_named_microvolts(write: Write) -> None:
    text = "time_s,left calf_uV,chin_uV\n" + "".join(
        f"{n / 199.7:.9f},{v},{-v}\n" for n, v in enumerate(VALUES)
    )
    stream, _ = read(write("a.csv", text))
    assert [(c.name, c.unit, c.gain) for c in stream.info.channels] == [
        ("left calf", "uV", 1.0), ("chin", "uV", 1.0)
    ]  # fmt: skip
    assert stream.info.sampling_rate == pytest.approx(199.7, rel=1e-7)
    assert stream.fetch(0, 600).tolist() == [VALUES, [-v for v in VALUES]]


@pytest.mark.parametrize(
    ("name", "channel", "unit", "gain"),
    [
        ("emg (uV)", "emg", "uV", 1.0), ("emg [µV]", "emg", "uV", 1.0), ("EMG_mV", "EMG", "uV", 1e3),
        ("emg[V]", "emg", "uV", 1e6), ("bicep_V", "bicep", "uV", 1e6), ("a (adc)", "a", "adc", 1.0),
        ("EMG", "EMG", "adc", 1.0), ("envelope", "envelope", "envelope", 1.0),
        ("emg_raw", "emg_raw", "adc", 1.0), ("left calf_envelope", "left calf", "envelope", 1.0),
        ("chin_env", "chin", "envelope", 1.0), ("chin (env)", "chin", "envelope", 1.0),
        ("chin_adc", "chin", "adc", 1.0), ("left calf_counts", "left calf", "adc", 1.0),
        ("env", "env", "envelope", 1.0), ("linear envelope", "linear envelope", "envelope", 1.0),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_units_in_names(
    tmp_path: Path, *, name: str, channel: str, unit: str, gain: float, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    text = f"Time (s),{name}\n" + "".join(f"{n / 100:.2f},{n}\n" for n in range(100))
    path.write_bytes(text.encode(encoding))
    stream, _ = read(path)
    (found,) = stream.info.channels
    assert (found.name, found.unit, found.gain) == (channel, unit, gain)
    assert stream.window(40, 41)[0, 0] == 40 * gain


@pytest.mark.parametrize(
    ("sign", "decimal"),
    [(",", "."), (";", "."), ("\t", "."), ("|", "."), (" ", "."), (";", ","), ("\t", ","), (" ", ",")],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_signs_ends_and_decimal_marks(write: Write, sign: str, end: str, decimal: str) -> None:
    rows = [
        ["time_s", "a_uV", "b_mV"],
        *([f"{n / 500:.3f}", f"{v:.2f}", f"{n}.5"] for n, v in enumerate(VALUES)),
    ]
    lines = [sign.join(cell.replace(".", decimal) for cell in row) for row in rows]
    stream, recording = read(write("a.dat", end.join(lines) + end))
    assert stream.fetch(0, 600).tolist() == [VALUES, [n + 0.5 for n in range(600)]]
    assert stream.info.sampling_rate == 500
    assert ("decimal comma" in recording.oddities[0]) == (decimal == ",")


def test_units_in_a_line_of_their_own_and_a_title(write: Write) -> None:
    rows = "".join(f"{n * 4}\t{v}\t{n % 3}\n" for n, v in enumerate(VALUES))
    stream, _ = read(write("a.tsv", "My recording\nSubject: 7\ntime\temg\tlabel\nms\tmV\t\n" + rows))
    assert stream.info.sampling_rate == 250
    assert [(c.name, c.gain) for c in stream.info.channels] == [("emg", 1000.0)]


def test_rate_in_a_comment(write: Write) -> None:
    text = "# Sampling rate: 2 kHz\nemg_uV\n" + "".join(f"{v}\n" for v in VALUES)
    stream, _ = read(write("a.csv", text))
    assert stream.info.sampling_rate == 2000
    assert read(write("a.csv", text), ReadOptions(sampling_rate=100))[0].info.sampling_rate == 100


def test_missing_cells_and_words_for_nothing_are_not_a_number(write: Write) -> None:
    cells = {3: "", 10: "NaN", 11: "nan", 12: "N/A", 20: "inf", 21: "-Inf", 30: "null"}
    rows = [f"{n / 100:.2f},{cells.get(n, v)},{n}\n" for n, v in enumerate(VALUES)]
    stream, _ = read(write("a.csv", "time_s,a_uV,b_uV\n" + "".join(rows)))
    data = stream.fetch(0, 600)
    assert np.flatnonzero(np.isnan(data[0])).tolist() == sorted(cells)
    assert not np.isnan(data[1]).any()
    kept = [n for n in range(600) if n not in cells]
    assert data[0, kept].tolist() == [VALUES[n] for n in kept]


def test_rows_left_out_are_a_gap(write: Write, pieces: Pieces) -> None:
    kept = [n for n in range(600) if n not in {100, *range(200, 230)}]
    text = "time_s,emg\n" + "".join(f"{n / 1000:.3f},{VALUES[n]}\n" for n in kept)
    stream, _ = read(write("a.csv", text))
    data, gaps = pieces(stream, 50)
    assert gaps == [Gap(100, 1, "unknown"), Gap(200, 30, "unknown")]
    assert data[0].tolist() == [VALUES[n] for n in kept]
    assert stream.n_samples == 600


def test_backward_and_repeated_stamps_keep_every_row(write: Write) -> None:
    stamps = [n / 100 for n in range(600)]
    stamps[50], stamps[51] = stamps[51], stamps[50]
    stamps[80] = stamps[79]
    text = "time_s,emg\n" + "".join(f"{t:.2f},{v}\n" for t, v in zip(stamps, VALUES, strict=True))
    stream, recording = read(write("a.csv", text))
    assert (stream.n_samples, stream.gaps, stream.info.sampling_rate) == (600, (), 100)
    assert stream.fetch(0, 600).tolist() == [VALUES]
    assert any("backward" in note for note in recording.oddities)
    assert any("repeat" in note for note in recording.oddities)


@pytest.mark.parametrize(
    ("stamp", "start"),
    [
        (lambda n: ("2024-02-29T23:59:59" if n < 1000 else "2024-03-01T00:00:00") + f".{n % 1000:03d}",
         "2024-02-29T23:59:59"),
        (lambda n: f"2024-02-29 12:00:{n / 1000:06.3f}+05:30", "2024-02-29T12:00:00+05:30"),
        (lambda n: f"{1700000000 + n / 1000:.3f}", "2023-11-14T22:13:20+00:00"),
        (lambda n: f"{1700000000000 + n}", "2023-11-14T22:13:20+00:00"),
        (lambda n: f"{n / 1000:.3f}", None),
        (lambda n: f"{10 + (n + 59000) // 3600000:02d}:00:{(n / 1000):06.3f}", None),
    ],
)  # fmt: skip
def test_kinds_of_time(write: Write, stamp: Callable[[int], str], start: str | None) -> None:
    text = "timestamp,emg\n" + "".join(f"{stamp(n)},{n % 50}\n" for n in range(1500))
    stream, recording = read(write("a.csv", text))
    assert stream.info.sampling_rate == 1000
    assert stream.gaps == ()
    assert recording.start == (None if start is None else datetime.fromisoformat(start))


@pytest.mark.parametrize(
    "text",
    [
        "onset\tduration\ttrial_type\n1.5\t0.2\t3\n2.5\t0.2\t3\n",
        "subject,t_s,code\nA,0.5,7\nA,9.1,3\nA,11.7,1\nB,0.4,2\n",
        "time_s,emg\n",
        "time_s,emg\n0.0,1\n0.0,2\n0.0,3\n",
        "dear reader,\nthis is, as you see, a letter\n",
        "name,place\nAnn,Bern\nBob,Oslo\n",
    ],
)
def test_no_signal_is_one_clear_error(write: Write, text: str) -> None:
    with pytest.raises(FormatError) as caught:
        open_recording(write("a.csv", text))
    assert "\n" not in str(caught.value)


def test_a_saved_layout_is_what_was_saved_and_reads_the_file(tmp_path: Path, write: Write) -> None:
    text = "junk\n" + "".join(f"{v};x;{n}\n" for n, v in enumerate(VALUES))
    layout = TableLayout(
        ";", 3, (ColumnLayout(0, 'ank\u00b5le "l"', "uV", 0.5),), header_rows=1, sampling_rate=128.5
    )  # fmt: skip
    save_layout(tmp_path / "l.toml", layout)
    assert load_layout(tmp_path / "l.toml") == layout
    options = ReadOptions(layout=tmp_path / "l.toml")
    stream, recording = read(write("a.csv", text), options)
    assert stream.info.sampling_rate == 128.5
    assert stream.fetch(0, 600).tolist() == [VALUES]
    assert stream.info.channels[0].gain == 0.5
    assert layout.sentence() in recording.oddities
    with pytest.raises(OutputError, match="exists"):
        save_layout(tmp_path / "l.toml", layout)
    changed = replace(layout, sampling_rate=99.0)
    save_layout(tmp_path / "l.toml", changed, force=True)
    assert load_layout(tmp_path / "l.toml") == changed
    with pytest.raises(OutputError, match="folder does not exist"):
        save_layout(tmp_path / "gone" / "l.toml", layout)


def test_the_guessed_layout_reads_the_same_when_saved(tmp_path: Path, write: Write) -> None:
    path = write(
        "a.csv", "t (ms);EMG (mV)\n" + "".join(f"{n * 2};{n / 7:.3f}\n".replace(".", ",") for n in range(300))
    )
    guessed, _ = read(path)
    save_layout(tmp_path / "l.toml", table.layout_of(path, ReadOptions()))
    saved, _ = read(path, ReadOptions(layout=tmp_path / "l.toml"))
    assert saved.info == guessed.info
    np.testing.assert_array_equal(saved.fetch(0, 300), guessed.fetch(0, 300))


SOUND = 'delimiter = ","\nn_fields = 2\nsampling_rate = 10\n[[channels]]\ncolumn = 1\nname = "a"\n'


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: "delimeter = 1\n" + t, "'delimeter'"),
        (lambda t: t + "colour = 3\n", "'colour'"),
        (lambda t: t.replace('name = "a"', ""), "'name'"),
        (lambda t: t.replace("n_fields = 2", "n_fields = 0"), "n_fields"),
        (lambda t: t.replace("n_fields = 2", 'n_fields = "2"'), "n_fields"),
        (lambda t: t.replace("column = 1", "column = 3"), "columns"),
        (lambda t: t.replace("column = 1", "column = 1\ngain = 0"), "gain"),
        (lambda t: t.replace("column = 1", 'column = 1\nunit = "volts"'), "unit"),
        (lambda t: t.replace("10", "-1"), "sampling_rate"),
        (lambda t: t.replace('","', '"x"'), "delimiter"),
        (lambda t: t.split("[[")[0] + "channels = []", "channel"),
        (lambda t: t.split("[[")[0] + "channels = [3]", "channel"),
        (lambda t: t + "= =", "TOML"),
    ],
)
def test_wrong_layouts_name_the_setting(write: Write, change: Callable[[str], str], says: str) -> None:
    assert load_layout(write("sound.toml", SOUND)).sampling_rate == 10
    with pytest.raises(ConfigError, match=says):
        load_layout(write("wrong.toml", change(SOUND)))


def test_a_layout_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_layout(tmp_path / "none.toml")


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 600), max_size=8),
    holes=st.sets(st.integers(1, 598), max_size=6),
)
def test_any_split_gives_the_whole(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], holes: set[int]
) -> None:
    path = tmp_path_factory.mktemp("split") / "a.csv"
    kept = [n for n in range(600) if n not in holes]
    path.write_text("time_s,emg\n" + "".join(f"{n / 1000:.3f},{VALUES[n]}\n" for n in kept))
    (stream,) = open_recording(path).streams
    assert stream.n_samples == 600
    for start, stop in stream.runs():
        edges = sorted({start, stop, *(cut for cut in cuts if start < cut < stop)})
        parts = [stream.fetch(a, b) for a, b in pairwise(edges)]
        assert np.concatenate(parts, axis=1)[0].tolist() == VALUES[start:stop]

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.formats import chords
from emgdetect.formats.opening import read_head
from emgdetect.recording import ReadOptions, Stream
from emgdetect.types import Gap

Write = Callable[[str, str], Path]
Pieces = Callable[[Stream, int], tuple[np.ndarray[Any, np.dtype[Any]], list[Gap]]]


def text_of(kept: list[int], rate: float, *, top: int = 1000) -> str:
    lines = ["Timestamp,Counter,Channel1,Channel2"]
    for n in kept:
        micros = round(n / rate * 1e6) + 47_000_000_000
        seconds, rest = divmod(micros, 1_000_000)
        stamp = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{rest:06d}"
        lines.append(f"{stamp},{(n + 140) % 256},{n % top}.0,{top}.0")
    return "\n".join(lines) + "\n"


def test_the_real_file_sample_by_sample(shared_data: Path, pieces: Pieces) -> None:
    path = shared_data / "chords_bioamp" / "emg_sample.csv"
    assert chords.sniff(read_head(path))
    recording = chords.read(path, ReadOptions())
    (stream,) = recording.streams
    rows = [line.split(",")[2:] for line in path.read_text().splitlines()[1:]]
    data, gaps = pieces(stream, 1000)
    assert data.T.tolist() == [[int(float(cell)) for cell in row] for row in rows]
    assert gaps == []
    assert stream.info.sampling_rate == 500.0
    assert {(c.unit, c.raw_low, c.raw_high) for c in stream.info.channels} == {("adc", 0.0, 16383.0)}


@pytest.mark.parametrize(("rate", "expected"), [(250.0, 250.0), (497.0, 500.0), (123.5, 123.5)])
def test_rate_from_stamps(write: Write, rate: float, expected: float) -> None:
    recording = chords.read(write("a.csv", text_of(list(range(3000)), rate)), ReadOptions())
    assert recording.streams[0].info.sampling_rate == pytest.approx(expected, rel=1e-4)


def test_losses_within_and_beyond_a_turn(write: Write, pieces: Pieces) -> None:
    kept = [n for n in range(4000) if n != 300 and not 1000 <= n < 1000 + 2 * 256 + 9]
    (stream,) = chords.read(write("a.csv", text_of(kept, 500)), ReadOptions()).streams
    data, gaps = pieces(stream, 333)
    assert gaps == [Gap(300, 1, "lost packets"), Gap(1000, 521, "lost packets")]
    assert data[0].tolist() == [n % 1000 for n in kept]


def test_without_stamps_the_rate_must_be_named(write: Write) -> None:
    path = write("a.csv", "Counter,Channel1\n" + "".join(f"{n % 256},{n}\n" for n in range(600) if n != 5))
    assert chords.sniff(read_head(path))
    with pytest.raises(FormatError, match="--sampling-rate"):
        chords.read(path, ReadOptions())
    (stream,) = chords.read(path, ReadOptions(sampling_rate=500)).streams
    assert stream.gaps == (Gap(5, 1, "lost packets"),)


def test_a_damaged_counter_is_not_a_loss(write: Write) -> None:
    lines = text_of(list(range(1000)), 500).splitlines()
    cells = lines[500].split(",")
    lines[500] = ",".join([cells[0], "99999", *cells[2:]])
    (stream,) = chords.read(write("a.csv", "\n".join(lines)), ReadOptions()).streams
    assert stream.gaps == ()
    assert stream.n_samples == 1000


@pytest.mark.parametrize("hour", ["03", "23"])
def test_a_damaged_stamp_is_not_a_gap(write: Write, hour: str) -> None:
    lines = text_of(list(range(2000)), 500).splitlines()
    lines[900] = hour + lines[900][2:]
    (stream,) = chords.read(write("a.csv", "\n".join(lines)), ReadOptions()).streams
    assert stream.gaps == ()
    assert stream.info.sampling_rate == 500

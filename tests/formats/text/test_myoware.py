from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.formats.opening import open_recording
from emgdetect.recording import ReadOptions, Recording, Stream
from emgdetect.types import Gap

Write = Callable[[str, str], Path]
Pieces = Callable[[Stream, int], tuple[np.ndarray[Any, np.dtype[Any]], list[Gap]]]

DICE = random.Random(5)  # noqa: S311 - test numbers
VALUES = [DICE.randrange(1024) for _ in range(700)]


def read(path: Path, rate: float | None = None) -> Recording:
    recording = open_recording(path, ReadOptions(sampling_rate=rate))
    assert recording.format == "myoware"
    return recording


@pytest.mark.parametrize("head", ["", "value\n", "MyoWare Example_01_analogRead_SINGLE\r\n", "\n\nsensor\n"])
def test_one_value_a_line(write: Write, pieces: Pieces, head: str) -> None:
    path = write("log.txt", head + "\r\n".join(map(str, VALUES)))
    recording = read(path, 500)
    data, _ = pieces(recording.streams[0], 64)
    assert data.tolist() == [VALUES]
    assert recording.streams[0].info.channels[0].unit == "adc"
    assert recording.device == ("MyoWare" if "MyoWare" in head else "serial log")


def test_without_time_the_rate_must_be_named(write: Write) -> None:
    path = write("log.txt", "\n".join(map(str, VALUES)))
    with pytest.raises(FormatError) as caught:
        open_recording(path)
    assert "--sampling-rate 500" in caught.value.hint


def test_text_between_the_values_is_counted_and_left_out(write: Write) -> None:
    lines = list(map(str, VALUES))
    lines[100:100] = ["sensor lost", "5x1", "12,7"]
    recording = read(write("log.txt", "\n".join(lines)), 500)
    assert recording.streams[0].fetch(0, 700).tolist() == [VALUES]
    assert any(note.startswith("3 lines are not") and "sensor lost" in note for note in recording.oddities)


@pytest.mark.parametrize(
    ("row", "rate"),
    [
        (lambda n: f"{n * 2 + 4000}", 500),  # ms
        (lambda n: f"{n * 1000 + 123456}", 1000),  # us
        (lambda n: f"{n / 256 + 3:.6f}", 256),  # s
        (lambda n: f"{n * 5008 + 99}", 1e6 / 5008),  # us, no round rate
    ],
)
@pytest.mark.parametrize(("head", "sign"), [("time,value\n", ","), ("", ","), ("", "\t"), ("", " ")])
def test_time_and_value(write: Write, row: Callable[[int], str], rate: float, head: str, sign: str) -> None:
    text = head + "".join(f"{row(n)}{sign}{value}\n" for n, value in enumerate(VALUES))
    (stream,) = read(write("log.txt", text)).streams
    assert stream.info.sampling_rate == pytest.approx(rate, rel=1e-6)
    assert stream.fetch(0, 700).tolist() == [VALUES]
    assert stream.gaps == ()


def test_what_is_left_of_the_first_line_is_no_sample(write: Write) -> None:
    rows = [f"{n * 1000 + 12345678},{value}\n" for n, value in enumerate(VALUES)]
    recording = read(write("log.txt", "678,99\n" + "".join(rows)))
    (stream,) = recording.streams
    assert stream.n_samples == 700
    assert stream.gaps == ()
    assert any("rest of a longer" in note for note in recording.oddities)


def test_micros_start_again_after_71_minutes(write: Write) -> None:
    rows = [f"{(n * 1000 + 2**32 - 300_000) % 2**32},{value}\n" for n, value in enumerate(VALUES)]
    (stream,) = read(write("log.txt", "".join(rows))).streams
    assert stream.info.sampling_rate == 1000
    assert (stream.n_samples, stream.gaps) == (700, ())


def test_a_restarted_board_is_no_gap(write: Write) -> None:
    stamps = [*(9_000_000_000 // 4 + n * 1000 for n in range(400)), *(5000 + n * 1000 for n in range(300))]
    recording = read(write("log.txt", "".join(f"{t},{v}\n" for t, v in zip(stamps, VALUES, strict=True))))
    (stream,) = recording.streams
    assert stream.info.sampling_rate == 1000
    assert (stream.n_samples, stream.gaps) == (700, ())
    assert any("1 time stamps run backward" in note for note in recording.oddities)


def test_env_raw_rect_without_names(write: Write) -> None:
    text = "".join(f"{v / 100:.2f},{v - 512:.2f},{abs(v - 512):.2f}\n" for v in VALUES)
    (stream,) = read(write("log.txt", text), 55).streams
    assert [(c.name, c.unit) for c in stream.info.channels] == [
        ("env", "envelope"), ("raw", "adc"), ("rect", "envelope")
    ]  # fmt: skip
    assert stream.fetch(0, 3).tolist() == [
        [round(v / 100, 2) for v in VALUES[:3]],
        [v - 512 for v in VALUES[:3]],
        [abs(v - 512) for v in VALUES[:3]],
    ]


@pytest.mark.parametrize("sign", [" ", ",", "\t"])
def test_plotter_lines(write: Write, sign: str) -> None:
    text = "".join(f"raw:{v}{sign}env:{v // 3}\r\n" for v in VALUES)
    (stream,) = read(write("log.txt", text), 100).streams
    assert stream.info.ch_names == ("raw", "env")
    assert stream.fetch(0, 700).tolist() == [VALUES, [v // 3 for v in VALUES]]


def test_slow_values_are_an_envelope(write: Write) -> None:
    text = "".join(f"{n * 50},{v}\n" for n, v in enumerate(VALUES))
    path = write("log.txt", text)
    recording = read(path)
    assert recording.streams[0].info.sampling_rate == 20
    assert recording.streams[0].info.channels[0].unit == "envelope"
    assert any("envelope" in note for note in recording.oddities)
    told = open_recording(path, ReadOptions(unit="adc"))
    assert told.streams[0].info.channels[0].unit == "adc"


def test_stamps_of_a_computer_in_bursts(write: Write) -> None:
    """Ten samples arrive together, up to 30 ms late: the rate holds, and there is no gap."""
    late = random.Random(3)  # noqa: S311 - test numbers
    stamps = [(n // 10 * 10) * 4 + late.randrange(30) * (n % 10 == 0) for n in range(5000)]
    stamps = [max(stamps[n - n % 10 : n + 1]) + 1_000_000 for n in range(5000)]
    (stream,) = read(write("log.txt", "".join(f"{t},{n % 99}\n" for n, t in enumerate(stamps)))).streams
    assert stream.gaps == ()
    assert stream.info.sampling_rate == 250


def test_a_pause_in_the_bursts_is_a_gap(write: Write) -> None:
    stamps = [n // 10 * 10 * 4 + 1_000_000 + (2400 if n >= 2000 else 0) for n in range(5000)]
    (stream,) = read(write("log.txt", "".join(f"{t},{n % 99}\n" for n, t in enumerate(stamps)))).streams
    (gap,) = stream.gaps
    assert gap.start == 2000
    assert gap.n_samples == pytest.approx(600, abs=10)
    assert stream.info.sampling_rate == pytest.approx(250, rel=1e-3)


def test_json_lines(write: Write) -> None:
    text = "".join(f'{{"raw":{v},"t":{n}}}\r\n' for n, v in enumerate(VALUES))
    (stream,) = read(write("log.txt", text)).streams
    assert (stream.info.ch_names, stream.info.sampling_rate) == (("raw",), 1000)
    assert stream.fetch(0, 700).tolist() == [VALUES]


def test_the_stamps_of_the_arduino_monitor(write: Write) -> None:
    text = "".join(f"09:59:{59 + n * 0.01 - 60 * (n >= 100):06.3f} -> {v}\n" for n, v in enumerate(VALUES))
    text = text.replace("09:59:0", "10:00:0")
    recording = read(write("log.txt", text))
    assert recording.streams[0].info.sampling_rate == 100
    assert recording.streams[0].gaps == ()
    assert recording.streams[0].fetch(0, 700).tolist() == [VALUES]


def test_three_numbers_that_are_not_the_library_s_are_counts(write: Write) -> None:
    text = "".join(f"{v},{v + 1},{v + 2}\n" for v in VALUES)
    (stream,) = read(write("log.txt", text), 100).streams
    assert {channel.unit for channel in stream.info.channels} == {"adc"}

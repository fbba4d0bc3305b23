"""Damaged text files: a recording that can be read to its end, or one clear error."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import EmgError
from emgdetect.formats.opening import open_recording
from emgdetect.recording import ReadOptions
from emgdetect.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CASES = 270
ROWS = 40
GARBAGE = [
    b"\0", b"\xff\xfe", b"nan", b"inf", b"-", b"1e999", b"9" * 400, b",", b";", b"\t", b":", b'"', b"\n",
    b"\r", b"{", b"%", b"#", b"\xef\xbb\xbf", b"99999999999999999999", b"-1e300", b"1_0", b"\xb5V", b"0x1F",
    b" ",
]  # fmt: skip


def _rows(row: Callable[[int], str]) -> str:
    return "".join(row(n) + "\n" for n in range(ROWS))


_FACTS = {
    "A": {
        "sensor": ["EMG"], "column": ["nSeq", "I1", "A1"], "time": "13:26:33.450", "date": "2017-5-12",
        "device": "bitalino_rev", "sampling rate": 1000, "label": ["A1"], "resolution": [4, 1, 10],
    }
}  # fmt: skip

FILES = {
    "openbci3": "%OpenBCI Raw EEG Data\n%Sample Rate = 200.0 Hz\n"
    + _rows(lambda n: f"{n % 20}, {n}.2, 1.1, 0.0, 0.0, 0.0, 0.0, 0.0, 23:59:59.{n * 5:03d}"),
    "openbci6": "%OpenBCI Raw EXG Data\n%Number of channels = 2\n%Sample Rate = 250 Hz\n"
    "Sample Index, EXG Channel 0, EXG Channel 1, Timestamp, Marker Channel, Timestamp (Formatted)\n"
    + _rows(lambda n: f"{n}, {n}.5, 0.0, {1557936053.25 + n / 250:.4f}, 0, 12:00:53.250"),
    "chords": "Timestamp,Counter,Channel1,Channel2\n"
    + _rows(lambda n: f"13:31:53:{n * 2000:06d},{(n + 240) % 256},{n}.0,512.0"),
    "opensignals": f"# OpenSignals Text File Format\n# {json.dumps(_FACTS)}\n# EndOfHeader\n"
    + _rows(lambda n: f"{n % 16}\t0\t{n}\t"),
    "biosppy": "# Simple Text Format\n# Sampling Rate (Hz):= 1000.00\n# Resolution:= 12\n# Labels:= EMG\n"
    + _rows(lambda n: f"{2000 + n}"),
    "scientisst": "NSeq, I1, I2, O1, O2, AI3\n" + _rows(lambda n: f"{n % 16}, False, True, False, True, {n}"),
    "myo": _rows(lambda n: f"{-n},{n},-1,0,1,2,127,-128,{n // 20}"),
    "myoware": "MyoWare Example\n" + _rows(lambda n: f"{n * 1000 + 4_294_960_000},{n}"),
    "plotter": _rows(lambda n: f"t:{n * 2} raw:{n} env:{n // 2}"),
    "table": "# fs = 250 Hz\ntime_s;left_mV;right (uV)\n"
    + _rows(lambda n: f"{n / 250:.3f};{n}.5;{-n}".replace(".", ",")),
    "iso": "timestamp,emg,label\n" + _rows(lambda n: f"2024-03-01T10:00:00.{n * 4:03d}+01:00,{n},rest"),
}  # fmt: skip


def _flip(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 6)):
        data[dice.randrange(len(data))] = dice.randrange(256)


def _cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def _behead(data: bytearray, dice: random.Random) -> None:
    del data[: dice.randrange(len(data))]


def _insert(data: bytearray, dice: random.Random) -> None:
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data) + 1)
        data[at:at] = dice.choice(GARBAGE)


def _lines(data: bytearray, dice: random.Random) -> None:
    lines = bytes(data).split(b"\n")
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(lines))
        lines[at : at + 1] = dice.choice([[], [lines[at]] * 2, [lines[at], dice.choice(lines)], [b""]])
        lines = lines or [b""]
    data[:] = b"\n".join(lines)


def _field(data: bytearray, dice: random.Random) -> None:
    """Put garbage in the place of a whole number, where only the meaning can be wrong."""
    lines = bytes(data).split(b"\n")
    at = dice.randrange(len(lines))
    for sign in (b",", b"\t", b";", b" "):
        fields = lines[at].split(sign)
        if len(fields) > 1:
            fields[dice.randrange(len(fields))] = dice.choice(GARBAGE)
            lines[at] = sign.join(fields)
            break
    data[:] = b"\n".join(lines)


MUTATIONS = [_flip, _cut, _behead, _insert, _lines, _field]


def _read_through(path: Path, options: ReadOptions) -> str:
    try:
        recording = open_recording(path, options)
        for stream in recording.streams:
            assert stream.info.sampling_rate > 0
            assert np.isfinite(stream.info.sampling_rate)
            reached = 0
            for piece in stream.pieces(17):
                assert piece.start == reached
                reached = piece.stop
                if isinstance(piece, Chunk):
                    assert piece.data.shape == (len(stream.info.channels), piece.stop - piece.start)
            assert reached == stream.n_samples > 0
    except EmgError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both outcomes are looked at
        return "error"
    return "recording"


@pytest.mark.parametrize("name", FILES)
def test_damaged_files(tmp_path: Path, name: str) -> None:
    dice = random.Random(f"text {name}")  # noqa: S311 - test damage
    path = tmp_path / "recording.txt"
    sound = FILES[name].encode()
    path.write_bytes(sound)
    assert _read_through(path, ReadOptions()) == "recording"
    outcomes = set()
    for case in range(CASES):
        data = bytearray(sound)
        for mutation in dice.sample(MUTATIONS, dice.randint(1, 2)):
            if data:
                mutation(data, dice)
        path.write_bytes(data)
        rate = dice.choice([None, None, 500.0])
        try:
            outcomes.add(_read_through(path, ReadOptions(sampling_rate=rate)))
        except Exception as error:
            error.add_note(f"{name}, case {case}, rate {rate}: {bytes(data)!r}")
            raise
    assert outcomes == {"recording", "error"}

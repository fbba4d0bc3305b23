"""WAV files written byte by byte, and by Python's own writer."""

from __future__ import annotations

import struct
import wave
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.types import Annotation

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import RawArray
    from tests.formats.binary.conftest import Opener, Reader


def chunk(name: bytes, data: bytes, length: int | None = None) -> bytes:
    return name + struct.pack("<I", len(data) if length is None else length) + data + b"\0" * (len(data) % 2)


def fmt(code: int, n_channels: int, rate: int, bits: int, *, extensible: bool = False) -> bytes:
    frame = n_channels * bits // 8
    data = struct.pack("<HHIIHH", 0xFFFE if extensible else code, n_channels, rate, rate * frame, frame, bits)
    if extensible:
        guid = struct.pack("<H", code) + bytes.fromhex("000000001000800000aa00389b71")
        data += struct.pack("<HHI", 22, bits, 0) + guid
    return chunk(b"fmt ", data)


def riff(*chunks: bytes) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def integers(n_samples: int, n_channels: int, bits: int) -> RawArray:
    low, high = (0, 256) if bits == 8 else (-(1 << (bits - 1)), 1 << (bits - 1))
    data = np.random.default_rng(bits).integers(low, high, size=(n_samples, n_channels))
    data[0, :], data[1, :] = low, high - 1
    return data


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_integers(
    tmp_path: Path, opened: Opener, stored: Reader, bits: int, n_channels: int, extensible: bool
) -> None:
    data = integers(501, n_channels, bits)
    raw = b"".join(int(v).to_bytes(bits // 8, "little", signed=bits > 8) for v in data.reshape(-1))
    path = tmp_path / "a.wav"
    path.write_bytes(
        riff(
            fmt(1, n_channels, 10_000, bits, extensible=extensible),
            chunk(b"LIST", b"odd"),
            chunk(b"data", raw),
        )
    )
    recording = opened(path)
    (stream,) = recording.streams
    assert (recording.format, stream.info.sampling_rate) == ("wav", 10_000.0)
    np.testing.assert_array_equal(stored(stream), data.T)
    (first, *_) = stream.info.channels
    assert first.unit == "adc"
    # The rails are the first two samples; around zero whatever the width.
    assert [first.raw_low, first.raw_high] == data[:2, 0].tolist()
    assert first.raw_low is not None
    assert first.raw_low + first.offset == -(1 << (bits - 1))


@pytest.mark.parametrize(("bits", "dtype"), [(32, "<f4"), (64, "<f8")])
def test_floats(tmp_path: Path, opened: Opener, stored: Reader, bits: int, dtype: str) -> None:
    data = np.random.default_rng(1).normal(0, 0.2, (300, 2)).astype(dtype)
    path = tmp_path / "a.wav"
    path.write_bytes(riff(fmt(3, 2, 44_100, bits), chunk(b"data", data.tobytes())))
    (stream,) = opened(path).streams
    np.testing.assert_array_equal(stored(stream), data.T)
    assert stored(stream).dtype == dtype


def test_python_wrote_it(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = integers(1000, 2, 16).astype("<i2")
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(5000)
        file.writeframes(data.tobytes())
    np.testing.assert_array_equal(stored(opened(path).streams[0]), data.T)


@pytest.mark.parametrize(("said", "says"), [(0, "stopped hard"), (5000, "5000 bytes"), (0xFFFFFFFF, None)])
def test_recorder_that_was_stopped_hard(
    tmp_path: Path, opened: Opener, stored: Reader, said: int, says: str | None
) -> None:
    data = integers(700, 1, 16).astype("<i2")
    path = tmp_path / "a.wav"
    path.write_bytes(riff(fmt(1, 1, 10_000, 16), chunk(b"data", data.tobytes() + b"\x01", said)[:-1]))
    recording = opened(path)
    np.testing.assert_array_equal(stored(recording.streams[0]), data.T)
    assert any("last sample is cut off" in line for line in recording.oddities)
    assert says is None or any(says in line for line in recording.oddities)


def test_marks_beside_the_recording(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "BYB_Recording_2020-01-31_22.15.07.wav"
    path.write_bytes(riff(fmt(1, 1, 10_000, 16), chunk(b"data", b"\1\0" * 50)))
    head = "# Marker IDs can be arbitrary strings.\n# Marker ID,\tTime (in s)\n"
    marks = head + "1,\t0.0013\n_ch0_neuron0,\t2.5000\n"
    path.with_name(path.stem + "-events.txt").write_text(marks)
    recording = opened(path)
    assert recording.annotations == (Annotation(0.0013, 0.0, "1"), Annotation(2.5, 0.0, "_ch0_neuron0"))
    assert recording.device == "SpikeRecorder"
    assert recording.start == datetime(2020, 1, 31, 22, 15, 7)  # noqa: DTZ001 - the recorder's clock


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (riff(fmt(1, 1, 1000, 16)), "before its samples begin"),
        (riff(chunk(b"data", b"\0\0")), "before the file says"),
        (riff(fmt(1, 1, 1000, 16), chunk(b"data", b"")), "no samples"),
        (riff(fmt(1, 1, 1000, 16), chunk(b"data", b""), chunk(b"LIST", b"INFO")), "no samples"),
        (riff(fmt(85, 1, 1000, 16), chunk(b"data", b"\0\0")), "format 85"),
        (riff(fmt(1, 0, 1000, 16), chunk(b"data", b"\0\0")), "no sense"),
        (riff(fmt(1, 1, 0, 16), chunk(b"data", b"\0\0")), "no sense"),
    ],
    ids=[
        "no data",
        "no format",
        "no samples",
        "no samples but a list",
        "compressed",
        "no channel",
        "no rate",
    ],
)
def test_damaged(tmp_path: Path, opened: Opener, data: bytes, says: str) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(FormatError, match=says):
        opened(tmp_path / "a.wav")

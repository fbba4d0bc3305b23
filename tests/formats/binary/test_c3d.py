"""C3D: analog channels as ezc3d wrote them, compared with the file's own bytes."""

from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import FormatError, MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import RawArray
    from tests.formats.binary.conftest import Opener, Reader

ezc3d = pytest.importorskip("ezc3d")


def save(path: Path, analog: RawArray, units: list[str]) -> None:
    """Write channels by samples, ten of them per frame of 100 Hz."""
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [100]
    file["parameters"]["ANALOG"]["RATE"]["value"] = [1000]
    file["parameters"]["ANALOG"]["LABELS"]["value"] = [f"EMG{n + 1}" for n in range(len(analog))]
    file["parameters"]["ANALOG"]["UNITS"]["value"] = units
    file["data"]["points"] = np.zeros((4, 0, analog.shape[1] // 10))
    file["data"]["analogs"] = analog[None]
    file.write(str(path))


def test_every_sample(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    analog = np.random.default_rng(6).normal(0, 1, (3, 500))
    path = tmp_path / "gait.c3d"
    save(path, analog, ["V", "mV", "N"])
    data = path.read_bytes()
    (block,) = struct.unpack_from("<H", data, 16)
    # Floats, all channels of one sample side by side.
    expected = np.frombuffer(data, dtype="<f4", offset=(block - 1) * 512, count=1500).reshape(500, 3).T
    recording = opened(path)
    (stream,) = recording.streams
    np.testing.assert_allclose(stored(stream), expected, rtol=1e-6)
    assert (recording.format, stream.info.sampling_rate) == ("c3d", 1000.0)
    assert [(c.name, c.unit, c.gain) for c in stream.info.channels] == [
        ("EMG1", "uV", 1e6),
        ("EMG2", "uV", 1e3),
        ("EMG3", "adc", 1.0),
    ]


def test_damage_that_ends_the_library_is_one_line(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "a.c3d"
    save(path, np.zeros((2, 200)), ["V", "V"])
    data = bytearray(path.read_bytes())
    path.write_bytes(data[:700])
    with pytest.raises(FormatError, match="damaged"):
        opened(path)
    # A length of a text that is longer than the text: read in this process it would end it.
    data[743] = 11
    path.write_bytes(data)
    with pytest.raises(FormatError, match="damaged"):
        opened(path)


def test_without_the_library(tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "a.c3d", np.zeros((2, 200)), ["V", "V"])
    monkeypatch.setitem(sys.modules, "ezc3d", None)
    with pytest.raises(MissingExtraError, match=r"emgdetect\[c3d\]"):
        opened(tmp_path / "a.c3d")

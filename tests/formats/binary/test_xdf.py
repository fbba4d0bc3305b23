"""XDF files written chunk by chunk, and real ones."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.types import Annotation

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import RawArray
    from tests.formats.binary.conftest import Opener, Reader

pytest.importorskip("pyxdf")
BOUNDARY = bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4")


def chunk(tag: int, content: bytes) -> bytes:
    return b"\x04" + struct.pack("<IH", len(content) + 2, tag) + content


def header(stream: int, kind: str, rate: float, form: str, n_channels: int, desc: str = "") -> bytes:
    xml = (
        f"<?xml version='1.0'?><info><name>band</name><type>{kind}</type><channel_count>{n_channels}"
        f"</channel_count><nominal_srate>{rate}</nominal_srate><channel_format>{form}</channel_format>"
        f"<desc>{desc}</desc></info>"
    )
    return chunk(2, struct.pack("<I", stream) + xml.encode())


def samples(stream: int, data: RawArray, first: float, step: float) -> bytes:
    """One stamp in front of each sample."""
    body = struct.pack("<IBI", stream, 4, len(data))
    for number, row in enumerate(data):
        body += struct.pack("<Bd", 8, first + number * step) + row.tobytes()
    return chunk(3, body)


def texts(stream: int, marks: list[tuple[float, str]]) -> bytes:
    body = struct.pack("<IBI", stream, 4, len(marks))
    for stamp, text in marks:
        body += struct.pack("<BdBB", 8, stamp, 1, len(text)) + text.encode()
    return chunk(3, body)


START = b"XDF:" + chunk(
    1, b"<info><version>1.0</version><datetime>2024-05-06T07:08:09+0200</datetime></info>"
)
DESC = (
    "<manufacturer>Acme</manufacturer><channels><channel><label>TA</label><unit>microvolts</unit></channel>"
    "<channel><label>GM</label><unit>mV</unit></channel></channels>"
)


def test_muscles_with_an_interruption(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = np.random.default_rng(4).integers(-2000, 2000, (900, 2)).astype("<i2")
    other = np.ones((50, 1), dtype="<f4")
    path = tmp_path / "a.xdf"
    path.write_bytes(
        START
        + header(7, "EMG", 200, "int16", 2, DESC)
        + header(8, "Accelerometer", 50, "float32", 1)
        + header(9, "Markers", 0, "string", 1)
        + samples(7, data[:500], 100.0, 0.005)
        + samples(8, other, 100.0, 0.02)
        + texts(9, [(100.5, "go"), (112.0, "stop")])
        + chunk(5, BOUNDARY)
        + samples(7, data[500:], 112.5, 0.005)
    )
    recording = opened(path)
    (stream,) = recording.streams
    np.testing.assert_array_equal(stored(stream), data.T)
    assert stored(stream).dtype == np.int16
    # 500 samples last until 102.5 s; the next comes ten seconds later.
    assert [(gap.start, gap.n_samples) for gap in stream.gaps] == [(500, 2000)]
    assert stream.info.sampling_rate == 200.0
    assert [(c.name, c.unit, c.gain) for c in stream.info.channels] == [
        ("TA", "uV", 1.0),
        ("GM", "uV", 1000.0),
    ]
    assert recording.annotations == (Annotation(0.5, 0.0, "go"), Annotation(12.0, 0.0, "stop"))
    assert recording.device == "Acme band"
    assert recording.start is not None
    assert recording.start.isoformat() == "2024-05-06T07:08:09+02:00"
    assert any("Accelerometer" in line for line in recording.oddities)


def test_the_measured_rate_is_believed(tmp_path: Path, opened: Opener) -> None:
    data = np.zeros((2000, 1), dtype="<f4")
    for step, rate in ((1 / 197.0, 197.0), (1 / 199.6, 200.0)):
        path = tmp_path / "a.xdf"
        path.write_bytes(START + header(1, "EMG", 200, "float32", 1) + samples(1, data, 5.0, step))
        recording = opened(path)
        assert recording.streams[0].info.sampling_rate == pytest.approx(rate, rel=1e-6)
        assert any("promises 200 Hz" in line for line in recording.oddities)


def test_damage_costs_no_more_than_its_chunk(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = np.arange(300, dtype="<f4").reshape(300, 1)
    lying = chunk(3, struct.pack("<IBQ", 1, 8, 1 << 40))
    head = START + header(1, "EMG", 100, "float32", 1)
    first, second = samples(1, data[:200], 10.0, 0.01), samples(1, data[200:], 12.0, 0.01)
    path = tmp_path / "a.xdf"
    path.write_bytes(head + first + lying + chunk(5, BOUNDARY) + second + second[: len(second) // 2])
    recording = opened(path)
    np.testing.assert_array_equal(stored(recording.streams[0]), data.T)
    assert any("2 places" in line for line in recording.oddities)


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_to_read(tmp_path: Path, opened: Opener, count: int) -> None:
    path = tmp_path / "a.xdf"
    path.write_bytes(
        START
        + header(1, "EMG", 100, "float32", 1)
        + header(2, "EMG", 0, "float32", 1)
        + samples(1, np.zeros((count, 1), dtype="<f4"), 1.0, 0.01)
        + samples(2, np.zeros((9, 1), dtype="<f4"), 1.0, 0.01)
    )
    with pytest.raises(FormatError, match="no stream"):
        opened(path)


def test_real_files(shared_data: Path, opened: Opener, stored: Reader) -> None:
    minimal = opened(shared_data / "xdf" / "minimal.xdf").streams[0]
    assert (minimal.info.sampling_rate, minimal.n_samples) == (10.0, 9)
    # The file's own example data: 192, 255, 238, then 12, 22, 32, and so on.
    assert stored(minimal)[:, :2].T.tolist() == [[192, 255, 238], [12, 22, 32]]
    resets = opened(shared_data / "xdf" / "clock_resets.xdf")
    (stream,) = resets.streams
    assert [gap.cause for gap in stream.gaps] == ["restart"]
    assert stored(stream).shape == (8, 27815)
    assert any("set anew" in line for line in resets.oddities)
    empty = opened(shared_data / "xdf" / "empty_streams.xdf")
    assert [stream.n_samples for stream in empty.streams] == [10]
    assert any("0 samples" in line for line in empty.oddities)

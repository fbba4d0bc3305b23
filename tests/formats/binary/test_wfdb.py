"""WFDB records: written by wfdb, and by hand."""

from __future__ import annotations

import warnings
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.types import Annotation, Gap

if TYPE_CHECKING:
    from pathlib import Path

    from tests.formats.binary.conftest import Opener, Reader

wfdb = pytest.importorskip("wfdb")


@pytest.mark.parametrize(("form", "bits"), [("16", 16), ("212", 12), ("24", 24), ("32", 32), ("80", 8)])
def test_every_sample(tmp_path: Path, opened: Opener, stored: Reader, form: str, bits: int) -> None:
    top = 1 << (bits - 1)
    digital = np.random.default_rng(7).integers(-top + 1, top, (401, 2))
    start = datetime(2020, 1, 2, 3, 4, 5)  # noqa: DTZ001 - the recorder's clock
    with warnings.catch_warnings():
        # wfdb warns about its own libraries.
        warnings.simplefilter("ignore")
        wfdb.wrsamp(
            "rec",
            fs=360,
            units=["mV", "uV"],
            sig_name=["EMG", "b"],
            d_signal=digital,
            fmt=[form] * 2,
            adc_gain=[200.0, 4.0],
            baseline=[5, 0],
            write_dir=str(tmp_path),
            base_date=start.date(),
            base_time=start.time(),
        )
    for name in ("rec.hea", "rec.dat"):
        recording = opened(tmp_path / name)
        (stream,) = recording.streams
        np.testing.assert_array_equal(stored(stream), digital.T)
        assert (recording.format, stream.info.sampling_rate, stream.gaps) == ("wfdb", 360.0, ())
        first, second = stream.info.channels
        assert (first.unit, first.gain, first.offset) == ("uV", 5.0, -25.0)
        assert (second.unit, second.gain, second.offset) == ("uV", 0.25, 0.0)
        assert recording.start == start


def test_missing_samples(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = np.arange(40, dtype="<i2").reshape(20, 2)
    data[3:6] = -32768
    data[10, 1] = -32768
    (tmp_path / "a.dat").write_bytes(data.tobytes())
    (tmp_path / "a.hea").write_text(
        "a 2 250 20\na.dat 16 100/mV 16 0 0 0 0 L\na.dat 16 100/mV 16 0 0 0 0 R\n"
    )
    (stream,) = opened(tmp_path / "a.hea").streams
    assert stream.gaps == (Gap(3, 3, "unknown"),)
    expected = np.delete(data, np.r_[3:6], axis=0).T.astype(float)
    expected[1, 7] = np.nan
    np.testing.assert_array_equal(stored(stream), expected)
    assert stream.info.channels[0].raw_low == -32768.0


def test_marks_beside_the_record(tmp_path: Path, opened: Opener) -> None:
    (tmp_path / "a.dat").write_bytes(bytes(200))
    (tmp_path / "a.hea").write_text("a 1 50 100\na.dat 16 100/mV\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wfdb.wrann(
            "a", "atr", np.array([25, 60]), symbol=["N", '"'], aux_note=["", "go"], write_dir=str(tmp_path)
        )
    assert opened(tmp_path / "a.hea").annotations == (Annotation(0.5, 0.0, "N"), Annotation(1.2, 0.0, "go"))
    (tmp_path / "a.atr").write_bytes(b"\x07" * 5)
    recording = opened(tmp_path / "a.hea")
    assert recording.annotations == ()
    assert any("a.atr" in line for line in recording.oddities)


def test_two_rates_in_one_record(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    frames = np.arange(50 * 5, dtype="<i2").reshape(50, 5)
    (tmp_path / "a.dat").write_bytes(frames.tobytes())
    (tmp_path / "a.hea").write_text("a 2 100 50\na.dat 16x4 1/uV\na.dat 16 1/degC\n")
    fast, slow = opened(tmp_path / "a.hea").streams
    assert (fast.info.sampling_rate, slow.info.sampling_rate) == (400.0, 100.0)
    np.testing.assert_array_equal(stored(fast)[0], frames[:, :4].reshape(-1))
    np.testing.assert_array_equal(stored(slow)[0], frames[:, 4])
    assert (fast.info.channels[0].unit, slow.info.channels[0].unit) == ("uV", "adc")


def test_segments_with_nothing_between(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    for name, gain, values in (("s1", 10, range(30)), ("s2", 20, range(100, 120))):
        (tmp_path / f"{name}.dat").write_bytes(np.array(values, dtype="<i2").tobytes())
        (tmp_path / f"{name}.hea").write_text(
            f"{name} 1 100 {len(values)}\n{name}.dat 16 {gain}/mV 16 0 0 0 0 EMG\n"
        )
    (tmp_path / "all.hea").write_text("all/3 1 100 75\ns1 30\n~ 25\ns2 20\n")
    (stream,) = opened(tmp_path / "all.hea").streams
    assert (stream.n_samples, stream.gaps) == (75, (Gap(30, 25, "unknown"),))
    expected = np.concatenate((np.arange(30) / 10, np.arange(100, 120) / 20)) * 1000
    np.testing.assert_allclose(stored(stream)[0], expected)
    assert (stream.info.channels[0].unit, stream.info.channels[0].gain) == ("uV", 1.0)


def test_header_that_says_more_than_there_is(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = np.arange(100, dtype="<i2")
    (tmp_path / "a.dat").write_bytes(data.tobytes())
    (tmp_path / "a.hea").write_text("a 1 100 99999999999\na.dat 16 100/mV\n")
    recording = opened(tmp_path / "a.hea")
    np.testing.assert_array_equal(stored(recording.streams[0])[0], data)
    assert any("100 are there" in line for line in recording.oddities)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("a 1 100 50\nhttp://example.org/a.dat 16 100/mV\n", "no plain name"),
        ("a 1 100 50\n../a.dat 16 100/mV\n", "no plain name"),
        ("a/1 1 100 50\ns3://bucket/a 50\n", "no plain name"),
        ("a 1 100 50\nb.dat 16 100/mV\n", "missing"),
        ("a 0 100 50\n", "no signals"),
        ("a 1 0 50\na.dat 16 100/mV\n", "no sampling rate"),
        ("a 1 100 50\na.dat 16:99999999999 100/mV\n", "further than"),
    ],
)
def test_headers_that_make_no_sense(tmp_path: Path, opened: Opener, header: str, says: str) -> None:
    (tmp_path / "a.dat").write_bytes(b"\0" * 100)
    (tmp_path / "a.hea").write_text(header)
    with pytest.raises(FormatError, match=says):
        opened(tmp_path / "a.hea")

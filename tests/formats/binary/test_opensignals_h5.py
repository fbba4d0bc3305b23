"""OpenSignals HDF5 files, laid out as the recorder does."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from emgdetect.errors import FormatError, MissingExtraError
from emgdetect.types import Gap

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import RawArray
    from tests.formats.binary.conftest import Opener, Reader

h5py = pytest.importorskip("h5py")


def save(path: Path, counts: RawArray, counter: RawArray, **attributes: Any) -> None:  # noqa: ANN401 - any attribute
    with h5py.File(path, "w") as file:
        group = file.create_group("20:17:09:18:49:21")
        group.attrs["sampling rate"] = 1000
        group.attrs["resolution"] = [10] * len(counts)
        group.attrs["date"] = b"2021-3-4"
        group.attrs["time"] = b"22:10:11.250"
        group.attrs["device"] = b"bitalino_rev"
        group.attrs.update(attributes)
        raw = group.create_group("raw")
        raw.create_dataset("nSeq", data=counter[:, None])
        for number, row in enumerate(counts, start=1):
            channel = raw.create_dataset(
                f"channel_{number}", data=row[:, None], chunks=(40, 1), compression="gzip"
            )
            channel.attrs["label"], channel.attrs["sensor"] = f"A{number}", "EMG"


def counts_of(n_samples: int) -> RawArray:
    return np.random.default_rng(2).integers(0, 1024, size=(2, n_samples)).astype("<u2")


def test_every_sample(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    counts = counts_of(900)
    save(tmp_path / "a.h5", counts, np.arange(900) % 16)
    recording = opened(tmp_path / "a.h5")
    (stream,) = recording.streams
    np.testing.assert_array_equal(stored(stream), counts)
    assert stored(stream).dtype == np.uint16
    assert (recording.device, stream.info.sampling_rate, stream.gaps) == ("bitalino_rev", 1000.0, ())
    assert stream.info.ch_names == ("A1 EMG", "A2 EMG")
    assert {(c.unit, c.raw_low, c.raw_high) for c in stream.info.channels} == {("adc", 0.0, 1023.0)}
    assert recording.start == datetime(2021, 3, 4, 22, 10, 11, 250_000)  # noqa: DTZ001 - the recorder's clock


@pytest.mark.parametrize("wrap", [16, 1 << 40])
def test_lost_samples_by_the_counter(tmp_path: Path, opened: Opener, stored: Reader, wrap: int) -> None:
    counts = counts_of(600)
    counter = np.delete(np.arange(610), np.r_[100:107, 300:303]) % wrap
    save(tmp_path / "a.h5", counts, counter)
    (stream,) = opened(tmp_path / "a.h5").streams
    assert stream.gaps == (Gap(100, 7, "lost packets"), Gap(300, 3, "lost packets"))
    assert stream.n_samples == 610
    np.testing.assert_array_equal(stored(stream), counts)


def test_another_kind_of_hdf5(tmp_path: Path, opened: Opener) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["x"] = np.zeros(9)
    with pytest.raises(FormatError, match="not one of OpenSignals"):
        opened(tmp_path / "a.h5")
    save(tmp_path / "b.h5", counts_of(50), np.arange(50), **{"sampling rate": -5})
    with pytest.raises(FormatError, match="-5 Hz"):
        opened(tmp_path / "b.h5")


def test_without_the_library(tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "a.h5", counts_of(50), np.arange(50))
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(MissingExtraError, match=r"emgdetect\[hdf5\]") as caught:
        opened(tmp_path / "a.h5")
    assert caught.value.library == "h5py"

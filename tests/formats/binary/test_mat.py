"""MATLAB files: version 5 by scipy, version 7.3 by h5py in the way MATLAB lays them out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from emgdetect.errors import FormatError
from emgdetect.recording import ReadOptions

if TYPE_CHECKING:
    from emgdetect.types import RawArray
    from tests.formats.binary.conftest import Opener, Reader

scipy_io = pytest.importorskip("scipy.io")
RNG = np.random.default_rng(8)


def save73(path: Path, variables: dict[str, Any]) -> None:
    """Write variables as MATLAB does: columns first, texts as numbers, structures as groups."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w", userblock_size=512) as file:
        references = file.create_group("#refs#")

        def put(group: Any, name: str, value: Any) -> None:  # noqa: ANN401 - h5py has no types
            if isinstance(value, dict):
                inner = group.create_group(name)
                inner.attrs["MATLAB_class"] = np.bytes_("struct")
                for key, one in value.items():
                    put(inner, key, one)
            elif isinstance(value, str):
                dataset = group.create_dataset(name, data=np.array([[ord(c)] for c in value], dtype="<u2"))
                dataset.attrs["MATLAB_class"] = np.bytes_("char")
            elif isinstance(value, list):
                for number, one in enumerate(value):
                    put(references, f"{name}{number}", one)
                cell = np.array(
                    [[references[f"{name}{n}"].ref] for n in range(len(value))], dtype=h5py.ref_dtype
                )
                group.create_dataset(name, data=cell).attrs["MATLAB_class"] = np.bytes_("cell")
            else:
                array = np.atleast_2d(np.asarray(value))
                group.create_dataset(name, data=array.T).attrs["MATLAB_class"] = np.bytes_("double")

        for name, value in variables.items():
            put(file, name, value)
    with path.open("r+b") as raw:
        raw.write(b"MATLAB 7.3 MAT-file, Platform: test".ljust(124) + b"\x00\x02IM")


def save5(path: Path, variables: dict[str, Any]) -> None:
    ready = {
        name: np.array(value, dtype=object) if isinstance(value, list) else value
        for name, value in variables.items()
    }
    scipy_io.savemat(path, ready, do_compression=path.stem == "packed")


Saved = tuple[Callable[[Path, dict[str, Any]], None], str, str]
WRITERS = pytest.mark.parametrize(
    "saved",
    [(save5, "plain.mat", "mat"), (save5, "packed.mat", "mat"), (save73, "new.mat", "mat73")],
    ids=["v6", "v7", "v7.3"],
)


@WRITERS
@pytest.mark.parametrize("dtype", ["<f8", "<i2"])
def test_samples_by_channels(
    tmp_path: Path,
    opened: Opener,
    stored: Reader,
    saved: Saved,
    dtype: str,
) -> None:
    save, name, called = saved
    emg = (RNG.normal(60, 20, (700, 3))).astype(dtype)
    variables = {
        "emg": emg,
        "fs": 1024.0,
        "labels": ["TA", "GM", "SOL"],
        "units": "mV",
        "other": np.zeros((9, 2)),
    }
    save(tmp_path / name, variables)
    recording = opened(tmp_path / name)
    (stream,) = recording.streams
    assert (recording.format, stream.info.sampling_rate) == (called, 1024.0)
    assert stream.info.ch_names == ("TA", "GM", "SOL")
    assert [(channel.unit, channel.gain) for channel in stream.info.channels] == [("uV", 1000.0)] * 3
    np.testing.assert_array_equal(stored(stream), emg.T)
    assert stored(stream).dtype == dtype
    assert any("other" in line for line in recording.oddities)


@WRITERS
def test_inside_a_structure(
    tmp_path: Path,
    opened: Opener,
    stored: Reader,
    saved: Saved,
) -> None:
    save, name, called = saved
    data = RNG.normal(0, 1, (2, 900))
    save(tmp_path / name, {"EEG": {"data": data, "srate": 250.0}, "fs": 17.0})
    recording = opened(tmp_path / name)
    (stream,) = recording.streams
    assert (recording.format, stream.info.sampling_rate) == (called, 250.0)
    np.testing.assert_array_equal(stored(stream), data)
    assert {channel.unit for channel in stream.info.channels} == {"adc"}


@WRITERS
def test_one_variable_per_muscle(
    tmp_path: Path,
    opened: Opener,
    stored: Reader,
    saved: Saved,
) -> None:
    save, name, called = saved
    left, right = RNG.normal(0, 1, 500), RNG.normal(0, 1, 500)
    time = np.arange(500) / 100
    columns: dict[str, RawArray] = {
        "t": time[:, None],
        "EMG_left": left[:, None],
        "EMG_right": right[:, None],
    }
    save(tmp_path / name, columns)
    with pytest.raises(FormatError, match="--sampling-rate"):
        opened(tmp_path / name)
    recording = opened(tmp_path / name, ReadOptions(sampling_rate=100.0))
    assert recording.format == called
    (stream,) = recording.streams
    assert sorted(stream.info.ch_names) == ["EMG_left", "EMG_right"]
    order = [0, 1] if stream.info.ch_names[0] == "EMG_left" else [1, 0]
    np.testing.assert_array_equal(stored(stream), np.stack((left, right))[order])


@WRITERS
def test_no_recording_inside(tmp_path: Path, opened: Opener, saved: Saved) -> None:
    save, name, called = saved
    save(tmp_path / name, {"note": "hello", "fs": 100.0})
    with pytest.raises(FormatError, match="no array") as caught:
        opened(tmp_path / name)
    assert caught.value.where == tmp_path / name, called


def test_sample_interval_of_biopac(tmp_path: Path, opened: Opener) -> None:
    scipy_io.savemat(tmp_path / "a.mat", {"data": np.zeros((40, 1)), "isi": 0.5, "isi_units": "ms"})
    assert opened(tmp_path / "a.mat").streams[0].info.sampling_rate == 2000.0


def test_cut_off(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "a.mat"
    scipy_io.savemat(path, {"emg": RNG.normal(0, 1, (700, 3)), "fs": 100.0})
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FormatError, match="damaged"):
        opened(path)

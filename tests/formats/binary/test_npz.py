"""NumPy files: what numpy wrote is what is read, stored or compressed, in any order and type."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import FormatError, UsageError
from emgdetect.formats.gaps import runs_of, tidy
from emgdetect.recording import ReadOptions
from emgdetect.types import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import RawArray
    from tests.formats.binary.conftest import Opener, Reader

TYPES = ["<f8", "<f4", "<i4", "<i2", ">i2", "|u1", "<i8", "<f2"]


def values(shape: tuple[int, ...], dtype: str) -> RawArray:
    return (np.random.default_rng(1).normal(0, 50, shape) + 60).clip(0, 250).astype(dtype)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", TYPES)
def test_every_sample(
    tmp_path: Path, opened: Opener, stored: Reader, save: Callable[..., None], order: str, dtype: str
) -> None:
    data = np.array(values((3, 700), dtype), order="F" if order == "F" else "C")
    path = tmp_path / "a.npz"
    save(path, data=data, sampling_rate=512.5, ch_names=["left", "right", "chin"], unit="mV")
    (stream,) = opened(path).streams
    assert stream.info.sampling_rate == 512.5
    assert stream.info.ch_names == ("left", "right", "chin")
    assert [(channel.unit, channel.gain) for channel in stream.info.channels] == [("uV", 1000.0)] * 3
    np.testing.assert_array_equal(stored(stream), data)
    assert stored(stream).dtype == np.dtype(dtype).newbyteorder("=")


def test_one_channel_and_what_is_left_out(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = values((900,), "<f8")
    np.savez(tmp_path / "a.npz", data=data, sampling_rate=1000)
    recording = opened(tmp_path / "a.npz")
    (channel,) = recording.streams[0].info.channels
    assert (channel.name, channel.unit) == ("ch1", "adc")
    assert any("no unit" in line for line in recording.oddities)
    np.testing.assert_array_equal(stored(recording.streams[0])[0], data)


def test_gaps_are_start_and_length(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = values((1, 100), "<i2")
    np.savez(
        tmp_path / "a.npz",
        data=data,
        sampling_rate=100,
        gaps=[[60, 10], [20, 5], [25, 5], [95, 50]],
        unit="uV",
    )
    recording = opened(tmp_path / "a.npz")
    (stream,) = recording.streams
    assert stream.gaps == (Gap(20, 10, "unknown"), Gap(60, 10, "unknown"), Gap(95, 5, "unknown"))
    assert any("outside" in line for line in recording.oddities)
    kept = np.r_[0:20, 30:60, 70:95]
    np.testing.assert_array_equal(stored(stream), data[:, kept])


def test_counts_with_half_open_gaps(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    counts = values((400,), "<i4")
    path = tmp_path / "a.npz"
    np.savez_compressed(
        path, counts=counts, uv_per_count=0.25, sampling_rate=250.0, gaps_samples=[[10, 30]], unit="uV"
    )
    (stream,) = opened(path).streams
    assert stream.gaps == (Gap(10, 20, "unknown"),)
    assert (stream.info.channels[0].unit, stream.info.channels[0].gain) == ("uV", 0.25)
    np.testing.assert_array_equal(stored(stream)[0], np.r_[counts[:10], counts[30:]])


def test_samples_as_rows(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = values((5000, 2), "<f4")
    np.savez(tmp_path / "a.npz", data=data, sampling_rate=1000)
    recording = opened(tmp_path / "a.npz")
    np.testing.assert_array_equal(stored(recording.streams[0]), data.T)
    assert any("rows" in line for line in recording.oddities)
    named = values((4, 2), "<f4")
    np.savez(tmp_path / "b.npz", data=named, sampling_rate=1000, ch_names=["a", "b"])
    np.testing.assert_array_equal(stored(opened(tmp_path / "b.npz").streams[0]), named.T)


def test_simulated_recordings(shared_data: Path, opened: Opener, stored: Reader) -> None:
    for name in ("busy_4", "plm_2h_250hz"):
        path = shared_data / "simulated" / f"{name}.npz"
        (stream,) = opened(path).streams
        with np.load(path) as archive:
            counts, spans = archive["counts"], archive["gaps_samples"].tolist()
            assert stream.info.sampling_rate == archive["sampling_rate"]
        assert [(gap.start, gap.stop) for gap in stream.gaps] == [tuple(span) for span in spans]
        missing = np.zeros(counts.size, dtype=bool)
        for start, stop in spans:
            missing[start:stop] = True
        np.testing.assert_array_equal(stored(stream)[0], counts[~missing])


def test_python_objects_are_never_loaded(tmp_path: Path, opened: Opener) -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (Path.touch, (str(tmp_path / "exploded"),))

    np.savez(tmp_path / "a.npz", data=np.array([Bomb()], dtype=object), sampling_rate=1000, allow_pickle=True)
    np.savez(
        tmp_path / "b.npz", data=np.zeros(9), sampling_rate=np.array(Bomb(), dtype=object), allow_pickle=True
    )
    np.save(tmp_path / "c.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
    for name in ("a.npz", "b.npz", "c.npy"):
        with pytest.raises(FormatError, match="Python objects"):
            opened(tmp_path / name, ReadOptions(sampling_rate=100.0))
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"x": np.zeros(9)}, "neither data nor counts"),
        ({"data": np.zeros(9)}, "no sampling_rate"),
        ({"data": np.zeros(9), "sampling_rate": -1}, "no sampling rate"),
        ({"data": np.zeros(9), "sampling_rate": "fast"}, "not a number"),
        (
            {"data": np.zeros((2, 9)), "sampling_rate": 1, "ch_names": ["a", "b", "c"]},
            "3 channels but holds 2",
        ),
        ({"data": np.zeros(0), "sampling_rate": 1}, "shape"),
        ({"data": np.zeros((2, 2, 2)), "sampling_rate": 1}, "shape"),
        ({"data": np.zeros(9, dtype=complex), "sampling_rate": 1}, "not real numbers"),
        ({"data": np.zeros(9), "sampling_rate": 1, "gaps": [1, 2, 3]}, "n by 2"),
        ({"data": np.zeros(9), "sampling_rate": 1, "unit": 5}, "not text"),
    ],
)
def test_what_makes_no_sense(tmp_path: Path, opened: Opener, arrays: dict[str, object], says: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match=says):
        opened(tmp_path / "a.npz")


def test_an_archive_that_promises_too_much(tmp_path: Path, opened: Opener) -> None:
    member = io.BytesIO()
    np.save(member, np.zeros(8))
    data = member.getvalue().replace(b"(8,), }", b"(88888888888,), }")
    path = tmp_path / "a.npz"
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(path, "w", compression) as archive:
            archive.writestr("data.npy", data)
            rate = io.BytesIO()
            np.save(rate, np.float64(100))
            archive.writestr("sampling_rate.npy", rate.getvalue())
        with pytest.raises(FormatError, match=r"cut off|damaged"):
            opened(path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(FormatError, match="damaged"):
        opened(path)


@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_needs_a_rate(tmp_path: Path, opened: Opener, stored: Reader, order: str) -> None:
    data = np.array(values((2, 300), ">f8"), order="F" if order == "F" else "C")
    path = tmp_path / "a.npy"
    np.save(path, data)
    with pytest.raises(FormatError, match="--sampling-rate"):
        opened(path)
    with pytest.raises(UsageError):
        opened(path, ReadOptions(sampling_rate=0.0))
    recording = opened(path, ReadOptions(sampling_rate=250.0, unit="uV"))
    (stream,) = recording.streams
    assert (recording.format, stream.info.sampling_rate) == ("npy", 250.0)
    assert {channel.unit for channel in stream.info.channels} == {"uV"}
    np.testing.assert_array_equal(stored(stream), data)
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(FormatError, match="cut off"):
        opened(path, ReadOptions(sampling_rate=250.0))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=8))
def test_tidy_gaps_cover_the_same_samples(spans: list[tuple[int, int]]) -> None:
    n_samples = 50
    covered = np.zeros(n_samples, dtype=bool)
    for start, stop in spans:
        covered[max(start, 0) : max(stop, 0)] = True
    gaps, _ = tidy(spans, n_samples, "unknown")
    again = np.zeros(n_samples, dtype=bool)
    for gap in gaps:
        again[gap.start : gap.stop] = True
    np.testing.assert_array_equal(again, covered)
    assert [(gap.start, gap.stop) for gap in gaps] == runs_of(covered)


def test_only_numpy_archives_are_taken(tmp_path: Path, opened: Opener) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(FormatError, match="no known format"):
        opened(tmp_path / "a.zip")

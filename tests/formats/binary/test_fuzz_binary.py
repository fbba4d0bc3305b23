"""Thousands of damaged files: each is a recording that can be read to its end, or one clear error."""

from __future__ import annotations

import struct
import wave
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.errors import EmgError
from emgdetect.formats.opening import open_recording
from emgdetect.recording import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIGNAL = np.random.default_rng(1).integers(-900, 900, size=(2, 120)).astype("<i2")
RATE_GIVEN = ReadOptions(sampling_rate=100.0)


def edf(path: Path) -> None:
    import edfio

    signals = [
        edfio.EdfSignal(
            SIGNAL[0].astype(float), 20, label="EMG", physical_dimension="uV", physical_range=(-999, 999)
        ),
        edfio.EdfSignal(SIGNAL[1, :60].astype(float), 10, label="leg", physical_range=(-999, 999)),
    ]
    marks = [edfio.EdfAnnotation(1.5, 0.5, "a"), edfio.EdfAnnotation(4.0, None, "b")]
    edfio.Edf(signals, annotations=marks).write(path)
    data = path.read_bytes().replace(b"EDF+C", b"EDF+D").replace(b"+3\x14\x14", b"+7\x14\x14")
    path.write_bytes(data)


def bdf(path: Path) -> None:
    import edfio

    signal = edfio.BdfSignal(SIGNAL[0].astype(float), 20, label="EMG", physical_range=(-999, 999))
    edfio.Bdf([signal], annotations=[edfio.EdfAnnotation(1.0, None, "a")]).write(path)


def npz(path: Path) -> None:
    np.savez(path, data=SIGNAL, sampling_rate=100.0, ch_names=["a", "b"], unit="uV", gaps=[[5, 10]])


def packed_npz(path: Path) -> None:
    np.savez_compressed(path, counts=SIGNAL, sampling_rate=100.0, uv_per_count=0.25, gaps_samples=[[5, 10]])


def npy(path: Path) -> None:
    np.save(path, SIGNAL)


def wav(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(1000)
        file.writeframes(SIGNAL.T.tobytes())


def mat(path: Path) -> None:
    savemat = pytest.importorskip("scipy.io").savemat
    inside = {"data": SIGNAL[0], "srate": 50.0}
    savemat(path, {"emg": SIGNAL.T, "fs": 100.0, "labels": np.array(["a", "b"], dtype=object), "s": inside})


def packed_mat(path: Path) -> None:
    pytest.importorskip("scipy.io").savemat(path, {"emg": SIGNAL.T, "fs": 100.0}, do_compression=True)


def mat73(path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w", userblock_size=512) as file:
        file["emg"], file["fs"] = SIGNAL, np.array([[100.0]])
    with path.open("r+b") as raw:
        raw.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")


def h5(path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        group = file.create_group("00:11")
        group.attrs["sampling rate"], group.attrs["resolution"] = 100, [10]
        group["raw/nSeq"] = (np.arange(120) % 16)[:, None]
        group["raw/channel_1"] = SIGNAL[0][:, None]


def xdf(path: Path) -> None:
    def chunk(tag: int, content: bytes) -> bytes:
        return b"\x04" + struct.pack("<IH", len(content) + 2, tag) + content

    out = b"XDF:" + chunk(1, b"<info><version>1.0</version></info>")
    for stream, form in ((1, "int16"), (2, "string")):
        xml = (
            f"<info><name>n</name><type>EMG</type><channel_count>{3 - stream}</channel_count>"
            f"<nominal_srate>{200 - 100 * stream}</nominal_srate>"
            f"<channel_format>{form}</channel_format></info>"
        )
        out += chunk(2, struct.pack("<I", stream) + xml.encode())
    for first in (0, 60):
        body = struct.pack("<IBI", 1, 4, 60)
        for index in range(first, first + 60):
            body += struct.pack("<Bd", 8, 5 + index / 100 + first) + SIGNAL[:, index].tobytes()
        out += chunk(3, body) + chunk(4, struct.pack("<Idd", 1, 5.0 + first, 0.1))
        out += chunk(5, bytes.fromhex("43a546dccbf5410fb30ed5467383cbe4"))
    out += chunk(3, struct.pack("<IBBBdBB", 2, 1, 1, 8, 5.5, 1, 2) + b"go")
    path.write_bytes(out + chunk(6, struct.pack("<I", 1) + b"<info><sample_count>120</sample_count></info>"))


def c3d(path: Path) -> None:
    ezc3d = pytest.importorskip("ezc3d")
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [100]
    file["parameters"]["ANALOG"]["RATE"]["value"] = [1000]
    file["parameters"]["ANALOG"]["LABELS"]["value"] = ["a", "b"]
    file["parameters"]["ANALOG"]["UNITS"]["value"] = ["V", "V"]
    file["data"]["points"] = np.zeros((4, 0, 12))
    file["data"]["analogs"] = SIGNAL[None].astype(float)
    file.write(str(path))


def hea(path: Path) -> None:
    pytest.importorskip("wfdb")
    path.with_suffix(".dat").write_bytes(SIGNAL.T.tobytes())
    name = path.with_suffix(".dat").name
    text = f"{path.stem} 2 100 120 22:10:00 01/02/2020\n" + f"{name} 16 100/mV 16 0 0 0 0 L\n" * 2
    path.write_text(text)


def dat(path: Path) -> None:
    pytest.importorskip("wfdb")
    text = f"{path.stem} 2 100 120\n" + f"{path.name} 212 100/mV 12 0 0 0 0 L\n" * 2
    path.with_suffix(".hea").write_text(text)
    path.write_bytes(SIGNAL.T.tobytes()[:360])


# A case costs what its library costs; scipy.io and ezc3d run in processes of their own, so few.
CASES: list[tuple[Callable[[Path], None], str, int]] = [
    (edf, "edf", 700),
    (bdf, "bdf", 500),
    (npz, "npz", 700),
    (packed_npz, "npz", 500),
    (npy, "npy", 500),
    (wav, "wav", 600),
    (mat, "mat", 5),
    (packed_mat, "mat", 3),
    (mat73, "mat", 350),
    (h5, "h5", 400),
    (xdf, "xdf", 200),
    (hea, "hea", 300),
    (dat, "dat", 60),
    (c3d, "c3d", 8),
]
NUMBERS = (b"0", b"-1", b"1", b"99999999", b"nan", b"1e308", b"65535", b"")
EXTREMES = (b"\0" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\0" * 8, b"\xff" * 8, b"\1\0\0\0")


def damaged(data: bytes, rng: np.random.Generator) -> bytes:
    """Change a file in one to four ways, more often near its start, where headers are."""
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 5))):
        if not out:
            break
        end = len(out) if rng.random() < 0.4 else min(len(out), 1200)
        place = int(rng.integers(0, end))
        match int(rng.integers(0, 7)):
            case 0 | 1:
                out[place] = int(rng.integers(0, 256))
            case 2:
                out[place] ^= 1 << int(rng.integers(0, 8))
            case 3:
                extreme = EXTREMES[int(rng.integers(0, len(EXTREMES)))]
                out[place : place + len(extreme)] = extreme
            case 4:
                number = NUMBERS[int(rng.integers(0, len(NUMBERS)))]
                out[place : place + 8] = number.ljust(8)
            case 5:
                stop = place + int(rng.integers(1, 40))
                out[place:stop] = out[place:stop] * int(rng.integers(0, 3))
            case _:
                if rng.random() < 0.5:
                    del out[int(rng.integers(0, len(out))) :]
    return bytes(out)


def read_to_the_end(path: Path) -> str:
    try:
        recording = open_recording(path, RATE_GIVEN if path.suffix == ".npy" else None)
        assert recording.streams
        for stream in recording.streams:
            assert stream.info.sampling_rate > 0
            left = [piece for piece in stream.pieces(50) if piece.start >= 0]
            assert max(piece.stop for piece in left) == stream.n_samples
            assert all(channel.unit in ("uV", "adc", "envelope") for channel in stream.info.channels)
    except EmgError as error:
        return "refused" if "\n" not in str(error) else "two lines"
    return "read"


@pytest.mark.parametrize(("write", "suffix", "count"), CASES, ids=[case[0].__name__ for case in CASES])
def test_damage(tmp_path: Path, write: Callable[[Path], None], suffix: str, count: int) -> None:
    path = tmp_path / f"a.{suffix}"
    write(path)
    assert read_to_the_end(path) == "read"
    data = path.read_bytes()
    outcomes = set()
    for seed in range(count):
        path.write_bytes(damaged(data, np.random.default_rng(seed)))
        try:
            outcomes.add(read_to_the_end(path))
        except Exception as error:
            raise AssertionError(f"{write.__name__}, seed {seed}: {error!r}") from error
    few = count < 100
    assert outcomes <= {"read", "refused"} if few else outcomes == {"read", "refused"}


def test_every_place_an_archive_can_be_cut(tmp_path: Path) -> None:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, array in (("data", SIGNAL), ("sampling_rate", np.float64(100))):
            member = BytesIO()
            np.save(member, array)
            archive.writestr(f"{name}.npy", member.getvalue())
    path = tmp_path / "a.npz"
    for length in range(1, len(whole.getvalue()), 7):
        path.write_bytes(whole.getvalue()[:length])
        assert read_to_the_end(path) == "refused"

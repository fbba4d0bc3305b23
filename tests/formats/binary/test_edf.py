"""EDF and BDF against bytes written by hand, field by field as the specification numbers them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import FormatError
from emgdetect.formats import edf, edf_records
from emgdetect.recording import ReadOptions
from emgdetect.types import Annotation, Gap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emgdetect.types import RawArray
    from tests.formats.binary.conftest import Opener, Reader


@dataclass
class Signal:
    label: str
    data: RawArray  # (n_records, samples per record)
    dimension: str = "uV"
    physical: tuple[str, str] = ("-3276.8", "3276.7")
    digital: tuple[str, str] = ("-32768", "32767")


@dataclass
class File:
    signals: Sequence[Signal]
    tals: list[bytes] = field(default_factory=list)
    bdf: bool = False
    duration: str = "1"
    reserved: str = ""
    n_records: str | None = None
    date: str = "02.03.21"
    recording: str = "Startdate 02-MAR-2021 X X Amp_7"

    def to_bytes(self) -> bytes:
        signals = [
            (s.label, s.dimension, *s.physical, *s.digital, str(s.data.shape[1])) for s in self.signals
        ]
        n_records = len(self.signals[0].data) if self.signals else len(self.tals)
        width, kind = (3, "BDF") if self.bdf else (2, "EDF")
        tal_bytes = 0
        if self.tals:
            tal_bytes = -(-max(map(len, self.tals)) // 6) * 6
            low, high = ("-8388608", "8388607") if self.bdf else ("-32768", "32767")
            signals.append((f"{kind} Annotations", "", "-1", "1", low, high, str(tal_bytes // width)))
        head = b"\xffBIOSEMI" if self.bdf else b"0       "
        text = f"{'X X X X':80}{self.recording:80}{self.date:8}{'22.58.59':8}{256 * (len(signals) + 1):<8}"
        text += f"{self.reserved:44}{self.n_records or n_records:<8}{self.duration:8}{len(signals):<4}"
        for width_chars, column in (
            (16, 0),
            (80, None),
            (8, 1),
            (8, 2),
            (8, 3),
            (8, 4),
            (8, 5),
            (80, None),
            (8, 6),
        ):
            for signal in signals:
                text += f"{signal[column] if column is not None else '':{width_chars}}"
        out = head + text.encode("latin-1") + b" " * 32 * len(signals)
        for record in range(n_records):
            for one in self.signals:
                out += b"".join(int(v).to_bytes(width, "little", signed=True) for v in one.data[record])
            if self.tals:
                out += self.tals[record].ljust(tal_bytes, b"\0")
        return out


def numbers(n_records: int, per_record: int, seed: int = 0, *, bits: int = 16) -> RawArray:
    rng = np.random.default_rng(seed)
    return rng.integers(-(1 << (bits - 1)), 1 << (bits - 1), size=(n_records, per_record))


def stamp(onset: str, *marks: bytes) -> bytes:
    return f"{onset}\x14\x14\x00".encode() + b"".join(marks)


def test_rates_become_streams_and_muscles_come_first(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    eeg, emg, temp = numbers(5, 200, 1), numbers(5, 50, 2), numbers(5, 50, 3)
    signals = [
        Signal("EEG Fpz-Cz", eeg),
        Signal("EMG chin", emg, "mV", ("-5", "5"), ("-2048", "2047")),
        Signal("Temp", temp, "DegC", ("34", "40"), ("-2849", "2731")),
    ]
    path = tmp_path / "night.rec"
    path.write_bytes(File(signals, duration="0.5").to_bytes())
    recording = opened(path)
    assert (recording.format, recording.title, recording.device) == ("edf", "EDF", "Amp 7")
    assert recording.start == datetime(2021, 3, 2, 22, 58, 59)  # noqa: DTZ001 - the recorder's clock
    assert recording.oddities == ()
    slow, fast = recording.streams
    assert (slow.info.sampling_rate, fast.info.sampling_rate) == (100.0, 400.0)
    np.testing.assert_array_equal(stored(slow), np.stack((emg.reshape(-1), temp.reshape(-1))))
    np.testing.assert_array_equal(stored(fast), eeg.reshape(1, -1))
    assert stored(slow).dtype == np.int16
    muscle, body = slow.info.channels
    assert (muscle.unit, muscle.raw_low, muscle.raw_high) == ("uV", -2048.0, 2047.0)
    # Physical minimum and maximum belong to digital minimum and maximum.
    assert -2048 * muscle.gain + muscle.offset == pytest.approx(-5000.0)
    assert 2047 * muscle.gain + muscle.offset == pytest.approx(5000.0)
    assert (body.unit, body.name) == ("adc", "Temp")
    assert -2849 * body.gain + body.offset == pytest.approx(34.0)


@pytest.mark.parametrize(
    ("dimension", "factor"),
    [("uV", 1.0), ("µV", 1.0), ("mV", 1e3), ("V", 1e6), ("nV", 1e-3), ("", None), ("%", None)],
)
def test_dimensions(tmp_path: Path, opened: Opener, dimension: str, factor: float | None) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(File([Signal("x", numbers(2, 10), dimension)]).to_bytes())
    (channel,) = opened(path).streams[0].info.channels
    assert channel.unit == ("adc" if factor is None else "uV")
    assert channel.gain == pytest.approx(0.1 * (factor or 1.0))


def test_24_bits(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    data = numbers(7, 33, bits=24)
    data[0, :4] = (-8388608, 8388607, -1, 0)
    signal = Signal("EMG", data, digital=("-8388608", "8388607"))
    path = tmp_path / "a.bdf"
    path.write_bytes(
        File([signal], [stamp(f"+{k}") for k in range(7)], bdf=True, reserved="BDF+C").to_bytes()
    )
    recording = opened(path)
    assert (recording.format, recording.title) == ("bdf", "BDF+")
    np.testing.assert_array_equal(stored(recording.streams[0]), data.reshape(1, -1))
    assert stored(recording.streams[0]).dtype == np.int32


def test_many_blocks_are_one_stream(
    tmp_path: Path, opened: Opener, stored: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edf_records, "BLOCK_BYTES", 300)
    first, second = numbers(41, 10, 1), numbers(41, 10, 2)
    path = tmp_path / "a.edf"
    path.write_bytes(File([Signal("EMG 1", first), Signal("EMG 2", second)]).to_bytes())
    np.testing.assert_array_equal(
        stored(opened(path).streams[0]), np.stack((first.reshape(-1), second.reshape(-1)))
    )


def test_interrupted_recording_has_gaps_at_every_rate(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    fast, slow = numbers(4, 100, 1), numbers(4, 3, 2)
    marks = b"+13.25\x150.5\x14Lights off@@EMG\x14\x00+13.75\x14\xc3\xa9\x14\x00"
    tals = [stamp("+0.25"), stamp("+1.25"), stamp("+13.05", marks), stamp("+14.05")]
    path = tmp_path / "a.edf"
    path.write_bytes(File([Signal("EMG", fast), Signal("leg", slow)], tals, reserved="EDF+D").to_bytes())
    recording = opened(path)
    # 10.8 s are missing after two records of 1 s.
    by_rate = {stream.info.sampling_rate: stream for stream in recording.streams}
    assert by_rate[100.0].gaps == (Gap(200, 1080, "unknown"),)
    assert by_rate[100.0].n_samples == 400 + 1080
    assert by_rate[3.0].gaps == (Gap(6, 32, "unknown"),)
    np.testing.assert_array_equal(stored(by_rate[100.0]), fast.reshape(1, -1))
    np.testing.assert_array_equal(stored(by_rate[3.0]), slow.reshape(1, -1))
    np.testing.assert_array_equal(by_rate[100.0].fetch(1280, 1290), fast[2:3, :10])
    assert recording.start == datetime(2021, 3, 2, 22, 58, 59, 250_000)  # noqa: DTZ001 - the recorder's clock
    # Onsets count from the first sample, which is 0.25 s after the header's start.
    assert recording.annotations == (
        Annotation(13.0, 0.5, "Lights off", "EMG"),
        Annotation(13.5, 0.0, "é"),
    )


@settings(max_examples=30, deadline=None)
@given(
    lost=st.lists(st.integers(0, 3000), min_size=1, max_size=8),
    per_record=st.integers(1, 40),
    duration=st.sampled_from(["1", "0.5", "2", "0.25"]),
)
def test_every_gap_has_its_length(
    tmp_path_factory: pytest.TempPathFactory, lost: list[int], per_record: int, duration: str
) -> None:
    """Gaps of whole samples come back exactly, whatever the rate."""
    rate = per_record / float(duration)
    onsets, place = [0.0], 0
    for missing in lost:
        place += per_record + missing
        onsets.append(place / rate)
    path = tmp_path_factory.mktemp("edf") / "a.edf"
    data = numbers(len(onsets), per_record)
    tals = [stamp(f"+{onset:.9f}") for onset in onsets]
    path.write_bytes(File([Signal("EMG", data)], tals, duration=duration, reserved="EDF+D").to_bytes())
    (stream,) = edf.read(path, ReadOptions()).streams
    expected = [
        Gap((k + 1) * per_record + sum(lost[:k]), missing, "unknown")
        for k, missing in enumerate(lost)
        if missing
    ]
    assert stream.gaps == tuple(expected)
    assert sum(stop - start for start, stop in stream.runs()) == data.size


def test_rounded_stamps_are_no_gaps(tmp_path: Path, opened: Opener) -> None:
    """A third of a second cannot be written in three decimals; the rounding is not missing samples."""
    tals = [stamp(f"+{k / 3:.3f}") for k in range(60)]
    path = tmp_path / "a.edf"
    file = File([Signal("EMG", numbers(60, 1000))], tals, duration="0.333333", reserved="EDF+D")
    path.write_bytes(file.to_bytes())
    assert opened(path).streams[0].gaps == ()


def test_continuous_only_by_name(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "a.edf"
    file = File([Signal("EMG", numbers(3, 10))], [stamp("+0"), stamp("+1"), stamp("+5")], reserved="EDF+C")
    path.write_bytes(file.to_bytes())
    recording = opened(path)
    assert recording.streams[0].gaps == (Gap(20, 30, "unknown"),)
    assert any("continuous" in line for line in recording.oddities)


def test_time_that_steps_back_is_said(tmp_path: Path, opened: Opener, stored: Reader) -> None:
    path = tmp_path / "a.edf"
    tals = [stamp("+0"), stamp("+1"), stamp("+0.5"), stamp("+99999999999")]
    path.write_bytes(File([Signal("EMG", numbers(4, 10))], tals, reserved="EDF+D").to_bytes())
    recording = opened(path)
    assert recording.streams[0].gaps == ()
    assert stored(recording.streams[0]).shape == (1, 40)
    assert any("makes no sense" in line for line in recording.oddities)


@pytest.mark.parametrize("said", ["-1", "9", "3", "many"])
def test_the_file_counts_not_its_header(tmp_path: Path, opened: Opener, stored: Reader, said: str) -> None:
    data = numbers(5, 20)
    whole = File([Signal("EMG", data)], n_records=said).to_bytes()
    path = tmp_path / "a.edf"
    path.write_bytes(whole[:-6])
    recording = opened(path)
    np.testing.assert_array_equal(stored(recording.streams[0]), data[:4].reshape(1, -1))
    assert any("4 are there" in line for line in recording.oddities)
    assert any("cut off" in line for line in recording.oddities)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data[:100], "ends early"),
        (lambda data: data[:300], "inside the header"),
        (lambda data: data[:520], "not one whole data record"),
        (lambda data: data[:252] + b"0   " + data[256:], "no signals"),
        (lambda data: data[:244] + b"0       " + data[252:], "hold no samples"),
        (lambda data: data[:244] + b"nan     " + data[252:], "hold no samples"),
        (lambda data: data[:472] + b"x" * 8 + data[480:], "number"),
    ],
)
def test_damaged_headers(tmp_path: Path, opened: Opener, change: object, says: str) -> None:
    assert callable(change)
    path = tmp_path / "a.edf"
    path.write_bytes(change(File([Signal("EMG", numbers(5, 20))]).to_bytes()))
    with pytest.raises(FormatError, match=says) as caught:
        opened(path)
    assert caught.value.where == path


def test_empty_calibration_is_counts(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(File([Signal("EMG", numbers(2, 5), physical=("1", "1"))]).to_bytes())
    recording = opened(path)
    (channel,) = recording.streams[0].info.channels
    assert (channel.unit, channel.gain) == ("adc", 1.0)
    assert any("calibration" in line for line in recording.oddities)


def test_removed_date_keeps_the_time_of_day(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "a.edf"
    file = File(
        [Signal("EMG", numbers(2, 5))], date="01.01.85", recording="Startdate X X X X", reserved="EDF+C"
    )
    path.write_bytes(replace(file, tals=[stamp("+0"), stamp("+1")]).to_bytes())
    recording = opened(path)
    assert recording.start == datetime(1985, 1, 1, 22, 58, 59)  # noqa: DTZ001 - the recorder's clock
    assert recording.device == "unknown"


def test_only_annotations(tmp_path: Path, opened: Opener) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(File([], [stamp("+0")], reserved="EDF+C").to_bytes())
    with pytest.raises(FormatError, match="no signals"):
        opened(path)

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import edfio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import OutputError, UnsuitableSignalError, UsageError
from emgdetect.exports import edf_suffix, write_edf
from emgdetect.exports.edf_marks import labels_for
from emgdetect.exports.edf_records import plan_records
from emgdetect.recording import Recording, Stream
from emgdetect.types import Annotation, Channel, Gap, StreamInfo

if TYPE_CHECKING:
    from emgdetect.types import RawArray
    from tests.exports.conftest import MakeDetection, MakeEvents

START = datetime(2026, 11, 20, 22, 37, 10)  # noqa: DTZ001 - the clock of a recorder
RNG = np.random.default_rng(7)


def recording_of(
    data: RawArray,
    rate: float = 1000.0,
    *,
    channels: tuple[Channel, ...] | None = None,
    gaps: tuple[Gap, ...] = (),
    start: datetime | None = START,
) -> Recording:
    """Hold ``data`` (with something in the place of gaps) in memory, and refuse to read across a gap."""

    def fetch(first: int, last: int, /) -> RawArray:
        assert not any(gap.start < last and first < gap.stop for gap in gaps)
        return data[:, first:last]

    named = channels or tuple(Channel(f"EMG {index + 1}", "uV", 0.5, 3.0) for index in range(data.shape[0]))
    stream = Stream(StreamInfo(rate, named, "MyoWare 2.0", start), data.shape[1], gaps, fetch)
    return Recording(Path("night.csv"), "csv", "MyoWare 2.0", start, (stream,))


def read(path: Path) -> Any:  # noqa: ANN401 - edfio's Edf or Bdf
    return edfio.read_bdf(path) if path.suffix == ".bdf" else edfio.read_edf(path)


def digital(path: Path) -> RawArray:
    return np.stack([signal.digital for signal in read(path).signals])


def texts(path: Path) -> list[tuple[float, float | None, str]]:
    return [(one.onset, one.duration, one.text) for one in read(path).annotations]


@pytest.mark.parametrize(("suffix", "bits"), [(".edf", 16), (".bdf", 24)])
@pytest.mark.parametrize("dtype", [np.int32, np.float64])
def test_raw_numbers_come_back_exactly(tmp_path: Path, suffix: str, bits: int, dtype: type) -> None:
    data: RawArray = RNG.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (3, 5000)).astype(dtype)
    data[:, 0], data[:, 1] = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    source = recording_of(data)
    assert edf_suffix(source.streams[0]) == suffix
    copy = write_edf(source, tmp_path / f"a{suffix}")
    assert copy.exact
    assert (copy.format, copy.padding) == ({16: "EDF+", 24: "BDF+"}[bits], 0)
    assert np.array_equal(digital(tmp_path / f"a{suffix}"), data)


@settings(max_examples=40, deadline=None)
@given(
    rate=st.sampled_from([0.5, 34.81, 128.0, 199.7, 255.9873123, 1000 / 3, 1000.0, 7812.5]),
    n_samples=st.integers(1, 3000),
    width=st.sampled_from([".edf", ".bdf"]),
)
def test_any_length_at_any_rate(
    tmp_path_factory: pytest.TempPathFactory, rate: float, n_samples: int, width: str
) -> None:
    data = RNG.integers(-3000, 3000, (2, n_samples)).astype(np.int16)
    path = tmp_path_factory.mktemp("edf") / f"a{width}"
    copy = write_edf(recording_of(data, rate), path)
    back = digital(path)
    assert np.array_equal(back[:, :n_samples], data)
    assert back.shape[1] == n_samples + copy.padding
    assert np.all(back[:, n_samples:] == (-32768 if width == ".edf" else -(2**23)))
    stated = read(path).signals[0].sampling_frequency
    assert abs(n_samples / stated - n_samples / rate) < 0.5 / rate


@pytest.mark.parametrize(
    ("rate", "n_samples", "duration", "padding"),
    [
        (1000.0, 60_000, 1.0, 0),
        (1000.0, 60_500, 1.1, 0),
        (199.7, 199_700, 10.0, 0),
        (34.81, 34_810, 100.0, 0),
        (1000 / 3, 100_000, 1.2, 0),
        (250.0, 50_021, 1.0, 229),
        (1000.0, 3, 0.003, 0),
    ],
)
def test_records_state_the_rate(rate: float, n_samples: int, duration: float, padding: int) -> None:
    plan = plan_records(rate, n_samples, 2)
    assert (plan.duration, plan.padding) == (duration, padding)
    assert plan.n_samples * plan.count == n_samples + padding
    assert plan.n_samples / plan.duration == pytest.approx(rate, rel=1e-12)


def test_a_measured_rate_does_not_drift_over_a_night() -> None:
    plan = plan_records(255.98731, 8 * 3600 * 256, 8)
    assert abs(plan.n_samples / plan.duration / 255.98731 - 1) * 8 * 3600 * 256 < 0.5
    assert len(str(plan.duration)) <= 8


def test_the_header_says_what_values_mean(tmp_path: Path) -> None:
    channels = (
        Channel("EMG 1", "uV", 0.5, 3.0, raw_low=0, raw_high=1023),
        Channel("upside down", "uV", -0.25, 0.0),
        Channel("A0", "adc"),
        Channel("env", "envelope", 2.0),
    )
    data = RNG.integers(0, 1024, (4, 1000)).astype(np.int16)
    write_edf(recording_of(data, channels=channels), tmp_path / "a.edf")
    first, second, third, fourth = read(tmp_path / "a.edf").signals
    assert (first.digital_range, first.physical_range) == ((0, 1023), (3.0, 514.5))
    assert [one.physical_dimension for one in (first, second, third, fourth)] == ["uV", "uV", "", "envelope"]
    assert np.allclose(first.data, data[0] * 0.5 + 3.0, atol=1e-9)
    assert np.allclose(second.data, data[1] * -0.25, atol=1e-9)
    assert (third.physical_range, third.digital_range) == ((-32767, 32767), (-32767, 32767))
    assert np.allclose(fourth.data, data[3] * 2.0, atol=1e-9)
    assert first.transducer_type == "raw x 0.5 + 3 in 0 to 1023"


def test_a_calibration_of_many_digits_is_close_and_stands_in_full(tmp_path: Path) -> None:
    gain = 0.02235174445530706
    data = RNG.integers(-(2**23), 2**23, (1, 2000)).astype(np.int32)
    write_edf(recording_of(data, channels=(Channel("C3", "uV", gain),)), tmp_path / "a.bdf")
    (signal,) = read(tmp_path / "a.bdf").signals
    assert np.abs(signal.data - data[0] * gain).max() < 1e-6 * 2**23 * gain
    assert float(signal.transducer_type.split()[2]) == gain


def test_numbers_that_are_not_whole_are_rounded_finely_in_bdf_only(tmp_path: Path) -> None:
    data = RNG.normal(0, 50, (2, 3000))
    source = recording_of(data, channels=(Channel("a", "uV"), Channel("b", "uV", 10.0, 5.0)))
    assert edf_suffix(source.streams[0]) == ".bdf"
    with pytest.raises(UnsuitableSignalError, match=r"16 bits.*\.bdf"):
        write_edf(source, tmp_path / "a.edf")
    assert not list(tmp_path.iterdir())
    assert not write_edf(source, tmp_path / "a.bdf").exact
    first, second = read(tmp_path / "a.bdf").signals
    assert np.abs(first.data - data[0]).max() < np.ptp(data[0]) / 2**23
    assert np.abs(second.data - (data[1] * 10 + 5)).max() < np.ptp(data[1]) * 10 / 2**23


def test_events_stand_at_their_channel(tmp_path: Path, detection: MakeDetection, events: MakeEvents) -> None:
    found = detection((
        *events([1234, 59_999], 1000.0, channel="EMG 2"),
        *events([2000], 1000.0, kind="spasm", n_samples=2500),
        *events([40], 1000.0, kind="artefact"),
    ))  # fmt: skip
    source = recording_of(RNG.integers(-9, 9, (2, 60_000)).astype(np.int16))
    write_edf(source, tmp_path / "a.edf", detection=found)
    assert texts(tmp_path / "a.edf") == [
        (1.234, 0.05, "twitch@@EMG 2"), (2.0, 2.5, "spasm@@EMG 1"), (59.999, 0.05, "twitch@@EMG 2"),
    ]  # fmt: skip
    write_edf(source, tmp_path / "b.edf", detection=found, artefacts=True)
    assert texts(tmp_path / "b.edf")[0] == (0.04, 0.05, "artefact: pop@@EMG 1")


def test_the_recording_s_own_marks_are_kept(tmp_path: Path) -> None:
    source = recording_of(np.zeros((1, 5000), dtype=np.int16))
    marks = (
        Annotation(0.5, 0.0, "lights öff"),
        Annotation(2.0, 1.5, "cue\x14\nA", "EMG 1"),
        Annotation(99.0, 0.0, "late"),
        Annotation(-1.0, 0.0, "early"),
        Annotation(1.0, 0.0, " "),
    )
    write_edf(replace(source, annotations=marks), tmp_path / "a.edf")
    assert texts(tmp_path / "a.edf") == [
        (-1.0, None, "early"), (0.5, None, "lights öff"), (2.0, 1.5, "cue  A@@EMG 1"), (99.0, None, "late"),
    ]  # fmt: skip


def test_gaps_hold_the_digital_minimum_and_say_so(tmp_path: Path) -> None:
    data = RNG.integers(100, 900, (2, 10_000)).astype(np.int16)
    gaps = (Gap(2000, 1500, "disconnect"), Gap(9000, 1000, "sleep"))
    channels = (Channel("a", "adc", raw_low=0, raw_high=1023), Channel("b", "adc"))
    write_edf(recording_of(data, channels=channels, gaps=gaps), tmp_path / "a.edf")
    back = digital(tmp_path / "a.edf")
    lost = np.zeros(10_000, dtype=bool)
    lost[2000:3500] = lost[9000:] = True
    assert np.array_equal(back[:, ~lost], data[:, ~lost])
    assert np.all(back[0, lost] == 0)
    assert np.all(back[1, lost] == -32767)
    assert texts(tmp_path / "a.edf") == [(2.0, 1.5, "gap: disconnect"), (9.0, 1.0, "gap: sleep")]


def test_missing_values_of_one_channel(tmp_path: Path) -> None:
    data = RNG.integers(-50, 50, (2, 4000)).astype(np.float32)
    data[1, 100:200] = data[1, 300:350] = np.nan
    data[1, 3000] = np.inf
    assert write_edf(recording_of(data), tmp_path / "a.edf").exact
    back = digital(tmp_path / "a.edf")
    finite = np.isfinite(data)
    assert np.array_equal(back[finite], data[finite])
    assert np.all(back[~finite] == -32768)
    assert texts(tmp_path / "a.edf") == [
        (0.1, 0.25, "missing values@@EMG 2"), (3.0, 0.001, "missing values@@EMG 2"),
    ]  # fmt: skip


def test_nothing_but_missing_values(tmp_path: Path) -> None:
    write_edf(recording_of(np.full((1, 2000), np.nan)), tmp_path / "a.edf")
    assert np.all(digital(tmp_path / "a.edf") == -32768)


@pytest.mark.parametrize("start", [START, START.replace(microsecond=250_000), START.replace(tzinfo=UTC)])
def test_the_start(tmp_path: Path, start: datetime, detection: MakeDetection, events: MakeEvents) -> None:
    source = recording_of(np.zeros((1, 3000), dtype=np.int16), start=start)
    write_edf(source, tmp_path / "a.edf", detection=detection(events([1500], 1000.0)))
    back = read(tmp_path / "a.edf")
    assert back.startdatetime == start.replace(tzinfo=None)
    assert back.recording.equipment_code == "MyoWare_2.0"
    assert back.is_continuous
    assert texts(tmp_path / "a.edf") == [(1.5, 0.05, "twitch@@EMG 1")]


@pytest.mark.parametrize("start", [None, datetime(1970, 1, 1, 0, 0, 12, tzinfo=UTC)])
def test_a_date_that_edf_cannot_say_is_left_out(tmp_path: Path, start: datetime | None) -> None:
    write_edf(recording_of(np.zeros((1, 3000), dtype=np.int16), start=start), tmp_path / "a.edf")
    back = read(tmp_path / "a.edf")
    with pytest.raises(edfio.AnonymizedDateError):
        _ = back.recording.startdate
    assert back.starttime == (time(0, 0, 12) if start else time(0, 0))
    assert date(1985, 1, 1).strftime("%d.%m.%y").encode() in (tmp_path / "a.edf").read_bytes()[:256]


def test_labels_are_short_plain_and_different() -> None:
    names = (
        "Tibialis anterior left",
        "Tibialis anterior right",
        "µ-Ströme",
        "",
        "肌",
        "EDF Annotations",
        "ok",
    )
    labels = labels_for(names)
    assert labels == (
        "Tibialis anterio",
        "Tibialis anter~2",
        "u-Strome",
        "signal",
        "signal~2",
        "EDF Annotation~2",
        "ok",
    )
    assert len(set(labels_for(("same",) * 12))) == 12
    assert all(len(label) <= 16 for label in labels_for(("0123456789abcdef",) * 120))


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"path": "a.txt"}, UsageError, r"\.edf or \.bdf"),
        ({"stream": 3}, UsageError, "no stream 3"),
        ({"data": np.zeros((1, 0), dtype=np.int16)}, UnsuitableSignalError, "no samples"),
        ({"data": np.full((1, 10), 40_000)}, UnsuitableSignalError, "16 bits"),
        ({"channels": (Channel("a", "uV", 0.0),)}, UnsuitableSignalError, "too small"),
        ({"channels": (Channel("a", "uV", 1e9),)}, UnsuitableSignalError, "do not fit"),
        ({"rate": 1e13}, UnsuitableSignalError, "rate"),
    ],
)
def test_what_cannot_be_written_is_refused(
    tmp_path: Path, change: dict[str, Any], error: type[Exception], words: str
) -> None:
    data = change.get("data", np.zeros((1, 100), dtype=np.int16))
    source = recording_of(data, change.get("rate", 1000.0), channels=change.get("channels"))
    with pytest.raises(error, match=words):
        write_edf(source, tmp_path / change.get("path", "a.edf"), stream=change.get("stream", 0))
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path) -> None:
    source = recording_of(np.zeros((1, 100_000), dtype=np.int16))
    calls = []

    def fetch(first: int, last: int, /) -> RawArray:
        calls.append(first)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return np.zeros((1, last - first), dtype=np.int16)

    broken = replace(source, streams=(replace(source.streams[0], fetch=fetch),))
    with pytest.raises(OutputError, match="disk is full"):
        write_edf(broken, tmp_path / "a.edf")
    assert not list(tmp_path.iterdir())


def test_it_is_written_in_blocks(tmp_path: Path) -> None:
    longest = 0

    def fetch(first: int, last: int, /) -> RawArray:
        nonlocal longest
        longest = max(longest, last - first)
        return np.arange(first, last, dtype=np.int64)[np.newaxis] % 1000

    source = recording_of(np.zeros((1, 0), dtype=np.int16))
    stream = replace(source.streams[0], n_samples=2_000_000, fetch=fetch)
    write_edf(replace(source, streams=(stream,)), tmp_path / "a.edf")
    assert longest <= 1 << 18
    assert np.array_equal(digital(tmp_path / "a.edf")[0], np.arange(2_000_000) % 1000)

"""What this program writes as EDF+ or BDF+ comes back as it was."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.exports import write_edf
from emgdetect.formats.opening import open_recording
from emgdetect.recording import Recording, Stream
from emgdetect.types import Annotation, Channel, Gap, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import RawArray

START = datetime(2026, 11, 20, 22, 37, 10, 250_000)  # noqa: DTZ001 - the clock of a recorder
RNG = np.random.default_rng(11)
ODD_GAIN = 0.02235174445530706


def recording(
    path: Path,
    data: RawArray,
    *channels: Channel,
    rate: float = 1000.0,
    gaps: tuple[Gap, ...] = (),
    marks: tuple[Annotation, ...] = (),
    start: datetime | None = START,
) -> Recording:
    def fetch(start: int, stop: int, /) -> RawArray:
        return data[:, start:stop]

    stream = Stream(StreamInfo(rate, channels, "MyoWare 2.0", start), data.shape[1], gaps, fetch)
    return Recording(path, "npz", "MyoWare 2.0", start, (stream,), marks)


def there_and_back(source: Recording, suffix: str) -> Recording:
    path = source.path.with_suffix(suffix)
    write_edf(source, path, force=True)
    return open_recording(path)


def whole(stream: Stream) -> list[tuple[int, RawArray]]:
    return [(start, stream.fetch(start, stop)) for start, stop in stream.runs()]


def assert_same(back: Recording, source: Recording) -> None:
    (now,), (then,) = back.streams, source.streams
    assert now.info == then.info
    assert (now.n_samples, now.gaps) == (then.n_samples, then.gaps)
    for (start, told), (first, meant) in zip(whole(now), whole(then), strict=True):
        assert start == first
        np.testing.assert_array_equal(told, meant)
    assert back.annotations == source.annotations


@pytest.mark.parametrize(
    ("suffix", "low", "high"),
    [(".edf", -32768, 32767), (".edf", -32767, 32767), (".bdf", -(2**23), 2**23 - 1), (".bdf", -1000, 1000)],
)
@pytest.mark.parametrize(
    "channel",
    [
        Channel("EMG", "uV", ODD_GAIN),
        Channel("EMG", "uV", -1 / 3, 12345.678901234567),
        Channel("EMG", "adc", raw_low=-(2.0**23), raw_high=2.0**23 - 1),
        Channel("EMG", "adc"),
        Channel("level", "envelope", 0.1, 0.3),
    ],
)
def test_numbers_calibration_unit_and_rails(
    tmp_path: Path, suffix: str, low: int, high: int, channel: Channel
) -> None:
    data = RNG.integers(low, high, (1, 3000), endpoint=True).astype(np.int32)
    data[0, :2] = low, high
    source = recording(tmp_path / "a", data, channel)
    assert_same(there_and_back(source, suffix), source)


def test_an_offset_of_zero_stays_zero_for_every_reader(tmp_path: Path) -> None:
    import edfio

    data = RNG.integers(-(2**22), 2**22, (1, 3000)).astype(np.int32)
    write_edf(recording(tmp_path / "a", data, Channel("EMG", "uV", ODD_GAIN)), tmp_path / "a.bdf")
    (signal,) = edfio.read_bdf(tmp_path / "a.bdf").signals
    silent = np.zeros(1)
    assert signal.physical_range.min == -signal.physical_range.max
    assert signal.digital_range.min == -signal.digital_range.max
    assert abs(np.polyval(np.polyfit(signal.digital[:99], signal.data[:99], 1), silent)[0]) < ODD_GAIN / 100


def test_gaps_with_their_causes_and_the_end(tmp_path: Path) -> None:
    gaps = (Gap(0, 70, "restart"), Gap(2000, 1501, "lost packets"), Gap(9990, 33, "sleep"))
    channels = (
        Channel("EMG Chin", "uV", ODD_GAIN),
        Channel("EMG LAT", "uV", 0.5, raw_low=-512, raw_high=511),
    )
    data = RNG.integers(-512, 512, (2, 10_023)).astype(np.int16)
    marks = (Annotation(0.5, 0.0, "lights off"), Annotation(3.0, 1.0, "twitch", "EMG LAT"))
    source = recording(tmp_path / "a", data, *channels, gaps=gaps, marks=marks)
    for suffix in (".edf", ".bdf"):
        assert_same(there_and_back(source, suffix), source)


@settings(max_examples=40, deadline=None)
@given(
    rate=st.sampled_from([34.81, 128.0, 199.7, 255.9873123, 1000 / 3, 1000.0]),
    n_samples=st.integers(1, 20_000),
    edges=st.lists(st.integers(0, 20_000), max_size=8, unique=True),
)
def test_any_gaps_at_any_rate(
    tmp_path_factory: pytest.TempPathFactory, rate: float, n_samples: int, edges: list[int]
) -> None:
    inside = sorted(edge for edge in edges if edge < n_samples)
    pairs = zip(inside[::2], inside[1::2], strict=False)
    gaps = tuple(Gap(start, stop - start, f"cause {start}") for start, stop in pairs)
    data = RNG.integers(-3000, 3000, (2, n_samples)).astype(np.int16)
    path = tmp_path_factory.mktemp("edf") / "a"
    source = recording(path, data, Channel("a", "adc"), Channel("b", "uV", 0.1), rate=rate, gaps=gaps)
    (stream,) = there_and_back(source, ".edf").streams
    assert (stream.n_samples, stream.gaps) == (n_samples, gaps)
    for (_, told), (_, meant) in zip(whole(stream), whole(source.streams[0]), strict=True):
        np.testing.assert_array_equal(told, meant)


@pytest.mark.parametrize("low", [-32768, -32767, -100])
def test_missing_values_of_one_channel_are_nan_again(tmp_path: Path, low: int) -> None:
    data = RNG.integers(low, 32767, (2, 8000)).astype(np.float64)
    data[0, [100, 103, 4000]] = np.nan
    data[0, [101, 102]] = low
    data[1, 7999] = np.nan
    source = recording(tmp_path / "a", data, Channel("a", "uV", 0.5), Channel("b", "uV"))
    back = there_and_back(source, ".edf" if low > -32768 else ".bdf")
    assert_same(back, source)
    assert back.streams[0].fetch(0, 1).dtype == back.streams[0].fetch(200, 300).dtype == np.float64
    assert not back.oddities


def test_missing_values_do_not_fall_on_the_rail(tmp_path: Path) -> None:
    data = RNG.integers(0, 1024, (1, 3000)).astype(np.float64)
    data[0, [10, 12]] = np.nan
    data[0, 11] = 0
    source = recording(tmp_path / "a", data, Channel("a", "adc", raw_low=0, raw_high=1023))
    assert_same(there_and_back(source, ".edf"), source)


def test_a_mark_about_a_gap_that_is_none_stays_a_mark(tmp_path: Path) -> None:
    data = RNG.integers(-99, 99, (1, 3000)).astype(np.int16)
    marks = (Annotation(1.0, 0.5, "gap: lunch"), Annotation(2.0, 0.0, "gap: tea"))
    source = recording(tmp_path / "a", data, Channel("a", "adc"), marks=marks)
    assert_same(there_and_back(source, ".edf"), source)


def test_a_transducer_that_contradicts_the_header_is_not_believed(tmp_path: Path) -> None:
    data = RNG.integers(-99, 99, (1, 3000)).astype(np.int16)
    write_edf(recording(tmp_path / "a", data, Channel("a", "uV", 0.25)), tmp_path / "a.edf")
    changed = (tmp_path / "a.edf").read_bytes().replace(b"raw x 0.25 + 0", b"raw x 0.75 + 0", 1)
    (tmp_path / "a.edf").write_bytes(changed)
    (channel,) = open_recording(tmp_path / "a.edf").streams[0].info.channels
    assert channel.gain == pytest.approx(0.25, rel=1e-4)
    assert (channel.raw_low, channel.raw_high) == (-32767, 32767)


def test_a_start_that_was_not_known_is_not_known_again(tmp_path: Path) -> None:
    data = RNG.integers(-99, 99, (1, 3000)).astype(np.int16)
    source = recording(tmp_path / "a", data, Channel("a", "adc"), start=None)
    back = there_and_back(source, ".edf")
    assert (back.start, back.oddities) == (None, ())
    assert_same(back, source)


def test_a_rate_that_does_not_divide_evenly_is_whole_again(tmp_path: Path) -> None:
    data = RNG.integers(-99, 99, (1, 22_490)).astype(np.int16)
    source = recording(tmp_path / "a", data, Channel("a", "adc"), rate=250.0)
    assert_same(there_and_back(source, ".bdf"), source)


@pytest.mark.parametrize("rails", [{}, {"raw_low": -300.0, "raw_high": 300.0}])
def test_numbers_that_had_to_be_rounded_keep_their_rails(tmp_path: Path, rails: dict[str, float]) -> None:
    data = RNG.normal(0, 50, (1, 3000))
    source = recording(tmp_path / "a", data, Channel("a", "uV", -2.0, 5.0, **rails))
    (channel,) = there_and_back(source, ".bdf").streams[0].info.channels
    ends = [
        None if end is None else end * channel.gain + channel.offset
        for end in (channel.raw_low, channel.raw_high)
    ]
    assert ends == ([pytest.approx(605.0), pytest.approx(-595.0)] if rails else [None, None])


def test_numbers_that_had_to_be_rounded_come_back_within_what_was_promised(tmp_path: Path) -> None:
    data = RNG.normal(0, 50, (1, 3000))
    source = recording(tmp_path / "a", data, Channel("a", "uV", 2.0, 5.0), gaps=(Gap(100, 50, "pause"),))
    (stream,) = there_and_back(source, ".bdf").streams
    assert stream.gaps == (Gap(100, 50, "pause"),)
    told, meant = stream.window(150, 3000), source.streams[0].window(150, 3000)
    assert np.abs(told - meant).max() < np.ptp(meant) / 2**23

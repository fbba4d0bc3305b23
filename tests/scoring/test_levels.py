from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.context import Scoring, StageSpan
from emgdetect.recording import Stream
from emgdetect.scoring import beside, levels_of, rules_context, scores
from emgdetect.scoring.levels import mean_rectified
from emgdetect.types import Channel, Detection, Gap, Quality, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.types import FloatArray, RawArray, Unit

SECONDS = 900
REM = (300, 600)


def stream_of(
    make: Callable[[FloatArray], FloatArray],
    rate: float = 250.0,
    *,
    gaps: tuple[Gap, ...] = (),
    name: str = "Chin",
    unit: Unit = "uV",
    seconds: int = SECONDS,
) -> Stream:
    """Make a stream whose values are a function of the seconds."""
    n_samples = round(seconds * rate)
    values = make(np.arange(n_samples) / rate)

    def fetch(start: int, stop: int, /) -> RawArray:
        return values[None, start:stop]

    return Stream(StreamInfo(rate, (Channel(name, unit),)), n_samples, gaps, fetch)


def detection_of(stream: Stream) -> Detection:
    seconds = int(stream.n_samples / stream.info.sampling_rate)
    floor, reason = np.full(seconds, 0.3, np.float32), np.zeros(seconds, np.uint8)
    quality = tuple(Quality(name, 0, floor, reason) for name in stream.info.ch_names)
    return Detection(stream.info, stream.n_samples, stream.gaps, (), quality, "generic", "abc", "1")


def hypnogram(*stages: tuple[int, int, str]) -> Scoring:
    spans = tuple(StageSpan(start, stop - start, stage, stage) for start, stop, stage in stages)  # type: ignore[arg-type]
    return Scoring(Path("hypnogram.txt"), "epochs", None, False, spans, ())


NIGHT = hypnogram((0, 300, "N2"), (*REM, "R"), (600, SECONDS, "N2"))


@pytest.mark.parametrize("rate", [100.0, 128.0, 250.0, 333.3, 1000.0, 4000.0])
def test_a_sine_s_mean_is_two_over_pi_of_its_amplitude(rate: float) -> None:
    levels = mean_rectified(stream_of(lambda t: 8 * np.sin(2 * np.pi * 25.3 * t), rate, seconds=20), "Chin")
    assert levels.shape == (20,)
    # The band's corners take a little, least where there is room for both.
    assert levels[2:] == pytest.approx(np.full(18, 8 * 2 / np.pi), rel=0.05)


def test_each_second_has_its_own_level() -> None:
    def loud_in_every_third(t: FloatArray) -> FloatArray:
        found: FloatArray = np.where(t.astype(int) % 3 == 0, 30.0, 0.0) * np.sin(2 * np.pi * 40 * t)
        return found

    levels = mean_rectified(stream_of(loud_in_every_third, seconds=60), "Chin")
    assert np.all(levels[3::3] > 15)
    # The filter's delay and its ringing reach into the next second, and no further.
    assert np.all(levels[2::3] < 0.1)


@pytest.mark.parametrize(
    "make",
    [
        lambda t: 1500.0 + 0 * t,
        lambda t: 40 * np.sin(2 * np.pi * 0.5 * t),
        lambda t: 20 * np.sin(2 * np.pi * 50 * t),
        lambda t: 20 * np.sin(2 * np.pi * 60 * t),
    ],
    ids=["offset", "sway", "hum of 50 Hz", "hum of 60 Hz"],
)
def test_what_is_no_muscle_is_silent(make: Callable[[FloatArray], FloatArray]) -> None:
    levels = mean_rectified(stream_of(make, 500.0, seconds=120), "Chin")
    assert np.nanmax(levels[60:]) < 0.2


def test_lost_seconds_have_no_level() -> None:
    gap = Gap(round(30.2 * 250), round(4.5 * 250), "pause")
    levels = mean_rectified(stream_of(lambda t: np.sin(2 * np.pi * 40 * t), gaps=(gap,), seconds=60), "Chin")
    # From 30.2 s to 34.7 s; second 30 has too little before, second 34 too little after it settled.
    assert np.flatnonzero(np.isnan(levels)).tolist() == [30, 31, 32, 33, 34]


def test_any_cutting_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(1).normal(0, 5, 60 * 250)
    stream = stream_of(lambda _: noise, gaps=(Gap(4000, 700, "pause"),), seconds=60)
    whole = mean_rectified(stream, "Chin")
    monkeypatch.setattr("emgdetect.scoring.levels.PIECE_S", 0.4)
    np.testing.assert_allclose(mean_rectified(stream, "Chin"), whole, rtol=1e-12)


def test_the_index_comes_from_the_samples() -> None:
    rng = np.random.default_rng(2)

    def chin(t: FloatArray) -> FloatArray:
        loud = (t < REM[0] - 2) | (t >= REM[1] + 2) | ((t >= 400) & (t < 430))
        found: FloatArray = rng.normal(0, 1, t.size) * np.where(loud, 20.0, 0.3)
        return found

    stream = stream_of(chin)
    detection = detection_of(stream)
    known = beside(detection, [NIGHT])
    index = scores(detection, known, stream)["atonia"].index("atonia index", "Chin")
    # Thirty of the 300 seconds are active.
    assert index.count == 300
    assert index.value == pytest.approx(270 / 300)


def test_without_samples_the_index_is_refused_with_its_reason() -> None:
    detection = detection_of(stream_of(lambda t: 0 * t))
    score = scores(detection, beside(detection, [NIGHT]))["atonia"]
    assert not score.applies
    assert score.refused[0].reason == "counted from the signal, and its samples are not at hand"


@pytest.mark.parametrize(
    ("name", "unit", "scoring"),
    [("TA left", "uV", NIGHT), ("Chin", "adc", NIGHT), ("Chin", "uV", hypnogram((0, SECONDS, "N2")))],
    ids=["no chin", "no microvolts", "no REM sleep"],
)
def test_samples_that_nobody_asks_for_are_not_read(name: str, unit: Unit, scoring: Scoring) -> None:
    def fetch(start: int, stop: int, /) -> RawArray:
        raise AssertionError((start, stop))

    info = StreamInfo(250.0, (Channel(name, unit),))
    stream = Stream(info, SECONDS * 250, (), fetch)
    detection = detection_of(stream)
    known = beside(detection, [scoring])
    assert levels_of(stream, rules_context(detection, known)) == {}

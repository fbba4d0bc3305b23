"""Every number of a second, against signals whose numbers are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.checking.seconds import MAINS_HZ, band_of, joined, measure, per_second
from emgdetect.recording import Stream
from emgdetect.types import Channel, FloatArray, StreamInfo

RATE = 1000.0
LEG = Channel("leg", "uV", gain=0.5, raw_low=-200.0, raw_high=200.0)


def sine(frequency: float, rms: float, seconds: float = 4.0, rate: float = RATE) -> FloatArray:
    time = np.arange(round(seconds * rate)) / rate
    return np.asarray(rms * math.sqrt(2) * np.sin(2 * np.pi * frequency * time + 0.3))


def noise(rms: float, seconds: float = 4.0, rate: float = RATE, seed: int = 1) -> FloatArray:
    return np.random.default_rng(seed).normal(scale=rms, size=round(seconds * rate))


def test_white_noise_has_its_share_of_the_band() -> None:
    low, high = band_of(RATE)
    measured = measure(noise(5.0, 40.0), RATE, LEG)
    expected = 25.0 * (high - low) / (RATE / 2)
    assert float(measured.noise.mean()) == pytest.approx(expected, rel=0.05)
    assert float(measured.scatter.mean()) == pytest.approx(25.0, rel=0.05)


@pytest.mark.parametrize("base", MAINS_HZ)
@pytest.mark.parametrize("off", [-0.4, 0.0, 0.3])
def test_hum_is_told_from_the_rest(base: float, off: float) -> None:
    hum = sine(base + off, 12.0) + sine(3 * (base + off), 5.0)
    measured = measure(noise(4.0) + hum, RATE, LEG)
    ours, other = (measured.hum[MAINS_HZ.index(one)] for one in (base, *set(MAINS_HZ) - {base}))
    assert float(np.median(ours)) == pytest.approx(12.0**2 + 5.0**2, rel=0.1)
    assert abs(float(np.median(other))) < 2.0
    alone = measure(noise(4.0), RATE, LEG)
    assert float(np.median(measured.noise)) == pytest.approx(float(np.median(alone.noise)), rel=0.1)


def test_drift_and_swings_are_no_noise() -> None:
    time = np.arange(4000) / RATE
    wandering = 5000.0 + 800.0 * time + sine(0.7, 300.0) + noise(3.0)
    still = measure(noise(3.0), RATE, LEG).noise
    assert measure(wandering, RATE, LEG).noise == pytest.approx(still, rel=0.05)


def test_rails_and_stillness() -> None:
    values = np.concatenate([np.full(1000, 100.0), np.zeros(1000), np.clip(noise(60.0, 1.0), -100.0, 100.0)])
    measured = measure(values, RATE, LEG)
    assert measured.flat.tolist() == [True, True, False]
    assert measured.clipped[0] == 1
    assert measured.clipped[1] == 0
    # Beyond 1.67 standard deviations on either side lie 9.6 %.
    assert measured.clipped[2] == pytest.approx(0.096, abs=0.03)


@pytest.mark.parametrize(
    ("channel", "at_rail"),
    [
        (Channel("down", "uV", gain=-0.5, raw_low=-200.0, raw_high=200.0), [100.0, -100.0]),
        (Channel("top", "uV", raw_high=50.0), [50.0]),
        (Channel("bottom", "uV", raw_low=-50.0), [-50.0]),
        (Channel("open", "uV"), []),
    ],
)
def test_rails_follow_the_channel(channel: Channel, at_rail: list[float]) -> None:
    values = noise(1.0, 1.0)
    values[: 10 * len(at_rail)] = np.repeat(at_rail, 10)
    assert measure(values, RATE, channel).clipped[0] == pytest.approx(0.01 * len(at_rail))


def test_a_few_missing_samples_change_little_and_many_make_it_unknown() -> None:
    values = noise(3.0) + sine(50.0, 10.0)
    whole = measure(values, RATE, LEG)
    holes = values.copy()
    holes[100:120] = np.nan
    holes[1000:1500] = np.nan
    holes[2000:3000] = np.nan
    measured = measure(holes, RATE, LEG)
    assert measured.present.tolist() == [0.98, 0.5, 0.0, 1.0]
    assert measured.noise[0] == pytest.approx(whole.noise[0], rel=0.1)
    assert measured.hum[0, 0] == pytest.approx(whole.hum[0, 0], rel=0.1)
    assert np.isnan(measured.noise[1:3]).all()
    assert not measured.flat.any()


@pytest.mark.parametrize(
    ("rate", "known"), [(1000.0, [True, True]), (125.0, [True, False]), (20.0, [False] * 2)]
)
def test_slow_rates_do_not_know_what_they_cannot(rate: float, known: list[bool]) -> None:
    measured = measure(noise(3.0, 5.0, rate), rate, LEG)
    assert (~np.isnan(measured.hum[:, 0])).tolist() == known
    assert (measured.noise > 0).all()


@settings(max_examples=30, deadline=None)
@given(st.floats(4.0, 5000.0), st.integers(0, 40), st.floats(1e-3, 1e3))
def test_any_rate_and_length_and_scale(rate: float, n_seconds: int, scale: float) -> None:
    count = per_second(rate)
    values = noise(1.0, n_seconds * count + 3, 1.0)
    small, large = measure(values, rate, LEG), measure(values * scale, rate, Channel("any", "adc"))
    assert len(small.noise) == n_seconds == len(large.noise)
    assert large.noise == pytest.approx(small.noise * scale**2, rel=1e-6)
    assert (small.noise >= 0).all()


def test_pieces_are_the_whole() -> None:
    values = noise(3.0, 6.0)
    whole = measure(values, RATE, LEG)
    parts = joined([measure(values[:2000], RATE, LEG), measure(values[2000:], RATE, LEG)])
    assert parts.noise == pytest.approx(whole.noise, rel=1e-9)
    assert parts.hum == pytest.approx(whole.hum, rel=1e-6, nan_ok=True)


@pytest.mark.parametrize("rate", [250.0, 1000.0, 1600.0, 4000.0])
def test_the_floor_is_the_one_that_detection_measures(rate: float) -> None:
    import emgdetect
    from emgdetect.checking import check_stream
    from tests.checking.conftest import NOON

    raw = noise(4.0, 120.0, rate)[None, :]
    info = StreamInfo(rate, (Channel("leg", "uV"),))
    stream = Stream(info, raw.shape[1], (), lambda start, stop: raw[:, start:stop])
    # Detection allows for noise that is coloured and stands a little above; 0.16 are 1.3 dB.
    floor = float(np.nanmedian(emgdetect.detect(stream).quality[0].floor))
    assert check_stream(stream, NOON).channels[0].calibration.rest == pytest.approx(floor, rel=0.16)

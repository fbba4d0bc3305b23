"""Each fault fails its own line, with advice; a good signal passes all of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.checking import LIMITS, StreamFacts, check_arrays
from emgdetect.checking.judging import Levels, judge_channel, judge_stream
from emgdetect.types import Channel, StreamInfo
from tests.checking.conftest import NOON

if TYPE_CHECKING:
    from emgdetect.checking import Finding, StreamCheck
    from emgdetect.types import FloatArray, Unit

RATE = 1000.0
LEG = Channel("leg", "uV", gain=0.5, raw_low=-4000.0, raw_high=4000.0)
GOOD = Levels(rest=4.0, tense=200.0, mains=50.0, hum=0.5, clipped=0.0, flat=0.0)
FACTS = StreamFacts(1000.0, 1000.2, n_samples=10_000)
CHANNEL_LINES = {"mains", "floor", "clipping", "flat", "contact", "swing"}


def noise(rms: float, seconds: float = 5.0, seed: int = 1) -> FloatArray:
    return np.random.default_rng(seed).normal(scale=rms, size=round(seconds * RATE))


def hum(rms: float, frequency: float = 50.0, seconds: float = 5.0) -> FloatArray:
    time = np.arange(round(seconds * RATE)) / RATE
    return np.asarray(rms * math.sqrt(2) * np.sin(2 * np.pi * frequency * time))


def checked(rest: FloatArray, tense: FloatArray | None = None, channel: Channel = LEG) -> StreamCheck:
    info = StreamInfo(RATE, (channel,), device="board")
    both = None if tense is None else tense[None, :]
    return check_arrays(info, FACTS, rest[None, :], both, NOON)


def verdicts(result: StreamCheck) -> dict[str, str]:
    return {one.name: one.verdict for one in (*result.findings, *result.channels[0].findings)}


def test_a_good_signal_passes_every_line() -> None:
    result = checked(noise(5.0), noise(150.0))
    assert set(verdicts(result)) == {"rate", "loss"} | CHANNEL_LINES
    assert set(verdicts(result).values()) == {"pass"}
    assert not result.failed


RAILS = np.clip(noise(1500.0), -2000.0, 2000.0)


@pytest.mark.parametrize(
    ("rest", "tense", "fails"),
    [
        (noise(5.0) + hum(20.0), noise(150.0), {"mains"}),
        (noise(5.0) + hum(20.0, 60.0), noise(150.0), {"mains"}),
        (noise(40.0), noise(400.0), {"floor"}),
        (noise(5.0), RAILS, {"clipping"}),
        (np.zeros(5000), noise(150.0), {"flat"}),
        (noise(5.0) + hum(400.0), noise(150.0), {"mains", "contact"}),
        (noise(400.0), noise(5000.0).clip(-1900.0, 1900.0), {"floor", "contact", "swing"}),
        (noise(5.0), noise(6.0), {"swing"}),
        (np.full(5000, 2000.0), np.full(5000, 2000.0), {"clipping", "flat", "swing"}),
    ],
    ids=[
        "50 Hz",
        "60 Hz",
        "noisy",
        "clipped",
        "flat",
        "loose: hum",
        "loose: noise",
        "no muscle",
        "at the rail",
    ],
)
def test_a_fault_fails_its_own_line(rest: FloatArray, tense: FloatArray, fails: set[str]) -> None:
    failed = checked(rest, tense).failed
    assert {one.name for one in failed} == fails
    assert all(one.advice for one in failed)


def test_hum_is_said_with_its_share_and_frequency() -> None:
    (finding,) = [one for one in checked(noise(5.0) + hum(20.0, 60.0)).failed if one.name == "mains"]
    assert finding.text.startswith("60 Hz hum is 9")
    assert finding.value == pytest.approx(20.0, rel=0.05)


def test_a_twitch_at_rest_and_slow_tensing_do_not_matter() -> None:
    rest, tense = noise(5.0), noise(150.0)
    rest[2200:2400] *= 40
    tense[:1500] = noise(5.0)[:1500]
    assert not checked(rest, tense).failed


def test_nobody_asked_is_no_failure() -> None:
    assert verdicts(checked(noise(5.0)))["swing"] == "unknown"


def test_the_calibration_holds_what_was_measured() -> None:
    kept = checked(noise(5.0) + hum(3.0), noise(150.0)).channels[0].calibration
    in_band = math.sqrt(470.0 / 500.0)
    assert kept.rest == pytest.approx(5.0 * in_band, rel=0.05)
    assert kept.tense == pytest.approx(150.0 * in_band, rel=0.05)
    assert kept.mains == 50.0
    assert kept.hum == pytest.approx(3.0, rel=0.15)
    assert (kept.channel, kept.device, kept.unit, kept.time, kept.seconds) == (
        "leg",
        "board",
        "uV",
        NOON,
        5.0,
    )


@pytest.mark.parametrize("unit", ["adc", "envelope"])
def test_without_microvolts_there_is_no_limit_in_them(unit: Unit) -> None:
    channel = Channel("leg", unit)
    result = checked(300.0 + noise(100.0), 300.0 + noise(2000.0) + 2000.0, channel)
    assert verdicts(result)["floor"] == "unknown"
    assert verdicts(result)["swing"] == "pass"
    assert not result.failed


def test_an_envelope_swings_by_its_level() -> None:
    channel = Channel("env", "envelope")
    tensed = checked(300.0 + noise(5.0), 800.0 + noise(20.0), channel)
    kept = tensed.channels[0].calibration
    assert kept.tense == pytest.approx(500.0, rel=0.02)
    assert verdicts(tensed)["swing"] == "pass"
    shaking = checked(300.0 + noise(5.0), 300.0 + noise(90.0), channel)
    assert verdicts(shaking)["swing"] == "fail"


def test_coarse_converters_may_rest_within_a_step_and_a_half() -> None:
    coarse = replace(LEG, gain=24.4)
    steps = np.round(noise(30.0) / 24.4) * 24.4
    assert verdicts(checked(steps, noise(400.0), coarse))["floor"] == "pass"
    assert verdicts(checked(steps, noise(400.0), LEG))["floor"] == "fail"


def test_a_device_that_says_so_is_believed() -> None:
    info = StreamInfo(RATE, (LEG, Channel("arm", "uV")))
    facts = replace(FACTS, loose=frozenset({"arm"}))
    result = check_arrays(info, facts, np.stack([noise(5.0)] * 2), None, NOON)
    leg, arm = result.channels
    assert [one.verdict for one in leg.findings if one.name == "contact"] == ["pass"]
    assert [one.verdict for one in arm.findings if one.name == "contact"] == ["fail"]


@pytest.mark.parametrize(
    ("facts", "rate", "loss"),
    [
        (FACTS, "pass", "pass"),
        (replace(FACTS, measured_rate=1019.0), "pass", "pass"),
        (replace(FACTS, measured_rate=970.0), "fail", "pass"),
        (replace(FACTS, claimed_rate=math.nan), "pass", "pass"),
        (replace(FACTS, measured_rate=math.nan), "unknown", "pass"),
        (replace(FACTS, n_lost=100), "pass", "pass"),
        (replace(FACTS, n_lost=102), "pass", "fail"),
        (replace(FACTS, drops=1), "pass", "fail"),
        (replace(FACTS, losses_seen="nothing"), "pass", "unknown"),
        (replace(FACTS, losses_seen="nothing", n_lost=500), "pass", "fail"),
        (replace(FACTS, n_samples=0), "pass", "fail"),
    ],
)
def test_rate_and_losses(facts: StreamFacts, rate: str, loss: str) -> None:
    assert [(one.name, one.verdict) for one in judge_stream(facts)] == [("rate", rate), ("loss", loss)]
    assert all(one.advice for one in judge_stream(facts) if one.verdict == "fail")


@pytest.mark.parametrize(
    ("name", "at_limit", "beyond"),
    [
        ("floor", replace(GOOD, rest=LIMITS.floor_uv, tense=2000.0), replace(GOOD, rest=15.1, tense=2000.0)),
        ("clipping", replace(GOOD, clipped=LIMITS.clipped), replace(GOOD, clipped=0.011)),
        ("flat", replace(GOOD, flat=LIMITS.flat), replace(GOOD, flat=0.011)),
        (
            "swing",
            replace(GOOD, tense=4.0 * 10 ** (15.01 / 20)),
            replace(GOOD, tense=4.0 * 10 ** (14.99 / 20)),
        ),
        ("mains", replace(GOOD, hum=LIMITS.hum_uv), replace(GOOD, hum=3.6)),
    ],
)
def test_each_limit_is_where_it_says(name: str, at_limit: Levels, beyond: Levels) -> None:
    def finding(levels: Levels) -> Finding:
        return next(one for one in judge_channel(LEG, levels) if one.name == name)

    assert finding(at_limit).verdict == "pass"
    assert finding(beyond).verdict == "fail"


def test_nothing_to_judge_by_is_said_so() -> None:
    missing = np.full(5000, math.nan)
    result = checked(missing, missing)
    assert verdicts(result)["floor"] == "fail"
    assert verdicts(result)["swing"] == "unknown"

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.api import detect, from_array
from emgdetect.config import Kinds, Profile
from emgdetect.detection.kinds import flags_of, kind_of, refusals
from emgdetect.errors import UnsuitableSignalError
from emgdetect.types import Channel, Kind, Unit

SETTINGS = Kinds()


@pytest.mark.parametrize(
    ("duration", "kind"),
    [(0.0, "twitch"), (0.5, "twitch"), (0.5001, "burst"), (2.0, "burst"), (2.001, "spasm"), (900.0, "spasm")],
)
def test_names_go_by_duration(duration: float, kind: Kind) -> None:
    assert kind_of(duration, SETTINGS) == kind


@given(st.floats(0, 100), st.floats(0, 10), st.floats(0, 10))
def test_longer_never_gets_a_shorter_name(duration: float, one: float, other: float) -> None:
    settings = Kinds(twitch_max=min(one, other), burst_max=max(one, other))
    order = ["twitch", "burst", "spasm"]
    assert order.index(kind_of(duration, settings)) <= order.index(kind_of(duration + 0.1, settings))


def test_flags() -> None:
    assert flags_of("spasm", float("nan")) == ("sustained",)
    assert flags_of("burst", float("nan")) == ()
    assert flags_of("spasm", 5.0) == flags_of("burst", 5.0) == ("rhythmic",)


@pytest.mark.parametrize(
    ("unit", "rate", "refused"),
    [
        ("uV", 200.0, []),
        ("uV", 199.99, ["twitch"]),
        ("adc", 20.0, ["twitch"]),
        ("adc", 19.99, ["twitch", "burst"]),
        ("uV", 10.0, ["twitch", "burst"]),
        ("uV", 9.99, ["twitch", "burst", "spasm"]),
        ("envelope", 50.0, []),
        ("envelope", 49.99, ["twitch"]),
        ("envelope", 10.0, ["twitch"]),
        ("envelope", 9.99, ["twitch", "burst", "spasm"]),
    ],
)
def test_refusals_at_every_border(unit: Unit, rate: float, refused: list[Kind]) -> None:
    assert [refusal.kind for refusal in refusals(Channel("leg", unit), rate, SETTINGS)] == refused


def test_a_refusal_says_what_is_needed_and_what_is_there() -> None:
    (refusal,) = refusals(Channel("leg", "uV"), 1.0, Kinds(look_for=("twitch",)))
    assert refusal.channel == "leg"
    assert refusal.reason == "twitches need at least 200 Hz; this has 1 Hz"


@pytest.mark.parametrize("rate", [1.0, 9.99, 20_000.1, 1e9, 0.0, -5.0, float("nan"), float("inf")])
def test_rates_that_carry_nothing_are_refused(rate: float) -> None:
    with pytest.raises(UnsuitableSignalError, match="Hz"):
        detect(from_array(np.zeros(100), rate))


def test_a_file_with_nothing_that_was_asked_for_is_refused() -> None:
    with pytest.raises(UnsuitableSignalError, match="twitches need at least 200 Hz; this has 100 Hz"):
        detect(from_array(np.zeros(100), 100.0), "twitch")


@pytest.mark.parametrize("rate", [10.0, 34.81, 199.7, 200.0])
def test_a_kind_that_was_refused_is_in_no_result(rate: float) -> None:
    rng = np.random.default_rng(0)
    samples = rng.normal(0, 5, int(rate * 120))
    for start in range(10, 110, 5):
        samples[int(start * rate) : int((start + rng.uniform(0.05, 4)) * rate) + 1] *= 30
    found = detect(from_array(samples, rate))
    refused = {refusal.kind for refusal in found.refused}
    assert found.events
    assert not refused & {event.kind for event in found.events}


def test_a_profile_finds_only_what_it_looks_for() -> None:
    samples = np.random.default_rng(1).normal(0, 5, 60_000)
    samples[10_000:13_000] *= 20
    samples[30_000:30_030] *= 20
    samples[45_000:46_000] *= 20
    for kind, onset in (("twitch", 30.0), ("burst", 45.0), ("spasm", 10.0)):
        profile = Profile.model_validate({"name": "one", "kinds": {"look_for": [kind]}})
        found = [event for event in detect(from_array(samples, 1000.0), profile).events if event.snr_db > 20]
        assert [event.kind for event in found] == [kind]
        assert found[0].onset == pytest.approx(onset, abs=0.01)


def test_events_shorter_than_asked_for_are_left_out() -> None:
    samples = np.random.default_rng(1).normal(0, 5, 60_000)
    samples[30_000:30_030] *= 20
    samples[45_000:46_000] *= 20
    profile = Profile.model_validate({"name": "one", "edges": {"min_duration": 0.5}})
    found = detect(from_array(samples, 1000.0), profile).events
    assert [round(event.onset) for event in found] == [45]

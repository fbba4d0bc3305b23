"""The one plain knob: low finds fewer, high finds more, and none of them finds something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emgdetect.config import Sensitivity, load_profile
from emgdetect.pipeline import detect_stream
from emgdetect.sources.simulate import simulate

if TYPE_CHECKING:
    from emgdetect.recording import Stream
    from emgdetect.types import Event

WORDS: tuple[Sensitivity, ...] = ("low", "normal", "high")
RECORDINGS = [("snr6", 1000.0), ("snr3", 500.0), ("artefacts", 500.0)]

Found = dict[Sensitivity, list["Event"]]


@pytest.fixture(scope="module")
def found() -> list[Found]:
    """Return what every sensitivity finds in each of six recordings of a quarter of an hour."""
    results: list[Found] = []
    for name, rate in RECORDINGS:
        for seed in (41, 42):
            stream = simulate(name, seed=seed, duration=900, sampling_rate=rate).stream()
            results.append({word: events_at(stream, word) for word in WORDS})
    return results


def events_at(stream: Stream, word: Sensitivity) -> list[Event]:
    events = detect_stream(stream, load_profile("generic").at(word)).events
    return [event for event in events if event.kind != "artefact"]


def overlaps(event: Event, others: list[Event]) -> bool:
    stop = event.sample + event.n_samples
    return any(event.sample < other.sample + other.n_samples and other.sample < stop for other in others)


def test_fewer_at_low_and_more_at_high(found: list[Found]) -> None:
    for fewer, usual, more in ([len(each[word]) for word in WORDS] for each in found):
        # A keener look may take a twitch and the rise around it for one, and then believe neither.
        assert fewer - 1 <= usual <= more + 1
    low, normal, high = (sum(len(each[word]) for each in found) for word in WORDS)
    assert low < 0.95 * normal
    assert high > normal > 20


@pytest.mark.parametrize(("less", "more"), [("low", "normal"), ("normal", "high")])
def test_what_the_deafer_finds_the_keener_finds_too(
    found: list[Found], less: Sensitivity, more: Sensitivity
) -> None:
    alone = [event for each in found for event in each[less] if not overlaps(event, each[more])]
    assert len(alone) <= 0.02 * sum(len(each[less]) for each in found)

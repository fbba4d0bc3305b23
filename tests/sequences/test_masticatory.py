"""Episodes of the jaw: bursts of at least twice the background, parted by 3 s of rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import score

if TYPE_CHECKING:
    from tests.sequences.conftest import MakeContext, MakeEvent

JAW = ("Masseter L",)

# Onset and duration of bursts, and the episodes they make.
VECTORS: dict[str, tuple[list[tuple[float, float]], list[str]]] = {
    "three bursts in a row": ([(10, 0.5), (11, 0.5), (12, 0.5)], ["phasic"]),
    "two are too few": ([(10, 0.5), (11, 0.5)], []),
    "of a quarter of a second": ([(10, 0.25), (11, 0.25), (12, 0.25)], ["phasic"]),
    "of less": ([(10, 0.245), (11, 0.245), (12, 0.245)], []),
    "of two seconds": ([(10, 2.0), (13, 2.0), (16, 2.0)], ["phasic"]),
    "one of more than two": ([(10, 2.005)], ["tonic"]),
    "two of more than two": ([(10, 4.0), (15, 4.0)], ["tonic"]),
    "both sorts": ([(10, 4.0), (15, 0.5), (16, 0.5), (17, 0.5)], ["mixed"]),
    "a long one and a short one": ([(10, 4.0), (15, 0.5)], ["mixed"]),
    "rest of just less than 3 s": ([(10, 0.5), (13.495, 0.5), (16.99, 0.5)], ["phasic"]),
    "rest of 3 s parts them": ([(10, 0.5), (13.5, 0.5), (17, 0.5)], []),
    "two episodes": ([(10, 0.5), (11, 0.5), (12, 0.5), (20, 3.0)], ["phasic", "tonic"]),
}


@pytest.mark.parametrize("name", VECTORS)
def test_episodes(name: str, event: MakeEvent, context: MakeContext) -> None:
    bursts, expected = VECTORS[name]
    events = [event(onset, duration, JAW[0]) for onset, duration in bursts]
    result = score("masticatory", events, context(channels=JAW))
    assert [one.kind for one in result.sequences] == [f"{kind} episode" for kind in expected]


@pytest.mark.parametrize(("snr_db", "n"), [(6.0, 0), (6.03, 1)])
def test_bursts_are_twice_the_background(
    snr_db: float, n: int, event: MakeEvent, context: MakeContext
) -> None:
    # 20 log10(2) = 6.02 dB.
    events = [event(10 + turn, 0.5, JAW[0], snr_db=snr_db) for turn in range(3)]
    assert len(score("masticatory", events, context(channels=JAW)).sequences) == n


def test_indices_are_per_hour_and_per_episode(event: MakeEvent, context: MakeContext) -> None:
    bursts = [(100 + turn, 0.5) for turn in range(5)] + [(200, 3.0)] + [(300, 0.5)]
    events = [event(onset, duration, JAW[0]) for onset, duration in bursts]
    result = score("masticatory", events, context(channels=JAW))
    assert result.index("episode index", JAW[0]).value == pytest.approx(2 / 2)
    assert result.index("phasic episode index", JAW[0]).value == pytest.approx(1 / 2)
    assert result.index("bursts in episodes index", JAW[0]).value == pytest.approx(6 / 2)
    assert result.index("bursts per episode", JAW[0]).value == pytest.approx(3.0)
    assert result.counts["bursts outside episodes"] == 1
    assert result.classes[0] == ("phasic", "in episode")
    assert result.classes[-1] == ("phasic",)


def test_with_a_hypnogram_wake_does_not_count(event: MakeEvent, context: MakeContext) -> None:
    events = [event(start + turn, 0.5, JAW[0]) for start in (100, 4000) for turn in range(3)]
    result = score(
        "masticatory", events, context(channels=JAW, stages=((0.0, 3600.0, "W"), (3600.0, 7200.0, "N2")))
    )
    index = result.index("episode index", JAW[0])
    assert (index.value, index.per) == (1.0, "per hour of valid sleep")
    assert not result.notices
    blind = score("masticatory", events, context(channels=JAW))
    assert any("wake is among it" in notice for notice in blind.notices)


def test_counts_of_unknown_gain_are_fine_for_ratios(event: MakeEvent, context: MakeContext) -> None:
    events = [event(10 + turn, 0.5, JAW[0]) for turn in range(3)]
    assert score("masticatory", events, context(channels=JAW, unit="adc")).sequences


def test_a_scorers_marks_pass_without_amplitudes(event: MakeEvent, context: MakeContext) -> None:
    marks = [event(10 + turn, 0.5, JAW[0], snr_db=math.nan) for turn in range(3)]
    scored = score("masticatory", marks, context(channels=JAW, unit=None))
    assert len(scored.sequences) == 1
    assert any("taken to be the scorer's" in notice for notice in scored.notices)
    # In a channel with a signal an amplitude that is not known is not enough.
    assert not score("masticatory", marks, context(channels=JAW)).sequences


def test_a_leg_is_no_jaw(event: MakeEvent, context: MakeContext) -> None:
    result = score("masticatory", [event(10)], context())
    assert result.refused[0].reason == "no channel is known to be on a jaw or chin"

"""Fragmentary potentials, their excess, and the share of intervals with a twitch."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import score

if TYPE_CHECKING:
    from emgdetect.sequences import StagedSpan
    from tests.sequences.conftest import MakeContext, MakeEvent


@pytest.mark.parametrize(
    ("duration", "peak", "counts"),
    [
        (0.07, 80, False),
        (0.075, 80, True),
        (0.15, 80, True),
        (0.155, 80, False),
        (0.1, 50, False),  # "above 50 µV"
        (0.1, 50.1, True),
        (0.1, math.nan, False),
    ],
)
def test_a_potential_has_75_to_150_ms_above_50_microvolts(
    duration: float, peak: float, counts: bool, event: MakeEvent, context: MakeContext
) -> None:
    result = score("fragmentary", [event(100, duration, peak=peak)], context())
    assert result.counts["FM"] == int(counts)


def test_the_index_counts_mini_epochs_and_not_potentials(event: MakeEvent, context: MakeContext) -> None:
    # One hour: 1200 mini-epochs of 3 s. Three potentials within 300-303 s, one at 303 s: two mini-epochs.
    events = [event(at, 0.1) for at in (300, 301, 302.9, 303)]
    result = score("fragmentary", events, context(3600.0, ["LAT"]))
    assert result.index("FM index", "LAT").value == pytest.approx(2.0)
    assert result.index("FM potentials", "LAT").value == pytest.approx(4.0)


def test_the_index_cannot_exceed_1200_an_hour(event: MakeEvent, context: MakeContext) -> None:
    # The range of the index in the source ends at 1200 per hour: every mini-epoch holds a potential.
    events = [event(at, 0.1) for at in range(3600)]
    result = score("fragmentary", events, context(3600.0, ["LAT"]))
    assert result.index("FM index", "LAT").value == pytest.approx(1200.0)


def test_each_channel_has_its_own_time(event: MakeEvent, context: MakeContext) -> None:
    known = context(7200.0)
    half = replace(known, sites=(known.sites[0], replace(known.sites[1], valid=((0.0, 3600.0),))))
    events = [event(at, 0.1, channel) for at in (900, 5000) for channel in ("LAT", "RAT")]
    result = score("fragmentary", events, half)
    assert result.index("FM potentials", "LAT").value == pytest.approx(1.0)
    assert result.index("FM potentials", "RAT").value == pytest.approx(1.0)
    assert result.index("FM potentials", "RAT").denominator == pytest.approx(1.0)


@pytest.mark.parametrize("unit", ["adc", "envelope", None])
def test_without_microvolts_it_is_refused(unit: str | None, event: MakeEvent, context: MakeContext) -> None:
    known = context(unit=unit)  # type: ignore[arg-type]  # from a list
    for rule in ("fragmentary", "fragmentary-excess"):
        result = score(rule, [event(100, 0.1)], known)
        assert not result.applies
        assert "LAT, RAT" in result.refused[0].reason


STAGES: tuple[StagedSpan, ...] = ((0.0, 600.0, "W"), (600.0, 6000.0, "N2"), (6000.0, 7200.0, "R"))


class TestExcess:
    """At least five potentials a minute in at least twenty minutes of NREM sleep."""

    @pytest.mark.parametrize(("minutes", "above"), [(19, 0), (20, 1)])
    def test_twenty_minutes_are_above_the_cited_range(
        self, minutes: int, above: int, event: MakeEvent, context: MakeContext
    ) -> None:
        # Every second minute from 600 s on: the minutes need not be in a row.
        events = [event(600 + 120 * m + 10 * turn, 0.1) for m in range(minutes) for turn in range(5)]
        result = score("fragmentary-excess", events, context(channels=["LAT"], stages=STAGES))
        assert result.index("minutes with at least 5 potentials", "LAT").value == minutes
        assert result.counts["channels above the cited range"] == above
        assert len(result.sequences) == minutes

    def test_four_a_minute_are_too_few(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(600 + 60 * m + 10 * turn, 0.1) for m in range(30) for turn in range(4)]
        result = score("fragmentary-excess", events, context(channels=["LAT"], stages=STAGES))
        assert result.index("minutes with at least 5 potentials", "LAT").value == 0

    def test_minutes_in_a_row_are_one_stretch(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(600 + 60 * m + 10 * turn, 0.1) for m in range(3) for turn in range(6)]
        result = score("fragmentary-excess", events, context(channels=["LAT"], stages=STAGES))
        assert [(one.onset, one.beats) for one in result.sequences] == [(600, 18)]

    def test_wake_and_rem_sleep_do_not_count(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(at, 0.1) for at in [*range(0, 590, 5), *range(6000, 7190, 5)]]
        result = score("fragmentary-excess", events, context(channels=["LAT"], stages=STAGES))
        assert result.index("minutes with at least 5 potentials", "LAT").value == 0

    def test_without_a_hypnogram_the_rule_of_twenty_minutes_is_refused(
        self, event: MakeEvent, context: MakeContext
    ) -> None:
        events = [event(at, 0.1) for at in range(0, 7200, 5)]
        result = score("fragmentary-excess", events, context(channels=["LAT"]))
        index = result.index("minutes with at least 5 potentials", "LAT")
        assert (index.value, index.per) == (120, "in valid recording")
        assert result.counts["channels above the cited range"] == 0
        assert result.refused[0].reason == "needs a hypnogram"

    @pytest.mark.parametrize(
        ("duration", "peak", "n"), [(0.03, 60, 1), (0.15, 50, 1), (0.155, 60, 0), (0.1, 49.9, 0)]
    )
    def test_potentials_have_150_ms_at_most_and_50_microvolts_at_least(
        self, duration: float, peak: float, n: int, event: MakeEvent, context: MakeContext
    ) -> None:
        result = score("fragmentary-excess", [event(700, duration, peak=peak)], context(channels=["LAT"]))
        assert result.counts["potentials"] == n


class TestPhasicMetric:
    """Share of 2.5 s intervals with a burst of 100-500 ms at four times the background."""

    @pytest.mark.parametrize(
        ("duration", "snr_db", "held"),
        [(0.095, 20, 0), (0.1, 20, 1), (0.5, 20, 1), (0.505, 20, 0), (0.2, 12.0, 0), (0.2, 12.1, 1)],
    )
    def test_what_counts(
        self, duration: float, snr_db: float, held: int, event: MakeEvent, context: MakeContext
    ) -> None:
        # Four times the background is 20 log10(4) = 12.04 dB.
        result = score("phasic-metric", [event(101, duration, snr_db=snr_db)], context(250.0, ["LAT"]))
        assert result.index("intervals with phasic activity", "LAT").count == held

    def test_a_burst_over_an_edge_is_in_both_intervals(self, event: MakeEvent, context: MakeContext) -> None:
        # 250 s are 100 intervals; the burst lasts from 102.4 to 102.6 s, over the edge at 102.5 s.
        result = score("phasic-metric", [event(102.4, 0.2)], context(250.0, ["LAT"]))
        assert result.index("intervals with phasic activity", "LAT").value == pytest.approx(2.0)

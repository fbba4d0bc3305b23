"""Spasms and their classes, beats, trains of twitches: the limits are ours, and this is their text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from emgdetect.sequences import score
from emgdetect.sequences.spasms import band

if TYPE_CHECKING:
    from emgdetect.sequences import Score
    from tests.sequences.conftest import MakeContext, MakeEvent

ONE = ("LAT",)


class TestClonus:
    @pytest.mark.parametrize(
        ("duration", "rhythm", "beats"),
        [
            (2.0, 5.0, 10),
            (2.0, 2.99, 0),
            (2.0, 3.0, 6),
            (2.0, 8.0, 16),
            (2.0, 8.01, 0),
            (0.8, 5.0, 4),
            (0.75, 5.0, 0),  # 3.75 beats: three full ones
            (2.0, math.nan, 0),
        ],
    )
    def test_a_rhythmic_event_is_clonus_from_four_beats_on(
        self, duration: float, rhythm: float, beats: int, event: MakeEvent, context: MakeContext
    ) -> None:
        result = score("clonus", [event(100, duration, rhythm=rhythm)], context(channels=ONE))
        assert [one.beats for one in result.sequences] == ([beats] if beats else [])
        assert [one.frequency for one in result.sequences] == ([rhythm] if beats else [])

    @pytest.mark.parametrize(
        ("step", "n", "found"),
        [
            (0.2, 4, True),
            (0.2, 3, False),
            (0.335, 4, False),
            (0.33, 4, True),
            (0.125, 4, True),
            (0.12, 4, False),
        ],
    )
    def test_a_train_of_brief_events_is_clonus_from_four_on(
        self, step: float, n: int, found: bool, event: MakeEvent, context: MakeContext
    ) -> None:
        # 3 Hz is one every 0.333 s, 8 Hz one every 0.125 s.
        result = score("clonus", [event(100 + step * turn, 0.05) for turn in range(n)], context(channels=ONE))
        assert [one.beats for one in result.sequences] == ([n] if found else [])
        assert all(one.frequency == pytest.approx(1 / step) for one in result.sequences)

    def test_channels_do_not_share_beats(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100 + 0.2 * turn, 0.05, ("LAT", "RAT")[turn % 2]) for turn in range(6)]
        assert not score("clonus", events, context()).sequences

    def test_numbers(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100, 2.0, rhythm=5.0), event(200, 4.0, rhythm=6.0)]
        result = score("clonus", events, context(channels=ONE))
        assert result.index("clonus index", "LAT").value == pytest.approx(1.0)
        assert result.index("median frequency", "LAT").value == pytest.approx(5.5)
        assert result.index("median number of beats", "LAT").value == pytest.approx((10 + 24) / 2)
        assert result.counts == {"clonus": 2, "beats": 34}


def kinds(result: Score) -> list[str]:
    return [one.kind.removesuffix(" spasm") for one in result.sequences]


# Onset, duration, rhythm of events, and the classes of the spasms they make.
VECTORS: dict[str, tuple[list[tuple[float, float, float]], list[str]]] = {
    "one long event": ([(100, 3.0, math.nan)], ["tonic"]),
    "one of a second": ([(100, 1.0, math.nan)], ["tonic"]),
    "one of less": ([(100, 0.995, math.nan)], []),
    "beats": ([(100, 3.0, 5.0)], ["clonus"]),
    "a beat that is too quick for clonus": ([(100, 3.0, 9.0)], ["tonic"]),
    "long, then beats": ([(100, 3.0, math.nan), (103.5, 2.0, 5.0)], ["mixed"]),
    "brief events, not regular": ([(at, 0.1, math.nan) for at in (100, 100.9, 101.5)], ["unit"]),
    "brief events that beat": ([(100 + 0.25 * turn, 0.1, math.nan) for turn in range(6)], ["clonus"]),
    "a brief one beside a long one": ([(100, 3.0, math.nan), (103.5, 0.1, math.nan)], ["tonic"]),
    "just less than 1 s between": ([(100, 1.0, math.nan), (101.995, 1.0, math.nan)], ["tonic"]),
    "1 s between": ([(100, 1.0, math.nan), (102, 1.0, math.nan)], ["tonic", "tonic"]),
}  # fmt: skip


class TestSpasms:
    @pytest.mark.parametrize("name", VECTORS)
    def test_classes(self, name: str, event: MakeEvent, context: MakeContext) -> None:
        parts, expected = VECTORS[name]
        events = [event(onset, duration, rhythm=rhythm) for onset, duration, rhythm in parts]
        assert kinds(score("spasms", events, context(channels=ONE))) == expected

    @pytest.mark.parametrize(
        ("per_hour", "words"),
        [
            (None, ""),
            (0.0, "none"),
            (0.5, "below 1 per hour"),
            (1.0, "1 to 10 per hour"),
            (10.0, "1 to 10 per hour"),
            (10.1, "above 10 per hour"),
        ],
    )
    def test_bands(self, per_hour: float | None, words: str) -> None:
        assert band(per_hour) == words

    def test_rates_by_class(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100, 3.0), event(200, 3.0), event(300, 3.0, rhythm=5.0), event(400, 0.3)]
        result = score("spasms", events, context(channels=ONE))
        assert result.index("spasm index", "LAT").value == pytest.approx(1.5)
        assert "1 to 10 per hour" in result.index("spasm index", "LAT").note
        assert "not a Penn score" in result.index("spasm index", "LAT").note
        assert result.index("tonic spasm index", "LAT").value == pytest.approx(1.0)
        assert result.index("clonus spasm index", "LAT").value == pytest.approx(0.5)
        assert result.classes == (("tonic",), ("tonic",), ("clonus",), ())

    def test_a_gap_parts_a_spasm(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100, 2.0), event(102.5, 2.0)]
        assert len(score("spasms", events, context(channels=ONE)).sequences) == 1
        assert len(score("spasms", events, context(channels=ONE, gaps=((102.1, 102.3),))).sequences) == 2


class TestTwitchTrains:
    @pytest.mark.parametrize(
        ("step", "n", "found"), [(1.0, 4, True), (1.0, 3, False), (1.005, 4, False), (0.2, 10, True)]
    )
    def test_four_within_a_second_of_each_other_are_a_train(
        self, step: float, n: int, found: bool, event: MakeEvent, context: MakeContext
    ) -> None:
        events = [event(100 + step * turn, 0.05) for turn in range(n)]
        result = score("twitch-trains", events, context(channels=ONE))
        assert [(one.kind, one.beats) for one in result.sequences] == ([("twitch train", n)] if found else [])

    @pytest.mark.parametrize(
        ("interval", "kind"),
        [
            (0.005, "doublet"),
            (0.02, "doublet"),
            (0.025, "extra discharge"),
            (0.1, "extra discharge"),
            (0.105, ""),
        ],
    )
    def test_doublets_and_extra_discharges(
        self, interval: float, kind: str, event: MakeEvent, context: MakeContext
    ) -> None:
        events = [event(100, 0.005), event(100 + interval, 0.005)]
        result = score("twitch-trains", events, context(channels=ONE))
        assert [one.kind for one in result.sequences] == ([kind] if kind else [])

    def test_a_twitch_is_in_one_pair_at_most(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(100 + 0.01 * turn, 0.005) for turn in range(3)]
        assert score("twitch-trains", events, context(channels=ONE)).counts["doublets"] == 1
        events.append(event(100.03, 0.005))
        assert score("twitch-trains", events, context(channels=ONE)).counts["doublets"] == 2

    def test_doublets_are_refused_where_the_detection_joins_them(
        self, event: MakeEvent, context: MakeContext
    ) -> None:
        result = score("twitch-trains", [event(100, 0.05)], context(channels=ONE, resolution=0.3))
        assert result.refused[0].what == "doublets and extra discharges"
        with pytest.raises(KeyError):
            result.index("doublet index", "LAT")
        assert result.index("twitch index", "LAT").count == 1

    def test_longer_events_are_no_twitches(self, event: MakeEvent, context: MakeContext) -> None:
        result = score("twitch-trains", [event(100, 0.5), event(110, 0.505)], context(channels=ONE))
        assert result.classes == (("twitch",), ())

    def test_rate_and_variation_in_trains(self, event: MakeEvent, context: MakeContext) -> None:
        # Intervals 0.5, 0.5, 0.2 s: mean 0.4 s, SD (n - 1) = sqrt((0.01 + 0.01 + 0.04) / 2) = 0.1732 s.
        events = [event(at, 0.05) for at in (100, 100.5, 101, 101.2)]
        result = score("twitch-trains", events, context(channels=ONE))
        assert result.index("median rate in trains", "LAT").value == pytest.approx(2.5)
        expected = 100 * math.sqrt(0.03) / 0.4
        assert result.index("median variation of intervals", "LAT").value == pytest.approx(expected)

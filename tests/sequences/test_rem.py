"""Muscle activity in REM sleep: mini-epochs, epochs, and the atonia index."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.sequences import score
from emgdetect.sequences.atonia import LUNA, SOMAS, Atonia, atonia_index

if TYPE_CHECKING:
    from emgdetect.sequences import StagedSpan
    from tests.sequences.conftest import MakeContext, MakeEvent

CHIN = ("Chin",)
# REM sleep from 600 to 900 s: ten epochs, a hundred mini-epochs.
STAGES: tuple[StagedSpan, ...] = ((0.0, 600.0, "N2"), (600.0, 900.0, "R"), (900.0, 1800.0, "W"))


class TestActivity:
    def test_needs_a_hypnogram(self, event: MakeEvent, context: MakeContext) -> None:
        result = score("rem-activity", [event(700, channel="Chin")], context(1800.0, CHIN))
        assert not result.applies
        assert result.refused[0].reason == "needs a hypnogram"

    @pytest.mark.parametrize(("n", "percent"), [(4, 0), (5, 10)])
    def test_an_epoch_is_phasic_with_five_mini_epochs_of_ten(
        self, n: int, percent: float, event: MakeEvent, context: MakeContext
    ) -> None:
        events = [event(600.5 + 3 * turn, 0.2, "Chin") for turn in range(n)]
        result = score("rem-activity", events, context(1800.0, CHIN, stages=STAGES))
        assert result.index("phasic epochs", "Chin").value == pytest.approx(percent)
        assert result.index("mini-epochs with phasic activity", "Chin").value == pytest.approx(n)

    @pytest.mark.parametrize(
        ("duration", "snr_db", "phasic", "any_activity"),
        [
            (0.095, 20.0, 0, 0),
            (0.1, 20.0, 1, 1),
            (0.1, 12.0, 0, 1),  # four times is 12.04 dB, twice 6.02 dB
            (0.1, 6.0, 0, 0),
            (5.0, 20.0, 2, 2),  # from 600.5 to 605.5 s: two mini-epochs
            (5.005, 20.0, 0, 2),  # no longer phasic
        ],
    )
    def test_what_counts(
        self, duration: float, snr_db: float, phasic: int, any_activity: int, event: MakeEvent,
        context: MakeContext,
    ) -> None:  # fmt: skip
        known = context(1800.0, CHIN, stages=STAGES)
        result = score("rem-activity", [event(600.5, duration, "Chin", snr_db=snr_db)], known)
        assert result.index("mini-epochs with phasic activity", "Chin").count == phasic
        assert result.index("mini-epochs with any activity", "Chin").count == any_activity

    @pytest.mark.parametrize(("duration", "percent"), [(14.99, 0), (15.0, 10)])
    def test_an_epoch_is_tonic_when_half_of_it_is_covered(
        self, duration: float, percent: float, event: MakeEvent, context: MakeContext
    ) -> None:
        result = score("rem-activity", [event(602, duration, "Chin")], context(1800.0, CHIN, stages=STAGES))
        assert result.index("tonic epochs", "Chin").value == pytest.approx(percent)

    def test_arousals_and_breathing_are_left_out(self, event: MakeEvent, context: MakeContext) -> None:
        # The arousal touches mini-epochs 603-606 and 606-609, the breathing event 660-663.
        known = context(
            1800.0, CHIN, stages=STAGES, arousals=((604.0, 608.0),), respiratory=((650.0, 661.0),)
        )
        result = score("rem-activity", [event(604.5, 0.2, "Chin")], known)
        # 648-651 … 660-663 are five more: 648, 651, 654, 657, 660.
        assert result.counts["REM mini-epochs"] == 100 - 2 - 5
        # Epochs 600-630, 630-660 and 660-690 are touched.
        assert result.counts["REM epochs"] == 10 - 3
        assert result.index("mini-epochs with phasic activity", "Chin").count == 0
        assert not result.refused

    def test_sleep_that_is_not_rem_does_not_count(self, event: MakeEvent, context: MakeContext) -> None:
        events = [event(at, 0.2, "Chin") for at in (100, 599.5, 900, 1000)]
        result = score("rem-activity", events, context(1800.0, CHIN, stages=STAGES))
        assert result.index("mini-epochs with any activity", "Chin").count == 0


def by_the_text(levels: list[float], chosen: list[bool], factor: float = 1.0) -> float | None:
    """Compute the index second by second, as the paper tells it."""
    silent = active = 0
    for second, level in enumerate(levels):
        if not chosen[second]:
            continue
        around = levels[max(0, second - 30) : second + 31]
        over = factor * (level - min(around))
        silent += over <= 1
        active += over > 2
    return silent / (silent + active) if silent + active else None


class TestAtonia:
    def test_silence_is_one_and_activity_is_nought(self) -> None:
        everywhere = np.ones(100, dtype=bool)
        assert atonia_index(np.full(100, 0.7), everywhere) == 1.0
        # A level of 12 µV over a least of 2 µV in every other second: half of the seconds are active.
        waves = np.tile([2.0, 12.0], 50)
        assert atonia_index(waves, everywhere) == 0.5
        assert atonia_index(waves, np.tile([False, True], 50)) == 0.0

    def test_seconds_between_one_and_two_microvolts_tell_nothing(self) -> None:
        levels = np.array([0.0, 0.5, 1.5, 1.5, 5.0])
        # Silent: 0 and 0.5; unclear: two; active: one.
        assert atonia_index(levels, np.ones(5, dtype=bool)) == pytest.approx(2 / 3)
        assert atonia_index(levels, np.array([False, False, True, True, False])) is None

    def test_the_least_of_the_minute_around_is_taken_off(self) -> None:
        # 3 µV of noise all night; a second 30 s away still gives the least, one 31 s away does not.
        levels = np.full(100, 3.0)
        levels[50] = 0.0
        chosen = np.zeros(100, dtype=bool)
        chosen[[20, 80]] = True
        assert atonia_index(levels, chosen) == 0.0
        chosen = np.zeros(100, dtype=bool)
        chosen[[19, 81]] = True
        assert atonia_index(levels, chosen) == 1.0

    def test_programs_differ(self) -> None:
        levels, rem = np.array([0.0, 0.9, 1.0, 3.0]), np.array([False, True, True, True])
        # Text: 0.9 and 1.0 silent, 3 active.
        assert atonia_index(levels, rem) == pytest.approx(2 / 3)
        # SOMAS doubles: 1.8 and 2.0 are unclear, 6 is active.
        assert atonia_index(levels, rem, SOMAS) == 0.0
        # Luna takes the least over REM sleep, 0.9: then 0, 0.1 and 2.1 are left.
        assert atonia_index(levels, rem, LUNA) == pytest.approx(2 / 3)
        # A second of exactly 1 µV is silent by the text and left out by Luna.
        edge = np.array([0.0, 1.0, 3.0])
        everywhere = np.ones(3, dtype=bool)
        assert atonia_index(edge, everywhere) == pytest.approx(2 / 3)
        assert atonia_index(edge, everywhere, LUNA) == pytest.approx(1 / 2)

    @given(
        st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=200),
        st.sampled_from([1.0, 2.0]),
    )
    def test_agrees_with_the_text_second_by_second(
        self, seconds: list[tuple[int, bool]], factor: float
    ) -> None:
        # Quarters of a microvolt are exact in binary, so limits are hit exactly.
        levels = [level / 4 for level, _ in seconds]
        chosen = [rem for _, rem in seconds]
        found = atonia_index(np.array(levels), np.array(chosen), Atonia(factor=factor))
        assert found == by_the_text(levels, chosen, factor)

    def test_seconds_without_a_signal_are_left_out(self) -> None:
        levels = np.array([np.nan, 0.0, np.nan, 5.0])
        assert atonia_index(levels, np.ones(4, dtype=bool)) == 0.5
        assert atonia_index(np.full(4, np.nan), np.ones(4, dtype=bool)) is None
        assert atonia_index(np.empty(0), np.empty(0, dtype=bool)) is None

    def test_only_rem_sleep_that_is_valid_counts(self, context: MakeContext) -> None:
        levels = np.zeros(1800)
        levels[0:600] = levels[900:] = 50.0
        levels[620:630] = 50.0
        known = context(1800.0, CHIN, stages=STAGES)
        handed_in = replace(known, levels={"Chin": levels})
        index = score("atonia", [], handed_in).index("atonia index", "Chin")
        assert index.value == pytest.approx(290 / 300)
        assert index.count == 300
        lost = replace(handed_in, sites=(replace(known.sites[0], valid=((0.0, 619.5), (630.5, 1800.0))),))
        index = score("atonia", [], lost).index("atonia index", "Chin")
        # Seconds 619 to 630 are not valid throughout.
        assert (index.value, index.count) == (1.0, 288)

    def test_without_the_seconds_it_is_refused(self, context: MakeContext) -> None:
        result = score("atonia", [], context(1800.0, CHIN, stages=STAGES))
        assert not result.applies
        assert result.refused[0].what == "atonia index of Chin"
        assert not result.indices

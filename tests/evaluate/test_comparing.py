from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.errors import UsageError
from emgdetect.evaluate import Mark, Pair, Rules, compare, score
from emgdetect.evaluate.agreement import grid
from emgdetect.evaluate.bootstrap import RESAMPLES, estimate, resampled
from emgdetect.evaluate.splitting import cuts
from emgdetect.evaluate.tallies import kappa_of

SPAN = (0.0, 600.0)
QUARTERS = st.integers(0, 2400).map(lambda count: count / 4)
MARKS = st.lists(
    st.builds(
        Mark,
        QUARTERS,
        st.integers(0, 40).map(lambda count: count / 4),
        st.sampled_from(["twitch", "spasm", "clonus", "artefact"]),
        st.sampled_from(["", "a", "b"]),
    ),
    max_size=20,
)


def pair(reference: list[Mark], detected: list[Mark], name: str = "night", hours: float = 1.0) -> Pair:
    return Pair(name, tuple(reference), tuple(detected), SPAN, hours)


@settings(deadline=None)
@given(MARKS, MARKS, st.booleans())
def test_everything_together_is_the_score(reference: list[Mark], detected: list[Mark], by_kind: bool) -> None:
    total = compare([pair(reference, detected)], Rules(by_kind=by_kind)).total
    same = score(reference, detected, hours=1.0, by_kind=by_kind)
    assert (total.n_reference, total.found, total.n_detected) == (same.n_truth, same.matched, same.n_detected)
    assert (total.true, total.false) == (same.matched, same.false)
    for ours, theirs in (
        (total.recall, same.recall),
        (total.precision, same.precision),
        (total.f1, same.f1),
        (total.false_per_hour, same.false_per_hour),
    ):
        assert ours.value == (None if theirs is None else pytest.approx(theirs))
    assert total.index_bias.value == pytest.approx(same.count_bias)
    assert (total.onset_error, total.offset_error) == (same.onset_error, same.offset_error)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(MARKS, MARKS), min_size=1, max_size=7))
def test_rows_of_channels_and_recordings_add_up(nights: list[tuple[list[Mark], list[Mark]]]) -> None:
    found = compare([pair(a, b, f"night {place}") for place, (a, b) in enumerate(nights)])
    total = found.total
    alone = [row for row in found.rows if row.recording != "all"]
    assert len(alone) == (len(nights) if len(nights) > 1 else 0)
    channels = [row for row in found.rows if row.channel != "all" and row.kind == "all"]
    for rows in filter(None, (alone, channels)):
        if rows is channels and any("" in {m.channel for m in (*a, *b)} for a, b in nights):
            continue
        assert sum(row.found for row in rows) == total.found
        assert sum(row.false for row in rows) == total.false
        assert sum(row.n_reference for row in rows) == total.n_reference


def test_durations_are_compared_too() -> None:
    reference = [Mark(10.0 * place, 1.0) for place in range(5)]
    detected = [Mark(10.0 * place + 0.1, 1.5) for place in range(5)]
    bias = compare([pair(reference, detected)]).total.duration_bias
    assert bias is not None
    assert bias.n == 5
    assert bias.median == pytest.approx(0.5)


def test_a_kind_only_one_side_knows_has_no_f1() -> None:
    found = compare([pair([Mark(1, 1, "phasic"), Mark(5, 1, "tonic")], [Mark(1, 1, "twitch")])])
    rows = {row.kind: row for row in found.rows}
    assert (rows["phasic"].recall.value, rows["phasic"].f1.value, rows["phasic"].kappa.value) == (
        1.0,
        None,
        None,
    )
    assert rows["twitch"].precision.value == 1.0
    assert rows["tonic"].recall.value == 0.0


def test_a_side_without_channels_has_no_rows_of_channels() -> None:
    found = compare([pair([Mark(1, 1, channel="a"), Mark(5, 1, channel="b")], [Mark(1, 1)])])
    assert {row.channel for row in found.rows} == {"all"}
    assert found.total.found == 1


@pytest.mark.parametrize(
    ("n_nights", "said"), [(1, "blocks of 60 s"), (4, "blocks of 60 s"), (5, "whole recordings")]
)
def test_what_is_resampled(n_nights: int, said: str) -> None:
    marks = [Mark(10.0 * place, 1.0) for place in range(60)]
    found = compare([pair(marks, marks[::2], f"night {place}") for place in range(n_nights)])
    assert found.resampled == said
    recall = found.total.recall
    assert recall.value == 0.5
    assert recall.low is not None
    assert recall.high is not None
    assert recall.low <= 0.5 <= recall.high


def test_too_little_time_has_no_interval() -> None:
    short = Pair("x", (Mark(1, 1),), (Mark(1, 1),), (0.0, 120.0), 0.1)
    found = compare([short])
    assert (found.resampled, found.total.recall.low) == ("", None)


def test_nothing_anywhere() -> None:
    total = compare([pair([], [])]).total
    assert (total.recall.value, total.f1.value, total.kappa.value) == (None, None, None)
    assert (total.agreement, total.false_per_hour.value) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("pairs", "rules"),
    [
        ([], Rules()),
        ([Pair("x", (), (), (5.0, 5.0), 1.0)], Rules()),
        ([Pair("x", (), (), SPAN, 0.0)], Rules()),
        ([pair([], [])], Rules(grid=0)),
        ([pair([], [])], Rules(min_iou=0)),
    ],
)
def test_what_cannot_be_compared(pairs: list[Pair], rules: Rules) -> None:
    with pytest.raises(UsageError):
        compare(pairs, rules)


def test_kappa_of_a_textbook_table() -> None:
    # Cohen's example of two raters and fifty proposals: 20 and 15 agreed on, 5 and 10 not; kappa is 0.4.
    sums = np.zeros(10)
    sums[6:] = (20, 5, 10, 15)
    assert kappa_of(sums) == pytest.approx(0.4)
    sums[6:] = (0, 0, 0, 50)
    assert np.isnan(kappa_of(sums))


def test_high_agreement_and_no_kappa() -> None:
    reference = [Mark(1.0, 1.0)]
    total = compare([pair(reference, [Mark(300.0, 1.0)])]).total
    assert total.agreement == pytest.approx(598 / 600)
    assert total.kappa.value == pytest.approx(-1 / 599)


TIMES = st.lists(st.tuples(QUARTERS, st.integers(0, 40).map(lambda count: count / 4)), max_size=12)


def intervals(times: list[tuple[float, float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([(onset, onset + length) for onset, length in times], dtype=np.float64).reshape(-1, 2)


@given(TIMES, st.sampled_from([0.5, 1.0, 7.0]))
def test_a_cell_is_active_if_any_of_an_event_is_in_it(times: list[tuple[float, float]], cell: float) -> None:
    found = grid(intervals(times), SPAN, cell)
    for place in range(len(found)):
        start, stop = place * cell, (place + 1) * cell
        touched = any(
            (onset < stop and onset + length > start) or (length == 0 and start <= onset < stop)
            for onset, length in times
        )
        assert found[place] == touched


@given(TIMES, TIMES)
def test_splits_and_merges_by_trying_all(
    reference: list[tuple[float, float]], detected: list[tuple[float, float]]
) -> None:
    def inside(part: tuple[float, float], whole: tuple[float, float]) -> bool:
        shared = min(sum(part), sum(whole)) - max(part[0], whole[0])
        return shared >= part[1] / 2 and (shared > 0 or (part[1] == 0 and shared == 0))

    def in_pieces(wholes: list[tuple[float, float]], parts: list[tuple[float, float]]) -> int:
        return sum(sum(inside(part, whole) for part in parts) > 1 for whole in wholes)

    found = cuts(intervals(reference), intervals(detected))
    assert (found.splits, found.merges) == (in_pieces(reference, detected), in_pieces(detected, reference))


def test_a_movement_cut_in_three_is_one_split() -> None:
    whole, thirds = [(0.0, 9.0)], [(0.0, 2.0), (3.0, 2.0), (6.0, 3.0)]
    assert (
        cuts(intervals(whole), intervals(thirds)).splits,
        cuts(intervals(thirds), intervals(whole)).merges,
    ) == (1, 1)


def test_units_are_drawn_whole_and_again_the_same() -> None:
    weights = resampled(8)
    assert weights is not None
    assert weights.shape == (RESAMPLES, 8)
    assert np.all(weights.sum(axis=1) == 8)
    again = resampled(8)
    assert again is not None
    assert np.array_equal(weights, again)
    assert resampled(4) is None


def test_an_interval_is_that_of_all_draws() -> None:
    # Two units of the five hold everything: the mean of a draw is a binomial by five.
    tallies = np.array([[1.0], [1.0], [0.0], [0.0], [0.0]])
    weights = np.array(
        [[tuple(draw).count(unit) for unit in range(5)] for draw in product(range(5), repeat=5)], float
    )
    found = estimate(tallies, lambda sums: sums[..., 0] / 5, weights)
    assert found.value == pytest.approx(0.4)
    # P(0 of 5) = 0.6^5 = 7.8 % and P(5 of 5) = 0.4^5 = 1.0 %.
    assert found.low == pytest.approx(0.0)
    assert found.high == pytest.approx(0.8)

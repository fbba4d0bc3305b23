"""Which part of a recording a peer gets, what it is told of rest, and which seeds are whose."""

from __future__ import annotations

from pathlib import Path

import pytest
from accuracy.case import Case, Line, clipped
from accuracy.detectors import PEER_DETECTORS
from accuracy.excerpt import excerpt, quiet, shrunk
from accuracy.plan import parsed
from accuracy.real_run import after_gaps, tally
from accuracy.suites import SUITES, TUNING, TUNING_SEED, shortened
from accuracy.tuning import LARGEST_GRID

from emgdetect.evaluate import Mark


def case(*marks: Mark, seconds: float = 600.0, gaps: tuple[tuple[int, int], ...] = ()) -> Case:
    rate = 100.0
    size = round(seconds * rate)
    return Case("x", Path("x.npy"), rate, size, (Line("EMG", 0),), gaps, marks, (0.0, seconds))


def test_an_excerpt_is_the_window_with_most_events() -> None:
    cut = excerpt(case(Mark(10, 1), Mark(310, 1), Mark(340, 1), Mark(350, 1)), 60.0)
    assert cut.window == (300.0, 360.0)
    assert [mark.onset for mark in cut.truth] == [310, 340, 350]


def test_a_short_recording_stays_whole() -> None:
    whole = case(Mark(10, 1))
    assert excerpt(whole, 600.0) == whole
    assert excerpt(whole, None) == whole


def test_the_window_draws_back_from_events_across_its_edges() -> None:
    assert shrunk((Mark(8, 4), Mark(50, 1), Mark(95, 10)), 10.0, 100.0) == (12, 95)


def test_a_job_counts_rest_and_gaps_from_the_start_of_the_window() -> None:
    cut = excerpt(case(Mark(310, 1), gaps=((29_500, 1000), (50_000, 10))), 60.0)
    assert cut.window == (270.0, 330.0)
    job = cut.job(cut.lines[0], {}, (280.0, 283.0))
    assert (job["start"], job["stop"], job["rest"]) == (27_000, 33_000, [1000, 1300])
    assert job["gaps"] == [(2500, 1000)]


def test_gaps_are_cut_at_the_edges() -> None:
    assert clipped(((5, 10), (18, 10), (40, 5)), 10, 20) == [(0, 5), (8, 2)]


def test_quiet_is_the_first_three_seconds_away_from_events_and_gaps() -> None:
    assert quiet(case(Mark(1, 1), Mark(4, 1), gaps=((900, 100),)), "EMG") == pytest.approx((5.1, 8.1))
    assert quiet(case(Mark(1, 1), Mark(4, 1), gaps=((700, 200),)), "EMG") == pytest.approx((9.1, 12.1))


def test_where_all_quiet_is_short_the_longest_counts() -> None:
    busy = case(Mark(1, 2), Mark(4.5, 3), Mark(8.5, 1.5), seconds=10.0)
    assert quiet(busy, "EMG") == pytest.approx((3.1, 4.4))
    assert quiet(case(Mark(0, 10), seconds=10.0), "EMG") is None


def test_an_event_on_another_channel_disturbs_no_rest() -> None:
    assert quiet(case(Mark(1, 5, "", "other")), "EMG") == pytest.approx((0.0, 3.0))


def test_nobody_is_judged_on_seeds_that_were_tuned_on() -> None:
    for suite in SUITES:
        assert min(suite.seeds) >= 1000
        assert TUNING_SEED + max(one.n_seeds for one in TUNING.values()) <= 1000
        assert suite.family in TUNING


def test_a_quick_suite_is_short_and_keeps_its_name() -> None:
    for suite in SUITES:
        short = shortened(suite)
        assert short.name == suite.name
        assert short.duration * short.n_seeds <= 600


def test_no_grid_is_larger_than_said() -> None:
    assert max(len(detector.grid) for detector in PEER_DETECTORS) <= LARGEST_GRID
    assert len({detector.name for detector in PEER_DETECTORS}) == len(PEER_DETECTORS)


def test_options_are_read_and_unknown_ones_refused() -> None:
    plan = parsed(["--quick", "--only=LibEMG"], Path(), Path())
    assert plan.quick
    assert plan.wants("LibEMG")
    assert not plan.wants("textbook")
    with pytest.raises(ValueError, match="--fast"):
        parsed(["--fast"], Path(), Path())


def test_cues_count_recorded_time_only() -> None:
    moved = after_gaps([Mark(3, 6), Mark(20, 6)], case(gaps=((1000, 500),)))
    assert moved == [Mark(3, 6), Mark(25, 6)]


def test_a_cue_is_found_by_any_overlap_and_counts_once() -> None:
    assert tally([Mark(10, 6), Mark(30, 6)], [Mark(9, 2), Mark(12, 1), Mark(20, 1)]) == (1, 1)

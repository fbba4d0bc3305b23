"""Cumulative sums on power sequences whose answers are known beforehand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.config import Edges
from emgdetect.detection.segments import (
    Judge,
    Segment,
    evidence,
    find_cores,
    find_segments,
    pause_cost,
    split_segment,
)

JUDGE = Judge(degrees=4.0, frame_seconds=0.004)
GAP_FRAMES = 75
"""Merge gap of 0.3 s."""


def edges(**changes: float) -> Edges:
    return Edges(**{"merge_gap": 0.3, "split": 0.0, **changes})


def power(*parts: tuple[int, float]) -> np.ndarray:
    return np.concatenate([np.full(count, value) for count, value in parts])


def bounds(
    values: np.ndarray, settings: Edges | None = None, usable: np.ndarray | None = None
) -> list[tuple[int, int]]:
    known = np.ones(len(values), bool) if usable is None else usable
    found = find_segments(values, known, settings or edges(), JUDGE)
    return [(segment.start, segment.stop) for segment in found]


def test_noise_holds_nothing() -> None:
    assert bounds(power((500, 1.0))) == []
    assert bounds(np.random.default_rng(0).chisquare(4, 3000) / 4) == []
    assert bounds(np.empty(0)) == []


@pytest.mark.parametrize("level", [10.0, 100.0, 1e6])
@pytest.mark.parametrize("length", [5, 40, 1000])
def test_a_rectangle_is_found_to_the_frame(level: float, length: int) -> None:
    assert bounds(power((200, 1.0), (length, level), (200, 1.0))) == [(200, 200 + length)]


@pytest.mark.parametrize(("pause", "count"), [(GAP_FRAMES - 2, 1), (GAP_FRAMES + 2, 2)])
@pytest.mark.parametrize("ratio", [2.0, 3.5, 8.0])
@pytest.mark.parametrize("level", [20.0, 500.0])
def test_pauses_part_events_from_the_merge_gap_on(pause: int, count: int, ratio: float, level: float) -> None:
    values = power((200, 1.0), (50, level), (pause, 1.0), (50, level), (200, 1.0))
    found = bounds(values, edges(ratio=ratio))
    assert len(found) == count
    assert (found[0][0], found[-1][1]) == (200, 300 + pause)


def test_a_missing_frame_parts_an_event_whatever_the_merge_gap() -> None:
    values = power((200, 1.0), (100, 50.0), (200, 1.0))
    usable = np.ones(500, bool)
    usable[250] = False
    values[250] = 0
    for gap in (0.0, 0.3, 100.0):
        assert bounds(values, edges(merge_gap=gap), usable) == [(200, 250), (251, 300)]


def test_too_little_evidence_is_no_event() -> None:
    one = float(evidence(np.array([20.0]), 3.5, 4.0)[0])
    values = power((100, 1.0), (2, 20.0), (100, 1.0))
    assert bounds(values, edges(score=2 * one - 0.01)) == [(100, 102)]
    assert bounds(values, edges(score=2 * one + 0.01)) == []


@given(st.floats(1.01, 20), st.floats(0.5, 50), st.floats(0, 1000))
def test_evidence_is_the_log_likelihood_ratio_of_gamma_noise(
    ratio: float, degrees: float, value: float
) -> None:
    # Energy of d degrees of freedom and mean m has the density x^(d/2-1) exp(-x d / 2m) / m^(d/2) ...
    shape = degrees / 2
    expected = shape * value - shape * value / ratio - shape * np.log(ratio)
    assert float(evidence(np.array([value]), ratio, degrees)[0]) == pytest.approx(min(expected, shape * 60))


@given(st.floats(1.1, 20), st.floats(1, 50), st.integers(0, 500))
def test_a_pause_costs_what_its_frames_take_away(ratio: float, degrees: float, frames: int) -> None:
    for silent, level in ((False, 1.0), (True, 0.0)):
        taken = -evidence(np.full(frames, level), ratio, degrees).sum()
        assert pause_cost(ratio, degrees, frames, silent=silent) == pytest.approx(taken, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_segments_are_in_order_apart_and_worth_their_score(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.chisquare(4, 1500) / 4
    usable = np.ones(1500, bool)
    for _ in range(int(rng.integers(0, 8))):
        start = int(rng.integers(0, 1500))
        values[start : start + int(rng.integers(1, 200))] *= rng.uniform(2, 100)
    for _ in range(int(rng.integers(0, 3))):
        usable[int(rng.integers(0, 1500)) :][: int(rng.integers(1, 100))] = False
    found = find_segments(values, usable, edges(), JUDGE)
    gains = evidence(values, 3.5, 4.0)
    for segment in found:
        assert segment.start < segment.stop
        assert usable[segment.start : segment.stop].all()
        assert segment.score > edges().score
        assert gains[segment.start] > 0
        assert gains[segment.stop - 1] > 0
    for earlier, later in pairwise(found):
        assert earlier.stop <= later.start
        assert later.start - earlier.stop >= GAP_FRAMES or not usable[earlier.stop : later.start].all()


def split(values: np.ndarray, part: float) -> list[tuple[int, int]]:
    settings = edges(split=part)
    (whole,) = find_segments(values, np.ones(len(values), bool), settings, JUDGE)
    return [(one.start, one.stop) for one in split_segment(values, whole, settings, JUDGE)]


def test_two_strong_contractions_with_weak_activity_between_are_two() -> None:
    values = power((100, 1.0), (300, 1e5), (150, 20.0), (300, 1e5), (100, 1.0))
    assert split(values, 0.0) == [(100, 850)]
    assert split(values, 0.01) == [(100, 400), (550, 850)]


@pytest.mark.parametrize(("pause", "count"), [(GAP_FRAMES - 2, 1), (GAP_FRAMES + 2, 2)])
def test_the_merge_gap_holds_for_that_too(pause: int, count: int) -> None:
    values = power((100, 1.0), (300, 1e5), (pause, 20.0), (300, 1e5), (100, 1.0))
    assert len(split(values, 0.01)) == count


def test_a_rectangle_is_not_parted() -> None:
    assert split(power((100, 1.0), (500, 400.0), (100, 1.0)), 0.5) == [(100, 600)]


def cores(
    values: np.ndarray, start: int = 0, stop: int | None = None, usable: np.ndarray | None = None
) -> list[tuple[int, int]]:
    whole = Segment(start, len(values) if stop is None else stop, 1000.0)
    known = np.ones(len(values), bool) if usable is None else usable
    return [(one.start, one.stop) for one in find_cores(values, known, whole, edges(), JUDGE)]


@pytest.mark.parametrize("rise", [1e-9, 1.0, 1.5, 6.0, 1e9])
@pytest.mark.parametrize("length", [2, 4, 12, 50])
def test_brief_sharp_events_on_a_risen_background_are_found_to_the_frame(rise: float, length: int) -> None:
    values = power((100, 1.0), (300, rise), (length, 40 * rise), (300, rise), (100, 1.0))
    assert cores(values, 100, len(values) - 100) == [(400, 400 + length)]


@pytest.mark.parametrize("seed", range(8))
def test_a_brief_event_is_found_among_errors_that_scatter(seed: int) -> None:
    values = np.random.default_rng(seed).chisquare(4, 400) / 4
    assert cores(values) == []
    values[200:206] *= 40
    ((start, stop),) = cores(values)
    # A frame of noise that is by chance twice as strong as the mean cannot be told from the event's own.
    assert 196 <= start <= 202
    assert 204 <= stop <= 210


def test_every_brief_event_is_found_and_pauses_as_long_as_the_merge_gap_part_them() -> None:
    values = power((200, 2.0), (4, 90.0), (GAP_FRAMES + 2, 2.0), (10, 60.0), (20, 2.0), (4, 90.0))
    first = 204 + GAP_FRAMES + 2
    assert cores(np.concatenate([values, np.full(200, 2.0)])) == [(200, 204), (first, len(values))]


@pytest.mark.parametrize(
    "values",
    [
        power((300, 2.5), (40, 4 * 2.5), (300, 2.5)),  # for all its evidence no pair of frames is 6 dB up
        power((300, 2.5), (60, 100.0), (300, 2.5)),  # 0.24 s: not brief
        power((5, 2.5), (4, 100.0), (5, 2.5)),  # 0.056 s: the segment itself is brief
        power((300, 2.5), (1, 1e-9), (300, 2.5)),
        power((400, 2.5)),
        power((400, 0.0)),
    ],
)
def test_what_has_no_core(values: np.ndarray) -> None:
    assert cores(values) == []


def test_a_segment_a_little_longer_may_have_a_core() -> None:
    assert cores(power((6, 2.5), (4, 100.0), (6, 2.5))) == [(6, 10)]


def test_the_background_is_that_around_the_segment_not_of_the_whole_island() -> None:
    # 0.3 s on either side count, as much as the segment: far away it may be as quiet or as loud as it likes.
    for far in (1e-6, 1e6):
        values = power((300, far), (75, 1.0), (20, 1.0), (4, 40.0), (20, 1.0), (75, 1.0), (300, far))
        assert cores(values, 375, 419) == [(395, 399)]
    near = power((75, 50.0), (20, 1.0), (4, 40.0), (20, 1.0), (75, 50.0))
    assert cores(near, 75, 119) == []


def test_frames_that_were_not_recorded_part_cores_and_are_no_background() -> None:
    values = power((200, 1.0), (10, 60.0), (200, 1.0))
    usable = np.ones(410, bool)
    usable[205] = False
    assert cores(values, usable=usable) == [(200, 205), (206, 210)]
    # Three of four frames are missing and hold nonsense.
    holes = np.arange(410) % 4 != 0
    holes[190:220] = False
    for nonsense in (0.0, 1e12):
        assert cores(np.where(holes, nonsense, values), usable=~holes) == [(200, 210)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 900), st.sampled_from([1e-6, 1.0, 1e6]))
def test_cores_lie_apart_inside_their_segment_and_are_brief(seed: int, count: int, scale: float) -> None:
    rng = np.random.default_rng(seed)
    values = rng.chisquare(4, 1000) / 4 * rng.uniform(0.5, 6)
    usable = np.ones(1000, bool)
    for _ in range(int(rng.integers(0, 6))):
        start = int(rng.integers(0, 1000))
        values[start : start + int(rng.integers(1, 60))] *= rng.uniform(5, 100)
    usable[rng.integers(0, 1000, 3)] = False
    first = int(rng.integers(0, 1001 - count))
    usable[first] = True
    found = cores(values, first, first + count, usable)
    assert cores(scale * values, first, first + count, usable) == found, "energy has no unit here"
    for start, stop in found:
        assert first <= start < stop <= first + count
        assert stop - start <= 0.2 / JUDGE.frame_seconds
        assert usable[start:stop].all()
    for (_, stop), (start, _) in pairwise(found):
        assert start - stop >= GAP_FRAMES or not usable[stop:start].all()

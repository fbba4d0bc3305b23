"""What an event's own energy says, against a plain reading, and which segments are more than their cores."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.grid import Grid
from emgdetect.config import Profile
from emgdetect.detection.belief import Belief, Margins, own_margins
from emgdetect.detection.scales import Scale, scales_of
from emgdetect.detection.segments import Judge, Segment
from emgdetect.detection.store import IslandData

GRID = Grid.of(1000.0)
SCALES = scales_of(GRID, waveform=True)
JUDGE = Judge(degrees=4.0, frame_seconds=GRID.frame_seconds)
PROFILE = Profile(name="plain")


def island(energy: np.ndarray, limit: float, sharp: np.ndarray | None = None) -> IslandData:
    """Return an island whose floor is 1 and whose thresholds are all the same."""
    count = len(energy)
    return IslandData(
        start=0,
        energy=energy,
        sharp=np.zeros(count) if sharp is None else sharp,
        floor=np.ones(count),
        limits=np.full((len(SCALES), count), limit),
        surge=np.ones(count),
        usable=np.ones(count, bool),
        low=np.zeros(count),
        samples=np.zeros(count * GRID.frame),
        errors=np.zeros(count * GRID.frame, np.float32),
    )


def belief(**threshold: float) -> Belief:
    moved = PROFILE.threshold.model_copy(update=threshold)
    return Belief(GRID, PROFILE.model_copy(update={"threshold": moved}), SCALES, JUDGE, calibrated=False)


def believed(data: IslandData, segment: Segment) -> float:
    found = belief().confidence(data, segment)
    assert found is not None
    return found


def odds(confidence: float) -> float:
    return confidence / (1 - confidence)


def naive_margins(data: IslandData, segment: Segment, scales: tuple[Scale, ...]) -> Margins:
    best = {False: 0.0, True: 0.0}
    for row, scale in enumerate(scales):
        source = data.sharp if scale.sharp else data.energy
        longest = max(other.length for other in scales if other.sharp == scale.sharp)
        for frame in range(segment.start, min(segment.stop + longest, len(source))):
            window = range(max(frame - scale.length + 1, segment.start), min(frame + 1, segment.stop))
            ratio = sum(source[i] for i in window) / scale.length / data.limits[row, frame]
            best[scale.sharp] = max(best[scale.sharp], ratio)
    return Margins(best[False], best[True])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 299), st.integers(1, 150))
def test_the_margins_are_those_of_a_plain_loop(seed: int, start: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    data = island(rng.exponential(1, 300), 1.0, rng.exponential(2, 300))
    data.limits[:] = rng.uniform(0.5, 20, data.limits.shape)
    segment = Segment(start, min(start + count, 300), 10.0)
    scales = (Scale(2), Scale(8), Scale(2, sharp=True), Scale(4, sharp=True))
    rows = [SCALES.index(scale) for scale in scales]
    some = replace(data, limits=data.limits[rows])
    found, naive = own_margins(some, segment, scales), naive_margins(some, segment, scales)
    assert found.plain == pytest.approx(naive.plain)
    assert found.sharp == pytest.approx(naive.sharp)
    assert found.greatest == max(found.plain, found.sharp)


def test_a_neighbour_does_not_vouch_for_an_event() -> None:
    energy = np.ones(600)
    energy[300:320] = 1e6
    for data in (island(energy, 10.0), island(np.ones(600), 10.0, energy)):
        assert own_margins(data, Segment(250, 295, 10.0), SCALES).greatest < 1
        assert own_margins(data, Segment(325, 360, 10.0), SCALES).greatest < 1
        assert own_margins(data, Segment(300, 320, 10.0), SCALES).greatest > 1e4


def test_prediction_errors_alone_may_pass() -> None:
    energy, sharp = np.ones(300), np.ones(300)
    sharp[100:104] = 50.0
    segment = Segment(95, 110, 10.0)
    margins = own_margins(island(energy, 10.0, sharp), segment, SCALES)
    assert (margins.plain, margins.sharp) == pytest.approx((0.1, 5.0))
    assert own_margins(island(energy, 10.0), segment, SCALES).greatest < 1


def test_without_sharp_scales_the_plain_margin_speaks_for_both() -> None:
    plain = scales_of(GRID, waveform=False)
    without = replace(island(np.full(300, 5.0), 10.0), sharp=np.empty(0))
    margins = own_margins(without, Segment(95, 290, 10.0), plain)
    assert margins.plain == margins.sharp == margins.greatest == pytest.approx(0.5)


def test_energy_of_the_cores_can_be_left_out() -> None:
    energy = np.full(300, 2.0)
    energy[100:104] = 100.0
    whole, core = Segment(50, 250, 10.0), Segment(100, 104, 10.0)
    data = island(energy, 10.0, 3 * energy)
    margins = own_margins(data, whole, SCALES)
    assert (margins.plain, margins.sharp) == pytest.approx((10.0, 30.0))
    margins = own_margins(data, whole, SCALES, without=[core])
    assert (margins.plain, margins.sharp) == pytest.approx((0.2, 0.6))
    assert data.energy[101] == 100.0, "the island itself is not altered"
    assert data.sharp[101] == 300.0


def risen(level: float, spike: float, seconds: float = 3.0) -> tuple[np.ndarray, Segment]:
    """Return the energy of a stretch above the floor with a spike of 16 ms in its middle."""
    count = GRID.frames(seconds)
    energy = np.ones(count + 400)
    energy[200 : 200 + count] = level
    middle = 200 + count // 2
    energy[middle : middle + 4] = spike
    return energy, Segment(200, 200 + count, 100.0)


@pytest.mark.parametrize("level", [1.0, 2.0, 2.5, 3.9])
def test_a_risen_background_leaves_only_its_twitch(level: float) -> None:
    energy, segment = risen(level, 100.0)
    # The thresholds stand where such backgrounds are usual: 2.5 times, and no event solidly passes them.
    (core,) = belief().cores(island(energy, 2.5, energy), segment)
    assert (core.start, core.stop) == (575, 579)


@pytest.mark.parametrize("limit", [90.0, 110.0])
def test_a_core_must_pass_a_sharp_threshold(limit: float) -> None:
    energy, segment = risen(2.0, 100.0)
    data = island(energy, 2.5, energy)
    for row, scale in enumerate(SCALES):
        data.limits[row] = limit if scale.sharp else data.limits[row]
    assert len(belief().cores(data, segment)) == (limit < 100)


def test_what_is_not_sharp_is_no_core() -> None:
    energy, segment = risen(2.0, 100.0)
    for sharp in (np.ones_like(energy), np.zeros_like(energy), np.empty(0)):
        assert belief().cores(replace(island(energy, 2.5), sharp=sharp), segment) == []


@pytest.mark.parametrize(("level", "limit"), [(6.5, 1e9), (4.5, 2.5)])
def test_a_contraction_stays_whole_whatever_spikes_it_holds(level: float, limit: float) -> None:
    # The one is strong and long enough on the floor's word alone, the other solidly passes its thresholds.
    energy, segment = risen(level, 40 * level)
    assert belief().cores(island(energy, limit, energy), segment) == []


def test_a_strong_contraction_that_may_not_be_dense_is_its_spikes_alone() -> None:
    energy, segment = risen(6.5, 260.0)
    data = island(energy, 1e9, energy)
    data.limits[[scale.sharp for scale in SCALES]] = 100.0
    assert belief().cores(data, segment) == []
    assert len(belief(dense_snr=9.0).cores(data, segment)) == 1
    assert len(belief(dense_duration=3.1).cores(data, segment)) == 1


@pytest.mark.parametrize("seconds", [0.1, 0.13])
@pytest.mark.parametrize("decibels", [7.9, 8.1])
def test_below_the_thresholds_only_the_dense_are_believed(seconds: float, decibels: float) -> None:
    energy, segment = risen(10 ** (decibels / 10), 10 ** (decibels / 10), seconds)
    dense = seconds >= 0.12 and decibels >= 8
    assert (belief().confidence(island(energy, 1e9), segment) is not None) == dense
    assert belief().confidence(island(energy, 1.0), segment) is not None


def test_nothing_known_is_nothing_believed() -> None:
    energy, segment = risen(100.0, 100.0)
    unknown = island(energy, np.inf)
    unknown.floor[:] = np.inf
    assert belief().confidence(unknown, segment) is None
    assert belief().cores(unknown, segment) == []
    assert belief().cores(replace(unknown, sharp=energy), segment) == []


def test_loud_surroundings_make_a_twitch_less_likely() -> None:
    energy, segment = risen(1.0, 60.0)
    core = Segment(575, 579, 20.0)
    quiet = believed(island(energy, 20.0), core)
    for side in (slice(200, 575), slice(579, 950)):
        beside = energy.copy()
        beside[side] = 4.0
        assert odds(believed(island(beside, 20.0), core)) < odds(quiet) / 4
    assert segment.start < core.start


def test_weak_twitches_are_believed_the_more_the_more_there_were() -> None:
    energy, _ = risen(1.0, 60.0)
    core = Segment(575, 579, 20.0)
    weak = island(energy, 40.0, energy)
    one = belief()
    seen = []
    for second in range(600, 720, 4):
        found = one.confidence(replace(weak, start=GRID.frames(second)), core)
        assert found is not None
        seen.append(found)
    assert all(later >= earlier for earlier, later in pairwise(seen))
    assert seen[-1] > seen[0] + 0.05
    fresh = belief().confidence(replace(weak, start=GRID.frames(600)), core)
    assert fresh == seen[0], "what another channel showed is no company"


def test_a_background_that_has_just_risen_speaks_against_a_weak_brief_event() -> None:
    rng = np.random.default_rng(3)
    energy = rng.chisquare(4, 600) / 4
    energy[300:303] = 12.0
    data = island(energy, limit=8.0)
    segment = Segment(300, 303, 30.0)
    calm = believed(data, segment)
    assert believed(replace(data, surge=np.full(600, 1.4)), segment) < calm


@pytest.mark.parametrize(("limit", "crowded"), [(24.0, True), (10.1, True), (9.9, False), (4.0, False)])
def test_the_dense_rule_counts_where_thresholds_stand_among_contractions(limit: float, crowded: bool) -> None:
    energy, segment = risen(10**1.4, 10**1.4, 3.0)
    data = island(energy * np.random.default_rng(1).chisquare(4, len(energy)) / 4, limit)
    score = replace(segment, score=2000.0)
    by_both = belief().confidence(data, score)
    by_thresholds = belief(dense_snr=60.0).confidence(data, score)
    assert by_both is not None
    assert by_thresholds is not None
    assert by_both > by_thresholds if crowded else by_both == by_thresholds

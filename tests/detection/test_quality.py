from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emgdetect.conditioning.grid import Grid
from emgdetect.config import Profile, QualityLimits
from emgdetect.detection.quality import QualityTracker
from emgdetect.pipeline import Pipeline
from emgdetect.types import INVALID_REASONS, Channel, Chunk, Quality, StreamInfo
from tests.detection.plain_hops import plain_hops

if TYPE_CHECKING:
    from emgdetect.conditioning.chain import Conditioned

RATES = [10.0, 34.81, 128.0, 199.7, 250.0, 1000.0, 1999.9]


def reasons(
    samples: np.ndarray, rate: float = 1000.0, limit: float | None = None, **channel: float
) -> list[str]:
    profile = Profile.model_validate({"name": "x", "quality": {"floor_max_uv": limit}})
    pipeline = Pipeline(StreamInfo(rate, (Channel("a", "uV", **channel),)), profile)
    parts = [*pipeline.push(Chunk(samples[None], 0)).quality, *pipeline.finish().quality]
    return [INVALID_REASONS[code] for part in parts for code in part.reason]


def noise(seconds: float, rate: float = 1000.0, level: float = 5.0) -> np.ndarray:
    return np.random.default_rng(0).normal(0, level, int(seconds * rate))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(RATES), st.data())
def test_seconds_cover_everything_and_the_last_part_counts(rate: float, data: st.DataObject) -> None:
    count = data.draw(st.integers(int(4 * rate), int(9 * rate)))
    found = reasons(np.random.default_rng(count).normal(0, 5, count), rate)
    assert len(found) == math.ceil(count / rate - 1e-9)
    # Clean noise is valid to the last sample, even if the last second holds a single one.
    assert set(found[1:]) == {"valid"}


def test_every_reason_by_its_cause() -> None:
    samples = noise(20)
    samples[3000:4000] = np.nan
    samples[6000:8000] = 7.0
    samples[10_000:10_050] = 200.0
    found = reasons(samples, raw_high=200.0)
    assert found[3] == "missing values"
    assert "flat" in found[6:8]
    assert found[10] == "saturated"
    assert [found[index] for index in (1, 2, 5, 9, 12, 19)] == ["valid"] * 6


def test_the_first_moments_of_a_short_recording_are_settling() -> None:
    assert reasons(noise(0.12)) == ["settling"]
    assert reasons(noise(3))[1:] == ["valid", "valid"]


@pytest.mark.parametrize(("parts", "verdict"), [(9, "valid"), (11, "saturated")])
def test_saturation_counts_from_its_limit_on(parts: int, verdict: str) -> None:
    samples = np.clip(noise(10), -50, 50)
    samples[5000 : 5000 + 7 * parts : 7] = 99.0
    assert reasons(samples, raw_low=-99.0, raw_high=99.0)[5] == verdict


@pytest.mark.parametrize(("gain", "rails"), [(-1.0, {"raw_high": 99.0}), (-1.0, {"raw_low": -99.0})])
def test_a_channel_upside_down_has_its_rail_on_the_other_side(gain: float, rails: dict[str, float]) -> None:
    samples = np.clip(noise(10), -50, 50)
    assert set(reasons(samples, 1000.0, None, gain=gain, **rails)[1:]) == {"valid"}
    samples[5000:5300] = next(iter(rails.values()))
    assert reasons(samples, 1000.0, None, gain=gain, **rails)[5] == "saturated"


def test_a_noise_floor_above_the_limit_is_not_valid_time() -> None:
    assert set(reasons(noise(20, level=5.0), limit=8.0)[1:]) == {"valid"}
    assert set(reasons(noise(20, level=12.0), limit=8.0)[1:]) == {"noise floor too high"}


def test_an_electrode_in_the_air_is_lead_off_and_strong_muscle_is_not() -> None:
    hanging = noise(20)
    rng = np.random.default_rng(5)
    part = slice(8000, 14000)
    swing = 8000 * np.sin(2 * np.pi * 2.0 * np.arange(6000) / 1000)
    hanging[part] += 400 * rng.normal(size=6000) + swing
    assert reasons(hanging)[9:13] == ["lead-off"] * 4
    muscle = noise(20)
    muscle[part] *= 100
    assert set(reasons(muscle)[1:]) == {"valid"}


@pytest.mark.parametrize("base", [50.0, 60.0])
def test_hum_far_above_the_floor_is_mains(base: float) -> None:
    hum = np.sin(2 * np.pi * base * np.arange(30_000) / 1000)
    assert "mains" not in reasons(noise(30) + 20 * hum)
    loud = reasons(noise(30) + 600 * hum)
    assert set(loud[5:29]) == {"mains"}


def conditioned(rng: np.random.Generator, hops: int, grid: Grid) -> Conditioned:
    usable = rng.random(hops * grid.hop) < 0.5
    parts = rng.choice([0.0, 0.3, 0.5, 0.7, 1.0], (3, hops))
    silence = plain_hops(np.zeros(hops * grid.hop * grid.frame), grid)
    flat, clipped, present = parts[0] > 0.6, parts[1] / 30, parts[2]
    return replace(silence, usable=usable, flat=flat, clipped=clipped, present=present)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(RATES), st.integers(0, 1000), st.lists(st.integers(1, 30), min_size=1, max_size=8))
def test_seconds_are_the_means_of_their_hops_however_they_come(
    rate: float, seed: int, sizes: list[int]
) -> None:
    grid = Grid.of(rate)
    rng = np.random.default_rng(seed)
    per_block = grid.block // grid.hop
    blocks = [conditioned(rng, per_block, grid) for _ in range(sum(sizes))]
    floors = rng.exponential(1, len(blocks))

    def run(groups: list[int]) -> Quality:
        tracker = QualityTracker(Channel("a", "uV"), grid, QualityLimits())
        parts = []
        done = 0
        for group in groups:
            for block in blocks[done : done + group]:
                tracker.add(block, np.zeros(per_block, bool))
            tracker.add_floor(floors[done : done + group])
            done += group
            parts.append(tracker.drain())
        known = [part for part in parts if part is not None]
        starts = np.cumsum([0, *(len(part.reason) for part in known)])[:-1]
        assert [part.start for part in known] == starts.tolist()
        return Quality(
            "a", 0, np.concatenate([p.floor for p in known]), np.concatenate([p.reason for p in known])
        )

    together, pieces = run([sum(sizes)]), run(sizes)
    assert pieces.reason.tobytes() == together.reason.tobytes()
    assert pieces.floor.tobytes() == together.floor.tobytes()
    present = np.concatenate([block.present for block in blocks])
    flat = np.concatenate([block.flat for block in blocks])
    for second, code in enumerate(together.reason):
        first, last = (round(edge * rate / grid.raw_per_hop) for edge in (second, second + 1))
        if present[first:last].mean() < 0.5 - 1e-9:
            assert INVALID_REASONS[code] == "missing values"
        elif flat[first:last].all():
            assert INVALID_REASONS[code] == "flat"
        block = int((second + 0.5) * rate / (grid.block * grid.raw_per_frame))
        assert together.floor[second] == np.float32(np.sqrt(floors[block]))


def test_the_tracker_forgets_what_it_has_told() -> None:
    grid = Grid.of(1000.0)
    tracker = QualityTracker(Channel("a", "uV"), grid, QualityLimits())
    rng = np.random.default_rng(0)
    for _ in range(3000):
        tracker.add(conditioned(rng, 12, grid), np.zeros(12, bool))
        tracker.add_floor(np.ones(1))
        tracker.drain()
    assert tracker._hops.stop - tracker._hops.start < 40
    assert tracker._floors.stop - tracker._floors.start < 5

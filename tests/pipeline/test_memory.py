"""Invariant 5: what is kept does not grow with the length of a stream.

What a pipeline keeps is measured by pickling it: all buffers with their reserves, and nothing else.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.config import load_profile
from emgdetect.pipeline import Pipeline
from emgdetect.types import Chunk, Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tests.pipeline.conftest import Bench

    Make = Callable[[np.random.Generator], NDArray[np.float64]]

RATE = 400.0
MINUTE = 24_000


def quiet(rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.normal(0, 5, (1, MINUTE))


def never_ending(rng: np.random.Generator) -> NDArray[np.float64]:
    """Activity with pauses too short to part it, and quiet enough in between to know the floor by."""
    return rng.normal(0, 5, (1, MINUTE)) * np.where(np.arange(MINUTE) % 800 < 240, 20, 1)


def glitches(rng: np.random.Generator) -> NDArray[np.float64]:
    samples = rng.normal(0, 5, (1, MINUTE))
    samples[:, 7::397] += 2000
    return samples


def missing_half(rng: np.random.Generator) -> NDArray[np.float64]:
    samples = rng.normal(0, 5, (1, MINUTE))
    samples[:, ::2] = np.nan
    return samples


def kept(pipeline: Pipeline) -> int:
    return len(pickle.dumps(pipeline))


def push(pipeline: Pipeline, minutes: int, make: Make, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(minutes):
        samples = make(rng)
        for first in range(0, MINUTE, 3000):
            pipeline.push(Chunk(samples[:, first : first + 3000], pipeline.position))


@pytest.mark.parametrize("make", [quiet, never_ending, glitches, missing_half])
def test_three_times_the_length_keeps_no_more(bench: Bench, make: Make) -> None:
    pipeline = Pipeline(bench.info(RATE), load_profile("generic"), provisional=True)
    # A quarter of an hour fills every window: ten minutes for the longest island, the look-ahead, the floors.
    push(pipeline, 15, make, seed=1)
    at_first = kept(pipeline)
    push(pipeline, 30, make, seed=2)
    assert kept(pipeline) <= 1.1 * at_first + 100_000
    assert at_first < 16_000_000


def test_a_gap_of_hours_costs_no_memory(bench: Bench) -> None:
    pipeline = Pipeline(bench.info(RATE), load_profile("generic"))
    push(pipeline, 5, quiet, seed=1)
    pipeline.push(Gap(pipeline.position, int(1800 * RATE), "disconnect"))
    half_an_hour = kept(pipeline)
    update = pipeline.push(Gap(pipeline.position, int(4 * 3600 * RATE), "disconnect"))
    assert sum(len(part.reason) for part in update.quality) == pytest.approx(4 * 3600, rel=0.01)
    assert kept(pipeline) <= 1.1 * half_an_hour


def test_glitches_that_could_not_be_mended_are_forgotten(bench: Bench) -> None:
    pipeline = Pipeline(bench.info(500.0), bench.quick())
    hop, apart = 50, 1300
    samples = np.random.default_rng(1).normal(0, 5, (1, 100 * apart))
    # The last but one of a hop: it has gone through the filters before the glitch is told.
    samples[:, hop - 2 :: apart] += 2000
    most = 0
    for first in range(0, samples.shape[1], hop):
        pipeline.push(Chunk(samples[:, first : first + hop], first))
        (lane,) = pipeline._lanes or []
        most = max(most, len(lane.detector._builder._unmended))
    assert 1 < most < 20
    artefacts = [event for event in pipeline.finish().events if event.kind == "artefact"]
    assert all(event.flags[0] == "glitch" for event in artefacts)

"""A background measured beforehand: announcements from the first moment on, the same final events."""

from __future__ import annotations

import math

import numpy as np
import pytest

from emgdetect import load_profile
from emgdetect.pipeline import Pipeline
from emgdetect.types import Channel, Chunk, StreamInfo

RATE = 1000.0
NOISE_UV = 4.0
INFO = StreamInfo(RATE, (Channel("calf", "uV"),))


def early_twitch() -> np.ndarray:
    samples = np.random.default_rng(8).normal(0, NOISE_UV, (1, int(60 * RATE)))
    samples[:, 600:650] *= 20
    return samples


def announced(floors: tuple[float, ...] | None) -> tuple[list[float], list[tuple[int, int]]]:
    """Return when, in seconds, anything was first announced, and the final events."""
    pipeline = Pipeline(INFO, load_profile("generic"), provisional=True, floors=floors)
    samples = early_twitch()
    told: list[float] = []
    final: list[tuple[int, int]] = []
    for first in range(0, samples.shape[1], 100):
        update = pipeline.push(Chunk(samples[:, first : first + 100], first))
        told += [(first + 100) / RATE for _ in update.provisional]
        final += [(event.sample, event.n_samples) for event in update.events]
    final += [(event.sample, event.n_samples) for event in pipeline.finish().events]
    return told, final


def test_a_known_background_announces_the_first_second() -> None:
    told, final = announced((NOISE_UV,))
    assert told[0] <= 0.8
    later, same = announced((math.nan,))
    assert not later or later[0] > 0.8
    assert final == same == announced(None)[1]


def test_noise_of_the_known_background_is_not_announced() -> None:
    pipeline = Pipeline(INFO, load_profile("generic"), provisional=True, floors=(NOISE_UV,))
    noise = np.random.default_rng(9).normal(0, NOISE_UV, (1, 1100))
    updates = [pipeline.push(Chunk(noise[:, first : first + 100], first)) for first in range(0, 1100, 100)]
    assert not any(update.provisional for update in updates)


def test_one_floor_for_each_channel() -> None:
    pipeline = Pipeline(INFO, load_profile("generic"), floors=(1.0, 2.0))
    with pytest.raises(ValueError, match="argument 2 is longer"):
        pipeline.push(Chunk(np.zeros((1, 10)), 0))

"""Why the shortest scales look at prediction errors: twitches among background that is muscle itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import signal

from emgdetect.api import detect, from_array
from emgdetect.config import Profile
from emgdetect.detection import builder, channel
from emgdetect.detection.scales import scales_of

if TYPE_CHECKING:
    from emgdetect.conditioning.grid import Grid
    from emgdetect.detection.scales import Scale
    from emgdetect.types import Event, FloatArray

RATE = 1000
SECONDS = 120
SEEDS = range(10)
LEVEL = 5.0
SIZE = 7.0
"""Height of the twitches in the background's RMS."""
ONSETS = np.arange(10, 112, 6) * RATE
HALF_MS = 12


def background(seed: int) -> FloatArray:
    """Return a steady hum of muscle: most of its power lies between 40 and 130 Hz."""
    sos = signal.butter(2, [40, 130], "bandpass", fs=RATE, output="sos")
    noise = signal.sosfilt(sos, np.random.default_rng(seed).normal(0, 1, SECONDS * RATE))
    return np.asarray(LEVEL * noise / noise.std())


def discharge() -> FloatArray:
    """Return the triphasic shape of a single motor unit, 5 ms long."""
    time = np.arange(-HALF_MS, HALF_MS, 1000 / RATE)
    return np.asarray((1 - time**2) * np.exp(-(time**2) / 2))


def plain_alone(grid: Grid, *, waveform: bool) -> tuple[Scale, ...]:
    return tuple(scale for scale in scales_of(grid, waveform=waveform) if not scale.sharp)


def found(samples: FloatArray) -> list[Event]:
    events = detect(from_array(samples, RATE), Profile(name="plain")).events
    return [event for event in events if event.kind != "artefact"]


def hits(events: list[Event]) -> int:
    return sum(any(abs(event.sample - onset - HALF_MS) < 30 for event in events) for onset in ONSETS)


@pytest.fixture(scope="module")
def counts() -> dict[bool, list[tuple[int, int]]]:
    """Return per seed how many twitches were found and how many false alarms the background made.

    By whether the prediction errors were looked at.
    """
    results: dict[bool, list[tuple[int, int]]] = {}
    for sharp in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not sharp:
                for module in (channel, builder):
                    patch.setattr(module, "scales_of", plain_alone)
            results[sharp] = []
            for seed in SEEDS:
                quiet = background(seed)
                busy = quiet.copy()
                for onset in ONSETS:
                    busy[onset : onset + 2 * HALF_MS] += SIZE * LEVEL * discharge()
                results[sharp].append((hits(found(busy)), len(found(quiet))))
    return results


def test_they_are_found_among_prediction_errors_and_missed_by_energy_alone(
    counts: dict[bool, list[tuple[int, int]]],
) -> None:
    pairs = [(sharp, plain) for (sharp, _), (plain, _) in zip(counts[True], counts[False], strict=True)]
    assert sum(sharp > 2 * plain for sharp, plain in pairs) >= 0.9 * len(pairs), pairs
    there = len(ONSETS) * len(pairs)
    assert sum(sharp for sharp, _ in pairs) > 0.4 * there
    assert sum(plain for _, plain in pairs) < 0.2 * there


def test_at_no_more_false_alarms(counts: dict[bool, list[tuple[int, int]]]) -> None:
    extra = [sharp - plain for (_, sharp), (_, plain) in zip(counts[True], counts[False], strict=True)]
    # Twenty minutes in all: one event more is three an hour.
    assert sum(extra) <= 1, counts

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.config import Profile
from emgdetect.pipeline import Pipeline
from emgdetect.types import Channel, Chunk, Event, Gap, RawArray, StreamInfo, Unit, Update

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Outcome:
    """All that came out of a stream: final events in order, and quality joined per channel."""

    updates: list[Update] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        found = [event for update in self.updates for event in update.events]
        return sorted(found, key=lambda event: (event.sample, event.channel, event.n_samples))

    @property
    def provisional(self) -> list[Event]:
        return [event for update in self.updates for event in update.provisional]

    @property
    def withdrawn(self) -> list[Event]:
        return [event for update in self.updates for event in update.withdrawn]

    def reasons(self, channel: str = "a") -> list[int]:
        parts = [part for update in self.updates for part in update.quality if part.channel == channel]
        return [int(code) for part in parts for code in part.reason]

    def floors(self, channel: str = "a") -> list[float]:
        parts = [part for update in self.updates for part in update.quality if part.channel == channel]
        return [float(value) for part in parts for value in part.floor]

    def fingerprint(self, channel: str = "a") -> tuple[list[str], list[int], bytes]:
        """Every field of every event and every bit of the quality; NaN equals NaN here."""
        floors = np.array(self.floors(channel)).tobytes()
        return [repr(event) for event in self.events], self.reasons(channel), floors


class Bench:
    """Makes signals, cuts them into pieces, and runs a pipeline over them."""

    @staticmethod
    def quick(lookahead: float = 5.0, **sections: dict[str, object]) -> Profile:
        """Return a profile whose decisions fall while a short stream still runs."""
        threshold = {"lookahead": lookahead, "window_short": 10, "window_long": 20, "floor_window": 5}
        return Profile.model_validate({"name": "quick", "threshold": threshold, **sections})

    @staticmethod
    def info(rate: float, unit: Unit = "uV", n_channels: int = 1, **channel: float) -> StreamInfo:
        names = "abcdefgh"[:n_channels]
        return StreamInfo(rate, tuple(Channel(name, unit, **channel) for name in names))

    @staticmethod
    def signal(rate: float, seconds: float, seed: int, unit: Unit = "uV") -> RawArray:
        """Return one channel of noise, bursts, mains, glitches and a wandering baseline."""
        rng = np.random.default_rng(seed)
        count = int(rate * seconds)
        values = rng.normal(0, 5, count)
        for _ in range(1 + int(seconds / 4)):
            start = int(rng.integers(0, count))
            stop = start + 1 + int(rng.uniform(0.02, 1.5) * rate)
            values[start:stop] *= rng.uniform(3, 30)
        time = np.arange(count) / rate
        values += rng.uniform(0, 20) * np.sin(2 * np.pi * 49.95 * time)
        values += 300 * np.sin(2 * np.pi * 0.2 * time)
        values[rng.integers(0, count, 3)] += 3000
        if unit == "envelope":
            width = max(1, int(0.05 * rate))
            values = np.convolve(np.abs(values), np.full(width, 1 / width), "same") + 100
        return values[None]

    @staticmethod
    def holes(values: RawArray, rate: float, seed: int) -> RawArray:
        """Return a copy with stretches of NaN, from one sample to three seconds."""
        rng = np.random.default_rng(seed)
        values = values.copy()
        for longest in (0.01, 0.3, 3.0):
            start = int(rng.integers(0, values.shape[1]))
            values[0, start : start + 1 + int(rng.uniform(0, longest) * rate)] = np.nan
        return values

    @staticmethod
    def run(
        data: RawArray,
        info: StreamInfo,
        profile: Profile,
        *,
        cuts: Iterable[int] = (),
        gaps: Iterable[Gap] = (),
        provisional: bool = False,
    ) -> Outcome:
        """Push ``data`` cut at ``cuts`` (twice the same index gives an empty chunk) and at gaps, and finish.

        What ``data`` holds inside a gap is not shown to the pipeline.
        """
        pipeline = Pipeline(info, profile, provisional=provisional)
        marks = [0, data.shape[1], *(cut for cut in cuts if cut <= data.shape[1])]
        marks += [edge for gap in gaps for edge in (gap.start, gap.stop)]
        outcome = Outcome()
        ordered = sorted(marks)
        for start, stop in pairwise(ordered):
            inside = next((gap for gap in gaps if gap.start <= start < gap.stop), None)
            if inside is None:
                outcome.updates.append(pipeline.push(Chunk(data[:, start:stop], start)))
            else:
                outcome.updates.append(pipeline.push(Gap(start, stop - start, inside.cause)))
        outcome.updates.append(pipeline.finish())
        return outcome


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real recordings in ../shared/data are not here")
    return folder


@pytest.fixture(scope="session")
def own_recordings() -> Path:
    folder = ROOT / "recordings"
    if not (folder / "manifest.json").is_file():
        pytest.skip("recordings/ has not been made")
    return folder

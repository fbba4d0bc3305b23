from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import signal

from emgdetect.conditioning.grid import Grid
from emgdetect.config import Profile
from emgdetect.pipeline import Pipeline
from emgdetect.types import Channel, Chunk, Event, Gap, RawArray, StreamInfo, Unit, Update

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.types import FloatArray

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 45


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
    def hard(rate: float, unit: Unit, seed: int, seconds: int = SECONDS) -> RawArray:
        """Return one channel that holds what reaches over the borders of hops and blocks.

        Twitches that only prediction errors show, glitches that are told three samples late, twitches on
        risen backgrounds, a jump of the baseline, a burst, an open electrode; as an envelope, short events
        that a sensor has smoothed.
        """
        rng = np.random.default_rng(seed)
        if unit == "envelope":
            return _smoothed(rng, rate, seconds)
        count = int(rate * seconds)
        values = _coloured(rng, rate, count)
        for second in range(2, seconds - 3, 7):
            # The background rises often enough to be nothing special.
            values[int(second * rate) : int((second + 3) * rate)] *= 1.6
        for second in np.arange(3.3, seconds - 1, 5.3).tolist():
            shape = _discharge(rate, rng.uniform(60, 200))
            values[int(second * rate) :][: len(shape)] += shape
        hop = Grid.of(rate).raw_per_hop
        for border in rng.integers(5, count // hop - 1, 6):
            values[border * hop + int(rng.integers(-4, 3))] += rng.choice([-2000, 500])
        values[int(0.55 * count) : int(0.58 * count)] *= 20
        values[int(0.4 * count) :] += 500
        air = values[int(0.8 * count) :][: int(2.5 * rate)]
        air += 2000 * np.cumsum(rng.normal(0, 1, len(air))) / rate**0.5 + rng.normal(0, 400, len(air))
        return values[None]

    @staticmethod
    def weak(rate: float, seed: int, seconds: int = 170) -> RawArray:
        """Return one channel of coloured noise with a weak twitch every two seconds, the more doubtful later.

        Long enough for the predictor to be renewed twice after it has doubled; the background changes its
        colour in the middle.
        """
        rng = np.random.default_rng(seed)
        count = int(rate * seconds)
        values = _coloured(rng, rate, count)
        values[count // 2 :] += 3 * rng.normal(0, 1, count - count // 2)
        for second in np.arange(4.3, seconds - 1, 2.1).tolist():
            shape = _discharge(rate, rng.uniform(60, 80) if second < 0.7 * seconds else rng.uniform(30, 60))
            values[int(second * rate) :][: len(shape)] += shape
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


def _coloured(rng: np.random.Generator, rate: float, count: int) -> FloatArray:
    """Return noise with most of its power in the lower half of what muscle has."""
    corners = [0.15 * min(rate, 400), 0.3 * min(rate, 400)]
    sos = signal.butter(2, corners, "bandpass", fs=rate, output="sos")
    noise = signal.sosfilt(sos, rng.normal(0, 1, count))
    return np.asarray(5 * noise / noise.std() + rng.normal(0, 0.5, count))


def _discharge(rate: float, size: float) -> FloatArray:
    """Return the shape of a motor unit, no narrower than a sensor of that rate lets it be."""
    time = np.arange(-12, 12, 1000 / rate) / max(1.6, 700 / rate)
    return np.asarray(size * (1 - time**2) * np.exp(-(time**2) / 2))


def _smoothed(rng: np.random.Generator, rate: float, seconds: int) -> RawArray:
    """Return the envelope that a sensor makes of short and long bursts."""
    gate = np.ones(int(rate * seconds))
    for second in np.arange(3.0, seconds - 1, 2.3).tolist():
        length = float(rng.choice([0.02, 0.05, 0.12, 0.6]))
        gate[int(second * rate) : int((second + length) * rate) + 1] = rng.uniform(5, 30)
    share = 1 - np.exp(-1 / (rate * 0.03))
    values = signal.lfilter([share], [1, share - 1], np.abs(rng.normal(0, 5, len(gate)) * gate))
    return np.asarray(300 + values)[None]


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

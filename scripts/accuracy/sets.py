"""``scripts/bench.py sets``: short and dense recordings, and every real recording by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from accuracy.making import independent
from accuracy.real_run import CONNECTED, SUBJECTS, after_gaps, movement_windows, prompts
from accuracy.rest import narrowed
from accuracy.settings import pooled, stream_of
from emgdetect.evaluate import Mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from emgdetect.config import Profile
    from emgdetect.evaluate import Score
    from emgdetect.recording import Stream
    from emgdetect.types import Detection, Event

FIRST_SEED = 10_000
"""Seeds from here on belong to these tables."""
LENGTHS = (4.0, 8.0, 15.0, 30.0, 60.0)
SHARES = ((0.15, 0.25), (0.35, 0.45), (0.55, 0.65))
RATES = (200.0, 1000.0)
TOTAL_S = 240.0
"""So many seconds of recordings in each cell."""
HOUR = 3600.0
BEFORE_S = 1.0
"""People begin a little early; who began longer before the cue did not follow it."""
OTHERS = (
    "chords_bioamp/emg_sample.csv",
    "openbci_cyton/OpenBCI_GUI-v6-blinks-jawClench-alpha.txt",
    "biosppy_text/emg.txt",
    "biosppy_text/emg_1.txt",
    "scientisst/output.csv",
    "psg_edf/short_psg.edf",
)
"""Recordings without marks: what is found in them is listed, not judged."""


@dataclass(frozen=True, slots=True)
class Dense:
    """A cell of the dense table: recordings of one length, share of activity and rate, scored together."""

    seconds: float
    share: tuple[float, float]
    rate: float
    recordings: int
    score: Score


@dataclass(frozen=True, slots=True)
class Cues:
    """One recording with cues: for each the seconds until the first event that overlaps its window, if any.

    Negative: the event began before the cue; one that did not comes first. ``outside`` counts events on any
    channel outside all cues, ``longest`` is the longest event in s: much more than a cue lasts, and several
    movements were joined.
    """

    recording: str
    delays: tuple[float | None, ...]
    outside: int
    longest: float
    minutes: float

    @property
    def found(self) -> int:
        """Cues with an event in their window."""
        return sum(delay is not None for delay in self.delays)

    @property
    def own(self) -> int:
        """Cues whose event did not begin long before them."""
        return sum(delay is not None and delay >= -BEFORE_S for delay in self.delays)


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found in one channel of a real recording; ``remark`` says why nothing could be."""

    recording: str
    channel: str
    minutes: float
    kinds: dict[str, int]
    artefacts: dict[str, int]
    remark: str = ""


def dense(profile: Profile, total: float = TOTAL_S) -> Iterator[Dense]:
    """Search dense recordings without a quiet start, cell by cell."""
    seed = FIRST_SEED
    for rate in RATES:
        for seconds in LENGTHS:
            for share in SHARES:
                count = max(2, round(total / seconds))
                seeds = range(seed, seed + count)
                score = pooled(_busy(number, seconds, share, rate, profile) for number in seeds)
                yield Dense(seconds, share, rate, count, score)
                seed += count


def _busy(
    seed: int, seconds: float, share: tuple[float, float], rate: float, profile: Profile
) -> tuple[list[Mark], float, Detection]:
    from emgdetect.pipeline import detect_stream
    from emgdetect.sources.simulate import scenario_named, simulate
    from emgdetect.sources.simulate.scenario import Dense as Active

    scenario = replace(scenario_named("busy"), dense=Active(active=share))
    one = simulate(scenario, seed=seed, duration=seconds, sampling_rate=rate)
    marks = [Mark(e.onset, e.duration, e.trial_type, e.channel) for e in one.events]
    return marks, seconds / HOUR, detect_stream(one.stream(), profile)


def each_independent(profile: Profile, shared: Path, folder: Path) -> dict[str, Score]:
    """Score each recording of the independent simulator by itself."""
    from emgdetect.pipeline import detect_stream

    found = {}
    for cases in independent(shared, folder).values():
        for case in cases:
            marks = [replace(mark, channel=mark.channel or case.lines[0].name) for mark in case.truth]
            one = detect_stream(stream_of(case), profile)
            found[case.name] = pooled([(marks, case.hours, one)])
    return found


def cued(profile: Profile, shared: Path, folder: Path) -> Iterator[Cues]:
    """Look for an event in the window of every cue and prompt."""
    from accuracy.making import stored
    from emgdetect import read

    for subject in SUBJECTS:
        path = shared / "ganglion_myoware" / f"OpenBCI-RAW-{subject}_S1R0.txt"
        if path.exists():
            stream = narrowed(read(path).streams[0], CONNECTED)
            case = stored(f"cues {subject}", stream, folder)
            windows = after_gaps(movement_windows(path.with_name("cues.csv"), subject), case)
            yield _looked_for(f"Ganglion {subject}", stream, windows, profile)
    for path in sorted((shared / "myo_armband").glob("*/[1-9].txt")):
        stream = read(path).streams[0]
        yield _looked_for(f"armband {path.parent.name}/{path.stem}", stream, prompts(path), profile)


def _looked_for(name: str, stream: Stream, windows: list[Mark], profile: Profile) -> Cues:
    from emgdetect.pipeline import detect_stream

    events = [event for event in detect_stream(stream, profile).events if event.kind != "artefact"]
    delays = []
    for window in windows:
        begun = [event.onset - window.onset for event in events if _overlap(event, window)]
        after = [delay for delay in begun if delay >= -BEFORE_S]
        delays.append(min(after or begun, default=None))
    outside = sum(not any(_overlap(event, window) for window in windows) for event in events)
    longest = max((event.duration for event in events), default=0.0)
    return Cues(name, tuple(delays), outside, longest, stream.n_samples / stream.info.sampling_rate / 60)


def _overlap(event: Event, window: Mark) -> bool:
    return event.onset < window.onset + window.duration and event.onset + event.duration > window.onset


def listed(profile: Profile, shared: Path, names: Iterable[str] = OTHERS) -> Iterator[Listed]:
    """List what is found in the recordings without marks, channel by channel."""
    from emgdetect import detect
    from emgdetect.errors import EmgError

    for name in names:
        path = shared / name
        if not path.exists():
            continue
        try:
            found = detect(path, profile)
        except EmgError as error:
            yield Listed(name, "", 0.0, {}, {}, str(error))
            continue
        minutes = found.n_samples / found.info.sampling_rate / 60
        for channel in found.info.ch_names:
            here = [event for event in found.events if event.channel == channel]
            kinds = Counter(str(event.kind) for event in here if event.kind != "artefact")
            causes = Counter(event.flags[0] for event in here if event.kind == "artefact" and event.flags)
            yield Listed(name, channel, minutes, dict(kinds), dict(causes))

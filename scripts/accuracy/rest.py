"""``scripts/bench.py rest``: false alarms where nothing happens, for every profile and sensitivity."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, get_args

from accuracy.gallery.causes import Named, why_false
from accuracy.ours_run import PROFILES
from accuracy.pool import processes
from accuracy.real_run import CONNECTED
from accuracy.run import SHARED, WORKERS
from emgdetect.config import Sensitivity, load_profile
from emgdetect.types import VALID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from emgdetect.recording import Stream
    from emgdetect.types import Event, Update

HOUR = 3600.0
SEED = 2900
"""No tuning and no other table uses it."""
CHUNK = 120_000
SENSITIVITIES: tuple[Sensitivity, ...] = get_args(Sensitivity)
SETTINGS: tuple[tuple[str, Sensitivity], ...] = tuple((p, s) for p in PROFILES for s in SENSITIVITIES)
"""Every profile at every sensitivity."""


@dataclass(frozen=True, slots=True)
class Source:
    """A simulated recording without events (``scenario``), or a real one (``path``)."""

    name: str
    scenario: str = ""
    hours: float = 0.0
    path: Path | None = None
    channels: tuple[str, ...] | None = None


@dataclass(slots=True)
class Alarms:
    """What one setting reported where nothing happens.

    ``hours`` are those of the recording times its channels, ``watched`` the valid ones among them.
    ``kinds`` and ``causes`` count false alarms, ``settling`` those of the first seconds, ``kept`` the
    artefacts, which are no alarms.
    """

    profile: str
    sensitivity: str
    hours: float
    watched: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    settling: int = 0

    @property
    def count(self) -> int:
        """False alarms."""
        return self.kinds.total()

    def add(self, event: Event, cause: str) -> None:
        """Count an event."""
        if event.kind == "artefact":
            self.kept[event.flags[0] if event.flags else "unknown"] += 1
            return
        self.kinds[event.kind] += 1
        self.causes[cause] += 1
        self.settling += "settling" in event.flags


def simulated_sources(share: float) -> tuple[Source, ...]:
    """Return a day of every artefact, a night of tonic activity and eight hours of noise, or a share."""
    return (
        Source("every artefact", "noise-artefacts", 24.0 * share),
        Source("tonic activity", "tonic-rest", 8.0 * share),
        Source("noise alone", "rest", 8.0 * share),
    )


def real_sources(shared: Path = SHARED) -> tuple[Source, ...]:
    """Return the recordings at rest of the shared folder, as far as they are there."""
    legs = sorted((shared / "ganglion_myoware").glob("*REST.txt"))
    arm = shared / "myo_armband" / "21547-1" / "0.txt"
    found = [
        Source(f"Ganglion {path.stem.split('-')[-1][:3]} at rest", path=path, channels=CONNECTED)
        for path in legs
    ]
    if arm.exists():
        found.append(Source("armband 21547-1 at rest", path=arm))
    return tuple(found)


def measure(sources: Iterable[Source], workers: int = WORKERS) -> dict[Source, list[Alarms]]:
    """Search every source with every setting, in so many processes."""
    results: dict[Source, list[Alarms]] = {}
    parts = [SETTINGS[worker::workers] for worker in range(workers)]
    with processes(workers) as pool:
        for source in sources:
            begin = time.monotonic()
            found = [one for part in pool.map(search, [source] * workers, parts) for one in part]
            found.sort(key=lambda one: SETTINGS.index((one.profile, one.sensitivity)))
            results[source] = found
            print(f"{source.name}: {time.monotonic() - begin:.0f} s", flush=True)
    return results


def search(source: Source, settings: Sequence[tuple[str, Sensitivity]]) -> list[Alarms]:
    """Feed one source to several pipelines at once, chunk by chunk: nothing but a chunk is in memory."""
    from emgdetect.pipeline import Pipeline

    stream, explain = opened(source)
    info = stream.info
    hours = stream.n_samples / info.sampling_rate / HOUR * len(info.channels)
    lanes = [
        (Pipeline(info, load_profile(profile).at(sensitivity)), Alarms(profile, sensitivity, hours))
        for profile, sensitivity in settings
    ]
    for piece in stream.pieces(CHUNK):
        for pipeline, alarms in lanes:
            _note(pipeline.push(piece), alarms, explain)
    for pipeline, alarms in lanes:
        _note(pipeline.finish(), alarms, explain)
    return [alarms for _, alarms in lanes]


def opened(source: Source) -> tuple[Stream, Callable[[Event], str]]:
    """Open a source; the function tells of a false alarm what lies under it."""
    if source.path is None:
        from emgdetect.sources.simulate import simulate

        simulation = simulate(source.scenario, seed=SEED, duration=source.hours * HOUR)
        places = [Named(a.trial_type, (a.onset, a.onset + a.duration)) for a in simulation.artefacts]
        return simulation.stream(), lambda event: why_false(event, (), places)
    from emgdetect import read

    return narrowed(read(source.path).streams[0], source.channels), lambda _: "not known"


def narrowed(stream: Stream, names: tuple[str, ...] | None) -> Stream:
    """Return a stream of the named channels alone (``None``: of all)."""
    if names is None:
        return stream
    rows = [row for row, channel in enumerate(stream.info.channels) if channel.name in names]
    info = replace(stream.info, channels=tuple(stream.info.channels[row] for row in rows))
    return replace(stream, info=info, fetch=lambda start, stop: stream.fetch(start, stop)[rows])


def _note(update: Update, alarms: Alarms, explain: Callable[[Event], str]) -> None:
    for event in update.events:
        alarms.add(event, "" if event.kind == "artefact" else explain(event))
    alarms.watched += sum(int((part.reason == VALID).sum()) for part in update.quality) / HOUR

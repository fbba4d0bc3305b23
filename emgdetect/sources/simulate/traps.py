"""Which artefacts and gaps happen when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.sources.simulate.seeds import Part, generator, log_uniform

if TYPE_CHECKING:
    import numpy as np

    from emgdetect.sources.simulate.plan import Planned
    from emgdetect.sources.simulate.scenario import Scenario

SPANS: dict[str, tuple[float, float]] = {
    "disconnect": (0.5, 40.0),
    "lead_off": (2.0, 60.0),
    "saturation": (0.2, 4.0),
    "lost_packets": (0.02, 0.3),
    "motion": (0.3, 6.2),
    "pop": (0.12, 1.4),
    "glitch": (0.03, 0.03),
    "noise_step": (0.05, 2.0),
}
"""Lengths in seconds; those that hide the muscle first, for they must not cover an event."""

HIDING = ("disconnect", "lead_off", "saturation", "lost_packets")
GAPS = {"disconnect": "disconnect", "lost_packets": "lost packets"}
SMEARED = ("motion", "pop")
"""These hide an event too where only an envelope is put out."""
HIDING_SHARE = 0.1
"""Longest part of a recording that one hiding artefact may take."""
ALL_CHANNELS = -1
MARGIN_S = 0.5
TRIES = 40
SHAKEN_SHARE = 0.7
"""Share of ordinary movements that shake the cable."""


@dataclass(frozen=True, slots=True)
class Trap:
    """An artefact to come, in one channel or (-1) in all."""

    kind: str
    channel: int
    start: float
    duration: float
    key: int

    @property
    def stop(self) -> float:
        """Seconds after which nothing of it is left to see."""
        return self.start + self.duration


class _Taken:
    """Times that hiding artefacts must keep clear of, per channel."""

    def __init__(self, events: list[list[Planned]]) -> None:
        self._spans = [[(event.start, event.stop) for event in channel] for channel in events]

    def free(self, trap: Trap) -> bool:
        """Say whether nothing lies within half a second of ``trap``."""
        low, high = trap.start - MARGIN_S, trap.stop + MARGIN_S
        return all(stop < low or start > high for spans in self._of(trap) for start, stop in spans)

    def add(self, trap: Trap) -> None:
        """Keep others clear of ``trap``."""
        for spans in self._of(trap):
            spans.append((trap.start, trap.stop))

    def _of(self, trap: Trap) -> list[list[tuple[float, float]]]:
        return self._spans if trap.channel == ALL_CHANNELS else [self._spans[trap.channel]]


def plan_traps(scenario: Scenario, events: list[list[Planned]]) -> list[Trap]:
    """Draw all artefacts, sorted by start; one that would hide an event finds another time or is left out."""
    rng = generator(scenario.seed, Part.TRAPS)
    taken = _Taken(events)
    traps: list[Trap] = []
    for kind in SPANS:
        expected = getattr(scenario.traps, kind) * scenario.duration / 3600
        for channel in [ALL_CHANNELS] if kind in GAPS else range(len(scenario.channels)):
            for _ in range(int(expected + rng.uniform())):
                traps += _place(scenario, kind, channel, rng, taken)
    for channel_events in events:
        traps += _shaken(channel_events, rng)
    traps += [_back_on(trap, rng) for trap in traps if trap.kind == "lead_off"]
    traps.sort(key=lambda trap: trap.start)
    return [Trap(t.kind, t.channel, t.start, t.duration, key) for key, t in enumerate(traps)]


def _place(
    scenario: Scenario, kind: str, channel: int, rng: np.random.Generator, taken: _Taken
) -> list[Trap]:
    duration = log_uniform(rng, *SPANS[kind])
    hides = kind in HIDING or (kind in SMEARED and scenario.sensor.envelope_hz is not None)
    if hides:
        duration = min(duration, HIDING_SHARE * scenario.duration)
    last = scenario.duration - duration - MARGIN_S
    for _ in range(TRIES):
        if last <= MARGIN_S:
            break
        trap = Trap(kind, channel, float(rng.uniform(MARGIN_S, last)), duration, 0)
        if not hides:
            return [trap]
        if taken.free(trap):
            taken.add(trap)
            return [trap]
    return []


def _shaken(events: list[Planned], rng: np.random.Generator) -> list[Trap]:
    """Cable motion that comes with ordinary movement, beginning a little before the muscle."""
    traps = []
    for event in events:
        if event.style == "lobes" and rng.uniform() < SHAKEN_SHARE:
            start = max(0.0, event.start - float(rng.uniform(0.05, 0.3)))
            duration = min(SPANS["motion"][1], event.duration + 0.3)
            traps.append(Trap("motion", event.channel, start, duration, 0))
    return traps


def _back_on(trap: Trap, rng: np.random.Generator) -> Trap:
    """Settling of an electrode that is put back on."""
    return Trap("pop", trap.channel, trap.stop, float(rng.uniform(*SPANS["pop"])), 0)

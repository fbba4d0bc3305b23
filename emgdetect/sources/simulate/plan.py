"""Which events happen when: drawn once, before the first sample."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sources.simulate.muscle import TAIL_S
from emgdetect.sources.simulate.seeds import Part, generator, log_uniform

if TYPE_CHECKING:
    from emgdetect.sources.simulate.scenario import Dense, Kind, Scenario, Series

STYLES: dict[Kind, str] = {
    "twitch": "discharge",
    "jerk": "volley",
    "leg_movement": "burst",
    "spasm": "ramped",
    "clonus": "beats",
    "cramp": "cramp",
    "movement": "lobes",
}

SPANS: dict[Kind, tuple[float, float]] = {
    "cramp": (60.0, 420.0),
    "spasm": (2.6, 110.0),
    "movement": (2.0, 20.0),
    "clonus": (1.6, 14.0),
    "leg_movement": (0.65, 7.0),
    "jerk": (0.012, 0.1),
    "twitch": (0.006, 0.02),
}
"""Seconds during which units may fire, the longest kinds first: they are the hardest to find room for."""

PAUSE_S = 0.6
TRIES = 60
SERIES_S = (10.0, 90.0)


@dataclass(frozen=True, slots=True)
class Planned:
    """An event to come: its own activity lies within ``start`` and ``stop`` seconds."""

    kind: Kind
    style: str
    channel: int
    start: float
    duration: float
    snr_db: float
    key: int

    @property
    def stop(self) -> float:
        """Seconds after which the muscle is silent again."""
        return self.start + self.duration + TAIL_S


class Calendar:
    """The events of one channel, in order and apart from each other."""

    def __init__(self, scenario: Scenario, channel: int) -> None:
        self.channel = channel
        self.first = scenario.quiet_start
        self.last = scenario.duration - 0.3
        self.events: list[Planned] = []
        self._starts: list[float] = []

    def add(self, kind: Kind, style: str, start: float, duration: float, snr_db: float) -> bool:
        """Enter an event if its time is free, and say whether it was."""
        event = Planned(kind, style, self.channel, start, duration, snr_db, len(self.events))
        at = bisect_left(self._starts, start)
        before, after = self.events[at - 1 : at], self.events[at : at + 1]
        fits = start >= self.first and event.stop <= self.last
        if any(e.stop + PAUSE_S > start for e in before) or any(
            event.stop + PAUSE_S > e.start for e in after
        ):
            fits = False
        if fits:
            self.events.insert(at, event)
            self._starts.insert(at, start)
        return fits


def plan_events(scenario: Scenario) -> list[list[Planned]]:
    """Draw the events of every channel, sorted by start; as many of the promised number as find room."""
    calendars = [Calendar(scenario, c) for c in range(len(scenario.channels))]
    for calendar in calendars:
        rng = generator(scenario.seed, Part.EVENTS, calendar.channel)
        if scenario.dense is not None:
            _fill_dense(calendar, scenario, scenario.dense, rng)
            continue
        if calendar.channel == 1 and scenario.bilateral > 0:
            _mirror(calendar, calendars[0], scenario, rng)
        if scenario.series is not None:
            _fill_series(calendar, scenario, scenario.series, rng)
        for kind, span in SPANS.items():
            _scatter(calendar, scenario, kind, span, rng)
    return [calendar.events for calendar in calendars]


def _scatter(
    calendar: Calendar, scenario: Scenario, kind: Kind, span: tuple[float, float], rng: np.random.Generator
) -> None:
    expected = getattr(scenario.rates, kind) * scenario.duration / 3600
    for _ in range(int(expected + rng.uniform())):
        duration = _spasm_length(rng) if kind == "spasm" else log_uniform(rng, *span)
        snr = float(rng.uniform(*scenario.snr_db))
        for _ in range(TRIES):
            start = float(rng.uniform(calendar.first, max(calendar.first, calendar.last - duration)))
            if calendar.add(kind, STYLES[kind], start, duration, snr):
                break


def _spasm_length(rng: np.random.Generator) -> float:
    """Most spasms last some seconds, a few a minute or two."""
    return float(np.clip(9.0 * np.exp(rng.normal(0, 1.0)), *SPANS["spasm"]))


def _fill_series(calendar: Calendar, scenario: Scenario, series: Series, rng: np.random.Generator) -> None:
    low, high = scenario.snr_db
    for _ in range(int(series.per_hour * scenario.duration / 3600 + rng.uniform())):
        start = float(rng.uniform(calendar.first, calendar.last))
        # Movements of one series resemble each other in strength and length.
        snr, length = float(rng.uniform(low, high)), log_uniform(rng, 1.0, 3.5)
        for _ in range(int(rng.integers(series.movements[0], series.movements[1] + 1))):
            duration = float(np.clip(length * np.exp(rng.normal(0, 0.35)), *SPANS["leg_movement"]))
            own = float(np.clip(snr + rng.normal(0, 2.5), low, high))
            calendar.add("leg_movement", "burst", start, duration, own)
            step = series.interval * float(np.exp(rng.normal(0, series.spread)))
            start += max(float(np.clip(step, *SERIES_S)), duration + PAUSE_S + TAIL_S)


def _mirror(calendar: Calendar, other: Calendar, scenario: Scenario, rng: np.random.Generator) -> None:
    for event in other.events:
        if event.kind in ("leg_movement", "movement", "spasm") and rng.uniform() < scenario.bilateral:
            start = event.start + float(rng.normal(0, 0.1))
            duration = event.duration * float(rng.uniform(0.85, 1.0))
            snr = float(np.clip(event.snr_db + rng.normal(0, 3), *scenario.snr_db))
            calendar.add(event.kind, event.style, start, duration, snr)


def _fill_dense(calendar: Calendar, scenario: Scenario, dense: Dense, rng: np.random.Generator) -> None:
    """Alternate activity and pauses; strides, fingers or cued squeezes by chance."""
    typical = float(rng.choice([0.28, 0.5, 1.0, 4.6]))
    typical = min(typical, scenario.duration / 4)
    active = float(rng.uniform(*dense.active))
    start = float(rng.uniform(0.05, 0.6))
    while start < calendar.last:
        duration = typical * float(np.exp(rng.normal(0, 0.25)))
        snr = float(rng.uniform(*scenario.snr_db))
        pause = duration * (1 - active) / active * float(np.exp(rng.normal(0, 0.25)))
        event = Planned("movement", "burst", calendar.channel, start, duration, snr, len(calendar.events))
        if event.stop <= calendar.last:
            calendar.events.append(event)
        start += duration + TAIL_S + max(dense.pause, pause - TAIL_S)

"""What a rule gets to see: events in order, the time they were watched in, and what parts a run of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import reduce
from math import isnan, log10
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.sequences.context import NREM, SLEEP
from emgdetect.sequences.limits import TICK, at_least
from emgdetect.sequences.results import Movement
from emgdetect.sequences.spans import holds, outside, seconds, union, within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.context import Context
    from emgdetect.sequences.results import Side
    from emgdetect.sequences.sites import Site
    from emgdetect.types import Event, FloatArray

LOST_S = 10.0
"""Time that is not valid ends a run of events from this length on; a gap does whatever its length."""

TRUNCATED = "truncated"
"""The flag of an event that a gap or an end of the recording cut."""


@dataclass(frozen=True, slots=True)
class Time:
    """What an index divides by: ``per`` are its words, ``spans`` the stretches, shape ``(n, 2)`` in s."""

    per: str
    spans: FloatArray

    @property
    def hours(self) -> float:
        """How long it is in all."""
        return seconds(self.spans) / 3600


@dataclass(frozen=True, slots=True)
class Material:
    """Events of the channels a rule looks at, artefacts left out, all with their onset in valid time.

    Attributes
    ----------
    rule : str
        Name of the rule set.
    sites : tuple of Site
        The channels.
    events : tuple of Event
        In order of onset, then channel.
    places : tuple of int
        Where each of them stands in the list that was handed in.
    context : Context
        As handed in.
    valid : ndarray
        Time that is valid in every channel, shape ``(n, 2)``.
    lost : tuple of tuple of float
        Starts, and stops, of time that ends a run: gaps, and what is not valid for ten seconds and more.
    missed : tuple of float
        Onsets of movements in time that is not valid: nobody knows what they were, so they end runs too.
    notices : tuple of str
        What was left out on the way.
    """

    rule: str
    sites: tuple[Site, ...]
    events: tuple[Event, ...]
    places: tuple[int, ...]
    context: Context
    valid: FloatArray
    lost: tuple[tuple[float, ...], tuple[float, ...]]
    missed: tuple[float, ...]
    notices: tuple[str, ...] = ()

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of the channels."""
        return tuple(site.channel for site in self.sites)

    def parted(self, start: float, stop: float) -> bool:
        """Tell whether lost time, or a movement nobody could judge, lies between two onsets."""
        starts, stops = self.lost
        if bisect_left(starts, stop - TICK) > bisect_right(stops, start + TICK):
            return True
        return bisect_left(self.missed, stop) > bisect_left(self.missed, start)

    def strong(self, event: Event, ratio: float) -> bool:
        """Tell whether an event's RMS is at least ``ratio`` times the background's.

        A scorer's mark has no amplitude, but was not made without one: it passes.
        """
        if isnan(event.snr_db):
            return self.marks
        return at_least(event.snr_db, 20 * log10(ratio))

    @property
    def marks(self) -> bool:
        """Whether these are marks without a signal behind them."""
        return all(site.unit is None for site in self.sites)

    def time(self, which: str) -> Time:
        """Return valid time to divide by: "recording", "sleep", "wake", "NREM", "REM" or "in bed"."""
        context = self.context
        if which == "recording":
            return Time("per hour of valid recording", self.valid)
        if which == "in bed":
            whole = union([context.in_bed or (0.0, context.length)])
            return Time("per hour of valid time in bed", within(self.valid, whole))
        stages = {"sleep": SLEEP, "wake": ("W",), "NREM": NREM, "REM": ("R",)}[which]
        words = {"sleep": "sleep", "wake": "wake", "NREM": "NREM sleep", "REM": "REM sleep"}[which]
        spans = within(self.valid, context.staged(*stages))
        return Time(f"per hour of valid {words}", spans)

    def movements(self, *, channel: str | None = None) -> tuple[Movement, ...]:
        """Return each event as a movement of its own, those of one channel or of all."""
        sides: dict[str, Side] = {site.channel: site.side for site in self.sites}
        return tuple(
            Movement(event.onset, event.duration, (event.channel,), (place,), sides[event.channel])
            for event, place in zip(self.events, self.places, strict=True)
            if channel is None or event.channel == channel
        )


def combined(rule: str, sites: tuple[Site, ...], events: Listed[Event], context: Context) -> Material:
    """Put together what a rule sees of the chosen channels.

    A channel that was never valid says nothing about the others' time, so it is left out unless all are so.
    """
    by_channel = {site.channel: context.valid(site.channel) for site in sites}
    watched = tuple(site for site in sites if seconds(by_channel[site.channel]) > 0) or sites
    left_out = tuple(f"{site.channel}: no valid time, left out" for site in sites if site not in watched)
    valid = reduce(within, (by_channel[site.channel] for site in watched))
    numbered = _in_order(events, {site.channel for site in watched})
    onsets = np.array([event.onset for _, event in numbered], dtype=np.float64)
    seen = holds(valid, onsets)
    kept = [pair for pair, inside in zip(numbered, seen.tolist(), strict=True) if inside]
    return Material(
        rule=rule,
        sites=watched,
        events=tuple(event for _, event in kept),
        places=tuple(place for place, _ in kept),
        context=context,
        valid=valid,
        lost=_lost(valid, context),
        missed=tuple(onsets[~seen].tolist()),
        notices=_of_marks(watched) + left_out + _said_of(len(numbered) - len(kept), sites),
    )


def _of_marks(sites: tuple[Site, ...]) -> tuple[str, ...]:
    if any(site.unit is not None for site in sites):
        return ()
    return ("marks without a signal: limits of amplitude are taken to be the scorer's",)


def _said_of(missed: int, sites: tuple[Site, ...]) -> tuple[str, ...]:
    if not missed:
        return ()
    noun = "event begins" if missed == 1 else "events begin"
    where = sites[0].channel if len(sites) == 1 else "at least one of its channels"
    return (f"{missed} {noun} in time that is not valid in {where}: not counted",)


def _in_order(events: Iterable[Event], channels: set[str]) -> list[tuple[int, Event]]:
    chosen = (
        (place, event)
        for place, event in enumerate(events)
        if event.channel in channels and event.kind != "artefact" and event.status != "withdrawn"
    )
    return sorted(chosen, key=lambda pair: (pair[1].onset, pair[1].channel, pair[1].duration))


def _lost(valid: FloatArray, context: Context) -> tuple[tuple[float, ...], tuple[float, ...]]:
    rest = outside(valid, context.length)
    long = rest[rest[:, 1] - rest[:, 0] >= LOST_S - TICK]
    lost = union(np.concatenate((long, union(context.gaps))))
    return tuple(lost[:, 0].tolist()), tuple(lost[:, 1].tolist())

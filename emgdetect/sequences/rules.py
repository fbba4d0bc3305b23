"""What a rule set is, and what it gets to see.

A rule module holds one ``RULE``: a :class:`RuleSet` with a name, a source, what it needs, its numbers as a
frozen record, and a pure function from :class:`Material` to findings. :func:`judge` does what is the same
for all: it chooses channels, refuses by name what a rule cannot judge, leaves out artefacts and what begins
in time that is not valid, and labels the answer.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.errors import UsageError
from emgdetect.sequences.material import combined
from emgdetect.sequences.results import Findings, Refused, Score

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Listed

    from emgdetect.sequences.context import Context
    from emgdetect.sequences.material import Material
    from emgdetect.sequences.results import Index, Movement, Sequence
    from emgdetect.sequences.sites import Region, Site
    from emgdetect.types import Event

UNIT_WORDS = {"adc": "counts of unknown gain", "envelope": "an envelope", None: "marks without amplitudes"}


@dataclass(frozen=True, slots=True)
class Needs:
    """What a rule cannot do without.

    Attributes
    ----------
    regions : tuple of str
        Parts of the body it is for; empty for any muscle.
    microvolts : bool
        Its definition is in µV: counts and envelopes are refused. Marks of a scorer pass, the scorer saw µV.
    amplitudes : bool
        It compares µV of events itself, so marks without amplitudes are refused as well.
    hypnogram : bool
        It is about a stage of sleep.
    n_channels : int
        Least number of channels.
    alone : bool
        Each channel is judged on its own, in its own valid time; else all together, in the time that is
        valid in every one.
    """

    regions: tuple[Region, ...] = ()
    microvolts: bool = False
    amplitudes: bool = False
    hypnogram: bool = False
    n_channels: int = 1
    alone: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A named rule set.

    Attributes
    ----------
    name : str
        What it is asked for by; lower case with hyphens.
    title : str
        What it looks for, for people.
    source : str
        Where its numbers come from; says which are ours.
    needs : Needs
        When it applies.
    settings : object
        Its numbers: a frozen dataclass, times in s, rates in Hz.
    find : callable
        ``find(material, settings) -> Findings``, a pure function.
    """

    name: str
    title: str
    source: str
    needs: Needs
    settings: Any
    find: Callable[[Material, Any], Findings]


def judge(rule: RuleSet, events: Listed[Event], context: Context, settings: object | None = None) -> Score:
    """Apply one rule set to events.

    Raises
    ------
    UsageError
        If ``settings`` are those of another rule set, or an event's times are not numbers.
    """
    chosen: Any = rule.settings if settings is None else settings
    if type(chosen) is not type(rule.settings):
        wanted = type(rule.settings).__name__
        raise UsageError(
            f"settings of {type(chosen).__name__} do not fit", where=rule.name, hint=f"use {wanted}"
        )
    _check(events)
    sites, refused = _sites(rule.needs, events, context)
    reason = _reason(rule.needs, sites, refused, context)
    if reason:
        whole = (Refused(rule.name, reason), *refused)
        empty = tuple(() for _ in events)
        return Score(
            rule.name, rule.title, rule.source, asdict(chosen), applies=False, classes=empty, refused=whole
        )
    groups = [(site,) for site in sites] if rule.needs.alone else [sites]
    materials = [combined(rule.name, group, events, context) for group in groups]
    found = [rule.find(material, chosen) for material in materials]
    merged = _staged(_merged(materials, found, alone=rule.needs.alone), context)
    channels = tuple(name for material in materials for name in material.channels)
    return _labelled(rule, chosen, merged, (channels, refused, len(events)))


def _check(events: Listed[Event]) -> None:
    for place, event in enumerate(events):
        if not (np.isfinite(event.onset) and np.isfinite(event.duration) and event.duration >= 0):
            raise UsageError(
                f"onset {event.onset} s and duration {event.duration} s are no time", where=f"event {place}"
            )


def _sites(
    needs: Needs, events: Listed[Event], context: Context
) -> tuple[tuple[Site, ...], tuple[Refused, ...]]:
    """Choose the channels a rule looks at; say by name which it cannot judge, and why."""
    known = {site.channel: site for site in context.sites}
    for event in events:
        if event.channel not in known:
            known[event.channel] = context.site(event.channel)
    fitting = [site for site in known.values() if not needs.regions or site.region in needs.regions]
    refused = tuple(
        Refused(site.channel or "events without a channel", reason)
        for site in fitting
        if (reason := _unfit(needs, site))
    )
    return tuple(site for site in fitting if not _unfit(needs, site)), refused


def _unfit(needs: Needs, site: Site) -> str:
    if needs.microvolts and site.unit in {"adc", "envelope"}:
        return f"the rule is in µV, and the channel holds {UNIT_WORDS[site.unit]}"
    if needs.amplitudes and site.unit is None:
        return f"the rule compares amplitudes, and these are {UNIT_WORDS[None]}"
    return ""


def _reason(needs: Needs, sites: tuple[Site, ...], refused: tuple[Refused, ...], context: Context) -> str:
    """Say why a rule does not apply as a whole; empty when it does."""
    if not sites and refused:
        names = ", ".join(one.what for one in refused)
        return f"{names}: {refused[0].reason}"
    if not sites:
        where = " or ".join(needs.regions)
        return f"no channel is known to be on a {where}" if where else "there is no channel"
    if len(sites) < needs.n_channels:
        return f"needs {needs.n_channels} channels, and has {len(sites)}"
    if needs.hypnogram and context.stages is None:
        return "needs a hypnogram"
    return ""


def _merged(materials: Listed[Material], found: Listed[Findings], *, alone: bool) -> Findings:
    """Put the answers for single channels behind each other; there is but one where they go together."""
    movements: list[Movement] = []
    sequences: list[Sequence] = []
    indices: list[Index] = []
    counts: Counter[str] = Counter()
    for material, one in zip(materials, found, strict=True):
        moved = len(movements)
        movements.extend(one.movements)
        sequences.extend(
            replace(run, movements=tuple(place + moved for place in run.movements)) for run in one.sequences
        )
        label = material.channels[0] if alone else ""
        indices.extend(replace(index, channel=label) for index in one.indices)
        counts.update(one.counts)
    return Findings(
        movements=tuple(movements),
        sequences=tuple(sequences),
        indices=tuple(indices),
        counts=dict(counts),
        intervals=tuple(value for one in found for value in one.intervals),
        histograms=tuple(histogram for one in found for histogram in one.histograms),
        refused=tuple(dict.fromkeys(refused for one in found for refused in one.refused)),
        notices=tuple(
            dict.fromkeys(
                notice
                for material, one in zip(materials, found, strict=True)
                for notice in (*material.notices, *one.notices)
            )
        ),
    )


def _staged(found: Findings, context: Context) -> Findings:
    """Add to each sequence the sleep stage at its onset."""
    stages = context.stages_at(sequence.onset for sequence in found.sequences)
    return replace(
        found,
        sequences=tuple(
            replace(sequence, stage=stage) for sequence, stage in zip(found.sequences, stages, strict=True)
        ),
    )


def _labelled(
    rule: RuleSet,
    settings: Any,  # noqa: ANN401 - each rule has its own record
    found: Findings,
    given: tuple[tuple[str, ...], tuple[Refused, ...], int],
) -> Score:
    channels, refused, n_events = given
    classes: list[tuple[str, ...]] = [() for _ in range(n_events)]
    for movement in found.movements:
        for place in movement.events:
            classes[place] = movement.classes
    return Score(
        rule=rule.name,
        title=rule.title,
        source=rule.source,
        settings=asdict(settings),
        applies=bool(found.indices),
        channels=channels,
        movements=found.movements,
        sequences=found.sequences,
        classes=tuple(classes),
        indices=found.indices,
        counts=found.counts,
        intervals=found.intervals,
        histograms=found.histograms,
        refused=(*refused, *found.refused),
        notices=found.notices,
    )

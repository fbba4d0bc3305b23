"""What each rule set says of a recording: its named indices, what was refused, what to know beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.report import distributions, references, words
from emgdetect.report.document import Cell, Figure, Group, Line, Panels, Section, Table, Text
from emgdetect.report.leading import LEG_RULES, leg_score
from emgdetect.scoring import rules_context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emgdetect.report.document import Block
    from emgdetect.report.material import Material
    from emgdetect.sequences import Index, Score

LIMITS = ("shortest_interval", "longest_interval")
"""Names of the settings that say which intervals are periodic."""

ABREAST = 4
"""Channels whose values stand beside each other; more stand below each other."""


def section(material: Material) -> Section:
    """Return the section on sequences: every rule set, or why it does not apply."""
    found = [score for score in material.scores.values() if score.applies and _something(score)]
    silent = [score for score in material.scores.values() if score.applies and not _something(score)]
    refused = [score for score in material.scores.values() if not score.applies]
    time = (
        "it says what it was divided by: valid sleep, wake, or recording"
        if material.known.staged
        else "without a hypnogram nothing is called sleep: rates are per hour of valid recording"
    )
    blocks: list[Block] = [
        Text(
            "Each rule set joins events to what it counts, by its own numbers. Numbers of two rule sets "
            f"are never added up or averaged. As to time, {time}."
        )
    ]
    for score in found:
        blocks += _rule(material, score)
    if silent:
        names = [f"{score.title} ({score.rule})" for score in silent]
        blocks.append(Text(f"{'; '.join(names)}.", small=True, title="Looked for, and nothing found"))
    if refused:
        lines = tuple(Line(score.title, (Cell(score.rule), Cell(_why(score)))) for score in refused)
        heads = ("Rule set", "Name", "Why")
        blocks.append(Table(heads, (Group("", "", lines),), (0, 1), title="Not judged, and why"))
    return Section("Sequences and patterns, by rule set", tuple(blocks))


def band(material: Material) -> tuple[float, float, str] | None:
    """Return the intervals the leading rule for legs counts as periodic, and its name; ``None`` without."""
    score = leg_score(material)
    if score is None:
        return None
    low, high = LIMITS
    return float(score.settings[low]), float(score.settings[high]), score.rule


def _something(score: Score) -> bool:
    return bool(score.sequences) or any(index.value and index.count != 0 for index in score.indices)


def _why(score: Score) -> str:
    whole = next((one.reason for one in score.refused if one.what == score.rule), "")
    return whole or "; ".join(f"{one.what}: {one.reason}" for one in score.refused)


def _rule(material: Material, score: Score) -> Iterator[Block]:
    title = f"{score.title} (rule set {score.rule})"
    channels = tuple(dict.fromkeys(index.channel for index in score.indices))
    if channels == ("",):
        yield _together(score, title)
    elif len(channels) <= ABREAST:
        yield _abreast(score, title, channels)
    else:
        yield _below(score, title, channels)
    figures = _figures(score)
    if figures:
        yield Panels(figures)
    sites = {site.channel: site for site in rules_context(material.detection, material.known).sites}
    for sentence in references.compared(score, sites):
        yield Text(sentence)
    remarks = [f"Source: {score.source}", *dict.fromkeys(index.note for index in score.indices if index.note)]
    remarks += [f"Not judged: {one.what} ({one.reason})" for one in score.refused]
    remarks += score.notices
    yield Text(" ".join(words.sentence(one) for one in remarks), small=True)


def _together(score: Score, title: str) -> Table:
    lines = tuple(
        Line(index.name, (Cell(words.index_value(index)), Cell(_count(index)), Cell(index.per)))
        for index in score.indices
    )
    return Table(("Index", "Value", "Count", "Divided by"), (Group("", "", lines),), (2,), title=title)


def _abreast(score: Score, title: str, channels: tuple[str, ...]) -> Table:
    lines = []
    for name, per in dict.fromkeys((index.name, index.per) for index in score.indices):
        own = {index.channel: index for index in score.indices if (index.name, index.per) == (name, per)}
        cells = tuple(_cell(own.get(channel)) for channel in channels)
        lines.append(Line(name, (*cells, Cell(per))))
    heads = ("Index", *channels, "Divided by")
    return Table(heads, (Group("", "", tuple(lines)),), (len(channels),), title=title)


def _below(score: Score, title: str, channels: tuple[str, ...]) -> Table:
    groups = tuple(
        Group(
            channel,
            "",
            tuple(
                Line(one.name, (Cell(words.index_value(one)), Cell(_count(one)), Cell(one.per)))
                for one in score.indices
                if one.channel == channel
            ),
        )
        for channel in channels
    )
    return Table(("Index", "Value", "Count", "Divided by"), groups, (2,), title=title)


def _cell(index: Index | None) -> Cell:
    return Cell(words.NOTHING) if index is None else Cell(words.index_value(index), _count(index))


def _count(index: Index) -> str:
    """Write what was counted, in how much."""
    if index.count is None:
        return ""
    if index.denominator is None:
        return f"{index.count:,}"
    if index.unit == "1/h":
        return f"{index.count:,} in {words.hours(index.denominator)}"
    if index.unit == "min":
        return f"of {words.number(index.denominator)}"
    if index.unit == "s" or index.denominator == index.count:
        return f"n = {index.count:,}"
    return f"{index.count:,} of {index.denominator:,.0f}"


def _figures(score: Score) -> tuple[Figure, ...]:
    if score.rule not in LEG_RULES or not any(sum(one.counts) for one in score.histograms):
        return ()
    low, high = (float(score.settings[name]) for name in LIMITS)
    figures = []
    for place, histogram in enumerate(score.histograms):
        drawing = distributions.of_rule(histogram, f"rule-{score.rule}-{place}", (low, high))
        caption = f"{histogram.name[:1].upper()}{histogram.name[1:]} between movements of this rule"
        shaded = f"; shaded: {low:g} to {high:g}{words.FIXED}s" if place == 0 else "; shaded: the same limits"
        outside = f". {histogram.outside:,} lie outside the axis" if histogram.outside else ""
        figures.append(Figure(drawing, f"{caption}{shaded}{outside}."))
    return tuple(figures)

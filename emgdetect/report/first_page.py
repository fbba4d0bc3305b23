"""Page one: title, the five answers, the numbers to be seen at once, and what limits them."""

from __future__ import annotations

from pathlib import PureWindowsPath
from typing import TYPE_CHECKING

from emgdetect.report import answers, leading, palette, words
from emgdetect.report.clock import zone
from emgdetect.report.document import Answers, Card, Cards, Headline, Remarks, Section, Text

if TYPE_CHECKING:
    from datetime import datetime

    from emgdetect.report.document import Block
    from emgdetect.report.material import Material

BRIEF_NOTICE = (
    "Automatic estimates for research and education, not a diagnosis. Limits and full notice at the end."
)

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def section(material: Material) -> Section:
    """Return page one: the answers to five questions, the numbers, and what limits them."""
    blocks: list[Block] = [Headline(answers.headline(material))]
    said = answers.answers(material)
    if said:
        blocks.append(Answers(tuple(said)))
    blocks.append(Cards(tuple(_cards(material))))
    limits = remarks(material)
    if limits:
        blocks.append(Remarks("Worth knowing", tuple(limits)))
    blocks.append(Text(BRIEF_NOTICE, small=True))
    return Section("", tuple(blocks))


def title(material: Material) -> str:
    """Return what stands at the top."""
    # Only the last part of the path: folders often carry a person's name.
    name = PureWindowsPath(material.summary.source).name
    return material.options.title or name or "EMG recording"


def facts(material: Material) -> tuple[str, ...]:
    """Return when, how long, with what: the line below the title."""
    summary = material.summary
    found = [_when(material), words.span(material.duration), words.several(len(material.channels), "channel")]
    found.append(f"{summary.sampling_rate:g}{words.FIXED}Hz")
    found.append("sensor not named" if summary.device in {"", "unknown"} else f"sensor {summary.device}")
    source = PureWindowsPath(summary.source).name
    if source and source != title(material):
        found.append(source)
    if material.known.sources:
        found.append(f"scored in {words.listed(material.known.sources)}")
    return tuple(found)


def _when(material: Material) -> str:
    start, stop = material.clock.at(0), material.clock.at(material.duration)
    if start is None or stop is None:
        return (
            "date and time of day not known"
            if not material.options.anonymise
            else "date and time of day not shown"
        )
    until = f"{stop:%H:%M}" if stop.date() == start.date() else f"{date(stop)}, {stop:%H:%M}"
    return f"{date(start)}, {start:%H:%M} to {until} ({zone(start)})"


def date(moment: datetime, *, minutes: bool = False) -> str:
    """Write a date in words, with the time of day if wanted."""
    clock = f", {moment:%H:%M}" if minutes else ""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}{clock}"


def short_date(moment: datetime) -> str:
    """Write day and month so that nobody takes one for the other: "3 Dec"."""
    return f"{moment.day}{words.FIXED}{MONTHS[moment.month - 1][:3]}"


def _cards(material: Material) -> list[Card]:
    only = material.channels[0] if len(material.channels) == 1 else None
    cards = [_kind_card(material, kind, only) for kind in palette.KINDS]
    fractions = [cover.valid_fraction for cover in material.summary.coverage]
    hours = [cover.valid_hours for cover in material.summary.coverage]
    if hours:
        value = words.hours(max(hours))
        spread = words.percent(min(fractions))
        note = (
            f"{spread} of the recording"
            if only
            else f"in the best channel; the worst has {spread} of the recording"
        )
        cards.append(Card("valid signal", value, note, "valid"))
    return [*cards, *_rule_cards(material)]


def _rule_cards(material: Material) -> list[Card]:
    """Return the leading index of the leading rule set, if it found anything."""
    score, index = leading.leading(material), leading.leading_index(material)
    if score is None or index is None:
        return []
    place = f"in {index.channel}, " if index.channel and len(material.channels) > 1 else ""
    note = f"{place}{index.per}, rule set {score.rule}"
    return [Card(index.name, words.index_value(index), note, "index")]


def _kind_card(material: Material, kind: str, only: str | None) -> Card:
    total = next(one for one in material.summary.totals if one.kind == kind)
    rows = [material.summary.row(channel, kind) for channel in material.channels]
    name = words.PLURALS.get(kind, f"{kind}s") if total.count != 1 else kind
    if rows and all(row.refused for row in rows):
        return Card(name, words.NOTHING, "not looked for", kind)
    if not any(row.valid_hours > 0 for row in rows):
        return Card(name, words.NOTHING, "no valid time to count in", kind)
    rate = rows[0].rate if only else None
    if rate is not None and rows[0].valid_hours < answers.SHORT_HOURS:
        note = f"in {words.hours(rows[0].valid_hours)}"
    elif rate is not None:
        note = f"{words.per_hour(rate.per_valid_hour)} per valid hour ({words.interval(rate)})"
    else:
        active = sum(row.count > 0 for row in rows)
        note = f"in {active} of {len(rows)} channels"
    return Card(name, f"{total.count:,}", note, kind)


def remarks(material: Material) -> list[str]:
    """Return what a reader has to know before believing the numbers."""
    scored = material.known.scored
    return [
        *_coverage_remarks(material),
        *_refusal_remarks(material),
        *_sides(material),
        *(() if scored is None else map(words.sentence, scored.notices)),
        *map(words.sentence, material.summary.notices),
        *map(words.sentence, material.options.oddities),
    ]


def _sides(material: Material) -> list[str]:
    """Say which legs are of unknown side where a rule for legs applies."""
    if leading.leg_score(material) is None:
        return []
    legs = [name for name, place in material.known.places.items() if place.region == "leg" and not place.side]
    if not legs:
        return []
    return [f"Left or right is not known of {words.listed(legs)}: each counts as a leg of its own."]


def _coverage_remarks(material: Material) -> list[str]:
    covers = material.summary.coverage
    longest = max((cover.valid_hours for cover in covers), default=0.0)
    if longest == 0:
        return []
    low = [cover.channel for cover in covers if cover.low]
    place = "" if len(low) == len(covers) else f" in {words.listed(low)}"
    remarks = [f"Less than 70 % of the time is valid{place}: take these numbers with care."] if low else []
    if longest < answers.SHORT_HOURS:
        remarks.append(
            f"{words.hours(longest)} of valid signal is too short for a rate per hour to mean much."
        )
    return remarks


def _refusal_remarks(material: Material) -> list[str]:
    by_reason: dict[tuple[str, str], list[str]] = {}
    for one in material.summary.refused:
        by_reason.setdefault((one.kind, one.reason), []).append(one.channel)
    return [
        f"Not looked for in {words.listed(channels)}: {words.PLURALS.get(kind, f'{kind}s')} ({reason})."
        for (kind, reason), channels in by_reason.items()
    ]

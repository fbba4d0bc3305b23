"""What a reader asks first, answered in plain words: how often, where, how long, when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report import diary, hourly, leading, words
from emgdetect.report.document import Answer
from emgdetect.report.palette import KINDS
from emgdetect.summary import ALL_KINDS
from emgdetect.summary.valid import valid_time

if TYPE_CHECKING:
    from emgdetect.report.material import Material
    from emgdetect.summary import Row

INTERVAL = f"95{words.FIXED}%{words.FIXED}interval"

SHORT_HOURS = 1 / 6
"""With less valid time a rate per hour means little."""

LONGEST_NAME = 60
"""Letters of a channel's name in a sentence; the tables have it whole."""

SINCE = "What was before this recording is not known here."

LISTED = 4
"""Channels named in a sentence; the table has all."""


def headline(material: Material) -> str:
    """Say the most important in one or two sentences."""
    looked_at = [row for row in _all_rows(material) if not row.refused]
    if not material.channels:
        return "This recording holds no channel, so there is nothing to count."
    if not looked_at:
        return "Nothing could be looked for in this recording; the reasons are given below."
    if not any(row.valid_hours > 0 for row in looked_at):
        length = words.span(material.duration)
        nothing = f"Nothing can be counted: the recording of {length} holds no valid signal."
        return f"{nothing} {_outside(looked_at)}".strip()
    top = busiest(material)
    time = f"{words.hours(top.valid_hours)} of valid signal"
    if top.count == 0:
        return _nothing_found(looked_at)
    if len(looked_at) == 1:
        return f"{_count(top.count)} in {time}{_rate(top, ': ')}."
    total = sum(row.count for row in looked_at)
    most = f"{top.count:,} in {time}{_rate(top, ', ')}"
    return f"{_count(total)} in {_channels_with(looked_at)}. Most in {_name(top)}: {most}."


def answers(material: Material) -> list[Answer]:
    """Answer the five questions; without any event only what was noted."""
    top = busiest(material) if material.channels else None
    noted = Answer(diary.QUESTION, diary.answer(material))
    if top is None or top.count == 0:
        return [noted] if material.known.diary else []
    several = len(_all_rows(material)) > 1
    return [
        Answer("How often", _how_often(material, top)),
        Answer("Where", _where(material)),
        Answer("How long", _how_long(material, top, several=several)),
        Answer("When, and since when", _when(material, top, several=several)),
        noted,
    ]


def busiest(material: Material) -> Row:
    """Return the row with most events, among equals the first; refused channels come last."""
    return max(_all_rows(material), key=lambda row: (not row.refused, row.count))


def _all_rows(material: Material) -> list[Row]:
    return [material.summary.row(channel, ALL_KINDS) for channel in material.channels]


def _count(count: int) -> str:
    return words.several(count, "event")


def _name(row: Row) -> str:
    return words.shortened(row.channel, LONGEST_NAME)


def _rate(row: Row, before: str) -> str:
    """Return the rate after ``before``; nothing where the valid time is too short for one."""
    if row.rate is None or row.valid_hours < SHORT_HOURS:
        return ""
    value, limits = words.per_hour(row.rate.per_valid_hour), words.interval(row.rate)
    return f"{before}{value} per valid hour ({INTERVAL} {limits})"


def _nothing_found(rows: list[Row]) -> str:
    place = f" in any of the {len(rows)} channels" if len(rows) > 1 else ""
    hours = max(row.valid_hours for row in rows)
    sentences = [f"No events were found{place} in {words.hours(hours)} of valid signal."]
    outside = _outside(rows)
    if outside:
        sentences.append(outside)
    elif hours >= SHORT_HOURS:
        rate = words.per_hour(max(row.rate.high for row in rows if row.rate is not None))
        sentences.append(f"A true rate of up to {rate} per hour would agree with that ({INTERVAL}).")
    return " ".join(sentences)


def _outside(rows: list[Row]) -> str:
    outside = sum(row.in_invalid for row in rows)
    verb = "is" if outside == 1 else "are"
    return f"{words.several(outside, 'event')} outside valid time {verb} not counted." if outside else ""


def _channels_with(rows: list[Row]) -> str:
    active = sum(row.count > 0 for row in rows)
    return f"{active} of {len(rows)} channels" if active < len(rows) else f"{len(rows)} channels"


def _how_often(material: Material, top: Row) -> str:
    if len(material.channels) == 1:
        rows = [material.summary.row(top.channel, kind) for kind in KINDS]
        counts = [_some(row.count, row.kind) + _in_brackets(row) for row in rows if not row.refused]
        return f"{words.listed(counts)}.{leading.sentence(material)}"
    refused = {(one.kind, one.channel) for one in material.summary.refused}
    looked_for = [kind for kind in KINDS if not all((kind, name) in refused for name in material.channels)]
    totals = {total.kind: total.count for total in material.summary.totals}
    together = words.listed([_some(totals[kind], kind) for kind in looked_for])
    return f"{together} in all channels together.{leading.sentence(material)}"


def _some(count: int, noun: str) -> str:
    return words.several(count, noun) if count else f"no {words.several(0, noun).split()[1]}"


def _where(material: Material) -> str:
    rows = sorted(_all_rows(material), key=lambda row: -row.count)
    if len(rows) == 1:
        return f"{_placed(material, rows[0])}, the only channel."
    named = [row for row in rows if row.count][:LISTED]
    parts = [f"{_placed(material, row)} {row.count:,}{_in_brackets(row)}" for row in named]
    rest = rows[len(named) :]
    more = sum(row.count for row in rest)
    others = (
        f"; {f'{more:,}' if more else 'none'} in {words.several(len(rest), 'other channel')}" if rest else ""
    )
    return f"{', '.join(parts)}{others}."


def _placed(material: Material, row: Row) -> str:
    """Name a channel with side and muscle, unless its name says both already."""
    place = material.place(row.channel)
    told = all(word in row.channel.casefold() for word in place.casefold().split())
    return _name(row) if told else f"{_name(row)} ({place})"


def _in_brackets(row: Row) -> str:
    if row.rate is None or row.valid_hours < SHORT_HOURS:
        return ""
    return f" ({words.per_hour(row.rate.per_valid_hour)} per valid hour)"


def _how_long(material: Material, top: Row, *, several: bool) -> str:
    parts = []
    for kind in KINDS:
        row = material.summary.row(top.channel, kind)
        if row.duration is not None:
            name = words.PLURALS.get(kind, f"{kind}s")
            parts.append(f"{name} {words.span(row.duration.median)}")
    place = f" in {_name(top)}" if several else ""
    share = f", {words.percent(top.active_share)} of its valid time" if top.active_share is not None else ""
    together = f" Together {words.span(top.total_duration)}{share}."
    return (
        f"Typically (median{place}) {words.listed(parts)}." if parts else "No event was recorded whole."
    ) + together


def _when(material: Material, top: Row, *, several: bool) -> str:
    if top.first is None or top.last is None:
        return ""
    since = "" if material.clock.start is not None else " from the start"
    place = f" in {_name(top)}" if several else ""
    first, last = material.clock.text(top.first), material.clock.text(top.last)
    text = f"First{place} at {first}, last at {last}{since}." if top.count > 1 else f"At {first}{since}."
    parts = (text, _busiest_hour(material, top), _thirds(material, top), SINCE)
    return " ".join(part for part in parts if part)


def _thirds(material: Material, top: Row) -> str:
    """Give the rate of each third of a long recording; none where one of them is hardly valid."""
    if material.duration < hourly.BY_HOUR_FROM:
        return ""
    edges = np.linspace(0, material.duration, 4)
    valid = np.diff(valid_time(material.detection, top.channel).up_to(edges)) / words.HOUR
    onsets = [event.onset for kind in KINDS for event in material.counted[top.channel, kind]]
    counts = np.histogram(onsets, bins=edges)[0]
    if (valid < SHORT_HOURS).any():
        return ""
    rates = [words.per_hour(float(rate)) for rate in counts / valid]
    return f"By thirds of the recording: {words.listed(rates)} per valid hour."


def _busiest_hour(material: Material, top: Row) -> str:
    if material.duration < hourly.BY_HOUR_FROM:
        return ""
    usable = [
        hour for hour in hourly.hours_of(material, top.channel, ALL_KINDS) if hour.enough and hour.count
    ]
    if not usable:
        return ""
    most = max(usable, key=lambda hour: hour.count or 0)
    start = most.start
    clock = f"{material.clock.minutes(start)} to {material.clock.minutes(start + most.recorded_seconds)}"
    return f"Busiest hour: {clock} with {words.several(most.count or 0, 'event')}."

"""Page one of a report over many nights: the five answers, and what limits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.report import night_tables, words
from emgdetect.report.document import Answer, Answers, Headline, Remarks, Section, Text
from emgdetect.report.first_page import BRIEF_NOTICE, date
from emgdetect.summary import ALL_KINDS

if TYPE_CHECKING:
    from emgdetect.report.document import Block
    from emgdetect.report.options import ReportOptions
    from emgdetect.trends import Contrast, Series, Trends

LISTED = 4
"""Channels and words of the diary told in a sentence; the tables have all."""


def leading_series(found: Trends) -> list[Series]:
    """Return one series for each channel, of all kinds where they are there, the busiest first."""
    first: dict[str, Series] = {}
    for one in found.series:
        if one.channel not in first or one.kind == ALL_KINDS:
            first[one.channel] = one
    return sorted(first.values(), key=lambda one: -(one.pooled.value or 0.0))


def section(found: Trends, options: ReportOptions) -> Section:
    """Return page one."""
    leading = leading_series(found)
    blocks: list[Block] = [Headline(_headline(leading))]
    if leading and leading[0].n_used:
        blocks.append(Answers(tuple(_answers(found, leading, options))))
    remarks = [words.sentence(one) for one in (*_left_out(found), *found.notices)]
    if remarks:
        blocks.append(Remarks("Worth knowing", tuple(remarks)))
    return Section("", (*blocks, Text(BRIEF_NOTICE, small=True)))


def _headline(leading: list[Series]) -> str:
    if not leading:
        return "No channel was searched in any night, so there is nothing to count."
    top = leading[0]
    if not top.n_used or top.pooled.value is None:
        return "No night has enough valid time: nothing is said of all nights together."
    where = f"Most events in {top.channel}: " if len(leading) > 1 else ""
    rate = night_tables.estimate(top.pooled)
    return f"{where}{rate} events per valid hour over {words.several(top.n_used, 'night')}."


def _answers(found: Trends, leading: list[Series], options: ReportOptions) -> list[Answer]:
    return [
        Answer("How often", _how_often(leading[0])),
        Answer("Where", _where(leading)),
        Answer("How long", _how_long(found, leading[0])),
        Answer("Since when, and what changed", _since(found, leading[0], options)),
        Answer("With which symptoms and triggers", _with_what(leading[0])),
    ]


def _how_often(top: Series) -> str:
    median = night_tables.estimate(top.median)
    spread = ""
    if top.lowest is not None and top.highest is not None:
        spread = f", from {words.per_hour(top.lowest)} to {words.per_hour(top.highest)}"
    return f"In {top.channel} the median night has {median} events per valid hour{spread}."


def _where(leading: list[Series]) -> str:
    told = [
        f"{one.channel} {words.per_hour(one.pooled.value)}"
        for one in leading[:LISTED]
        if one.pooled.value is not None
    ]
    more = len(leading) - len(told)
    rest = f"; {words.several(more, 'other channel')} in the tables" if more else ""
    return f"Events per valid hour: {', '.join(told)}{rest}."


def _how_long(found: Trends, top: Series) -> str:
    kinds = [one for one in found.series if one.channel == top.channel and one.kind != ALL_KINDS]
    told = [
        f"{words.PLURALS.get(one.kind, f'{one.kind}s')} {words.per_hour(one.pooled.value)}"
        for one in kinds
        if one.pooled.value is not None
    ]
    if not told:
        return "By length nothing is told apart here."
    told_by = f"By length, per valid hour in {top.channel}: {words.listed(told)}."
    return f"{told_by} Each night's report has durations."


def _since(found: Trends, top: Series, options: ReportOptions) -> str:
    sentences = []
    seen = top.first_seen
    if seen is not None:
        name = found.nights[seen.night].name
        at = "" if seen.time is None or options.anonymise else f", {date(seen.time, minutes=True)}"
        sentences.append(f"First seen in {name}{at}; what was before these nights is not known here.")
    sentences += [_change(one) for one in top.changes]
    return " ".join(sentences)


def _change(one: Contrast) -> str:
    sides = f"{words.several(one.n_without, 'night')} before, {one.n_with} after"
    if one.reason:
        return f"{one.what}: not compared ({sides}; {one.reason})."
    return (
        f"After “{one.what}” the rate is {night_tables.estimate(one.ratio)} times that before ({sides}), "
        f"the median night differs by {night_tables.estimate(one.difference, signed=True)} per valid hour."
    )


def _with_what(top: Series) -> str:
    if not top.associations:
        return "Nothing is known: no word of a diary is there to compare nights by."
    compared = [one for one in top.associations if not one.reason]
    told = [
        f"{one.kind} “{one.what}”: {night_tables.estimate(one.ratio)} times the rate of nights without "
        f"({one.n_with} with, {one.n_without} without)"
        for one in sorted(compared, key=_strength)[:LISTED]
    ]
    rest = [one for one in top.associations if one.reason]
    if rest:
        told.append(
            "not compared, for too few nights: "
            f"{words.listed([f'{one.what} ({one.n_with} with)' for one in rest])}"
        )
    return words.sentence("; ".join(told))


def _strength(one: Contrast) -> float:
    return -abs(one.dominance.value or 0.0)


def _left_out(found: Trends) -> list[str]:
    """Say for each reason how many nights are left out of one channel or another."""
    reasons: dict[str, set[int]] = {}
    for series in leading_series(found):
        for value in series.nights:
            if value.reason:
                reasons.setdefault(value.reason, set()).add(value.night)
    return [
        f"Left out, and drawn grey: {words.several(len(some), 'night')} ({reason})"
        for reason, some in reasons.items()
    ]

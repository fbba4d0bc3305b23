"""The report of many nights, as a document: page one, night by night, by hour, before and after, diary."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from emgdetect.report import night_figures, night_tables, nights_first_page, words
from emgdetect.report.clock import zone
from emgdetect.report.document import (
    Bullets,
    Document,
    Figure,
    Legend,
    Notice,
    Section,
    Table,
    Text,
    plain,
)
from emgdetect.report.first_page import date, short_date
from emgdetect.report.night_figures import Names
from emgdetect.report.nights_first_page import leading_series
from emgdetect.report.overview import both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.report.document import Block
    from emgdetect.report.options import ReportOptions
    from emgdetect.trends import Trends

DRAWN = 8
"""Channels with figures of their own; the tables have all."""

LEGEND = (
    ("used", "a night that counts"),
    ("unused", "a night that is left out"),
    ("interval", "exact Poisson interval"),
    ("background", "interval of all nights together"),
)
LIMITS = (
    "Counts are those of the detections stored in the sessions, with what these miss or count wrongly.",
    "Nights differ for many reasons at once, and reasons come together. Before and after is no trial.",
    "The more words of the diary are compared, the more of them differ by chance alone.",
    "Sleep and waking are not told apart here. Rates are per hour of valid signal, not per hour of sleep.",
    "Electrodes never sit twice in the same place: part of the spread between nights is theirs.",
)


def nights(found: Trends, options: ReportOptions) -> Document:
    """Return the report of many nights; call inside :func:`~emgdetect.report.canvas.drawing_style`."""
    if options.anonymise:
        found, options = _anonymous(found, options)
    names = _names(found, options)
    parts = (
        nights_first_page.section(found, options),
        _by_night(found, names, narrow=options.narrow),
        _by_hour(found, narrow=options.narrow),
        _compared(found, narrow=options.narrow),
        Section("All numbers", night_tables.numbers(found, _starts(found, options))),
        Section("How this was done", tuple(_method(found))),
        Section("What this report cannot tell", (Bullets(LIMITS), Notice(found.disclaimer))),
    )
    versions = sorted({night.version for night in found.nights if night.version})
    made = "" if options.made is None else f" · made {date(options.made, minutes=True)}"
    rules = sorted({night.rules for night in found.nights if not night.problem})
    return Document(
        title=options.title or words.several(len(found.nights), "night").replace(words.FIXED, " "),
        subject=options.subject,
        facts=_facts(found, options),
        sections=tuple(part for part in parts if part is not None),
        foot=f"emgdetect {', '.join(versions)} · {words.listed(rules) or 'no detection'}{made}",
        version=versions[-1] if versions else "",
    )


def _anonymous(found: Trends, options: ReportOptions) -> tuple[Trends, ReportOptions]:
    """Take out names and dates; the order of the nights and the hours of the clock stay."""
    own = {night.name: f"night {place}" for place, night in enumerate(found.nights, 1)}

    def hide(sentence: str) -> str:
        for name in sorted([*own, options.subject], key=len, reverse=True):
            sentence = sentence.replace(name, own.get(name, "…")) if name else sentence
        return sentence

    renamed = tuple(replace(night, name=own[night.name]) for night in found.nights)
    notices = tuple(map(hide, found.notices))
    return replace(found, nights=renamed, notices=notices), replace(options, subject="", made=None)


def _names(found: Trends, options: ReportOptions) -> Names:
    starts = [night.start for night in found.nights]
    if options.anonymise or None in starts or not starts:
        return Names(tuple(str(place) for place in range(1, len(starts) + 1)), "night")
    labels = tuple(short_date(start) for start in starts if start is not None)
    return Names(labels, "day on which the night began")


def _starts(found: Trends, options: ReportOptions) -> tuple[str, ...]:
    hidden = options.anonymise
    return tuple(
        words.NOTHING if hidden or night.start is None else date(night.start, minutes=True)
        for night in found.nights
    )


def _facts(found: Trends, options: ReportOptions) -> tuple[str, ...]:
    starts = [night.start for night in found.nights if night.start is not None]
    facts = []
    if starts and not options.anonymise:
        facts.append(f"{date(starts[0])} to {date(starts[-1])} ({zone(starts[-1])})")
    used = max((one.n_used for one in found.series), default=0)
    facts.append(f"{words.several(len(found.nights), 'night')}, {used} of them with enough valid time")
    channels = dict.fromkeys(one.channel for one in found.series)
    facts.append(words.several(len(channels), "channel"))
    return tuple(facts)


def _by_night(found: Trends, names: Names, *, narrow: bool) -> Section | None:
    leading = leading_series(found)[:DRAWN]
    if not leading:
        return None
    compared = any(one.changes for one in leading)
    medians = " Upright line: something changed; broken lines: medians before and after." if compared else ""
    figures = [both(partial(night_figures.rates, one, found.nights, names), narrow=narrow) for one in leading]
    caption = f"Events per valid hour, night by night.{medians}"
    return Section("Night by night", (Legend(LEGEND), *_figures(figures, caption)))


def _by_hour(found: Trends, *, narrow: bool) -> Section | None:
    leading = [one for one in leading_series(found)[:DRAWN] if any(hour.enough for hour in one.profile)]
    if not leading:
        return None
    draw = partial(night_figures.profile, by_clock=found.by_clock)
    figures = [both(partial(draw, one), narrow=narrow) for one in leading]
    caption = (
        "Events by valid hours of all nights that count. Hatched: less than ten valid minutes in all, "
        "which is not zero."
    )
    return Section("When in the night", _figures(figures, caption))


def _figures(drawings: Sequence[tuple[str, str]], caption: str) -> tuple[Figure, ...]:
    """Make figures of drawings, wide and narrow, with one caption below the last."""
    last = len(drawings) - 1
    return tuple(
        Figure(wide, caption if place == last else "", narrow)
        for place, (wide, narrow) in enumerate(drawings)
    )


def _compared(found: Trends, *, narrow: bool) -> Section | None:
    blocks: list[Block] = []
    for place, one in enumerate(leading_series(found)[:DRAWN]):
        every = (*one.changes, *one.associations)
        if not every:
            continue
        drawn = [(night_tables.contrast_name(each), each) for each in every if each.ratio.value is not None]
        if drawn:
            wide, small = both(partial(night_figures.ratios, drawn, f"{place}"), narrow=narrow)
            blocks.append(Figure(wide, "", small, strong=one.channel))
        title = "" if drawn else one.channel
        blocks.append(Table(night_tables.CONTRAST_HEADS, plain(night_tables.contrasts(every)), title=title))
    if not blocks:
        return None
    blocks.append(Text(night_tables.CONTRAST_WORDS, small=True))
    return Section("Before and after, with and without", tuple(blocks))


def _method(found: Trends) -> list[Block]:
    rules = sorted({f"profile {n.rules}, emgdetect {n.version}" for n in found.nights if not n.problem})
    return [
        Text(
            f"Nights with less than {found.min_hours:g} h or {100 * found.min_share:g} % of "
            "valid time are shown grey and left out of everything else, and so are nights that "
            "were searched with other settings than most. Rates are events by valid hours. Of "
            "one night the interval is the exact one for independent events (Garwood 1936); of "
            f"several nights: {found.resampled}, from five nights on. Nothing is compared from "
            "fewer than three nights on a side."
        ),
        Text(f"Detections: {'; '.join(rules) or 'none'}. Every setting stands in each night's own report."),
    ]

"""The report of one recording, as a document: what is said and drawn, in which order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from emgdetect.report import (
    diary,
    distributions,
    examples,
    first_page,
    hourly,
    hypnogram,
    method,
    overview,
    palette,
    rulesets,
    tables,
    words,
)
from emgdetect.report.document import Document, Figure, Legend, Panels, Section, Table, Text, plain
from emgdetect.summary import ALL_KINDS

if TYPE_CHECKING:
    from emgdetect.report.document import Block
    from emgdetect.report.material import Material

KIND_LEGEND = tuple((kind, kind) for kind in palette.KINDS)
CROWDED = 300
"""With more events the overview says that marks may hide each other."""


def night(material: Material) -> Document:
    """Return the report of a recording; call inside :func:`~emgdetect.report.canvas.drawing_style`."""
    summary = material.summary
    parts = (
        first_page.section(material),
        _overview(material),
        _when(material),
        _distributions(material),
        rulesets.section(material),
        diary.section(material),
        examples.section(material),
        _counts(material),
        _coverage(material),
        method.section(material),
        method.limits(material),
    )
    made = material.options.made
    made_at = "" if made is None else f" · made {first_page.date(made, minutes=True)}"
    return Document(
        title=first_page.title(material),
        subject=material.options.subject,
        facts=first_page.facts(material),
        sections=tuple(part for part in parts if part is not None),
        foot=f"emgdetect {summary.version} · profile {summary.profile} · configuration "
        f"{summary.config_hash}{made_at}",
        version=summary.version,
    )


def _overview(material: Material) -> Section:
    legend = [
        *KIND_LEGEND,
        ("background", "background"),
        ("artefact", "artefact, or outside valid time: not counted"),
        ("lost", "no valid signal"),
    ]
    if material.known.staged:
        legend.append(("rem", "REM sleep"))
    if hypnogram.noted(material):
        legend.append(("note", "entry of the diary, by its number"))
    caption = (
        "Each mark reaches up to the peak of its event and is as wide as the event is long (at least one "
        "pixel). The scale is logarithmic. The grey ground is the level of the background."
    )
    if sum(total.count for total in material.summary.totals if total.kind == ALL_KINDS) > CROWDED:
        caption += " Where marks crowd, the largest is drawn."
    wide, narrow = overview.both(partial(overview.overview, material), narrow=material.options.narrow)
    return Section("The whole recording", (Legend(tuple(legend)), Figure(wide, caption, narrow)))


def _when(material: Material) -> Section:
    caption = (
        f"Number of events in each {hourly.step_words(material)}. Where the ground is hatched nothing "
        "could be counted: that is not zero."
    )
    wide, narrow = overview.both(partial(hourly.hourly, material), narrow=material.options.narrow)
    blocks: list[Block] = [
        Legend((*KIND_LEGEND, ("lost", "no valid signal, or too little to count"))),
        Figure(wide, caption, narrow),
    ]
    hours = tables.hours(material)
    if len(hours) > 1:
        blocks += [
            Table(("Hour", *material.channels), plain(hours), fold="Every hour in numbers"),
            Text("Events of all kinds, and the valid time in which they were counted.", small=True),
        ]
    return Section("When", tuple(blocks))


def _distributions(material: Material) -> Section:
    title = "How long, how far apart, how large"
    if not any(total.count for total in material.summary.totals):
        return Section(title, (Text("There is no counted event to measure."),))
    limits = method.kind_limits(material)
    parted = "; the dashed lines part the kinds" if limits else ""
    several = ", all channels together" if len(material.channels) > 1 else ""
    band = rulesets.band(material)
    shaded = (
        ""
        if band is None
        else f" Shaded: {band[0]:g} to {band[1]:g}{words.FIXED}s, as rule set {band[2]} has it."
    )
    units = dict.fromkeys(material.unit(channel) for channel in material.channels)
    figures = (
        Figure(
            distributions.durations(material, limits),
            f"Duration{parted}. Events cut by a gap are left out.",
        ),
        Figure(
            distributions.intervals(material, None if band is None else band[:2]),
            "Time from one onset to the next in the same channel, all kinds together"
            f"{several}; never across lost time.{shaded}",
        ),
        *(
            Figure(distributions.amplitudes(material, unit), "Peak of the event after filtering.")
            for unit in units
        ),
    )
    return Section(title, (Panels(figures),))


def _counts(material: Material) -> Section:
    several = (
        " Channels are not added up to a common rate: one movement often shows in several."
        if len(material.channels) > 1
        else ""
    )
    blocks: list[Block] = [
        Table(tables.COUNT_HEADS, tuple(tables.counts(material))),
        Text(
            f"Below the rate per valid hour its 95{words.FIXED}% interval. Duration, peak, level above "
            "background and onset-to-onset time: the median, and below it the first to the third "
            f"quartile. A dash: no such number.{several} Greyed: less than 70 % of the time is valid.",
            small=True,
        ),
    ]
    artefacts = tables.artefacts(material)
    if artefacts:
        heads = ("Channel", "Cause", "Number", "Together")
        blocks.append(Table(heads, plain(artefacts), (0,), fold="Artefacts: seen, and not counted"))
    return Section("All counts", tuple(blocks))


def _coverage(material: Material) -> Section:
    blocks: list[Block] = [Table(tables.COVERAGE_HEADS, plain(tables.coverage(material)), (4,))]
    gaps = tables.gaps(material)
    if gaps:
        blocks.append(Text(f"Missing samples by cause: {gaps}.", small=True))
    blocks.append(
        Text(
            "A second is valid when it was recorded, the electrode held, the signal stayed off the "
            "rails and the background was low enough. Rates divide by valid time only. Background: RMS "
            "in valid seconds, the median, and below it the first to the third quartile.",
            small=True,
        )
    )
    return Section("How much could be judged", tuple(blocks))

"""Putting the page together: one file that needs nothing else, and asks for nothing."""

from __future__ import annotations

from importlib import resources
from math import isfinite
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any

from emgdetect.errors import MissingExtraError
from emgdetect.report import answers, choosing, distributions, hourly, overview, palette, tables, traces, words
from emgdetect.report.canvas import drawing_style
from emgdetect.report.clock import zone
from emgdetect.report.material import gather
from emgdetect.report.options import DEFAULTS
from emgdetect.writing import write_text

if TYPE_CHECKING:
    from datetime import datetime
    from os import PathLike
    from pathlib import Path

    from emgdetect.recording import Stream
    from emgdetect.report.choosing import Example
    from emgdetect.report.material import Material
    from emgdetect.report.options import ReportOptions
    from emgdetect.summary import Summary
    from emgdetect.types import Detection

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

SHORT_NIGHT_HOURS = 4.0
"""With less valid time a recording says little of a night: a habit taken from home sleep recording."""


def build_report(
    detection: Detection,
    summary: Summary,
    stream: Stream | None = None,
    *,
    options: ReportOptions = DEFAULTS,
) -> str:
    """Return the report as one self-contained HTML page.

    Parameters
    ----------
    detection : Detection
        What was found. No events and no valid time are fine; the page says so.
    summary : Summary
        The summary of that detection; every number of the page is its.
    stream : Stream, optional
        The samples, for the example traces. Without them the examples are described, not drawn.
    options : ReportOptions
        Title, subject, and whether to leave out what identifies a person.

    Returns
    -------
    str
        HTML with style and drawings inside; it loads nothing and holds no script. The same input gives
        the same text.

    Raises
    ------
    MissingExtraError
        If matplotlib or jinja2 is not installed.
    """
    material = gather(detection, summary, stream, options)
    with drawing_style():
        context = _context(material)
    return _render(context)


def write_report(
    path: Path | str | PathLike[str],
    detection: Detection,
    summary: Summary,
    stream: Stream | None = None,
    *,
    options: ReportOptions = DEFAULTS,
    force: bool = False,
) -> None:
    """Write the page of :func:`build_report` to a file, whole or not at all.

    Raises
    ------
    OutputError
        If the file exists and ``force`` is false, or cannot be written.
    MissingExtraError
        If matplotlib or jinja2 is not installed.
    """
    write_text(path, build_report(detection, summary, stream, options=options), force=force)


def _render(context: dict[str, Any]) -> str:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("jinja2", extra="report", purpose="writing a report") from error
    folder = resources.files("emgdetect.report")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["span"] = words.span
    template = environment.from_string((folder / "page.html.j2").read_text(encoding="utf-8"))
    style = (folder / "page.css").read_text(encoding="utf-8")
    return template.render(**context, style=style)


def _context(material: Material) -> dict[str, Any]:
    summary = material.summary
    return {
        "title": _title(material),
        "subject": material.options.subject,
        "facts": _facts(material),
        "headline": answers.headline(material),
        "answers": answers.answers(material),
        "cards": _cards(material),
        "remarks": _remarks(material),
        "legend": palette,
        "figures": _figures(material),
        "step": hourly.step_words(material),
        "examples": _examples(material),
        "stream_missing": material.stream is None,
        "counts": tables.counts(material),
        "count_heads": tables.COUNT_HEADS,
        "coverage": tables.coverage(material),
        "coverage_heads": tables.COVERAGE_HEADS,
        "channels": material.channels,
        "hours": tables.hours(material),
        "artefacts": tables.artefacts(material),
        "settings": tables.settings(material),
        "summary": summary,
        "kind_limits": dict((name, seconds) for seconds, name in _limits(material)),
        "units": sorted({words.unit(one.unit) for one in summary.coverage}),
        "made": "" if material.options.made is None else _date(material.options.made, minutes=True),
    }


def _title(material: Material) -> str:
    # Only the last part of the path: folders often carry a person's name.
    name = PureWindowsPath(material.summary.source).name
    return material.options.title or name or "EMG recording"


def _facts(material: Material) -> list[str]:
    summary = material.summary
    facts = [_when(material), words.span(material.duration), words.several(len(material.channels), "channel")]
    facts += [f"{summary.sampling_rate:g} Hz", f"sensor {summary.device}"]
    source = PureWindowsPath(summary.source).name
    if source and source != _title(material):
        facts.append(source)
    return facts


def _when(material: Material) -> str:
    start, stop = material.clock.at(0), material.clock.at(material.duration)
    if start is None or stop is None:
        return "date and time of day not known" if not material.options.anonymise else "date and time of day not shown"
    until = f"{stop:%H:%M}" if stop.date() == start.date() else f"{_date(stop)}, {stop:%H:%M}"
    return f"{_date(start)}, {start:%H:%M} to {until} ({zone(start)})"


def _date(moment: datetime, *, minutes: bool = False) -> str:
    clock = f", {moment:%H:%M}" if minutes else ""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}{clock}"


def _cards(material: Material) -> list[dict[str, str]]:
    only = material.channels[0] if len(material.channels) == 1 else None
    cards = [_kind_card(material, kind, only) for kind in palette.KINDS]
    fractions = [cover.valid_fraction for cover in material.summary.coverage]
    hours = [cover.valid_hours for cover in material.summary.coverage]
    if hours:
        value = words.hours(max(hours))
        spread = words.percent(min(fractions))
        note = f"{spread} of the recording" if only else f"in the best channel; the worst has {spread} of the recording"
        cards.append({"name": "valid signal", "value": value, "note": note, "look": "valid"})
    return cards


def _kind_card(material: Material, kind: str, only: str | None) -> dict[str, str]:
    total = next(one for one in material.summary.totals if one.kind == kind)
    rows = [material.summary.row(channel, kind) for channel in material.channels]
    name = words.PLURALS.get(kind, f"{kind}s") if total.count != 1 else kind
    if rows and all(row.refused for row in rows):
        return {"name": name, "value": words.NOTHING, "note": "not looked for", "look": kind}
    if only:
        note = f"{words.rate(rows[0].rate)} per valid hour" if rows[0].rate else "no valid time"
    else:
        active = sum(row.count > 0 for row in rows)
        note = f"in {active} of {len(rows)} channels"
    return {"name": name, "value": f"{total.count:,}", "note": note, "look": kind}


def _remarks(material: Material) -> list[str]:
    low = [cover.channel for cover in material.summary.coverage if cover.low]
    remarks = []
    if low and len(low) < len(material.channels):
        remarks.append(f"Less than 70 % of the time is valid in {words.listed(low)}: take these numbers with care.")
    elif low:
        remarks.append("Less than 70 % of the time is valid: take the numbers with care.")
    by_reason: dict[tuple[str, str], list[str]] = {}
    for one in material.summary.refused:
        by_reason.setdefault((one.kind, one.reason), []).append(one.channel)
    for (kind, reason), channels in by_reason.items():
        name = words.PLURALS.get(kind, f"{kind}s")
        remarks.append(f"Not looked for in {words.listed(channels)}: {name} ({reason}).")
    return [*remarks, *material.summary.notices, *material.options.oddities]


def _limits(material: Material) -> list[tuple[float, str]]:
    """Return the longest twitch and the longest burst as the profile had them."""
    kinds = material.detection.settings.get("kinds", {})
    found = [(kinds.get(f"{kind}_max"), kind) for kind in palette.KINDS[:-1]] if isinstance(kinds, dict) else []
    return [(float(value), kind) for value, kind in found if isinstance(value, int | float) and value > 0]


def _figures(material: Material) -> dict[str, Any]:
    units = list(dict.fromkeys(material.unit(channel) for channel in material.channels))
    layouts = (overview.WIDE, overview.NARROW)
    return {
        "overview": [(layout.name, overview.overview(material, layout)) for layout in layouts],
        "hourly": [(layout.name, hourly.hourly(material, layout)) for layout in layouts],
        "durations": distributions.durations(material, _limits(material)),
        "intervals": distributions.intervals(material),
        "amplitudes": [distributions.amplitudes(material, unit) for unit in units],
    }


def _examples(material: Material) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "name": "artefacts, not counted" if kind == "artefact" else words.PLURALS.get(kind, f"{kind}s"),
            "panels": [_panel(material, one, f"{kind}-{index}") for index, one in enumerate(some)],
        }
        for kind, some in choosing.examples(material).items()
    ]


def _panel(material: Material, example: Example, name: str) -> dict[str, str]:
    event = example.event
    unit = words.unit(material.unit(event.channel))
    details = [f"{words.span(event.duration)}", f"peak {words.number(event.peak)} {unit}"]
    if isfinite(event.snr_db):
        details.append(f"{words.number(event.snr_db)} dB above background")
    if isfinite(event.confidence):
        details.append(f"confidence {event.confidence:.2f}")
    details += [flag for flag in event.flags if flag != example.why]
    return {
        "why": example.why,
        "where": f"{event.channel}, {material.clock.text(event.onset, fine=event.duration < 1)}",
        "details": " · ".join(details),
        "svg": traces.draw(material, event, f"example-{name}") or "",
    }

"""What the page says, part by part, as plain values for the template."""

from __future__ import annotations

from math import isfinite
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Any

from emgdetect.report import (
    answers,
    choosing,
    distributions,
    hourly,
    overview,
    palette,
    tables,
    traces,
    words,
)
from emgdetect.report.clock import zone
from emgdetect.summary import ALL_KINDS

if TYPE_CHECKING:
    from datetime import datetime

    from emgdetect.report.choosing import Example
    from emgdetect.report.material import Material

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def content(material: Material) -> dict[str, Any]:
    """Return everything the template asks for; draw inside :func:`~emgdetect.report.canvas.drawing_style`."""
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
        "n_events": sum(total.count for total in summary.totals if total.kind == ALL_KINDS),
        "step": hourly.step_words(material),
        "examples": _examples(material),
        "stream_missing": material.stream is None,
        "counts": tables.counts(material),
        "count_heads": tables.COUNT_HEADS,
        "coverage": tables.coverage(material),
        "gaps": tables.gaps(material),
        "coverage_heads": tables.COVERAGE_HEADS,
        "channels": material.channels,
        "hours": tables.hours(material),
        "artefacts": tables.artefacts(material),
        "settings": tables.settings(material),
        "summary": summary,
        "kind_limits": {name: seconds for seconds, name in _limits(material)},
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
    facts.append(f"{summary.sampling_rate:g}{words.FIXED}Hz")
    facts.append("sensor not named" if summary.device in {"", "unknown"} else f"sensor {summary.device}")
    source = PureWindowsPath(summary.source).name
    if source and source != _title(material):
        facts.append(source)
    return facts


def _when(material: Material) -> str:
    start, stop = material.clock.at(0), material.clock.at(material.duration)
    if start is None or stop is None:
        return (
            "date and time of day not known"
            if not material.options.anonymise
            else "date and time of day not shown"
        )
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
        note = (
            f"{spread} of the recording"
            if only
            else f"in the best channel; the worst has {spread} of the recording"
        )
        cards.append({"name": "valid signal", "value": value, "note": note, "look": "valid"})
    return cards


def _kind_card(material: Material, kind: str, only: str | None) -> dict[str, str]:
    total = next(one for one in material.summary.totals if one.kind == kind)
    rows = [material.summary.row(channel, kind) for channel in material.channels]
    name = words.PLURALS.get(kind, f"{kind}s") if total.count != 1 else kind
    if rows and all(row.refused for row in rows):
        return {"name": name, "value": words.NOTHING, "note": "not looked for", "look": kind}
    if not any(row.valid_hours > 0 for row in rows):
        return {"name": name, "value": words.NOTHING, "note": "no valid time to count in", "look": kind}
    rate = rows[0].rate if only else None
    if rate is not None and rows[0].valid_hours < answers.SHORT_HOURS:
        note = f"in {words.hours(rows[0].valid_hours)}"
    elif rate is not None:
        note = f"{words.per_hour(rate.per_valid_hour)} per valid hour ({words.interval(rate)})"
    else:
        active = sum(row.count > 0 for row in rows)
        note = f"in {active} of {len(rows)} channels"
    return {"name": name, "value": f"{total.count:,}", "note": note, "look": kind}


def _remarks(material: Material) -> list[str]:
    return [
        *_coverage_remarks(material),
        *_refusal_remarks(material),
        *map(_sentence, material.summary.notices),
        *map(_sentence, material.options.oddities),
    ]


def _sentence(text: str) -> str:
    """Begin with a capital and end with a full stop, unless the first word may be a name."""
    first = text.split(" ", 1)[0]
    start = text[:1].upper() + text[1:] if first.isalpha() and first.islower() else text
    return start if start.endswith((".", "!", "?")) else f"{start}."


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


def _limits(material: Material) -> list[tuple[float, str]]:
    """Return the longest twitch and the longest burst as the profile had them."""
    kinds = material.detection.settings.get("kinds", {})
    found = (
        [(kinds.get(f"{kind}_max"), kind) for kind in palette.KINDS[:-1]] if isinstance(kinds, dict) else []
    )
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

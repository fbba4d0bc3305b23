"""The tables of a report, as rows of finished text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emgdetect.report import hourly, words
from emgdetect.report.document import Cell, Group, Line
from emgdetect.report.palette import KINDS
from emgdetect.summary import ALL_KINDS, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emgdetect.report.material import Material
    from emgdetect.summary import Coverage, Hour, Row, Spread


COUNT_HEADS = (
    "Kind",
    "Count",
    "Per valid hour",
    "Duration",
    "Total time",
    "Part of valid time",
    "Peak",
    "Above background",
    "Onset to onset",
)


def counts(material: Material) -> list[Group]:
    """Return what was found, by channel and kind."""
    return [_channel_counts(material, cover) for cover in material.summary.coverage]


def _channel_counts(material: Material, cover: Coverage) -> Group:
    rows = [material.summary.row(cover.channel, kind) for kind in (*KINDS, ALL_KINDS)]
    all_kinds = rows[-1]
    notes = [f"{words.hours(cover.valid_hours)} valid"]
    if all_kinds.truncated:
        notes.append(
            f"{words.several(all_kinds.truncated, 'event')} cut by a gap or an end, not in the durations"
        )
    if all_kinds.in_invalid:
        notes.append(f"{words.several(all_kinds.in_invalid, 'event')} outside valid time, not counted")
    return Group(cover.channel, "; ".join(notes), tuple(_count_line(row) for row in rows), cover.low)


def _count_line(row: Row) -> Line:
    name = "all kinds" if row.kind == ALL_KINDS else row.kind
    if row.refused:
        return Line(name, (Cell(f"not looked for: {row.refused}"),), f"{row.kind} refused")
    cells = (
        Cell(f"{row.count:,}" if row.valid_hours > 0 else words.NOTHING),
        Cell(words.per_hour(row.rate.per_valid_hour), words.interval(row.rate))
        if row.rate
        else Cell(words.NOTHING),
        _times(row.duration),
        Cell(words.span(row.total_duration) if row.duration is not None else words.NOTHING),
        Cell(words.percent(row.active_share)),
        _values(row.peak, row.unit),
        _values(row.snr_db, "dB"),
        _times(row.intervals.spread if row.intervals else None),
    )
    return Line(name, cells, row.kind)


def _times(value: Spread | None) -> Cell:
    return Cell(words.span(None if value is None else value.median), words.quartiles(value, words.span))


def _values(value: Spread | None, unit: str) -> Cell:
    if value is None:
        return Cell(words.NOTHING)
    median = f"{words.number(value.median)}{words.FIXED}{words.unit(unit)}"
    return Cell(median, words.quartiles(value, words.number))


COVERAGE_HEADS = (
    "Channel",
    "Recorded",
    "Valid",
    "Valid part",
    "Gaps",
    "Not valid because of",
    "Background (RMS)",
)


def coverage(material: Material) -> list[Line]:
    """Return how much of each channel could be judged, and why the rest could not."""
    return [_coverage_line(cover) for cover in material.summary.coverage]


def _coverage_line(cover: Coverage) -> Line:
    why = [f"{reason} {words.span(seconds)}" for reason, seconds in cover.invalid_seconds]
    cells = (
        Cell(words.hours(cover.recorded_hours)),
        Cell(words.hours(cover.valid_hours)),
        Cell(words.percent(cover.valid_fraction)),
        Cell(f"{cover.gaps:,}", words.span(cover.gap_seconds)) if cover.gaps else Cell("none"),
        Cell("; ".join(why) or "nothing"),
        _values(cover.floor, cover.unit),
    )
    return Line(cover.channel, cells, "low" if cover.low else "")


def gaps(material: Material) -> str:
    """Say how many gaps there were of each cause, and how long together; empty without gaps."""
    rate = material.summary.sampling_rate
    found: dict[str, list[float]] = {}
    for gap in material.detection.gaps:
        found.setdefault(gap.cause, []).append(gap.n_samples / rate)
    ordered = sorted(found.items(), key=lambda item: -sum(item[1]))
    return "; ".join(
        f"{cause}: {words.several(len(some), 'gap')}, {words.span(sum(some))}" for cause, some in ordered
    )


def hours(material: Material) -> list[Line]:
    """Return events of all kinds by hour: a line for each hour, a cell for each channel."""
    tables = [hourly.hours_of(material, channel, ALL_KINDS) for channel in material.channels]
    return [_hour_line(material, cells) for cells in zip(*tables, strict=True)]


def _hour_line(material: Material, cells: tuple[Hour, ...]) -> Line:
    start = cells[0].start
    stop = start + cells[0].recorded_seconds
    name = f"{material.clock.minutes(start)} to {material.clock.minutes(stop)}"
    return Line(name, tuple(_hour_cell(hour) for hour in cells))


def _hour_cell(hour: Hour) -> Cell:
    if hour.count is None:
        return Cell(words.NOTHING, "no valid time")
    return Cell(f"{hour.count:,}", f"in {words.span(hour.valid_seconds)}")


def artefacts(material: Material) -> list[Line]:
    """Return what was seen and not counted, by channel and cause."""
    found = material.summary.artefacts or summarise(material.detection, artefacts=True).artefacts
    return [
        Line(one.channel, (Cell(one.cause), Cell(f"{one.count:,}"), Cell(words.span(one.seconds))))
        for one in found
    ]


def settings(material: Material) -> list[Line]:
    """Return every setting of the detection with its value and, where it is one of ours, its meaning."""
    meanings = _meanings()
    flat = _flat(material.detection.settings, "")
    return [Line(name, (Cell(_plain(value)), Cell(meanings.get(name, "")))) for name, value in flat]


def _flat(tree: Mapping[str, Any], before: str) -> Iterator[tuple[str, object]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _meanings() -> dict[str, str]:
    from emgdetect.config import Profile

    found = {}
    for section, field in Profile.model_fields.items():
        inner = getattr(field.annotation, "model_fields", {})
        found.update({f"{section}.{name}": one.description or "" for name, one in inner.items()})
    return found


def _plain(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case list() | tuple():
            return ", ".join(_plain(one) for one in value) or "none"
        case _:
            return str(value) or words.NOTHING

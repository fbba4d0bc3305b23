"""A comparison of two scorings, as text for a terminal and as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from emgdetect.cli.words import duration
from emgdetect.evaluate.comparing import ALL
from emgdetect.summary.layout import NONE, shorten, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from emgdetect.evaluate import Comparison, Deviation, Estimate, Row

FORMAT = 1
"""Rises when a key changes its meaning or goes."""

NAME_WIDTH = 24
MOST_ROWS = 24


def to_json(comparison: Comparison, detected: Path, reference: Path) -> dict[str, Any]:
    """Return the comparison as plain values."""
    head = {
        "format": FORMAT,
        "what": "emgdetect evaluate",
        "detected": str(detected),
        "reference": str(reference),
    }
    return head | asdict(comparison)


def to_text(comparison: Comparison, detected: str, reference: str) -> str:
    """Return the comparison as lines for people."""
    return "\n".join(_lines(comparison, detected, reference))


def _lines(comparison: Comparison, detected: str, reference: str) -> Iterator[str]:
    total = comparison.total
    count = len(comparison.recordings)
    several = "" if count == 1 else f" in {count} recordings"
    yield f"{detected} against {reference}{several}, {duration(comparison.hours * 3600)} judged"
    yield f"  {_rules(comparison)}"
    yield ""
    groups = [
        ("channel", [row for row in _rows(comparison) if row.kind == ALL]),
        ("kind", [row for row in _rows(comparison) if row.channel == ALL and row.kind != ALL]),
        ("recording", [row for row in comparison.rows if row.recording != ALL]),
    ]
    for what, rows in groups:
        if rows:
            yield from _table(what, rows)
            if what == "kind" and not comparison.rules.by_kind:
                yield "  a mark of one kind may be found by an event of another; --by-kind asks for the same"
            yield ""
    yield from _errors(total)
    if total.kappa.value is not None and total.agreement is not None:
        yield f"  kappa      {_estimate(total.kappa)}, on a grid of {comparison.rules.grid:g} s"
        yield f"  agreement  {100 * total.agreement:.1f} % of the grid. {comparison.warning}"
    if comparison.resampled:
        yield f"  Brackets: 95 % intervals from resampling {comparison.n_units} {comparison.resampled}."
    else:
        yield "  Too few recordings and too little time for intervals."
    for notice in comparison.notices:
        yield f"  {notice}"


def _rules(comparison: Comparison) -> str:
    rules = comparison.rules
    tolerance = rules.onset_tolerance
    overlap = (
        ""
        if rules.min_iou > 1
        else f"they overlap by {100 * rules.min_iou:g} % (intersection over union) or more"
    )
    near = "" if tolerance is None else f"their onsets lie within {tolerance:g} s"
    kind = ", and their kinds are the same" if rules.by_kind else ""
    return f"two events are a pair, one to one, when {' or '.join(filter(None, (overlap, near)))}{kind}"


def _rows(comparison: Comparison) -> list[Row]:
    return [row for row in comparison.rows if row.recording == ALL]


def _table(what: str, rows: Sequence[Row]) -> list[str]:
    header = (
        what,
        "there",
        "found",
        "detected",
        "recall",
        "precision",
        "F1",
        "false/h",
        "kappa",
        "splits",
        "merges",
    )
    cells = [
        (
            shorten(getattr(row, what), NAME_WIDTH),
            str(row.n_reference),
            str(row.found),
            str(row.n_detected),
            _value(row.recall),
            _value(row.precision),
            _estimate(row.f1),
            _value(row.false_per_hour, 1),
            _value(row.kappa),
            str(row.splits),
            str(row.merges),
        )
        for row in rows[:MOST_ROWS]
    ]
    more = [f"  and {len(rows) - MOST_ROWS} more (--json has all)"] if len(rows) > MOST_ROWS else []
    return [*table(header, cells), *more]


def _errors(total: Row) -> Iterator[str]:
    for name, error in (
        ("onset", total.onset_error),
        ("offset", total.offset_error),
        ("duration", total.duration_bias),
    ):
        if error is not None:
            yield f"  {name:<9}  {_deviation(error)}"
    if total.index_bias.value is not None:
        bias = _estimate(total.index_bias, 1, plus=True)
        yield f"  index      {bias} events per hour, detected minus there"


def _deviation(error: Deviation) -> str:
    return f"median {error.median:+.3f} s, detected minus there; 95 % within {error.p95:.3f} s"


def _value(estimate: Estimate, digits: int = 2) -> str:
    return NONE if estimate.value is None else f"{estimate.value:.{digits}f}"


def _estimate(estimate: Estimate, digits: int = 2, *, plus: bool = False) -> str:
    if estimate.value is None:
        return NONE
    sign = "+" if plus else ""
    value = f"{estimate.value:{sign}.{digits}f}"
    if estimate.low is None or estimate.high is None:
        return value
    return f"{value} ({estimate.low:{sign}.{digits}f} to {estimate.high:{sign}.{digits}f})"

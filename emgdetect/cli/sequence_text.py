"""The named indices of rule sets, as text for a terminal and as plain values for JSON."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from emgdetect.sequences import to_json_dict
from emgdetect.summary.layout import NONE, length, number, percent, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from emgdetect.scoring import Beside
    from emgdetect.sequences import Index, Score

WIDTH = 92
BULKY = ("movements", "sequences", "classes", "intervals")
"""What stands in no summary: it is as long as the night was busy."""


def to_json(scores: Mapping[str, Score]) -> list[dict[str, Any]]:
    """Return what each rule set says, without its single movements and sequences."""
    return [
        {key: value for key, value in to_json_dict(score).items() if key not in BULKY}
        | {"n_sequences": len(score.sequences)}
        for score in scores.values()
    ]


def to_text(scores: Mapping[str, Score], known: Beside) -> str:
    """Return the indices of the rule sets that apply, and why others do not, as lines for people."""
    return "\n".join(_lines(scores, known)).rstrip("\n")


def _lines(scores: Mapping[str, Score], known: Beside) -> Iterator[str]:
    yield "By rule set (numbers of two rule sets are never added up)"
    if not known.staged:
        yield "There is no hypnogram: nothing is called sleep."
    for remark in () if known.scored is None else known.scored.notices:
        yield from wrap(f"Note: {remark}", WIDTH)
    for score in scores.values():
        if score.applies:
            yield ""
            yield f"{score.title}: {score.rule}, digest {score.digest}"
            yield from table(("index", "value", "count", "divided by"), list(map(_row, score.indices)))
            refused = [f"Not judged: {one.what} ({one.reason})" for one in score.refused]
            for remark in (*refused, *score.notices):
                yield from wrap(f"  {remark}", WIDTH, subsequent_indent="  ")
    silent = [score for score in scores.values() if not score.applies]
    if silent:
        yield ""
        yield "Not judged"
        for score in silent:
            why = "; ".join(dict.fromkeys(one.reason for one in score.refused))
            yield from wrap(f"  {score.rule}: {why}", WIDTH, subsequent_indent="    ")


def _row(index: Index) -> tuple[str, ...]:
    name = f"{index.name}, {index.channel}" if index.channel else index.name
    count = NONE if index.count is None else f"{index.count}"
    if index.unit == "1/h" and index.denominator is not None:
        count += f" in {length(index.denominator * 3600)}"
    return (name, _value(index), count, index.per)


def _value(index: Index) -> str:
    if index.value is None:
        return NONE
    if index.unit == "%":
        return percent(index.value / 100)
    unit = {"1/h": "/h", "": "", "factor": "", "ln s": ""}.get(index.unit, f" {index.unit}")
    return f"{number(index.value)}{unit}"

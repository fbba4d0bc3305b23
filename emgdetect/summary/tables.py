"""A summary as plain JSON types. ``docs/outputs.md`` says what each key means."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emgdetect.summary.types import Summary

FORMAT = 1
"""Rises when a key changes its meaning or goes; new keys may come without."""


def to_json_dict(summary: Summary) -> dict[str, Any]:
    """Return the summary as dicts, lists, strings, finite numbers and ``None``, ready for ``json.dumps``.

    Times of day are ISO 8601; ``invalid_seconds`` is an object from reason to seconds; ``intervals`` has
    the keys of a spread and ``log_mean``.
    """
    tree = {"format": FORMAT, "what": "emgdetect summary", **asdict(summary)}
    for coverage, record in zip(summary.coverage, tree["coverage"], strict=True):
        record["invalid_seconds"] = dict(coverage.invalid_seconds)
        record["low"] = coverage.low
    for record in tree["rows"]:
        intervals = record["intervals"]
        if intervals is not None:
            record["intervals"] = {**intervals["spread"], "log_mean": intervals["log_mean"]}
    plain: dict[str, Any] = _plain(tree)
    return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - a JSON tree is any of several types at every node
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case datetime():
            return value.isoformat()
        case _:
            return value

"""Scores as plain JSON types."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emgdetect.sequences.results import Score

FORMAT = 1
"""Rises when a key changes its meaning or goes; new keys may come without."""


def to_json_dict(score: Score) -> dict[str, Any]:
    """Return a score as dicts, lists, strings, finite numbers and ``None``, ready for ``json.dumps``.

    The keys are the attributes of the records, with ``digest`` of rule set and settings beside them.
    """
    tree = {"format": FORMAT, "what": "emgdetect score", "digest": score.digest, **asdict(score)}
    plain: dict[str, Any] = _plain(tree)
    return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - a JSON tree is any of several types at every node
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value

"""Small tools on spans of activity, shared by the adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from accuracy.piece import Settings, Span

MERGE_S, SHORTEST_S = 0.2, 0.008
"""What every tuned detector gets: closer spans are one, shorter ones are none."""


def runs(active: NDArray[np.bool_], rate: float, shift: float = 0.0) -> list[Span]:
    """Return the stretches where ``active`` holds, in seconds, moved by ``shift`` samples."""
    steps = np.diff(np.concatenate([[0], active.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(steps == 1) + shift, np.flatnonzero(steps == -1) + shift
    return [(float(a) / rate, float(b) / rate) for a, b in zip(starts, stops, strict=True)]


def hysteresis(level: NDArray[np.float64], high: float, low: float) -> NDArray[np.bool_]:
    """Return where ``level`` stays above ``low`` in stretches that somewhere exceed ``high``."""
    above = level > low
    steps = np.diff(np.concatenate([[0], above.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    if not starts.size:
        return above
    exceeds = np.concatenate([[0], np.cumsum(level > high)])
    keep = exceeds[stops] > exceeds[starts]
    marks = np.zeros(level.size + 1, dtype=np.int32)
    np.add.at(marks, starts[keep], 1)
    np.add.at(marks, stops[keep], -1)
    kept: NDArray[np.bool_] = np.cumsum(marks[:-1]) > 0
    return kept


def tidy(spans: Sequence[Span], merge: float, shortest: float) -> list[Span]:
    """Join spans closer than ``merge`` s, then drop those shorter than ``shortest`` s."""
    joined: list[Span] = []
    for start, stop in sorted(spans):
        if joined and start - joined[-1][1] < merge:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return [(start, stop) for start, stop in joined if stop - start >= shortest]


def finish(spans: Sequence[Span], settings: Settings) -> list[Span]:
    """Tidy up where the settings are the tuned ones; leave a default detector's answer as it is."""
    return tidy(spans, MERGE_S, SHORTEST_S) if settings.get("tuned") else list(spans)


def paired(edges: NDArray[Any], signal: NDArray[np.float64], rate: float) -> list[Span]:
    """Pair bare edges to spans; of the two ways to do so the one with the louder spans.

    Some detectors return onsets and offsets in one list, and do not say which comes first.
    """
    places = np.unique(edges.astype(np.int64))
    total = np.concatenate([[0.0], np.cumsum(np.abs(signal - signal.mean()))])
    bounds = np.concatenate([[0], places, [signal.size]])
    lengths = np.maximum(np.diff(bounds), 1)
    level = np.diff(total[bounds]) / lengths
    phase = max(
        (0, 1), key=lambda p: float(np.average(level[p::2], weights=lengths[p::2])) if len(level) > p else 0
    )
    chosen = zip(bounds[:-1][phase::2], bounds[1:][phase::2], strict=True)
    return [(float(a) / rate, float(b) / rate) for a, b in chosen] if places.size else []

"""Gaps as files list them, made to what a stream promises: sorted, apart, and inside the recording."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emgdetect.types import Gap

if TYPE_CHECKING:
    from collections.abc import Iterable

    from emgdetect.types import RawArray


_YEAR_S = 366 * 86400.0


def tidy(spans: Iterable[tuple[int, int]], n_samples: int, cause: str) -> tuple[tuple[Gap, ...], list[str]]:
    """Return half-open spans as gaps, those that touch or overlap joined, and what had to be changed."""
    oddities: list[str] = []
    inside = []
    for start, stop in sorted(spans):
        first, last = max(start, 0), min(stop, n_samples)
        if (first, last) != (start, stop):
            oddities.append(
                f"the gap from sample {start} to {stop} lies partly outside; cut to the recording"
            )
        if first < last:
            inside.append((first, last))
    joined: list[tuple[int, int]] = []
    for start, stop in inside:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return tuple(Gap(start, stop - start, cause) for start, stop in joined), oddities


def is_believable(n_samples: int, sampling_rate: float) -> bool:
    """Tell whether a gap is one that a recorder can leave: no longer than a year."""
    return n_samples <= _YEAR_S * sampling_rate


def runs_of(mask: RawArray) -> list[tuple[int, int]]:
    """Return where a boolean array, shape ``(n,)``, is true: half-open spans in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]

"""Planned losses as gaps of the stream, in whole samples."""

from __future__ import annotations

from emgdetect.sources.simulate.traps import GAPS, Trap
from emgdetect.types import Gap


def gaps_of(traps: list[Trap], sampling_rate: float, n_samples: int) -> tuple[Gap, ...]:
    """Turn losses into gaps: sorted, at least one sample long and apart, none at either end."""
    gaps: list[Gap] = []
    for trap in traps:
        if trap.kind not in GAPS:
            continue
        start = round(trap.start * sampling_rate)
        stop = max(start + 1, round(trap.stop * sampling_rate))
        free_from = gaps[-1].stop + 1 if gaps else 1
        if start >= free_from and stop < n_samples:
            gaps.append(Gap(start, stop - start, GAPS[trap.kind]))
    return tuple(gaps)

"""The REM sleep atonia index: how much of REM sleep the chin muscle is silent.

Ferri et al. (2010), Sleep Med 11:947-949. The signal's mean rectified amplitude is taken second by second, in
µV; from each second the least of the 60 around it is subtracted; then the share of seconds up to 1 µV is
divided by the share of those that are not between 1 and 2 µV. It needs the signal and not events, so the
seconds are handed in (:attr:`Context.levels`), as :mod:`emgdetect.scoring.levels` takes them from samples.

Programs differ, and their indices of one file do too. SOMAS doubles the rectified signal first; Luna does
not, takes the least over seconds of REM sleep only, and leaves a second of exactly 1 µV out. The default here
is the text: not doubled, the least over all seconds around, 1 µV belongs to silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from emgdetect.sequences.results import Findings, Index, Refused
from emgdetect.sequences.rules import Needs, RuleSet
from emgdetect.sequences.windows import cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from emgdetect.sequences.material import Material
    from emgdetect.types import FloatArray


@dataclass(frozen=True, slots=True)
class Atonia:
    """The numbers.

    ``factor`` multiplies the rectified amplitude. ``silent_uv`` and ``unclear_uv`` are the limits in µV;
    ``limit_is_silent``: whether a second of exactly ``silent_uv`` is silent (else it is left out).
    ``half_window`` in s to either side. ``least_over``: which seconds the least is taken from.
    """

    factor: float = 1.0
    silent_uv: float = 1.0
    unclear_uv: float = 2.0
    limit_is_silent: bool = True
    half_window: int = 30
    least_over: Literal["all", "chosen"] = "all"


SOMAS = Atonia(factor=2.0)
"""As the program SOMAS computes it."""

LUNA = Atonia(limit_is_silent=False, least_over="chosen")
"""As the program Luna computes it on a recording masked to REM sleep."""


def atonia_index(
    levels: FloatArray, chosen: NDArray[np.bool_], settings: Atonia | None = None
) -> float | None:
    """Return the index, 0 to 1, or ``None`` if no chosen second tells silence from activity.

    Parameters
    ----------
    levels : ndarray
        Mean rectified amplitude of consecutive seconds in µV, shape ``(n,)``; NaN where there is none.
    chosen : ndarray of bool
        Which of the seconds are REM sleep that is valid.
    settings : Atonia, optional
        Defaults to the text of the source.
    """
    numbers = Atonia() if settings is None else settings
    scaled = levels * numbers.factor
    usable = chosen & np.isfinite(scaled)
    if numbers.least_over == "chosen":
        kept: FloatArray = scaled[usable]
        above_least = kept - _least_around(kept, numbers.half_window)
    else:
        above_least = (scaled - _least_around(scaled, numbers.half_window))[usable]
    limit = numbers.silent_uv
    silent = above_least <= limit if numbers.limit_is_silent else above_least < limit
    n_silent, n_active = int(np.sum(silent)), int(np.sum(above_least > numbers.unclear_uv))
    return n_silent / (n_silent + n_active) if n_silent + n_active else None


def _least_around(values: FloatArray, half_window: int) -> FloatArray:
    """Return the least finite value from ``half_window`` before to as many after; less at the ends."""
    padded = np.pad(np.where(np.isfinite(values), values, np.inf), half_window, constant_values=np.inf)
    if not values.size:
        return values
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half_window + 1)
    least: FloatArray = windows.min(axis=1)
    return least


def _find(material: Material, settings: Atonia) -> Findings:
    channel = material.channels[0]
    levels = material.context.levels.get(channel)
    if levels is None:
        reason = "counted from the signal, and its samples are not at hand"
        return Findings(refused=(Refused(f"atonia index of {channel}", reason),))
    starts = cut(_whole_seconds(material.time("REM").spans), 1.0)
    chosen = np.zeros(levels.shape, dtype=np.bool_)
    seconds = np.round(starts).astype(np.int64)
    chosen[seconds[seconds < levels.size]] = True
    value = atonia_index(levels, chosen, settings)
    usable = int(np.sum(chosen & np.isfinite(levels)))
    note = (
        f"rectified amplitude times {settings.factor:g}, least of {settings.half_window} s around taken off"
    )
    per = "over seconds of valid REM sleep"
    return Findings(indices=(Index("atonia index", value, "", per, usable, float(usable), note),))


def _whole_seconds(spans: FloatArray) -> FloatArray:
    inner = np.stack((np.ceil(spans[:, 0] - 1e-6), np.floor(spans[:, 1] + 1e-6)), axis=1)
    whole: FloatArray = inner[inner[:, 1] > inner[:, 0]]
    return whole


RULE = RuleSet(
    name="atonia",
    title="REM sleep atonia index",
    source="Ferri et al. 2010, Sleep Med 11:947-949",
    needs=Needs(regions=("chin",), microvolts=True, hypnogram=True, alone=True),
    settings=Atonia(),
    find=_find,
)

"""What a rule has to know beside the events: where channels were, what was valid, sleep, breathing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from emgdetect.errors import UsageError
from emgdetect.sequences.limits import TICK
from emgdetect.sequences.sites import Site, site_from_name
from emgdetect.sequences.spans import Span, outside, union, within
from emgdetect.types import VALID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emgdetect.types import Detection, FloatArray

Stage = Literal["W", "N1", "N2", "N3", "N", "R", "S", "?"]
"""AASM stages; ``N`` is NREM sleep of a depth not told, ``S`` sleep of a kind not told, ``?`` not scored."""

StagedSpan: TypeAlias = tuple[float, float, Stage]
"""Start and stop in seconds, and the stage between them."""

SLEEP: tuple[Stage, ...] = ("N1", "N2", "N3", "N", "R", "S")
NREM: tuple[Stage, ...] = ("N1", "N2", "N3", "N")


@dataclass(frozen=True, slots=True)
class Context:
    """All that goes with a list of events. Times are seconds since the recording began.

    ``None`` means "was not scored", an empty tuple "was scored, and there is none".

    Attributes
    ----------
    length : float
        Seconds from the first to the last sample, gaps included.
    sites : tuple of Site
        One for each channel. Events of other channels are taken for marks without a signal, and their
        places are guessed from the names.
    gaps : tuple of Span
        Time without samples in any channel; it ends every run of events.
    stages : tuple of StagedSpan or None
        The hypnogram; time in no span was not scored. Without one nothing is called sleep.
    arousals, respiratory : tuple of Span or None
        Arousals; apnoeas and hypopnoeas.
    in_bed : Span or None
        From lights off to lights on.
    resolution : float
        Shortest pause in s that the detection tells from none (its merge gap); 0 if unknown.
    levels : mapping of str to ndarray
        For :mod:`emgdetect.sequences.atonia`: by channel, the mean of the rectified signal in µV of each
        whole second from 0 on, NaN where there is none.
    """

    length: float
    sites: tuple[Site, ...] = ()
    gaps: tuple[Span, ...] = ()
    stages: tuple[StagedSpan, ...] | None = None
    arousals: tuple[Span, ...] | None = None
    respiratory: tuple[Span, ...] | None = None
    in_bed: Span | None = None
    resolution: float = 0.0
    levels: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (np.isfinite(self.length) and self.length >= 0):
            raise UsageError(f"a recording cannot be {self.length} s long")
        names = [site.channel for site in self.sites]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise UsageError("the channel is described twice", where=twice)

    def site(self, channel: str) -> Site:
        """Return what is known of a channel, or what its name tells."""
        return next((site for site in self.sites if site.channel == channel), site_from_name(channel))

    def valid(self, channel: str) -> FloatArray:
        """Return the valid time of a channel without the gaps, shape ``(n, 2)``."""
        whole = union([(0.0, self.length)])
        known = self.site(channel).valid
        valid = whole if known is None else within(union(known), whole)
        return within(valid, outside(union(self.gaps), self.length))

    def staged(self, *stages: Stage) -> FloatArray:
        """Return the time scored as any of the stages, shape ``(n, 2)``; none without a hypnogram."""
        return union((start, stop) for start, stop, stage in self._stages() if stage in stages)

    def stages_at(self, times: Iterable[float]) -> tuple[str, ...]:
        """Return the stage at each of the times, empty where there is none."""
        spans = self._stages()
        starts = np.array([span[0] for span in spans])
        wanted = np.array(list(times), dtype=np.float64)
        rows = np.searchsorted(starts, wanted + TICK, side="right") - 1
        return tuple(
            spans[row][2] if row >= 0 and time < spans[row][1] - TICK else ""
            for row, time in zip(rows.tolist(), wanted.tolist(), strict=True)
        )

    def _stages(self) -> list[StagedSpan]:
        """Return the hypnogram in order; where spans overlap, the one that begins later ends the other."""
        ordered = sorted(self.stages or (), key=lambda span: span[0])
        ends = [*(span[0] for span in ordered), float("inf")][1:]
        cut = (
            (start, min(stop, end), stage) for (start, stop, stage), end in zip(ordered, ends, strict=True)
        )
        return [span for span in cut if span[1] > span[0]]


def context_of(detection: Detection) -> Context:
    """Return the context that a detection brings along: channels, units, valid time, gaps.

    Sides and muscles are guessed from the channels' names; ``dataclasses.replace`` adds what is known
    better, and hypnogram, arousals and breathing.
    """
    rate = detection.info.sampling_rate
    length = detection.n_samples / rate
    edges = detection.settings.get("edges", {})
    return Context(
        length=length,
        sites=tuple(
            site_from_name(channel.name, channel.unit, _valid_spans(detection, channel.name, length))
            for channel in detection.info.channels
        ),
        gaps=tuple((gap.start / rate, gap.stop / rate) for gap in detection.gaps),
        resolution=float(edges.get("merge_gap", 0.0)),
    )


def _valid_spans(detection: Detection, channel: str, length: float) -> tuple[Span, ...]:
    spans: list[Span] = []
    for quality in detection.quality:
        if quality.channel != channel:
            continue
        padded = np.concatenate(([False], quality.reason == VALID, [False]))
        edges = (np.flatnonzero(padded[1:] != padded[:-1]) + quality.start).reshape(-1, 2)
        spans.extend((float(start), min(float(stop), length)) for start, stop in edges)
    return tuple((float(start), float(stop)) for start, stop in union(spans))

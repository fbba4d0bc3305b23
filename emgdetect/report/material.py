"""What all parts of a report draw on, gathered once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.context import placements
from emgdetect.report.clock import Clock
from emgdetect.report.palette import KINDS
from emgdetect.scoring import ALONE, scores
from emgdetect.summary import counted_events, onset_intervals

if TYPE_CHECKING:
    from emgdetect.recording import Stream
    from emgdetect.report.options import ReportOptions
    from emgdetect.scoring import Beside
    from emgdetect.sequences import Score
    from emgdetect.summary import Summary
    from emgdetect.types import Detection, Event, FloatArray

HIDDEN = "not shown"


@dataclass(frozen=True, slots=True)
class Material:
    """A detection, its summary, its samples if there are any, and the events behind the statistics.

    ``counted`` maps channel and kind to the events of that row of the summary, ``intervals`` channel to
    the intervals of its row "all". ``known`` is what goes with the recording beside its signal, ``scores``
    the answer of each rule set.
    """

    detection: Detection
    summary: Summary
    stream: Stream | None
    clock: Clock
    options: ReportOptions
    counted: dict[tuple[str, str], tuple[Event, ...]]
    intervals: dict[str, FloatArray]
    known: Beside
    scores: dict[str, Score]

    @property
    def channels(self) -> tuple[str, ...]:
        """All channels, also those that only events name."""
        return tuple(one.channel for one in self.summary.coverage)

    @property
    def duration(self) -> float:
        """Length of the recording in s, gaps included."""
        return self.summary.duration

    def of_kind(self, kind: str) -> tuple[Event, ...]:
        """Return the counted events of one kind in all channels, by onset."""
        events = [event for name in self.channels for event in self.counted[name, kind]]
        return tuple(sorted(events, key=lambda event: event.onset))

    def unit(self, channel: str) -> str:
        """Return the unit of a channel, empty when it is not known."""
        return next((one.unit for one in self.summary.coverage if one.channel == channel), "")

    def place(self, channel: str) -> str:
        """Return side and muscle as a clinician writes them: "left tibialis anterior"; empty if unknown."""
        known = self.known.places.get(channel)
        return "" if known is None else " ".join(part for part in (known.side, known.muscle) if part)


def gather(
    detection: Detection,
    summary: Summary,
    stream: Stream | None,
    options: ReportOptions,
    known: Beside = ALONE,
) -> Material:
    """Collect the events behind the summary, after taking out what is not to be shown."""
    if not known.places:
        known = replace(known, places=placements(detection.info.ch_names))
    if options.anonymise:
        detection, summary, options, known = _anonymous(detection, summary, options, known)
    channels = [one.channel for one in summary.coverage]
    return Material(
        detection=detection,
        summary=summary,
        stream=stream,
        clock=Clock(detection.info.start),
        options=options,
        counted={(name, kind): counted_events(detection, name, kind) for name in channels for kind in KINDS},
        intervals={name: np.sort(onset_intervals(detection, name)) for name in channels},
        known=known,
        scores=scores(detection, known, stream),
    )


def _anonymous(
    detection: Detection, summary: Summary, options: ReportOptions, known: Beside
) -> tuple[Detection, Summary, ReportOptions, Beside]:
    files = (detection.source, PurePath(detection.source).name, *known.sources)
    hide = _Hider((*files, detection.info.device, options.subject))
    info = replace(detection.info, start=None, device=HIDDEN)
    notices = tuple(map(hide, summary.notices))
    rows = tuple(replace(row, clock_hours=()) for row in summary.rows)
    return (
        replace(detection, info=info, source="", notices=notices),
        replace(summary, source="", device=HIDDEN, start=None, rows=rows, notices=notices),
        replace(options, subject="", made=None, oddities=tuple(map(hide, options.oddities))),
        _nameless(known, hide),
    )


def _nameless(known: Beside, hide: _Hider) -> Beside:
    scored = known.scored
    if scored is not None:
        scored = replace(scored, notices=tuple(map(hide, scored.notices)))
    diary = tuple(replace(one, entry=replace(one.entry, text=hide(one.entry.text))) for one in known.diary)
    return replace(known, scored=scored, diary=diary, sources=tuple(map(hide, known.sources)))


class _Hider:
    """Takes known names out of a sentence."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = sorted({name for name in names if name}, key=len, reverse=True)

    def __call__(self, sentence: str) -> str:
        for name in self._names:
            sentence = sentence.replace(name, "…")
        return sentence

"""Stages and events among the annotations that came inside a recording, as in EDF+."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.context.lines import Line, assemble
from emgdetect.context.types import Scoring

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from emgdetect.types import Annotation


def from_annotations(
    annotations: Iterable[Annotation], *, path: Path | str = "annotations", start: datetime | None = None
) -> Scoring:
    """Understand the annotations of a recording.

    Parameters
    ----------
    annotations : iterable of Annotation
        As a reader of recordings gives them; ``Sleep stage N2``, ``Limb movement@@EMG LAT`` and the like.
    path : Path or str
        Where they come from, for messages.
    start : datetime, optional
        Of their second 0, when they come from another file than the recording they go with (hypnograms of
        Sleep-EDF); ``None`` when they are its own.

    Returns
    -------
    Scoring
        Annotations that are no stages are marks; those nothing is known of are in the group "other".
    """
    found = assemble(_line(annotation) for annotation in annotations)
    return Scoring(
        Path(path), "annotations", start, start is not None, found.stages, found.marks, found.oddities
    )


def _line(annotation: Annotation) -> Line:
    text, _, channel = annotation.text.partition("@@")
    return Line(
        annotation.onset, annotation.duration or None, text.strip(), annotation.channel or channel.strip()
    )

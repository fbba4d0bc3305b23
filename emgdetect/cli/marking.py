"""Marked events out of any file that can hold some: sessions, tables, scorings, EDF+."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from emgdetect.context import from_annotations, is_scoring, read_scoring
from emgdetect.errors import EmgError, FormatError, UsageError
from emgdetect.evaluate import Mark, read_events

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.context import Scoring
    from emgdetect.session import SessionReader

MUSCLES = frozenset({"muscle", "limb movement", "artefact"})
"""Groups of a scoring that are about muscles; a scoring without any is compared as it is."""

NO_RECORDINGS = frozenset({".txt", ".tsv", ".csv", ".xml", ".annot", ".eannot"})
SUFFIXES = NO_RECORDINGS | {".emgdb", ".edf", ".bdf"}


@dataclass(frozen=True, slots=True)
class Marked:
    """The events of one file.

    Attributes
    ----------
    path : Path
        The file.
    marks : tuple of Mark
        Onsets in s from the file's own zero.
    channels : tuple of str
        Channels that were looked at, whether or not anything was found; empty where the file does not say.
    duration, hours : float or None
        Length from zero on in s, and how much of it counts, where the file says.
    start : datetime or None
        Time of day of zero; ``dated`` says whether its date means anything.
    notices : tuple of str
        What was odd.
    """

    path: Path
    marks: tuple[Mark, ...]
    channels: tuple[str, ...] = ()
    duration: float | None = None
    hours: float | None = None
    start: datetime | None = None
    dated: bool = True
    notices: tuple[str, ...] = ()


def read_marked(path: Path, run: int | None = None) -> Marked:
    """Read the events of a file in whatever form it has them.

    Raises
    ------
    EmgError
        If nothing can be made of it.
    """
    if path.suffix.lower() == ".emgdb":
        return _of_session(path, run)
    if path.suffix.lower() in NO_RECORDINGS or not path.is_file() or is_scoring(path):
        return _of_table(path) or _of_scoring(read_scoring(path))
    return _of_recording(path)


def _of_session(path: Path, run: int | None) -> Marked:
    from emgdetect.session import SessionReader

    with SessionReader(path) as session:
        finished = [one for one in session.runs() if one.n_samples is not None]
        if run is not None and run not in {one.id for one in finished}:
            there = ", ".join(str(one.id) for one in finished) or "none"
            raise UsageError(f"there is no run {run}", where=path, hint=f"there are: {there}")
        newest = {one.stream_id: one.id for one in finished if run in {None, one.id}}
        if newest:
            return _of_runs(path, session, tuple(newest.values()))
        recording = session.recording()
    marked = _of_scoring(from_annotations(recording.annotations, path=path))
    length = max((one.n_samples / one.info.sampling_rate for one in recording.streams), default=None)
    return replace(marked, duration=length, start=recording.start)


def _of_runs(path: Path, session: SessionReader, runs: tuple[int, ...]) -> Marked:
    found = [session.detection(number) for number in runs]
    events = sorted((event for one in found for event in one.events), key=lambda event: event.onset)
    lengths = [one.n_samples / one.info.sampling_rate for one in found]
    lost = [sum(gap.n_samples for gap in one.gaps) / one.info.sampling_rate for one in found]
    return Marked(
        path=path,
        marks=tuple(Mark(event.onset, event.duration, event.kind, event.channel) for event in events),
        channels=tuple(name for one in found for name in one.info.ch_names),
        duration=max(lengths),
        hours=max(length - gone for length, gone in zip(lengths, lost, strict=True)) / 3600,
        start=found[0].info.start,
    )


def _of_table(path: Path) -> Marked | None:
    """Read a BIDS-style table and what its sidecar says; ``None`` if it is another kind of table."""
    try:
        with path.open("rb") as file:
            head = file.readline(4096).decode("utf-8-sig", "replace")
    except OSError as error:
        hint = "check its name and permissions"
        raise FormatError("the file cannot be read", where=path, hint=hint) from error
    columns = [name.strip() for name in head.replace("\t", ",").split(",")]
    if not {"onset", "duration", "trial_type"} <= set(columns):
        return None
    told = _sidecar(path)
    length, start = told.get("RecordingDuration"), told.get("RecordingStart")
    seconds = (
        float(length) if isinstance(length, int | float) and math.isfinite(length) and length > 0 else None
    )
    listed = told.get("Channels")
    return Marked(
        path=path,
        marks=read_events(path),
        channels=tuple(map(str, listed)) if isinstance(listed, dict) else (),
        duration=seconds,
        start=_moment(start),
    )


def _sidecar(path: Path) -> dict[str, object]:
    beside = path.with_suffix(".json")
    try:
        told = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _of_scoring(scoring: Scoring) -> Marked:
    muscles = [mark for mark in scoring.marks if mark.group in MUSCLES]
    kept = muscles or list(scoring.marks)
    return Marked(
        path=scoring.path,
        marks=tuple(Mark(one.onset, one.duration, one.kind, one.channel) for one in kept),
        start=scoring.start,
        dated=scoring.dated,
        notices=scoring.oddities,
    )


def _of_recording(path: Path) -> Marked:
    from emgdetect.formats.opening import open_recording

    try:
        recording = open_recording(path)
    except EmgError as error:
        if error.where is None:
            error.where = path
        raise
    marked = _of_scoring(from_annotations(recording.annotations, path=path))
    lengths = [one.n_samples / one.info.sampling_rate for one in recording.streams]
    return replace(marked, duration=max(lengths, default=None), start=recording.start)

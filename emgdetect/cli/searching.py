"""Detections of what the user named: stored ones of a session, or new ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.cli.console import bar, note
from emgdetect.cli.inputs import open_input, streams_to_search
from emgdetect.cli.options import DEFAULT_PROFILE, SensitivityName
from emgdetect.cli.words import rate
from emgdetect.errors import UnsuitableSignalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from emgdetect.config import Profile
    from emgdetect.recording import ReadOptions, Recording, Stream
    from emgdetect.types import Detection

SESSION_FORMAT = "session"


@dataclass(frozen=True, slots=True)
class Request:
    """What to look at and how; ``profile`` is ``None`` when the user named none."""

    source: Path
    options: ReadOptions
    profile: str | None = None
    channels: tuple[str, ...] = ()
    sensitivity: SensitivityName = "normal"
    run: int | None = None
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Searched:
    """A stream of the recording (its index there, and the channels looked at) and what was found in it."""

    index: int
    stream: Stream
    detection: Detection


@dataclass(frozen=True, slots=True)
class Found:
    """A recording and the streams that were searched, at least one; ``by_name``: the user named channels."""

    recording: Recording
    searched: tuple[Searched, ...]
    by_name: bool = False

    @property
    def detections(self) -> tuple[Detection, ...]:
        """The detections alone, in the order of the streams."""
        return tuple(one.detection for one in self.searched)


def search(request: Request) -> Found:
    """Detect in every stream of the recording that is to be searched.

    Streams that cannot carry any kind of event are passed over with a note as long as another can.

    Raises
    ------
    UnsuitableSignalError
        When none can.
    """
    return _search(open_input(request.source, request.options, quiet=request.quiet), request)


def look_up(request: Request) -> Found:
    """Take the stored detection of a session, the newest unless a run is named, or detect anew.

    A profile or channels named by the user always lead to a new detection, which is not stored.

    Raises
    ------
    UsageError
        When a run is asked for where none are stored, or together with a profile.
    """
    recording = open_input(request.source, request.options, quiet=request.quiet)
    afresh = request.profile is not None or bool(request.channels)
    if request.run is not None and afresh:
        raise UsageError("--run takes a stored detection as it is", hint="leave --profile and --channel out")
    if recording.format != SESSION_FORMAT:
        if request.run is not None:
            raise UsageError("--run goes with a session file", where=request.source)
        return _search(recording, request)
    stored = () if afresh else _stored(recording, request.run)
    return Found(recording, stored) if stored else _search(recording, request)


def _stored(recording: Recording, number: int | None) -> tuple[Searched, ...]:
    """Give the run of that number, or the newest finished run of every stream."""
    from emgdetect.session import SessionReader

    with SessionReader(recording.path) as session:
        finished = [run for run in session.runs() if run.n_samples is not None]
        if number is not None and number not in {run.id for run in finished}:
            there = ", ".join(str(run.id) for run in finished) or "none"
            raise UsageError(f"there is no run {number}", where=recording.path, hint=f"there are: {there}")
        wanted = finished if number is None else [run for run in finished if run.id == number]
        newest = {run.stream_id: run.id for run in wanted}
        return tuple(
            Searched(index, recording.streams[index], session.detection(newest[stream_id]))
            for index, stream_id in enumerate(session.stream_ids())
            if stream_id in newest
        )


def _search(recording: Recording, request: Request) -> Found:
    from emgdetect.config import load_profile

    profile = load_profile(request.profile or DEFAULT_PROFILE)
    if request.sensitivity != "normal":
        profile = profile.at(request.sensitivity)
    choice = streams_to_search(recording, request.channels)
    searched: list[Searched] = []
    refused: list[UnsuitableSignalError] = []
    for index, stream in choice.parts:
        try:
            detection = _detect(recording, stream, profile, quiet=request.quiet)
        except UnsuitableSignalError as error:
            where = recording.path if error.where is None else f"{recording.path}, {error.where}"
            refused.append(UnsuitableSignalError(error.what, where=where, hint=error.hint or choice.notice))
        else:
            if choice.notice and not searched:
                # Said once, and kept with the result.
                detection = replace(detection, notices=(*detection.notices, choice.notice))
            searched.append(Searched(index, stream, detection))
    if not searched:
        raise refused[0]
    if not request.quiet:
        _note_choice(recording, () if request.channels else searched, refused)
    return Found(recording, tuple(searched), by_name=bool(request.channels))


def _note_choice(
    recording: Recording, searched: Sequence[Searched], refused: list[UnsuitableSignalError]
) -> None:
    """Say which of several streams were searched, if that was our choice, and why others could not be."""
    if len(recording.streams) > 1 and searched:
        note(f"searched {'; '.join(_title(one.stream) for one in searched)}")
    for refusal in refused:
        note(str(UnsuitableSignalError(refusal.what, where=refusal.where)))


def _detect(recording: Recording, stream: Stream, profile: Profile, *, quiet: bool) -> Detection:
    from emgdetect.pipeline import detect_stream

    with bar(f"Detecting in {recording.path.name}", stream.n_samples, quiet=quiet) as progress:
        return detect_stream(stream, profile, source=recording.path.name, progress=progress)


def _title(stream: Stream) -> str:
    return f"{', '.join(stream.info.ch_names)} at {rate(stream.info.sampling_rate)}"

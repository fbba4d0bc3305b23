"""A recording and what was found in it as part of a BIDS dataset: EMG-BIDS of BIDS 1.11 (BEP042).

Raw files go to ``sub-<>/[ses-<>/]emg``, detections to ``derivatives/emgdetect-<profile>``: BIDS tells runs of
one program with other settings apart by such variants. Further recordings are added to a dataset that is
there. The lists of a dataset (participants, scans) are written last, so that they never name what is not
there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emgdetect.errors import OutputError, UsageError
from emgdetect.exports import bids_files
from emgdetect.exports.bids_lists import add_line
from emgdetect.exports.edf import write_edf
from emgdetect.exports.events_tsv import write_tsv
from emgdetect.writing import output_errors, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from emgdetect.recording import Recording
    from emgdetect.types import Detection

DERIVATIVES = "derivatives"
DESCRIPTION = "dataset_description.json"
_LABEL = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class BidsName:
    """Where a recording belongs in a dataset; labels have letters and digits only.

    ``session`` may be empty. ``run`` tells recordings of one session and task apart.
    """

    subject: str
    session: str = ""
    task: str = "sleep"
    run: int | None = None

    def __post_init__(self) -> None:
        for what, label in (("subject", self.subject), ("session", self.session), ("task", self.task)):
            if not _LABEL.fullmatch(label) and (label or what != "session"):
                raise UsageError(f"{label!r:.40} is no label of a {what}", hint="use letters and digits")
        if self.run is not None and self.run < 1:
            raise UsageError(f"there is no run {self.run} in BIDS", hint="they count from 1")

    @property
    def place(self) -> tuple[str, ...]:
        """Folders of the subject and the session."""
        return (f"sub-{self.subject}", *([f"ses-{self.session}"] if self.session else []))

    def stem(self, part: int | None) -> str:
        """Return how the names of files begin; ``part`` numbers what was recorded at several rates."""
        words = [*self.place, f"task-{self.task}"]
        words += [f"acq-{part}"] if part is not None else []
        words += [f"run-{self.run}"] if self.run is not None else []
        return "_".join(words)


@dataclass(frozen=True, slots=True)
class BidsPart:
    """A recording of one stream and what was found in it.

    ``muscles`` gives the muscle of a channel by its name, as far as that is known.
    """

    recording: Recording
    detection: Detection
    muscles: Mapping[str, str] = field(default_factory=dict)


def write_bids(
    parts: Sequence[BidsPart], folder: Path, name: BidsName, *, artefacts: bool = False, force: bool = False
) -> tuple[Path, ...]:
    """Add a recording with its detections to a dataset, which is made if it is not there.

    Parameters
    ----------
    parts : sequence of BidsPart
        The streams of one recording; several are told apart by ``acq-1``, ``acq-2``.
    folder : Path
        The dataset: new, empty, or one that has a description.
    name : BidsName
        Subject, session, task.
    artefacts : bool, default False
        Whether artefacts are listed among the detections.
    force : bool, default False
        Whether files of the same recording are replaced. Those of others are never touched.

    Returns
    -------
    tuple of Path
        The signals and tables of events that were written.

    Raises
    ------
    OutputError
        If the folder holds something else than a dataset, or files of that recording (without ``force``), or
        cannot be written to. Then nothing of the recording is left behind.
    UnsuitableSignalError
        If a stream does not fit into BDF+.
    """
    _check_dataset(folder)
    numbered = [(None if len(parts) == 1 else at, part) for at, part in enumerate(parts, start=1)]
    places = [_Place.of(folder, name, number, part.detection) for number, part in numbered]
    for place in places:
        for path in place.all:
            if path.exists() and not force:
                hint = "name another session or run, or use --force"
                raise OutputError("the dataset has this recording already", where=path, hint=hint)
    made: list[Path] = []
    try:
        for place, part in zip(places, (part for _, part in numbered), strict=True):
            made += [path for path in place.all if not path.exists()]
            _write_part(place, part, name.task, artefacts=artefacts, force=force)
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise
    _enlist(folder, name, list(zip(places, parts, strict=True)))
    return tuple(path for place in places for path in (place.signal, place.detected))


@dataclass(frozen=True, slots=True)
class _Place:
    """The files of one part."""

    derivatives: Path
    signal: Path
    sidecar: Path
    channels: Path
    events: Path
    detected: Path

    @classmethod
    def of(cls, folder: Path, name: BidsName, number: int | None, detection: Detection) -> _Place:
        stem = name.stem(number)
        raw = folder.joinpath(*name.place, "emg")
        variant = "".join(_LABEL.findall(detection.profile)) or "detected"
        derivatives = folder / DERIVATIVES / f"emgdetect-{variant}"
        return cls(
            derivatives=derivatives,
            signal=raw / f"{stem}_emg.bdf",
            sidecar=raw / f"{stem}_emg.json",
            channels=raw / f"{stem}_channels.tsv",
            events=raw / f"{stem}_events.tsv",
            detected=derivatives.joinpath(*name.place, "emg", f"{stem}_events.tsv"),
        )

    @property
    def all(self) -> tuple[Path, ...]:
        tables = (self.events, self.detected)
        described = tuple(path.with_suffix(".json") for path in tables)
        return (self.signal, self.sidecar, self.channels, *tables, *described)


def _check_dataset(folder: Path) -> None:
    with output_errors(folder):
        if folder.exists() and not folder.is_dir():
            raise OutputError("this is a file, not a folder", where=folder, hint="name a folder")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / DESCRIPTION).is_file():
            hint = "name a new folder, an empty one, or a dataset"
            raise OutputError(f"this folder has no {DESCRIPTION}: it is no dataset", where=folder, hint=hint)


def _write_part(place: _Place, part: BidsPart, task: str, *, artefacts: bool, force: bool) -> None:
    for path in (place.signal, place.detected):
        with output_errors(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
    copy = write_edf(part.recording, place.signal, force=force)
    stream = part.recording.streams[0]
    labels = dict(zip(stream.info.ch_names, copy.labels, strict=True))
    write_text(place.sidecar, bids_files.sidecar(part.recording, task), force=force)
    write_text(place.channels, bids_files.channels(stream, labels, part.muscles), force=force)
    write_text(place.events, bids_files.marks(part.recording, labels), force=force)
    write_text(place.events.with_suffix(".json"), bids_files.marks_described(), force=force)
    write_tsv(part.detection, place.detected, artefacts=artefacts, force=force)


def _enlist(folder: Path, name: BidsName, parts: Sequence[tuple[_Place, BidsPart]]) -> None:
    new = {
        folder / DESCRIPTION: bids_files.description(folder.resolve().name),
        folder / "README.md": bids_files.readme(folder.resolve().name),
        folder / "participants.json": bids_files.participants_described(),
    }
    for place, part in parts:
        profile = part.detection.profile
        new[place.derivatives / DESCRIPTION] = bids_files.derivatives_description(profile)
        new[place.derivatives / "README.md"] = bids_files.derivatives_readme(profile)
    for path, text in new.items():
        if not path.exists():
            write_text(path, text)
    above = folder.joinpath(*name.place)
    scans = above / f"{'_'.join(name.place)}_scans.tsv"
    for place, part in parts:
        start = part.recording.streams[0].info.start or part.recording.start
        moment = "n/a" if start is None else start.replace(tzinfo=None).isoformat(timespec="microseconds")
        add_line(scans, {"filename": place.signal.relative_to(above).as_posix(), "acq_time": moment})
    add_line(folder / "participants.tsv", {"participant_id": f"sub-{name.subject}"})

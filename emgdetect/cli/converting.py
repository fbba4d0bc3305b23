"""What ``export`` writes, by the suffix of the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.cli.console import note, say, waiting
from emgdetect.cli.outputs import numbered
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.cli.searching import Found

SIGNALS = (".edf", ".bdf")


def check_suffix(path: Path, *, signals: bool = False) -> None:
    """Refuse a suffix that says nothing to us, before the work begins; none at all stands for a TSV.

    Raises
    ------
    UsageError
        When it is no form of events, nor (with ``signals``) of recordings.
    """
    from emgdetect.exports import EVENT_WRITERS

    known = (*EVENT_WRITERS, *(SIGNALS if signals else ()))
    if path.suffix.lower() not in {"", *known}:
        hint = f"use one of {', '.join(known)}"
        raise UsageError(f"the suffix {path.suffix} does not say what to write", where=path, hint=hint)


def convert(
    found: Found, path: Path, *, artefacts: bool = False, force: bool = False, quiet: bool = False
) -> None:
    """Write the events of all streams in one table, or each stream with its events as EDF+ or BDF+.

    Raises
    ------
    UnsuitableSignalError
        When the form cannot hold the signal.
    OutputError
        When a file cannot be written.
    """
    if path.suffix.lower() in SIGNALS:
        _write_signals(found, path, artefacts=artefacts, force=force, quiet=quiet)
        return
    from emgdetect.cli.joining import joined
    from emgdetect.exports import write_events

    write_events(joined(found.detections), path, artefacts=artefacts, force=force)
    if not quiet:
        say(str(path))


def _write_signals(found: Found, path: Path, *, artefacts: bool, force: bool, quiet: bool) -> None:
    from emgdetect.exports import write_edf

    paths = numbered(path, len(found.searched))
    for target, one in zip(paths, found.searched, strict=True):
        # Channels that were not searched belong to the recording all the same, unless some were named.
        whole = one.stream if found.by_name else found.recording.streams[one.index]
        alone = replace(found.recording, streams=(whole,))
        with waiting(f"Writing {target.name}", quiet=quiet):
            copy = write_edf(alone, target, detection=one.detection, artefacts=artefacts, force=force)
        if quiet:
            continue
        say(str(target))
        if not copy.exact:
            note(f"{target}: the numbers are rounded to one part in 16 million of their range")

"""A check from the command line: what is looked at, who is told what to do, what is kept."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.cli.console import bar, note, say, say_json, waiting
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.calibration import Calibration
    from emgdetect.checking import Phase, StreamCheck
    from emgdetect.cli.sensors import Asked
    from emgdetect.recording import ReadOptions

NOT_PASSED = 1
"""Exit code when something failed."""

_PORT = re.compile(r"/dev/\S+|COM\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Keep:
    """Where calibrations go; nowhere for ``None``."""

    file: Path | None = None
    session: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How long, and how it is told."""

    seconds: float = 10.0
    rest_only: bool = False
    as_json: bool = False
    quiet: bool = False


def are_files(sources: Sequence[str]) -> bool:
    """Say whether recordings are meant, and not sensors.

    Raises
    ------
    UsageError
        Some are and some are not.
    """
    files = [text for text in sources if _is_file(text)]
    if files and len(files) < len(sources):
        raise UsageError(
            "sensors and recordings are not checked together", hint=f"leave out {', '.join(files)}"
        )
    return bool(files)


def check_live(asked: Asked, keep: Keep, manner: Manner) -> int:
    """Lead through a check of sensors and return the exit code.

    Raises
    ------
    EmgError
        A sensor that cannot be reached, or a place that nothing can be kept in.
    """
    from emgdetect.checking import Plan, check_sensors
    from emgdetect.cli.sensors import sources_of

    _look_ahead(keep)
    half = manner.seconds / 2
    plan = Plan(manner.seconds, 0.0) if manner.rest_only else Plan(half, half)
    sources = sources_of(replace(asked, sensors=tuple(map(_tensing, asked.sensors))))
    with ExitStack() as shown:
        shown.enter_context(waiting("Waiting for samples", quiet=manner.quiet))
        results = check_sensors(sources, plan, _Terminal(shown, quiet=manner.quiet))
    kept = [
        channel.calibration
        for result in results
        for channel in result.channels
        if not any(one.verdict == "fail" for one in channel.findings)
    ]
    _tell(results, manner)
    _store(kept, keep, manner)
    return _code(results)


def check_files(
    sources: Sequence[str], given: ReadOptions, channels: tuple[str, ...], keep: Keep, manner: Manner
) -> int:
    """Check recordings and return the exit code.

    Raises
    ------
    EmgError
        A recording that cannot be read, or an option that is for sensors.
    """
    from emgdetect.checking import check_stream
    from emgdetect.cli.inputs import open_input, streams_to_search

    if keep.file is not None or keep.session is not None:
        hint = "leave --calibration and --session out"
        raise UsageError("a calibration is made of a sensor before the night", hint=hint)
    results = []
    for text in sources:
        path = Path(text)
        recording = open_input(path, given, quiet=manner.quiet)
        time = recording.start or datetime.fromtimestamp(path.stat().st_mtime, UTC)
        for _, stream in streams_to_search(recording, channels).parts:
            with bar(f"Checking {path.name}", stream.n_samples, quiet=manner.quiet) as shown:
                results.append(replace(check_stream(stream, time, tell=shown), name=path.name))
    _tell(results, manner)
    return _code(results)


def _tensing(sensor: str) -> str:
    """Return the address of a sensor; a virtual one that is asked for no other signal tenses its muscle."""
    if "virtual://" not in sensor.lower() or "signal=" in sensor:
        return sensor
    return f"{sensor}{'&' if '?' in sensor else '?'}signal=tensing"


class _Terminal:
    """Tells the person at the electrodes what to do, on stderr; until then ``shown`` is on the screen."""

    def __init__(self, shown: ExitStack, *, quiet: bool) -> None:
        self._shown = shown
        self._quiet = quiet

    def begin(self, phase: Phase, seconds: float) -> None:
        words = {
            "rest": "relax the muscle completely and keep still",
            "tense": "now TENSE the muscle as hard as you can, and hold it",
        }
        self._say(f"{words[phase]}: {seconds:.3g} s")

    def news(self, sensor: str, text: str) -> None:
        self._say(f"{sensor}: {text}")

    def _say(self, text: str) -> None:
        self._shown.close()
        if not self._quiet:
            note(text)


def _is_file(text: str) -> bool:
    if "://" in text or _PORT.fullmatch(text):
        return False
    path = Path(text)
    # A name that has a suffix was meant as a file even where there is none.
    return path.is_file() or bool(path.suffix)


def _look_ahead(keep: Keep) -> None:
    """Find out before anybody tenses a muscle that the result cannot be kept."""
    from emgdetect.cli.outputs import check_targets
    from emgdetect.session import SessionReader

    if keep.file is not None:
        check_targets([keep.file], force=keep.force, sources=[])
    if keep.session is not None and keep.session.exists():
        SessionReader(keep.session).close()


def _store(kept: Sequence[Calibration], keep: Keep, manner: Manner) -> None:
    from emgdetect.calibration import NOTE_KIND, to_json
    from emgdetect.session import Note, SessionWriter
    from emgdetect.writing import write_text

    targets = [path for path in (keep.file, keep.session) if path is not None]
    if not targets:
        return
    if not kept:
        note("no calibration was kept, because no channel passed")
        return
    if keep.file is not None:
        write_text(keep.file, to_json(kept) + "\n", force=keep.force)
    if keep.session is not None:
        is_there = keep.session.exists()
        opened = (
            SessionWriter.open(keep.session, recording=False)
            if is_there
            else SessionWriter.create(keep.session)
        )
        with opened as session:
            session.note(Note(NOTE_KIND, to_json(kept), kept[0].time))
    if not manner.quiet:
        names = ", ".join(one.channel for one in kept)
        note(f"kept the calibration of {names} in {' and '.join(map(str, targets))}")


def _tell(results: Sequence[StreamCheck], manner: Manner) -> None:
    from emgdetect.cli.verdicts import document, lines

    if manner.as_json:
        say_json(document(results))
    elif not manner.quiet:
        for line in lines(results):
            say(line)


def _code(results: Sequence[StreamCheck]) -> int:
    return NOT_PASSED if any(result.failed for result in results) else 0

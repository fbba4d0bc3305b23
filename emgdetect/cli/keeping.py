"""Writing what ``detect`` found: a table, a session, a report, or the last two when nothing is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from emgdetect.cli.console import bar, note
from emgdetect.cli.converting import check_suffix
from emgdetect.cli.outputs import check_page, check_targets, event_targets
from emgdetect.errors import MissingExtraError

if TYPE_CHECKING:
    from emgdetect.cli.searching import Found

SESSION_SUFFIX = ".emgdb"
Kept = tuple[tuple[str, Path], ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """What the user asked to be written; without any of it a session and a report by the input's name."""

    source: Path
    events: Path | None = None
    session: Path | None = None
    report: Path | None = None
    artefacts: bool = False
    force: bool = False

    @property
    def by_default(self) -> bool:
        """Whether the user named no output."""
        return self.events is None and self.session is None and self.report is None

    @property
    def adds_to_source(self) -> bool:
        """Whether the result goes into the session it came from."""
        if self.source.suffix.lower() != SESSION_SUFFIX:
            return False
        same = self.session is not None and self.session.resolve() == self.source.resolve()
        return self.by_default or same

    def session_path(self) -> Path | None:
        """Give the session to write, ``None`` for none."""
        if self.adds_to_source:
            return self.source
        return Path(f"{self.source.stem}{SESSION_SUFFIX}") if self.by_default else self.session

    def report_path(self) -> Path | None:
        """Give the report to write, ``None`` for none; a session does not get one unasked."""
        if self.by_default:
            return None if self.adds_to_source else Path(f"{self.source.stem}.html")
        return self.report

    def check(self) -> None:
        """Refuse, before the work begins, what could not be written.

        Raises
        ------
        EmgError
            See :func:`emgdetect.cli.converting.check_suffix`, and ``check_targets`` and ``check_page`` in
            :mod:`emgdetect.cli.outputs`.
        """
        if self.events is not None:
            check_suffix(self.events)
        table = () if self.events is None else event_targets(self.events)
        session = None if self.adds_to_source else self.session_path()
        report = self.report_path()
        if report is not None:
            check_page(report, force=self.force)
        others = [path for path in (session, report) if path is not None]
        check_targets((*table, *others), force=self.force, sources=(self.source,))


def keep(found: Found, targets: Targets, *, quiet: bool = False) -> Kept:
    """Write everything that is wanted and return what was written and where.

    Raises
    ------
    OutputError
        When a file cannot be written; files written before it stay.
    MissingExtraError
        When a report was asked for by name and its libraries are missing.
    """
    kept: list[tuple[str, Path]] = []
    if targets.events is not None:
        _write_table(found, targets.events, artefacts=targets.artefacts, force=targets.force)
        kept.append(("events", targets.events))
    session = targets.session_path()
    if session is not None:
        _write_session(found, session, targets, quiet=quiet)
        kept.append(("session", session))
    report = targets.report_path()
    if report is not None:
        kept += [("report", path) for path in _write_reports(found, report, targets, quiet=quiet)]
    return tuple(kept)


def _write_table(found: Found, path: Path, *, artefacts: bool, force: bool) -> None:
    from emgdetect.cli.joining import joined
    from emgdetect.exports import write_events

    write_events(joined(found.detections), path, artefacts=artefacts, force=force)


def _write_session(found: Found, path: Path, targets: Targets, *, quiet: bool) -> None:
    from emgdetect.session import SessionReader, import_recording, save_detection

    if targets.adds_to_source:
        with SessionReader(path) as session:
            ids = session.stream_ids()
        for one in found.searched:
            save_detection(path, ids[one.index], one.detection)
        return
    total = sum(stream.n_samples for stream in found.recording.streams)
    with bar(f"Writing {path.name}", total, quiet=quiet) as shown:
        progress = None if shown is None else (lambda done, _: shown(done))
        results = [(one.index, one.detection) for one in found.searched]
        import_recording(found.recording, path, results=results, force=targets.force, progress=progress)


def _write_reports(found: Found, path: Path, targets: Targets, *, quiet: bool) -> list[Path]:
    from emgdetect.cli.reporting import Wanted, write_reports

    try:
        return write_reports(found, Wanted((path,), force=targets.force), quiet=quiet)
    except MissingExtraError as error:
        if not targets.by_default:
            raise
        if not quiet:
            note(str(error))
        return []

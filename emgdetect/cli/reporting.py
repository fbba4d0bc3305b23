"""Writing reports: which files, of what, with what beside it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from emgdetect.cli.beside import Given, known_beside
from emgdetect.cli.console import waiting
from emgdetect.cli.nightly import Asked, look_back
from emgdetect.cli.outputs import check_page, check_paper, check_targets, numbered
from emgdetect.cli.searching import look_up
from emgdetect.errors import UsageError
from emgdetect.recording import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emgdetect.cli.searching import Found, Request
    from emgdetect.report import Document

MANY = Path("nights.html")
NOTHING_BESIDE = Given()


@dataclass(frozen=True, slots=True)
class Labels:
    """What the user wants printed on the page, or left out of it."""

    title: str = ""
    subject: str = ""
    anonymise: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """The files to write, at least one, and how."""

    files: tuple[Path, ...]
    paper: Literal["a4", "letter"] = "a4"
    force: bool = False

    @property
    def pages(self) -> bool:
        """Whether a page is among them, and not only a PDF."""
        return any(path.suffix.lower() != ".pdf" for path in self.files)


def check_one(*, since: str) -> None:
    """Refuse what makes no sense for a single recording.

    Raises
    ------
    UsageError
        If the user said something about many nights.
    """
    if since:
        raise UsageError("--since parts many nights", hint="it goes with --nights")


def check_many(*, said: bool, run: bool, options: ReadOptions) -> None:
    """Refuse what makes no sense for many nights.

    Raises
    ------
    UsageError
        If the user said something about a single recording.
    """
    if said or run or options != ReadOptions():
        hint = "leave --hypnogram, --place, --run and the reading options out"
        raise UsageError("--nights takes the stored detections of sessions as they are", hint=hint)


def wanted(
    sources: Sequence[Path],
    html: Path | None,
    pdf: Path | None,
    *,
    nights: bool,
    paper: Literal["a4", "letter"],
    force: bool,
) -> Wanted:
    """Find out which files are to be written, and refuse what could not be in the end.

    Raises
    ------
    UsageError
        If a name does not fit, two are the same, or there are too many files.
    OutputError
        If a file exists and is not to be replaced, or cannot be written.
    """
    if not nights and len(sources) > 1:
        if len(sources) > 2 or html is not None:  # noqa: PLR2004 - FILE and HTML
            raise UsageError("one FILE each time, and one page", hint="or --nights, for one report over all")
        html = sources[1]
    if html is None and pdf is None:
        html = MANY if nights else Path(f"{sources[0].stem}.html")
    if html is not None:
        check_page(html, force=force)
    if pdf is not None:
        check_paper(pdf, force=force)
    files = tuple(path for path in (html, pdf) if path is not None)
    check_targets(files, force=force, sources=[one for one in sources[:1] if not nights])
    return Wanted(files, paper, force)


def report_night(request: Request, targets: Wanted, labels: Labels, said: Given) -> list[Path]:
    """Look a recording up, write its reports and return their paths."""
    found = look_up(request)
    return write_reports(found, targets, labels=labels, said=said, quiet=request.quiet)


def write_reports(
    found: Found,
    targets: Wanted,
    *,
    labels: Labels = Labels(),
    said: Given = NOTHING_BESIDE,
    quiet: bool = False,
) -> list[Path]:
    """Write the reports of every stream that was searched, and return their paths.

    Raises
    ------
    MissingExtraError
        When the libraries reports are drawn with are not installed.
    OutputError
        When a file cannot be written.
    """
    from emgdetect.report import ReportOptions, night_document
    from emgdetect.summary import summarise

    options = ReportOptions(
        title=labels.title,
        subject=labels.subject,
        oddities=found.recording.oddities,
        anonymise=labels.anonymise,
        narrow=targets.pages,
    )
    known = known_beside(found, said, quiet=quiet)
    written: list[Path] = []
    for place, (one, beside) in enumerate(zip(found.searched, known, strict=True)):
        numbers = summarise(one.detection, artefacts=True)
        files = [numbered(path, len(found.searched))[place] for path in targets.files]
        with waiting(f"Writing {files[0].name}", quiet=quiet):
            document = night_document(one.detection, numbers, one.stream, options=options, known=beside)
            written += _write(document, files, targets)
    return written


def report_nights(
    paths: Sequence[Path],
    targets: Wanted,
    labels: Labels,
    asked: tuple[tuple[str, ...], str, str | None],
    *,
    quiet: bool = False,
) -> list[Path]:
    """Lay nights side by side, write the report and return its paths; ``asked``: channels, since, profile."""
    from emgdetect.report import ReportOptions, nights_document

    channels, since, profile = asked
    found = look_back(paths, Asked(channels=channels, since=since, profile=profile), quiet=quiet)
    options = ReportOptions(
        title=labels.title, subject=labels.subject, anonymise=labels.anonymise, narrow=targets.pages
    )
    with waiting(f"Writing {targets.files[0].name}", quiet=quiet):
        return _write(nights_document(found, options=options), targets.files, targets)


def _write(document: Document, files: Sequence[Path], targets: Wanted) -> list[Path]:
    from emgdetect.report import write_document

    for path in files:
        write_document(path, document, paper=targets.paper, force=targets.force)
    return list(files)

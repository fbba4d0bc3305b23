"""One report page per stream that was searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emgdetect.cli.console import waiting
from emgdetect.cli.outputs import numbered

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.cli.searching import Found


@dataclass(frozen=True, slots=True)
class Labels:
    """What the user wants printed on the page, or left out of it."""

    title: str = ""
    subject: str = ""
    anonymise: bool = False


def write_reports(
    found: Found, path: Path, *, labels: Labels = Labels(), force: bool = False, quiet: bool = False
) -> list[Path]:
    """Write the pages and return their paths.

    Raises
    ------
    MissingExtraError
        When the libraries reports are drawn with are not installed.
    OutputError
        When a page cannot be written.
    """
    from emgdetect.report import ReportOptions, write_report
    from emgdetect.summary import summarise

    paths = numbered(path, len(found.searched))
    options = ReportOptions(
        title=labels.title,
        subject=labels.subject,
        oddities=found.recording.oddities,
        anonymise=labels.anonymise,
    )
    for target, one in zip(paths, found.searched, strict=True):
        numbers = summarise(one.detection, artefacts=True)
        with waiting(f"Writing {target.name}", quiet=quiet):
            write_report(target, one.detection, numbers, one.stream, options=options, force=force)
    return paths

"""What every command that writes files asks before the work begins."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from emgdetect.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAGES = (".html", ".htm")
PAGE_MARK = b'<meta name="generator" content="emgdetect'
PAPER = ".pdf"
PAPER_MARK = b"<rdf:li>emgdetect "
"""Every PDF says who made it (``report/page.typ``) among its metadata, in clear."""

MARK_WITHIN = 4096
"""Every page says who made it (``report/page.html.j2``) within so many bytes."""


def numbered(path: Path, count: int) -> list[Path]:
    """Name the files of ``count`` streams: ``path`` itself, then ``path`` with a number at its stem."""
    return [path, *(path.with_stem(f"{path.stem}-{number}") for number in range(2, count + 1))]


def event_targets(path: Path) -> tuple[Path, ...]:
    """Name the files an event table comes in: a TSV has a JSON sidecar, unless it goes to a device."""
    has_sidecar = path.suffix.lower() in {"", ".tsv"} and (path.is_file() or not path.exists())
    return (path, path.with_suffix(".json")) if has_sidecar else (path,)


def check_page(path: Path, *, force: bool) -> None:
    """Refuse a report page whose name is not that of a page, and to replace what is none of ours.

    ``emgdetect report *.edf`` names a recording where the page should stand.

    Raises
    ------
    UsageError
        If the suffix is not ``.html`` or ``.htm``, unless it is a device.
    OutputError
        If ``force`` is given and a file of that name is not a page that emgdetect wrote.
    """
    if path.exists() and not path.is_file():
        return
    if path.suffix.lower() not in PAGES:
        raise UsageError(
            "a report page needs a name that ends in .html", where=path, hint="each command takes one FILE"
        )
    if force and path.is_file() and not _is_ours(path):
        raise OutputError(
            "this page is not by emgdetect and is kept, even with --force",
            where=path,
            hint="choose another name",
        )


def check_paper(path: Path, *, force: bool) -> None:
    """Refuse a PDF whose name is not that of one, and to replace what is none of ours.

    Raises
    ------
    UsageError
        If the suffix is not ``.pdf``, unless it is a device.
    OutputError
        If ``force`` is given and a file of that name is not a PDF that emgdetect wrote.
    """
    if path.exists() and not path.is_file():
        return
    if path.suffix.lower() != PAPER:
        raise UsageError("a PDF needs a name that ends in .pdf", where=path)
    if force and path.is_file() and path.stat().st_size and PAPER_MARK not in path.read_bytes():
        raise OutputError(
            "this PDF is not by emgdetect and is kept, even with --force",
            where=path,
            hint="choose another name",
        )


def _is_ours(page: Path) -> bool:
    with page.open("rb") as file:
        head = file.read(MARK_WITHIN)
    return not head or PAGE_MARK in head


def check_targets(targets: Iterable[Path], *, force: bool, sources: Iterable[Path] = ()) -> None:
    """Refuse what could not be written in the end, before minutes go into making it.

    Raises
    ------
    OutputError
        If a file exists and ``force`` is false, or a folder is missing or closed to us.
    UsageError
        If two outputs, or an output and an input, are the same file.
    """
    taken = {path.resolve(): "read" for path in sources}
    for target in targets:
        resolved = target.resolve()
        if resolved in taken:
            raise UsageError(f"this file is {taken[resolved]} already by the same command", where=target)
        taken[resolved] = "written"
        _check_target(target, force=force)


def _check_target(target: Path, *, force: bool) -> None:
    folder = target.parent
    if not folder.is_dir():
        raise OutputError("the folder does not exist", where=folder, hint="create it first")
    if target.is_dir():
        raise OutputError("this is a folder", where=target, hint="name a file in it")
    if target.is_file() and not force:
        raise OutputError("the file exists already", where=target, hint="choose another name or use --force")
    if not os.access(target if target.exists() and not target.is_file() else folder, os.W_OK):
        raise OutputError("no permission to write here", where=folder, hint="choose another folder")

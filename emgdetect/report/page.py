"""From a detection to a document, and from a document to a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.report.canvas import drawing_style
from emgdetect.report.html import to_html
from emgdetect.report.material import gather
from emgdetect.report.night import night
from emgdetect.report.nights import nights
from emgdetect.report.options import DEFAULTS
from emgdetect.report.pdf import to_pdf
from emgdetect.scoring import ALONE
from emgdetect.writing import write_bytes, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Stream
    from emgdetect.report.document import Document
    from emgdetect.report.options import ReportOptions
    from emgdetect.report.pdf import Paper
    from emgdetect.scoring import Beside
    from emgdetect.summary import Summary
    from emgdetect.trends import Trends
    from emgdetect.types import Detection

PDF_SUFFIX = ".pdf"


def night_document(
    detection: Detection,
    summary: Summary,
    stream: Stream | None = None,
    *,
    options: ReportOptions = DEFAULTS,
    known: Beside = ALONE,
) -> Document:
    """Return the report of one recording, to be written as HTML, as PDF, or both.

    Parameters
    ----------
    detection : Detection
        What was found. No events and no valid time are fine; the report says so.
    summary : Summary
        The summary of that detection; every number of the report is its, or that of a rule set.
    stream : Stream, optional
        The samples, for the example traces. Without them the examples are described, not drawn.
    options : ReportOptions
        Title, subject, and whether to leave out what identifies a person.
    known : Beside
        Hypnogram, placements and diary.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    material = gather(detection, summary, stream, options, known)
    with drawing_style():
        return night(material)


def nights_document(found: Trends, *, options: ReportOptions = DEFAULTS) -> Document:
    """Return the report of many nights.

    Parameters
    ----------
    found : Trends
        The nights side by side; every number of the report is theirs.
    options : ReportOptions
        Title, subject, and whether to leave out names and dates.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    with drawing_style():
        return nights(found, options)


def build_report(
    detection: Detection,
    summary: Summary,
    stream: Stream | None = None,
    *,
    options: ReportOptions = DEFAULTS,
    known: Beside = ALONE,
) -> str:
    """Return the report as one self-contained HTML page; parameters are those of :func:`night_document`.

    Returns
    -------
    str
        HTML with style and drawings inside; it loads nothing and holds no script. The same input gives
        the same text.

    Raises
    ------
    MissingExtraError
        If matplotlib or jinja2 is not installed.
    """
    return to_html(night_document(detection, summary, stream, options=options, known=known))


def write_report(
    path: Path | str,
    detection: Detection,
    summary: Summary,
    stream: Stream | None = None,
    *,
    options: ReportOptions = DEFAULTS,
    force: bool = False,
) -> None:
    """Write the report to a file, whole or not at all: HTML, or PDF where the name ends in ``.pdf``.

    What goes with a recording beside its signal is taken by :func:`night_document`, whose documents
    :func:`write_document` writes.

    Raises
    ------
    OutputError
        If the file exists and ``force`` is false, or cannot be written.
    MissingExtraError
        If a library is not installed: matplotlib; jinja2 for HTML, typst for PDF.
    """
    options = replace(options, narrow=options.narrow and not is_pdf(path))
    document = night_document(detection, summary, stream, options=options)
    write_document(path, document, paper=options.paper, force=force)


def is_pdf(path: Path | str) -> bool:
    """Tell whether a report of that name is a PDF."""
    return str(path).lower().endswith(PDF_SUFFIX)


def write_document(path: Path | str, document: Document, *, paper: Paper = "a4", force: bool = False) -> None:
    """Write a document as HTML, or as PDF where the name ends in ``.pdf``.

    Raises
    ------
    OutputError
        If the file exists and ``force`` is false, or cannot be written.
    MissingExtraError
        If a library is not installed.
    """
    if is_pdf(path):
        write_bytes(path, to_pdf(document, paper), force=force)
    else:
        write_text(path, to_html(document), force=force)

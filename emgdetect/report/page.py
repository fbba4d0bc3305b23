"""Putting the page together: one file that needs nothing else, and asks for nothing."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from emgdetect.errors import MissingExtraError
from emgdetect.report import axis
from emgdetect.report.canvas import drawing_style
from emgdetect.report.content import content
from emgdetect.report.material import gather
from emgdetect.report.options import DEFAULTS
from emgdetect.writing import write_text

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.recording import Stream
    from emgdetect.report.options import ReportOptions
    from emgdetect.summary import Summary
    from emgdetect.types import Detection


def build_report(
    detection: Detection,
    summary: Summary,
    stream: Stream | None = None,
    *,
    options: ReportOptions = DEFAULTS,
) -> str:
    """Return the report as one self-contained HTML page.

    Parameters
    ----------
    detection : Detection
        What was found. No events and no valid time are fine; the page says so.
    summary : Summary
        The summary of that detection; every number of the page is its.
    stream : Stream, optional
        The samples, for the example traces. Without them the examples are described, not drawn.
    options : ReportOptions
        Title, subject, and whether to leave out what identifies a person.

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
    material = gather(detection, summary, stream, options)
    with drawing_style():
        context = content(material)
    return _render(context)


def write_report(
    path: Path | str,
    detection: Detection,
    summary: Summary,
    stream: Stream | None = None,
    *,
    options: ReportOptions = DEFAULTS,
    force: bool = False,
) -> None:
    """Write the page of :func:`build_report` to a file, whole or not at all.

    Raises
    ------
    OutputError
        If the file exists and ``force`` is false, or cannot be written.
    MissingExtraError
        If matplotlib or jinja2 is not installed.
    """
    write_text(path, build_report(detection, summary, stream, options=options), force=force)


def _render(context: dict[str, Any]) -> str:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("jinja2", extra="report", purpose="writing a report") from error
    folder = resources.files("emgdetect.report")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["short_time"] = axis.short_time
    template = environment.from_string((folder / "page.html.j2").read_text(encoding="utf-8"))
    style = (folder / "page.css").read_text(encoding="utf-8")
    return template.render(**context, style=style)

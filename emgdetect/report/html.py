"""A document as one HTML page that needs nothing else, and asks for nothing."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from emgdetect.errors import MissingExtraError
from emgdetect.report import palette

if TYPE_CHECKING:
    from emgdetect.report.document import Document


def to_html(document: Document) -> str:
    """Return a document as a page with style and drawings inside; it holds no script.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("jinja2", extra="report", purpose="writing a report") from error
    folder = resources.files("emgdetect.report")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((folder / "page.html.j2").read_text(encoding="utf-8"))
    style = (folder / "page.css").read_text(encoding="utf-8")
    page: str = template.render(document=document, style=style, palette=palette)
    # Macros begin with a blank line each; a page begins with its type.
    return page.lstrip()

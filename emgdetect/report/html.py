"""A document as one HTML page that needs nothing else, and asks for nothing."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from emgdetect.errors import MissingExtraError
from emgdetect.report import palette

if TYPE_CHECKING:
    from jinja2 import Template

    from emgdetect.report.document import Document


def to_html(document: Document) -> str:
    """Return a document as a page with style and drawings inside; it holds no script.

    Raises
    ------
    MissingExtraError
        If jinja2 is not installed.
    """
    try:
        import jinja2  # noqa: F401 - so that a missing library is told, also after a page was written
    except ImportError as error:
        raise MissingExtraError("jinja2", extra="report", purpose="writing a report") from error
    style = (resources.files("emgdetect.report") / "page.css").read_text(encoding="utf-8")
    page = _template().render(document=document, style=style, palette=palette)
    # Macros begin with a blank line each; a page begins with its type.
    return page.lstrip()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    page = resources.files("emgdetect.report") / "page.html.j2"
    return environment.from_string(page.read_text(encoding="utf-8"))

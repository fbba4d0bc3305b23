"""A drawing that ends as a piece of SVG inside the page.

Sizes are CSS pixels: a drawing shown at its own width has text of the size it was drawn with. Text stays
text (small, selectable, in the reader's own font), ids carry the drawing's name so that two drawings never
share one, and nothing refers to anything outside.
"""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

from emgdetect.errors import MissingExtraError
from emgdetect.report import palette

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TEXT = 11.0
SMALL = 10.0
"""Font sizes in CSS pixels at the drawing's own width."""

DPI = 72
"""One unit of the SVG is one pixel."""

LINE = 0.8

TAG = re.compile(r"<[^>]+>")
ID = re.compile(r'\sid="([^"]+)"')
LINK = re.compile(r'(?:xlink:href="#|url\(#)([^")]+)')
GEOMETRY = re.compile(r'\b(d|points|x|y|width|height|transform)="([^"]*)"')
DECIMALS = re.compile(r"(\.\d\d)\d+")
USELESS = re.compile(r"font-family: [^;\"]*;? ?|(?: transform=\"rotate\(-0 [^\"]*\")")
METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
STYLE = re.compile(r'<defs>\s*<style type="text/css">.*?</style>\s*</defs>', re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ROOT = re.compile(r"<svg[^>]*>", re.DOTALL)
BLANKS = re.compile(r"\n\s*")
NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
EMPTY_GROUP = re.compile(r"<g>\s*</g>\s*")


@contextmanager
def drawing_style() -> Iterator[None]:
    """Draw the same way on every machine, whatever the user's own settings of matplotlib.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtraError("matplotlib", extra="report", purpose="writing a report") from error
    with mpl.rc_context(), warnings.catch_warnings():
        # A name in a script that matplotlib's own font lacks is drawn by the reader's font.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "svg.fonttype": "none",
                "svg.hashsalt": "emgdetect",
                "text.parse_math": False,
                "font.size": TEXT,
                "axes.linewidth": LINE,
                "axes.edgecolor": palette.FAINT,
                "text.color": palette.INK,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "hatch.linewidth": 0.6,
                "path.simplify": True,
            }
        )
        yield


class Canvas:
    """A blank drawing of ``width`` by ``height`` pixels; use inside :func:`drawing_style`."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.figure import Figure

        self.width = width
        self.height = height
        self.figure: Figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI)
        self.figure.patch.set_visible(False)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Add axes at a place counted in pixels from the top left corner.

        They have their two lines; ticks and titles come from :mod:`emgdetect.report.ticks`.
        """
        bottom = self.height - top - height
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes: Axes = self.figure.add_axes(box)
        axes.patch.set_visible(False)
        for one in (axes.xaxis, axes.yaxis):
            one.set_visible(False)
        return axes

    def write(self, left: float, top: float, text: str, **style: object) -> None:
        """Put text with its baseline at a place counted in pixels from the top left corner."""
        self.figure.text(left / self.width, 1 - top / self.height, text, **style)  # type: ignore[arg-type]

    def svg(self, name: str, description: str) -> str:
        """Return the drawing as an SVG element.

        Parameters
        ----------
        name : str
            Unique within the page; every id begins with it.
        description : str
            What is to be seen, for those who cannot see it.
        """
        buffer = StringIO()
        self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        return embedded(buffer.getvalue(), name, description)


def embedded(document: str, name: str, description: str) -> str:
    """Turn a whole SVG file of matplotlib into an element for a page."""
    text = document[document.index("<svg") :]
    view = re.search(r'viewBox="([^"]+)"', text)
    for superfluous in (METADATA, STYLE, COMMENT):
        text = superfluous.sub("", text)
    used = set(LINK.findall(text))
    text = TAG.sub(lambda tag: _slim(tag[0], name, used), text)
    text = EMPTY_GROUP.sub("", BLANKS.sub("\n", text))
    box = view[1] if view else "0 0 100 100"
    root = f'<svg viewBox="{box}" role="img"><title>{escape(description)}</title>'
    return ROOT.sub(lambda _: root, text, count=1).strip()


def standalone(drawing: str, font: str) -> str:
    """Turn an element of a page into an SVG file of its own, with its text in one font."""
    box = re.search(r'viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"', drawing)
    size = f'width="{box[3]}" height="{box[4]}" ' if box else ""
    root = f'<svg {NAMESPACES} {size}font-family="{font}" '
    linked = TAG.sub(lambda tag: tag[0].replace(' href="#', ' xlink:href="#'), drawing)
    return linked.replace("<svg ", root, 1)


def _slim(tag: str, name: str, used: set[str]) -> str:
    # Only tags are rewritten: a channel's name may look like an attribute and must stay as it is.
    if tag.startswith("</"):
        return tag
    if "#" not in tag and ' id="' not in tag:
        return GEOMETRY.sub(_rounded, USELESS.sub("", tag))
    tag = ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in used else "", tag)
    tag = LINK.sub(lambda found: f"{_link_start(found[0])}{name}-{found[1]}", tag)
    tag = USELESS.sub("", tag)
    return GEOMETRY.sub(_rounded, tag)


def _rounded(attribute: re.Match[str]) -> str:
    # Hundredths of a pixel are more than any screen or printer shows.
    return f'{attribute[1]}="{DECIMALS.sub(_two_decimals, attribute[2])}"'


def _two_decimals(number: re.Match[str]) -> str:
    return number[1]


def _link_start(link: str) -> str:
    # Pages need no namespace for links inside a drawing.
    return 'href="#' if link.startswith("xlink") else "url(#"

"""A document as a PDF, typeset by the library typst; nothing of the system is used, fonts neither.

Text is set in the fonts that come with matplotlib, which the drawings were measured with. Only where a
name needs letters that these lack, as Chinese or Arabic do, the fonts of the computer help out.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from emgdetect.errors import MissingExtraError
from emgdetect.report import palette
from emgdetect.report.canvas import standalone

if TYPE_CHECKING:
    from emgdetect.report.document import Document

Paper = Literal["a4", "letter"]
PAPERS: dict[Paper, str] = {"a4": "a4", "letter": "us-letter"}
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of making that is written into every file: the same input gives the same bytes."""

FONT = "DejaVu Sans"


def to_pdf(document: Document, paper: Paper = "a4") -> bytes:
    """Return a document as a PDF file.

    Parameters
    ----------
    document : Document
        What it says.
    paper : {"a4", "letter"}
        Size of the pages.

    Returns
    -------
    bytes
        The same for the same document and versions of the libraries.

    Raises
    ------
    MissingExtraError
        If typst or matplotlib (whose fonts are used) is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("typst", extra="pdf", purpose="writing a PDF") from error
    template = (resources.files("emgdetect.report") / "page.typ").read_bytes()
    content = json.dumps(_plain(document), ensure_ascii=False)
    folder = _font_folder()
    enough = _drawn_by(folder, content)
    fonts = typst.Fonts(
        include_system_fonts=not enough,
        include_embedded_fonts=not enough,
        font_paths=[str(folder)],
    )
    made = typst.compile(
        template,
        format="pdf",
        font_paths=fonts,
        sys_inputs={"document": content, "paper": PAPERS[paper], "colours": json.dumps(_colours())},
        timestamp=EPOCH,
    )
    if not isinstance(made, bytes):
        raise TypeError("one document gives one file")
    return made


def _plain(document: Document) -> dict[str, object]:
    """Return the document as JSON types, with drawings that stand on their own."""
    tree = asdict(document)
    for section in tree["sections"]:
        for block in section["blocks"]:
            for one in (block, *block.get("figures", ())):
                if one.get("drawing"):
                    one["drawing"] = standalone(one["drawing"], FONT)
                one.pop("narrow", None)
    return tree


def _colours() -> dict[str, str]:
    return {
        **palette.COLOURS,
        "ink": palette.INK,
        "faint": palette.FAINT,
        "rule": palette.RULE,
        "floor": palette.FLOOR,
        "floor_fill": palette.FLOOR_FILL,
        "shade": palette.SHADE,
        "rem": palette.REM,
    }


def _font_folder() -> Path:
    try:
        import matplotlib as mpl
    except ImportError as error:
        raise MissingExtraError("matplotlib", extra="report", purpose="writing a report") from error
    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def _drawn_by(fonts: Path, text: str) -> bool:
    """Say whether our font has every letter of the text."""
    from matplotlib.ft2font import FT2Font

    known = FT2Font(str(fonts / "DejaVuSans.ttf")).get_charmap()
    return all(ord(letter) in known or letter.isspace() for letter in set(text))

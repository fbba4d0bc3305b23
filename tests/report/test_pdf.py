from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from emgdetect.errors import MissingExtraError, OutputError
from emgdetect.report import ReportOptions, night_document, to_html, to_pdf, write_document
from emgdetect.scoring import beside
from emgdetect.summary import DISCLAIMER, summarise
from tests.report.test_beside import HOUR, night, scoring
from tests.report.test_page import NASTY, THREE_MEGABYTES, variants

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emgdetect.report import Document
    from emgdetect.types import Detection
    from tests.report.conftest import Maker, Page

A4_POINTS = (595.3, 841.9)
LETTER_POINTS = (612.0, 792.0)


def document_of(detection: Detection, **options: object) -> Document:
    chosen = ReportOptions(**options)  # type: ignore[arg-type]
    return night_document(detection, summarise(detection, artefacts=True), options=chosen)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("name", ["one event", "nothing at all", "no channel", "no valid time", "nasty"])
def test_every_recording_makes_a_pdf_with_the_notice(name: str, make: Maker) -> None:
    pdf = to_pdf(document_of(variants(make)[name]))
    assert pdf.startswith(b"%PDF-")
    assert "".join(DISCLAIMER.split()) in text_of(pdf)


def test_page_and_pdf_hold_the_same_numbers(make: Maker, read: Callable[[str], Page]) -> None:
    detection = night(make)
    known = beside(detection, [scoring((0, 2 * HOUR, "W"), (2 * HOUR, 4 * HOUR, "N2"))])
    document = night_document(detection, summarise(detection), options=ReportOptions(), known=known)
    page = read(to_html(document))
    cells = {cell.split("|")[0] for table in page.tables for row in table for cell in row}
    printed = text_of(to_pdf(document))
    wanted = {"".join(cell.split()) for cell in cells if re.search(r"\d", cell)}
    assert len(wanted) > 50
    assert [cell for cell in wanted if cell not in printed] == []


def test_words_are_set_as_they_are(make: Maker) -> None:
    # Typst's own signs must come out as they went in.
    title = "#let $x$ *bold* _it_ `raw` @ref <tag> // no \\ = 1"
    printed = text_of(to_pdf(document_of(make.detection(60), title=title, subject=NASTY[:30])))
    assert "".join(title.split()) in printed


@pytest.mark.parametrize(("paper", "size"), [("a4", A4_POINTS), ("letter", LETTER_POINTS)])
def test_paper(make: Maker, paper: str, size: tuple[float, float]) -> None:
    pdf = to_pdf(document_of(make.detection(60)), paper)  # type: ignore[arg-type]
    for page in PdfReader(io.BytesIO(pdf)).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx(size, abs=0.1)


def test_the_same_document_gives_the_same_bytes(make: Maker) -> None:
    document = document_of(make.busy(3600, 40))
    assert to_pdf(document) == to_pdf(document)


def test_sixteen_channels_and_ten_thousand_events_stay_small(make: Maker) -> None:
    detection = make.busy(8 * 3600, 10_000, tuple(f"channel {index}" for index in range(16)))
    assert len(to_pdf(document_of(detection))) < THREE_MEGABYTES


def test_a_pdf_is_written_whole_and_never_over_another(make: Maker, tmp_path: Path) -> None:
    document, path = document_of(make.detection(10)), tmp_path / "report.pdf"
    write_document(path, document, paper="letter")
    assert path.read_bytes() == to_pdf(document, "letter")
    with pytest.raises(OutputError, match="exists already"):
        write_document(path, document)


@pytest.mark.parametrize("library", ["typst", "matplotlib"])
def test_a_missing_library_is_one_clear_line(
    make: Maker, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = document_of(make.detection(10))
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError) as caught:
        to_pdf(document)
    assert caught.value.library == library

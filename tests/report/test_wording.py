"""No report calls anybody anything: neither the words of the code nor those of a page that was made."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emgdetect.report import ReportOptions, night_document, nights_document, to_html
from emgdetect.report.references import RANGES, compared
from emgdetect.scoring import beside, scores
from emgdetect.summary import summarise
from emgdetect.trends import trends
from tests.report.test_beside import HOUR, night, scoring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.report.conftest import Maker, Page

FORBIDDEN = (
    "normal", "abnormal", "severe", "mild", "patholog", "disorder", "disease", "syndrome", "patient",
    "PLMD", "RLS", "RBD ", "ALS", "parkinson", "myopath", "neuropath", "epilep", "you should",
)  # fmt: skip
"""Pieces of words, in any case unless written in capitals."""

FOLDER = Path(__file__).parents[2] / "emgdetect" / "report"
CITED = re.compile(r"Mov Disord|Sleep Disord")
"""Journals are called what they are called."""


def found_in(text: str) -> list[str]:
    rest = CITED.sub("", text)
    return [
        word for word in FORBIDDEN if re.search(rf"\b{word}", rest, 0 if word.isupper() else re.IGNORECASE)
    ]


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_no_string_of_the_code_judges_a_person(path: Path) -> None:
    assert [(text, words) for text in strings(path) if (words := found_in(text))] == []


def test_the_list_would_notice() -> None:
    assert found_in("This is abnormal, typical of RLS.") == ["abnormal", "RLS"]
    assert found_in("Mov Disord 18:551, and also a signal.") == []


def test_no_page_judges_a_person(make: Maker, read: Callable[[str], Page]) -> None:
    detection = night(make)
    known = beside(detection, [scoring((0, 4 * HOUR, "N2"))])
    one = night_document(detection, summarise(detection), options=ReportOptions(), known=known)
    many = nights_document(trends([]))
    for document in (one, many):
        text = read(to_html(document)).text
        assert found_in(text) == []


def test_a_value_is_above_or_within_a_cited_range(make: Maker) -> None:
    detection = night(make)
    known = beside(detection, [scoring((0, 4 * HOUR, "N2"))])
    (text,) = compared(scores(detection, known)["aasm"], {})
    # 440 movements in four hours; 24.8 is the 90th percentile of Frauscher et al. 2014.
    assert "PLMS index: 110 per hour of valid sleep, above the cited range (up to 24.8/h in 90 of 100" in text
    assert "Frauscher et al. 2014, Sleep 37:763" in text


def test_every_range_has_a_citation() -> None:
    assert all(re.search(r"\d{4}, \w+.* \d+:\d+", one.citation) for one in RANGES.values())

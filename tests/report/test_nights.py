from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from emgdetect.context import Entry, placed
from emgdetect.report import ReportOptions, nights_document, to_html, to_pdf
from emgdetect.report.document import Answers, Table
from emgdetect.trends import HourBin, Night, NightChannel, Wish, trends

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.report import Document
    from emgdetect.trends import Trends
    from tests.report.conftest import Page

FIRST = datetime.fromisoformat("2026-11-01T22:00:00+01:00")
KINDS = ("all", "twitch", "burst", "spasm")


def night(day: int, count: int, hours: float = 8.0, said: tuple[tuple[str, str], ...] = ()) -> Night:
    """Make a night of one leg whose events all are bursts."""
    start = FIRST + timedelta(days=day)
    counts = {"all": count, "twitch": 0, "burst": count, "spasm": 0}
    bins = tuple(
        HourBin((22 + place) % 24, 3600.0, {kind: counts[kind] // 8 for kind in KINDS})
        for place in range(int(hours))
    )
    channel = NightChannel("leg left", hours, 1.0, counts, {"all": 60.0, "burst": 60.0}, bins)
    entries = tuple(Entry(kind, text, start - timedelta(hours=1)) for kind, text in said)  # type: ignore[arg-type]
    return Night(
        f"secret-{day}",
        start,
        hours * 3600,
        (channel,),
        placed(entries, start, hours * 3600),
        "sleep-legs",
        "abc",
        "9.9",
    )


def fortnight() -> Trends:
    """Fourteen nights: 240 events each before the eighth, 80 from then on; the fifth is short."""
    nights = []
    for day in range(14):
        said: tuple[tuple[str, str], ...] = (("note", "nothing special"),)
        if day == 7:
            said += (("intervention", "stretching"),)
        if day in {1, 3, 9}:
            said += (("trigger", "long walk"),)
        nights.append(night(day, 240 if day < 7 else 80, 3.0 if day == 4 else 8.0, said))
    return trends(nights)


@pytest.fixture(scope="module")
def report() -> Document:
    return nights_document(fortnight())


@pytest.fixture(scope="module")
def page(report: Document, read: Callable[[str], Page]) -> Page:
    return read(to_html(report))


def said(document: Document) -> dict[str, str]:
    (answers,) = (block for block in document.sections[0].blocks if isinstance(block, Answers))
    return {one.question: one.text.replace("\u00a0", " ") for one in answers.items}


def test_the_page_is_well_formed(page: Page) -> None:
    assert page.faults == []
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_page_one_answers_five_questions(report: Document) -> None:
    answers = said(report)
    assert list(answers) == [
        "How often", "Where", "How long", "Since when, and what changed", "With which symptoms and triggers",
    ]  # fmt: skip
    # Seven nights of 10 an hour and six of 30: 13 in all.
    assert answers["How often"].startswith("In leg left the median night has 10.0")
    assert "(95 % interval" in answers["How often"]
    changed = answers["Since when, and what changed"]
    assert "First seen in secret-0, 1 November 2026, 22:01" in changed
    assert "After “stretching” the rate is 0.33" in changed
    assert "(6 nights before, 7 after)" in changed
    assert "(3 with, 10 without)" in answers["With which symptoms and triggers"]


def test_nights_left_out_are_said_and_grey(page: Page, report: Document) -> None:
    first, _, _ = page.text.partition("Night by night")
    assert "Left out, and drawn grey: 1 night (less than 4 h valid)." in first
    tables = [
        block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table) and block.heads[0] == "Night"
    ]
    looks = [line.look for line in tables[0].groups[0].lines]
    assert looks == ["low" if day == 4 else "" for day in range(14)]


def test_every_night_has_its_numbers(page: Page) -> None:
    rows = page.table("Night")
    assert rows[1][:5] == ["secret-0", "1 November 2026, 22:00", "8 h", "100 %", "240"]
    assert rows[5][-1] == "less than 4 h valid"


def test_hours_without_enough_time_are_blank_in_the_drawing(page: Page) -> None:
    assert "Hatched: less than ten valid minutes in all, which is not zero." in page.text


def test_fewer_than_three_nights_on_a_side_are_not_compared(read: Callable[[str], Page]) -> None:
    nights = [
        night(day, 100, said=(("trigger", "beer"),) if day == 1 else (("note", "x"),)) for day in range(5)
    ]
    document = nights_document(trends(nights))
    assert (
        "Not compared, for too few nights: beer (1 with)"
        in said(document)["With which symptoms and triggers"]
    )
    assert "fewer than 3 nights on a side" in read(to_html(document)).text


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_nights_make_a_report(count: int, read: Callable[[str], Page]) -> None:
    document = nights_document(trends([night(day, 10) for day in range(count)]))
    assert read(to_html(document)).faults == []
    assert to_pdf(document).startswith(b"%PDF-")


def test_nights_without_valid_time_are_not_zero(read: Callable[[str], Page]) -> None:
    document = nights_document(trends([night(day, 0, 0.0) for day in range(3)]))
    assert "No night has enough valid time" in read(to_html(document)).text


def test_nights_without_a_clock_are_counted_through(read: Callable[[str], Page]) -> None:
    from dataclasses import replace

    nights = [replace(night(day, 100), start=None, entries=()) for day in range(3)]
    page = read(to_html(nights_document(trends(nights))))
    assert page.faults == []
    assert "hour of the night" in page.text


def test_an_anonymous_report_has_no_names_and_no_dates(read: Callable[[str], Page]) -> None:
    options = ReportOptions(subject="Jane Doe", anonymise=True)
    text = read(to_html(nights_document(fortnight(), options=options))).text
    for secret in ("Jane", "secret", "2026", "November", " Nov"):
        assert secret not in text
    assert "First seen in night 1;" in text


def test_a_date_given_by_the_user_parts_the_nights(read: Callable[[str], Page]) -> None:
    nights = [night(day, 100 if day < 5 else 50) for day in range(10)]
    wish = Wish(since=FIRST + timedelta(days=5, hours=-2))
    text = read(to_html(nights_document(trends(nights, wish)))).text.replace("\u00a0", " ")
    assert "after: 2026-11-06 20:00" in text
    assert "0.50" in text


def test_the_same_nights_give_the_same_page() -> None:
    assert to_html(nights_document(fortnight())) == to_html(nights_document(fortnight()))

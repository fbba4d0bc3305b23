"""Hypnogram, placements, rule sets and diary in the report of a night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emgdetect.context import Entry, Scoring, StageSpan, placed
from emgdetect.report import ReportOptions, build_report, diary, first_page, hypnogram, rulesets, words
from emgdetect.report.answers import answers
from emgdetect.report.canvas import drawing_style
from emgdetect.report.document import Table
from emgdetect.report.material import gather
from emgdetect.scoring import Beside, beside, scores
from emgdetect.summary import summarise

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.report.document import Section
    from emgdetect.report.material import Material
    from emgdetect.types import Detection
    from tests.report.conftest import Maker, Page

HOUR = 3600.0
LEGS = ("TA left", "TA right")
START = datetime(2026, 2, 13, 22, 30, tzinfo=UTC)


def scoring(*stages: tuple[float, float, str]) -> Scoring:
    spans = tuple(StageSpan(start, stop - start, stage, stage) for start, stop, stage in stages)  # type: ignore[arg-type]
    return Scoring(Path("stages.txt"), "epochs", None, False, spans, ())


def night(make: Maker, **more: object) -> Detection:
    """Make four hours in which the left leg moves for a second every half minute from 600 s on."""
    events = tuple(make.event(t, 1.0, "burst", channel="TA left") for t in range(600, 4 * 3600 - 600, 30))
    return make.detection(4 * HOUR, events, LEGS, profile="sleep-legs", **more)


def material_of(detection: Detection, known: Beside) -> Material:
    return gather(detection, summarise(detection), None, ReportOptions(), known)


def said(detection: Detection, known: Beside) -> dict[str, str]:
    found = answers(material_of(detection, known))
    return {one.question: one.text.replace("\u00a0", " ") for one in found}


def tables_of(section: Section | None) -> list[Table]:
    assert section is not None
    return [block for block in section.blocks if isinstance(block, Table)]


def rule_tables(detection: Detection, known: Beside) -> list[Table]:
    with drawing_style():
        return tables_of(rulesets.section(material_of(detection, known)))


def test_page_one_answers_five_questions(make: Maker) -> None:
    detection = night(make)
    asked = list(said(detection, beside(detection)))
    assert asked == [
        "How often", "Where", "How long", "When, and since when", "With which symptoms and triggers",
    ]  # fmt: skip


def test_the_index_says_its_rule_and_its_denominator(make: Maker) -> None:
    detection = night(make)
    # 440 movements, from 600 s to 13 770 s; those from 7200 s on, 220, are in the two hours of sleep.
    awake = said(detection, beside(detection))["How often"]
    assert "By rule set wasm2016: PLM index 110 per hour of valid recording, 440 counted." in awake
    asleep = beside(detection, [scoring((0, 2 * HOUR, "W"), (2 * HOUR, 4 * HOUR, "N2"))])
    told = said(detection, asleep)["How often"]
    assert "PLMS index 110 per hour of valid sleep, 220 counted." in told


def test_muscle_and_side_are_named_as_they_were_told(make: Maker) -> None:
    events = (make.event(60, 1.0, "burst", channel="CH1"),)
    detection = make.detection(HOUR, events, ("CH1", "CH2"))
    known = beside(detection, told={"CH1": "soleus left"})
    assert said(detection, known)["Where"].startswith("CH1 (left soleus) 1")


def test_a_leg_without_a_side_is_mentioned(make: Maker) -> None:
    events = (make.event(60, 1.0, "burst", channel="leg"),)
    detection = make.detection(HOUR, events, ("leg",), profile="sleep-legs")
    remarks = first_page.remarks(material_of(detection, beside(detection)))
    assert remarks == ["Left or right is not known of leg: each counts as a leg of its own."]


def test_the_diary_stands_on_page_one_and_in_full(make: Maker) -> None:
    entries = (
        Entry("trigger", "long walk", START - timedelta(hours=3)),
        Entry("symptom", "cramp", START + timedelta(hours=1), 6.0, "pain 0-10"),
        Entry("woke up", "", START + timedelta(hours=1, minutes=1)),
        Entry("medication", "magnesium", START + timedelta(hours=5), 300.0, "mg"),
    )
    detection = night(make)
    known = beside(detection, diary=placed(entries, START, 4 * HOUR))
    answer = said(detection, known)["With which symptoms and triggers"]
    assert answer == (
        "Symptoms: cramp, pain 6 of 10 (23:30), woke up (23:31). "
        "Triggers: long walk (3 h before the recording). "
        "Taken or done: magnesium, 300 mg (1 h after the recording)."
    )
    (table,) = tables_of(diary.section(material_of(detection, known)))
    # A movement every 30 s: 20 in the ten minutes around each entry.
    assert [(line.cells[1].text, line.cells[3].text) for line in table.groups[0].lines] == [
        ("trigger: long walk", "\u2013"),
        ("symptom: cramp, pain 6 of 10", "20"),
        ("woke up", "20"),
        ("medication: magnesium, 300\u00a0mg", "\u2013"),
    ]


def test_without_a_diary_that_is_said(make: Maker) -> None:
    detection = night(make)
    text = said(detection, beside(detection))["With which symptoms and triggers"]
    assert text == "Nothing is known: no diary goes with this recording."


@pytest.mark.parametrize(
    ("stages", "told"),
    [
        (((0, 3 * HOUR, "N2"),), "1:00:00 of the recording (25 %) have no stage"),
        (((0, 6 * HOUR, "N2"),), "2:00:00 of stages lie after the recording ends"),
        (((-HOUR, 4 * HOUR, "N2"),), "1:00:00 of stages lie before the recording begins"),
    ],
    ids=["shorter", "longer", "early"],
)
def test_a_hypnogram_that_does_not_fit_is_remarked_on_page_one(
    make: Maker, stages: tuple[tuple[float, float, str], ...], told: str
) -> None:
    detection = night(make)
    (remark,) = first_page.remarks(material_of(detection, beside(detection, [scoring(*stages)])))
    assert told in remark


def test_a_shifted_hypnogram_moves_with_it(make: Maker) -> None:
    detection = night(make)
    stages = scoring((0, 2 * HOUR, "W"), (2 * HOUR, 4 * HOUR, "N2"))
    known = beside(detection, [stages], shift=-HOUR)
    # Sleep is now from 1 h to 3 h: 240 movements.
    assert "240 counted" in said(detection, known)["How often"]


def reasons(detection: Detection) -> dict[str, str]:
    table = rule_tables(detection, beside(detection))[-1]
    return {line.cells[0].text: line.cells[1].text for line in table.groups[0].lines}


def test_rules_say_why_they_do_not_apply(make: Maker) -> None:
    why = reasons(night(make))
    assert why["rem-activity"] == "needs a hypnogram"
    assert "chin" in why["atonia"]


def test_a_rule_in_microvolts_refuses_counts_by_name(make: Maker) -> None:
    detection = night(make)
    channels = tuple(replace(one, unit="adc") for one in detection.info.channels)
    raw = replace(detection, info=replace(detection.info, channels=channels))
    assert reasons(raw)["wasm2016"].startswith("TA left, TA right: the rule is in µV")


def test_every_index_is_the_rule_s(make: Maker) -> None:
    detection = night(make)
    known = beside(detection, [scoring((0, 4 * HOUR, "N2"))])
    score = scores(detection, known)["wasm2016"]
    (table,) = (one for one in rule_tables(detection, known) if "wasm2016" in one.title)
    shown = {line.name: line.cells[0].text for line in table.groups[0].lines}
    assert shown == {index.name: words.index_value(index) for index in score.indices}


@pytest.mark.parametrize(
    ("present", "rows"),
    [
        ("N2", ("W", "R", "N1", "N2", "N3")),
        ("W", ("W",)),
        ("S", ("W", "S")),
        ("N R", ("W", "R", "N", "N1", "N2", "N3")),
    ],
)
def test_a_hypnogram_has_the_rows_it_needs(present: str, rows: tuple[str, ...]) -> None:
    assert hypnogram.levels(frozenset(present.split())) == rows


def test_an_anonymous_report_has_no_date_of_the_diary_and_no_file_of_the_scoring(
    make: Maker, read: Callable[[str], Page]
) -> None:
    entries = (Entry("symptom", "cramp", START + timedelta(hours=1)),)
    detection = night(make)
    known = beside(detection, [scoring((0, 6 * HOUR, "N2"))], diary=placed(entries, START, 4 * HOUR))
    options = ReportOptions(anonymise=True)
    text = read(build_report(detection, summarise(detection), options=options, known=known)).text
    assert "cramp" in text
    for secret in ("stages.txt", "2026", "23:30"):
        assert secret not in text


def test_entries_of_the_diary_that_are_near_share_a_label() -> None:
    entries = [Entry("woke up", "", START + timedelta(seconds=s)) for s in (100, 130, 900, 905, 910)]
    laid = list(enumerate(placed(entries, START, HOUR), 1))
    assert [[number for number, _ in group] for group in hypnogram.near(laid, 60.0)] == [[1, 2], [3, 4, 5]]

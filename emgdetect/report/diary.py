"""What somebody noted about the night, and what the muscles did around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emgdetect.context.diary import PAIN_UNIT
from emgdetect.report import words
from emgdetect.report.document import Cell, Line, Section, Table, Text, plain

if TYPE_CHECKING:
    from emgdetect.context import Placed
    from emgdetect.context.diary import Entry
    from emgdetect.report.document import Block
    from emgdetect.report.material import Material

AROUND_S = 300.0
"""Seconds before and after an entry in which events are counted beside it."""

TOLD = 3
"""Entries of a kind told on the first page; the table has all."""

QUESTION = "With which symptoms and triggers"
NOTHING_NOTED = "Nothing is known: no diary goes with this recording."


def answer(material: Material) -> str:
    """Say in a few sentences what was noted."""
    diary = material.known.diary
    if not diary:
        return NOTHING_NOTED
    groups = {
        "Symptoms": [one for one in diary if one.entry.kind in {"symptom", "woke up"}],
        "Triggers": [one for one in diary if one.entry.kind == "trigger"],
        "Taken or done": [one for one in diary if one.entry.kind in {"medication", "intervention"}],
    }
    sentences = [f"{name}: {_some(material, some)}." for name, some in groups.items() if some]
    if not groups["Symptoms"]:
        sentences.insert(0, "No symptom was noted.")
    return " ".join(sentences)


def section(material: Material) -> Section | None:
    """Return the section with the whole diary; ``None`` without one."""
    if not material.known.diary:
        return None
    lines = [_line(material, number, one) for number, one in enumerate(material.known.diary, 1)]
    blocks: tuple[Block, ...] = (
        Table(
            ("", "Time", "What was noted", "When", "Events around it"), plain(lines), (0, 1, 2), look="diary"
        ),
        Text(
            f"Events of all channels within {words.span(AROUND_S)} before and after the entry; a dash "
            "where that is not wholly recorded. That two things come together once does not say that "
            "one brings the other.",
            small=True,
        ),
    )
    return Section("Diary", blocks)


def what(entry: Entry) -> str:
    """Write an entry: kind, words, pain or dose."""
    text = entry.text if entry.kind == "note" and entry.text else entry.kind
    if entry.text and entry.kind != "note":
        text = f"{entry.kind}: {entry.text}"
    return text + _amount(entry)


def _amount(entry: Entry) -> str:
    if entry.value is None:
        return ""
    if entry.unit == PAIN_UNIT:
        return f", pain {entry.value:g} of 10"
    return f", {entry.value:g}{words.FIXED}{entry.unit}"


def _some(material: Material, some: list[Placed]) -> str:
    told = [f"{_short(one)} ({_moment(material, one)})" for one in some[:TOLD]]
    more = len(some) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")


def _short(one: Placed) -> str:
    return (one.entry.text or one.entry.kind) + _amount(one.entry)


def _moment(material: Material, one: Placed) -> str:
    if one.onset is None:
        return "time not known"
    if one.when == "during":
        return material.clock.minutes(one.onset)
    if one.when == "before":
        return f"{words.span(-one.onset)} before the recording"
    return f"{words.span(one.onset - material.duration)} after the recording"


def _line(material: Material, number: int, one: Placed) -> Line:
    at = words.NOTHING if one.onset is None else material.clock.minutes(one.onset)
    when = {"during": "", "": ""}.get(one.when, _moment(material, one))
    cells = (Cell(at), Cell(what(one.entry)), Cell(when), Cell(_events_around(material, one)))
    return Line(str(number), cells)


def _events_around(material: Material, one: Placed) -> str:
    if one.onset is None or not AROUND_S <= one.onset <= material.duration - AROUND_S:
        return words.NOTHING
    low, high = one.onset - AROUND_S, one.onset + AROUND_S
    counted = (event for events in material.counted.values() for event in events)
    return f"{sum(low <= event.onset < high for event in counted):,}"

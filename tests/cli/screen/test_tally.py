"""Events are counted once, however often they are told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from emgdetect.cli.screen.tally import Happenings, Line
from emgdetect.types import Event, Kind

EVENT = Event("RAW", 1000, 100, 1.0, 0.1, "twitch", 120.0, 40.0, 20.0, status="provisional")
KEY = ("leg", "RAW")


def line(text: str) -> Line:
    return Line(datetime(2026, 11, 21, tzinfo=UTC), "leg", text, "event")


def test_an_event_that_grows_and_becomes_final_is_one() -> None:
    happened = Happenings()
    for size in (100, 600, 2500):
        kind: Kind = "twitch" if size < 500 else "burst" if size < 2000 else "spasm"
        happened.take("leg", replace(EVENT, n_samples=size, kind=kind), line(f"{size}"))
    assert happened.counts[KEY] == {"spasm": 1}
    assert [one.text for one in happened.lines] == ["2500"]
    happened.take("leg", replace(EVENT, sample=990, n_samples=2400, kind="spasm", status="final"), line("f"))
    assert happened.counts[KEY] == {"spasm": 1}
    assert len(happened.lines) == 1


def test_what_is_withdrawn_is_gone() -> None:
    happened = Happenings()
    happened.take("leg", EVENT, line("a"))
    happened.take("leg", replace(EVENT, status="withdrawn"), line("a"))
    assert not happened.counts[KEY]
    assert not happened.lines


def test_a_final_event_that_nobody_announced_counts() -> None:
    happened = Happenings()
    happened.take("leg", replace(EVENT, status="final"), line("weak"))
    assert happened.counts[KEY] == {"twitch": 1}
    assert [one.text for one in happened.lines] == ["weak"]


def test_an_artefact_counts_as_nothing_and_takes_the_place_of_what_was_announced() -> None:
    happened = Happenings()
    happened.take("leg", EVENT)
    happened.take("leg", replace(EVENT, kind="artefact", status="final"))
    assert not happened.counts[KEY]


def test_memory_does_not_grow() -> None:
    happened = Happenings()
    for place in range(5000):
        happened.take("leg", replace(EVENT, sample=1000 * place), line(str(place)))
        happened.add(line("remark"))
    assert len(happened.lines) <= 200
    assert sum(happened.counts[KEY].values()) <= 256

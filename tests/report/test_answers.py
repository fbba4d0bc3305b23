from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from emgdetect.report.answers import SINCE, answers, headline
from emgdetect.report.first_page import remarks
from emgdetect.report.material import gather
from emgdetect.report.options import ReportOptions
from emgdetect.summary import summarise
from emgdetect.types import Quality, Refusal

if TYPE_CHECKING:
    from emgdetect.report.material import Material
    from emgdetect.types import Detection
    from tests.report.conftest import Maker

WHEN = "When, and since when"


def material_of(detection: Detection, **options: str) -> Material:
    return gather(detection, summarise(detection), None, ReportOptions(**options))  # type: ignore[arg-type]


def said(detection: Detection) -> dict[str, str]:
    return {one.question: one.text.replace("\u00a0", " ") for one in answers(material_of(detection))}


def first_words(detection: Detection) -> str:
    return headline(material_of(detection)).replace("\u00a0", " ")


def test_one_channel(make: Maker) -> None:
    events = (make.event(60, 0.1), make.event(600, 0.2), make.event(1200, 1.0, "burst"))
    found = said(make.detection(3600, events))
    assert (
        found["How often"]
        == "2 twitches (2.00 per valid hour), 1 burst (1.00 per valid hour) and no spasms (0 per valid hour)."
    )
    assert found["Where"] == "leg, the only channel."
    assert found["How long"].startswith(
        "Typically (median) twitches 150 ms and bursts 1.00 s. Together 1.30 s"
    )
    assert found[WHEN] == f"First at 22:31:00, last at 22:50:00. {SINCE}"


def test_many_channels_are_named_from_the_busiest_on(make: Maker) -> None:
    names = tuple("abcdef")
    events = [
        make.event(60.0 * n, 0.1, channel=name) for i, name in enumerate(names[:5]) for n in range(1, i + 2)
    ]
    detection = make.detection(3600, tuple(events), names)
    assert first_words(detection).startswith(
        "15 events in 5 of 6 channels. Most in e: 5 in 1 h of valid signal, 5.00 per"
    )
    found = said(detection)
    assert [part.split(" ")[0] for part in found["Where"].split(", ")] == ["e", "d", "c", "b"]
    assert found["Where"].endswith("; 1 in 2 other channels.")
    assert found["How often"] == "15 twitches, no bursts and no spasms in all channels together."


def test_a_short_recording_has_counts_but_no_rates_in_words(make: Maker) -> None:
    detection = make.detection(30, (make.event(9, 0.1),))
    assert first_words(detection) == "1 event in 30.0 s of valid signal."
    assert "per valid hour" not in " ".join(said(detection).values())


def test_the_busiest_hour_is_one_that_was_watched(make: Maker) -> None:
    early = [make.event(1790.0 + n, 0.1) for n in range(5)]
    late = [make.event(7200.0 + n, 0.1) for n in range(3)]
    reason = np.zeros(4 * 3600, np.uint8)
    # Of the first half hour (22:30 to 23:00) only ten seconds are valid, and five events fell into them.
    reason[:1789] = 5
    quality = Quality("leg", 0, np.full(reason.size, 4.0, np.float32), reason)
    detection = make.detection(4 * 3600, (*early, *late), quality=(quality,))
    assert "Busiest hour: 00:00 to 01:00 with 3 events." in said(detection)[WHEN]


def test_refused_kinds_are_not_counted_as_none(make: Maker) -> None:
    one = make.detection(3600, (make.event(9, 1.0, "burst"),), refused=(Refusal("twitch", "leg", "slow"),))
    assert "twitch" not in said(one)["How often"]
    both = tuple(Refusal("twitch", name, "slow") for name in ("leg", "arm"))
    two = make.detection(3600, (make.event(9, 1.0, "burst"),), ("leg", "arm"), refused=both)
    assert said(two)["How often"] == "1 burst and no spasms in all channels together."
    every = tuple(Refusal(kind, "leg", "slow") for kind in ("twitch", "burst", "spasm"))
    assert first_words(make.detection(3600, refused=every)).startswith("Nothing could be looked for")


def test_events_outside_valid_time_are_mentioned_when_there_are_no_others(make: Maker) -> None:
    reason = np.repeat(np.array([0, 5], np.uint8), [1800, 1800])
    quality = Quality("leg", 0, np.full(3600, 4.0, np.float32), reason)
    detection = make.detection(3600, (make.event(2000, 0.1),), quality=(quality,))
    assert first_words(detection).endswith("1 event outside valid time is not counted.")


def test_a_very_long_name_does_not_fill_the_headline(make: Maker) -> None:
    long = "x" * 500
    detection = make.detection(3600, (make.event(9, 0.1, channel=long),), (long, "y"))
    assert len(first_words(detection)) < 250


def test_remarks_are_sentences(make: Maker) -> None:
    detection = make.detection(3600, notices=("the index wraps", "ch1 is flat", "Odd!"))
    assert remarks(material_of(detection)) == [
        "The index wraps.",
        "ch1 is flat.",
        "Odd!",
    ]


def test_time_without_a_clock_counts_from_the_start(make: Maker) -> None:
    blind = replace(make, start=None)
    assert said(blind.detection(3600, (blind.event(61, 0.1),)))[WHEN].startswith("At 0:01:01 from the start.")

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emgdetect.context import ScoredMark, Scoring, StageSpan
from emgdetect.errors import UsageError
from emgdetect.scoring import beside, rules_context, scores
from emgdetect.types import Channel, Detection, Event, Quality, StreamInfo

RATE = 100.0
HOURS = 2


def legs(names: tuple[str, ...] = ("TA left", "TA right"), step: float = 20.0) -> Detection:
    """Make two hours in which the first channel moves for a second every ``step`` seconds."""
    seconds = HOURS * 3600
    events = tuple(
        Event(names[0], round(t * RATE), round(RATE), t, 1.0, "burst", 90.0, 40.0, 20.0)
        for t in np.arange(60.0, seconds - 60, step).tolist()
    )
    floor, reason = np.full(seconds, 3.0, np.float32), np.zeros(seconds, np.uint8)
    info = StreamInfo(RATE, tuple(Channel(name, "uV") for name in names))
    quality = tuple(Quality(name, 0, floor, reason) for name in names)
    return Detection(info, seconds * round(RATE), (), events, quality, "sleep-legs", "abc", "1")


def scoring(*stages: tuple[float, float, str], marks: tuple[ScoredMark, ...] = ()) -> Scoring:
    spans = tuple(StageSpan(start, stop - start, stage, stage) for start, stop, stage in stages)  # type: ignore[arg-type]
    return Scoring(Path("hypnogram.txt"), "epochs", None, False, spans, marks)


def test_without_a_hypnogram_nothing_is_called_sleep() -> None:
    index = scores(legs())["wasm2016"].indices[0]
    assert (index.name, index.per, index.denominator) == ("PLM index", "per hour of valid recording", 2.0)


def test_with_one_rates_are_per_hour_of_sleep() -> None:
    detection = legs()
    known = beside(detection, [scoring((0, 3600, "W"), (3600, 7200, "N2"))])
    index = scores(detection, known)["wasm2016"].index("PLMS index")
    # One movement every 20 s from second 60 on: those at 3600, 3620, ... 7120.
    assert (index.count, index.denominator) == (177, 1.0)


def test_what_no_file_tells_of_is_not_scored_rather_than_absent() -> None:
    detection = legs()
    known = beside(detection, [scoring((0, 7200, "N2"))])
    context = rules_context(detection, known)
    assert context.arousals is None
    assert context.respiratory is None
    assert context.in_bed is None


def test_marks_reach_the_rules() -> None:
    detection = legs()
    marks = (
        ScoredMark(600.0, 0.0, "lights off", "lights off", "Lights off"),
        ScoredMark(1000.0, 5.0, "arousal", "arousal", "Arousal"),
        ScoredMark(2000.0, 20.0, "respiratory", "hypopnoea", "Hypopnea"),
    )
    context = rules_context(detection, beside(detection, [scoring((0, 7200, "N2"), marks=marks)]))
    assert context.arousals == ((1000.0, 1005.0),)
    assert context.respiratory == ((2000.0, 2020.0),)
    assert context.in_bed == (600.0, 7200.0)


def test_what_the_user_says_of_a_place_comes_first() -> None:
    detection = legs(("CH1", "CH2"))
    assert not scores(detection)["wasm2016"].applies
    known = beside(detection, told={"ch1": "soleus left", "CH2": "soleus right"})
    score = scores(detection, known)["wasm2016"]
    assert score.applies
    sides = {site.channel: (site.side, site.muscle) for site in rules_context(detection, known).sites}
    assert sides == {"CH1": ("left", "soleus"), "CH2": ("right", "soleus")}


def test_names_in_other_languages_reach_the_rules() -> None:
    detection = legs(("Jambe G", "Jambe D"))
    score = scores(detection, beside(detection))["wasm2016"]
    assert score.applies
    # The first leg moves every 20 s from second 60 to 7120.
    assert score.index("PLM index left").count == 354


def test_a_place_of_no_channel_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no channel 'arm'"):
        beside(legs(), told={"arm": "biceps left"})


def test_a_hypnogram_of_another_night_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing in common"):
        beside(legs(), [scoring((0, 3600, "N2"))], shift=90_000.0)

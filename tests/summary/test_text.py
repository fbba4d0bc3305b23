from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emgdetect.summary import (
    DISCLAIMER,
    Coverage,
    Hour,
    Rate,
    Row,
    Spread,
    Summary,
    summarise,
    to_json_dict,
    to_text,
)
from emgdetect.summary.layout import length, number, percent
from emgdetect.types import Gap, Refusal

if TYPE_CHECKING:
    from tests.summary.conftest import MakeDetection, MakeEvent

DOCS = Path(__file__).parents[2] / "docs" / "outputs.md"
START = datetime(2026, 11, 20, 22, 37, 10)  # noqa: DTZ001 - the clock of a recorder


@pytest.fixture
def night(detection: MakeDetection, event: MakeEvent) -> Summary:
    twitches = tuple(
        event(60.0 + 90 * i, channel=name) for i in range(250) for name in ("EMG LAT", "EMG RAT")
    )
    other = (
        event(8000, 4.0, "spasm", channel="EMG LAT", flags=("truncated",)),
        event(8100, 0.1, "artefact", channel="EMG LAT", flags=("pop",)),
    )
    found = detection(
        (*twitches, *other),
        seconds=28_800,
        invalid={
            (12_000, 15_500): "gap",
            (0, 6): "settling",
            (20_000, 20_900): "lead-off",
            (70, 72): "saturated",
        },
        gaps=(Gap(1_200_000, 350_000, "disconnect"),),
        start=START,
        channels=("EMG LAT", "EMG RAT"),
    )
    no_bursts = Refusal("burst", "EMG RAT", "bursts need at least 10 Hz; this file has 1 Hz")
    return summarise(replace(found, refused=(no_bursts,)), artefacts=True)


def test_it_fits_a_terminal(night: Summary) -> None:
    assert not [line for line in to_text(night).splitlines() if len(line) > 100]


def test_it_says_what_rates_divide_by_and_where_numbers_come_from(night: Summary) -> None:
    text = to_text(night)
    for words in (
        "per valid hour",
        "95 % interval",
        "Poisson",
        "default",
        "1.2.3",
        "c0ffee",
        "night.edf",
        "22:37:10",
    ):
        assert words in text
    assert DISCLAIMER.split(".")[0] in text
    assert "burst not looked for: bursts need at least 10 Hz" in text
    assert re.search(r"EMG RAT +burst +- ", text)
    assert re.search(r"EMG LAT +pop +1", text)
    assert "the first seconds settle" in text


def test_it_stays_with_plain_words(night: Summary) -> None:
    assert not re.search(r"normal|abnormal|severe|disease|patholog|PLMD|ALS\b", to_text(night), re.IGNORECASE)


def test_hours_with_too_little_valid_time_are_blank(night: Summary) -> None:
    lines = to_text(night).splitlines()
    assert "  02:00" in lines
    assert any(line.startswith("  23:00") and "(60)" in line for line in lines)


def test_no_events_is_an_answer(detection: MakeDetection) -> None:
    text = to_text(summarise(detection(seconds=120)))
    assert "No events in valid time." in text
    assert re.search(r"a +twitch +0 +0 +0 to 111", text), text


def test_little_valid_time_is_said(detection: MakeDetection) -> None:
    text = to_text(summarise(detection(seconds=100, invalid={(0, 40): "mains"})))
    assert "Only 60 % of a is valid" in text
    assert "mains 40 s" in text


def test_channels_with_the_same_remark_share_a_line(detection: MakeDetection) -> None:
    found = detection(seconds=100, invalid={(0, 40): "mains"}, channels=("a", "b"))
    reason = "twitches need at least 200 Hz; this has 100 Hz"
    text = to_text(summarise(replace(found, refused=tuple(Refusal("twitch", name, reason) for name in "ab"))))
    assert "Only part of the time is valid in a (60 %), b (60 %)" in text
    assert f"a, b: twitch not looked for: {reason}" in text
    assert text.count(reason) == 1


def test_of_several_channels_one_without_events_takes_one_line(
    detection: MakeDetection, event: MakeEvent
) -> None:
    text = to_text(summarise(detection((event(3.0),), seconds=100, channels=("a", "b"))))
    assert re.search(r"a +spasm +0 +0 +0 to ", text)
    assert re.search(r"b +all +0 +0 +0 to ", text)
    assert not re.search(r"b +(twitch|burst|spasm)", text)


def test_a_single_event_has_no_quartiles_and_a_cut_one_no_duration(
    detection: MakeDetection, event: MakeEvent
) -> None:
    events = (event(3.0, 0.2), event(9.0, 1.0, "burst", flags=("truncated",)))
    text = to_text(summarise(detection(events, seconds=100)))
    assert re.search(r"a +twitch +0\.200 +0\.2 s", text)
    assert re.search(r"a +burst +- +- ", text)


def test_an_unknown_device_is_not_named(detection: MakeDetection) -> None:
    found = detection(seconds=100)
    assert "MyoWare" in to_text(summarise(found))
    assert "unknown" not in to_text(summarise(replace(found, info=replace(found.info, device="unknown"))))


def test_without_valid_time_rates_are_dashes(detection: MakeDetection) -> None:
    text = to_text(summarise(detection(seconds=100, invalid={(0, 100): "flat"})))
    assert re.search(r"a +all +0 +- +- +- +- +-", text)


def test_many_channels_and_days_stay_readable(detection: MakeDetection) -> None:
    names = tuple(f"a very long channel name {i}" for i in range(12))
    text = to_text(summarise(detection(seconds=30 * 3600, channels=names, start=START)))
    assert max(map(len, text.splitlines())) <= 110
    assert "21 Nov 22:00" in text


def test_json_is_plain_and_says_the_same(night: Summary) -> None:
    tree = json.loads(json.dumps(to_json_dict(night), allow_nan=False))
    assert tree["format"] == 1
    assert tree["start"] == "2026-11-20T22:37:10"
    row = next(one for one in tree["rows"] if (one["channel"], one["kind"]) == ("EMG LAT", "twitch"))
    same = night.row("EMG LAT", "twitch")
    assert same.rate is not None
    assert same.intervals is not None
    assert row["rate"] == {
        "per_valid_hour": same.rate.per_valid_hour,
        "low": same.rate.low,
        "high": same.rate.high,
    }
    assert set(row["intervals"]) == {"n", "median", "q1", "q3", "log_mean"}
    assert row["hours"][0]["clock"] == "2026-11-20T22:37:10"
    assert tree["coverage"][0]["invalid_seconds"]["lead-off"] == 900
    assert tree["coverage"][0]["low"] is False
    assert tree["refused"][0]["kind"] == "burst"


@pytest.mark.parametrize("record", [Summary, Row, Coverage, Hour, Rate, Spread])
def test_every_key_is_documented(record: type) -> None:
    text = DOCS.read_text(encoding="utf-8")
    for field in fields(record):
        assert f"`{field.name}`" in text, field.name


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0.0, "0"), (0.0001234, "0.00012"), (0.1234, "0.123"), (1.234, "1.23"), (12.34, "12.3"),
     (1234.5, "1234"), (99.99, "100"), (9.996, "10.0"), (-12.34, "-12.3")],
)  # fmt: skip
def test_numbers_have_three_digits(value: float | None, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (8, "8 s"), (0.123, "0.123 s"), (59.6, "1 min"), (60, "1 min"), (61, "1 min 1 s"),
     (3599.7, "1 h"), (3600, "1 h"), (7199, "2 h"), (28_700, "7 h 58 min")],
)  # fmt: skip
def test_lengths_of_time(seconds: float, text: str) -> None:
    assert length(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, "-"), (0, "0 %"), (0.0001, "< 0.1 %"), (0.0123, "1.2 %"), (0.94, "94 %"), (1, "100 %")],
)
def test_shares(share: float | None, text: str) -> None:
    assert percent(share) == text

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.context import (
    Night,
    ScoredMark,
    Scoring,
    StageSpan,
    epochs,
    fitted,
    seconds_in_stage,
    spans_of,
    stages_at,
)
from emgdetect.errors import UsageError

START = datetime.fromisoformat("2026-03-28T23:00:00+01:00")
HOUR = 3600.0
QUARTERS = st.integers(-2000, 2000).map(lambda count: count / 4)


def scoring(
    hours: float = 8.0,
    start: datetime | None = None,
    *,
    dated: bool = True,
    marks: tuple[ScoredMark, ...] = (),
) -> Scoring:
    """Epochs of N2 from second 0 on."""
    stages = tuple(StageSpan(30.0 * place, 30.0, "N2", "N2") for place in range(int(hours * 120)))
    return Scoring(Path("hypnogram.txt"), "test", start, dated, stages, marks)


def test_what_fits_says_nothing() -> None:
    context = fitted([scoring()], Night(8 * HOUR, START))
    assert (len(context.stages), context.notices) == (960, ())


@pytest.mark.parametrize(
    ("hours", "said"), [(7.0, "1:00:00 of the recording (12 %)"), (9.0, "1:00:00 of stages lie after")]
)
def test_shorter_and_longer_than_the_recording(hours: float, said: str) -> None:
    context = fitted([scoring(hours)], Night(8 * HOUR, START))
    assert max(span.stop for span in context.stages) == min(hours, 8.0) * HOUR
    assert len(context.notices) == 1
    assert said in context.notices[0]


def test_a_clock_moves_it() -> None:
    began = START - timedelta(minutes=12)
    context = fitted([scoring(8.0, began)], Night(8 * HOUR, START))
    assert context.stages[0].onset == 0.0
    assert context.stages[-1].stop == 8 * HOUR - 720
    assert [line.split(": ", 1)[1][:7] for line in context.notices] == ["0:12:00", "0:12:00"]


def test_two_time_zones_are_one_moment() -> None:
    elsewhere = START.astimezone(datetime.fromisoformat("2026-01-01T00:00:00-05:00").tzinfo)
    assert elsewhere.hour != START.hour
    assert fitted([scoring(8.0, elsewhere)], Night(8 * HOUR, START)).notices == ()


def test_a_clock_without_a_zone_hung_in_the_same_room() -> None:
    naive = START.replace(tzinfo=None)
    assert fitted([scoring(8.0, naive)], Night(8 * HOUR, START)).stages[0].onset == 0.0
    assert fitted([scoring(8.0, START)], Night(8 * HOUR, naive)).stages[0].onset == 0.0


@pytest.mark.parametrize("day", [datetime(2000, 1, 1), datetime(2000, 1, 2)])  # noqa: DTZ001 - no date at all
@pytest.mark.parametrize("clock", [timedelta(hours=23), timedelta(hours=24, minutes=30)])
def test_a_scoring_without_a_date_lies_in_the_night(day: datetime, clock: timedelta) -> None:
    context = fitted([scoring(6.0, day + clock, dated=False)], Night(8 * HOUR, START))
    assert context.stages[0].onset == (clock - timedelta(hours=23)).total_seconds()


def test_another_night_is_one_clear_line() -> None:
    with pytest.raises(UsageError, match="nothing in common") as caught:
        fitted([scoring(8.0, START - timedelta(days=1))], Night(8 * HOUR, START))
    assert "--shift" in str(caught.value)


def test_a_shift_by_the_user() -> None:
    context = fitted([scoring(8.0, START - timedelta(days=1))], Night(8 * HOUR, START), shift=86400)
    assert len(context.stages) == 960


def test_light_and_marks_at_the_ends() -> None:
    marks = (
        ScoredMark(-5, 0, "lights off", "lights off", "Lights off"),
        ScoredMark(600, 0, "lights off", "lights off", "Lights off"),
        ScoredMark(7.9 * HOUR, 0, "lights on", "lights on", "Lights on"),
        ScoredMark(8 * HOUR - 5, 10, "arousal", "arousal", "Arousal"),
    )
    context = fitted([scoring(marks=marks)], Night(8 * HOUR, START))
    assert (context.lights_off, context.lights_on) == (600, 7.9 * HOUR)
    assert context.of("arousal")[0].duration == 5.0
    assert "1 of 4 marks" in context.notices[0]


def test_two_hypnograms_and_an_empty_file() -> None:
    empty = replace(scoring(0.0), path=Path("empty.txt"))
    context = fitted([scoring(), replace(scoring(), path=Path("second.txt")), empty], Night(8 * HOUR, START))
    assert len(context.stages) == 960
    assert any("second.txt" in line for line in context.notices)
    assert any("empty.txt: there is nothing" in line for line in context.notices)


@given(
    st.lists(st.tuples(QUARTERS, QUARTERS.map(abs)), min_size=1, max_size=20),
    QUARTERS,
    QUARTERS.map(lambda value: abs(value) + 10),
)
def test_nothing_lies_outside_the_recording(
    times: list[tuple[float, float]], shift: float, duration: float
) -> None:
    marks = tuple(ScoredMark(onset, length, "other", "x", "x") for onset, length in sorted(times))
    try:
        context = fitted([scoring(0.0, marks=marks)], Night(duration), shift=shift)
    except UsageError:
        outside = [onset + shift + length <= 0 or onset + shift >= duration for onset, length in times]
        assert all(
            out or (length == 0 and onset + shift < 0)
            for out, (onset, length) in zip(outside, times, strict=True)
        )
    else:
        assert all(0 <= mark.onset <= mark.onset + mark.duration <= duration + 1e-9 for mark in context.marks)


STAGES = (
    StageSpan(10, 20, "W", "W"),
    StageSpan(30, 30, "N1", "N1"),
    StageSpan(60, 30, "R", "REM"),
    StageSpan(120, 30, "N2", "N2"),
)


def test_stage_at_a_moment() -> None:
    times = np.array([0.0, 10.0, 29.9, 30.0, 89.9, 90.0, 119.9, 149.9, 150.0])
    assert list(stages_at(STAGES, times)) == ["?", "W", "W", "N1", "R", "?", "?", "N2", "?"]
    assert list(stages_at((), np.array([1.0]))) == ["?"]


def test_sums_spans_and_epochs() -> None:
    assert seconds_in_stage(STAGES) == {"W": 20, "N1": 30, "R": 30, "N2": 30}
    assert spans_of(STAGES).tolist() == [[30, 90], [120, 150]]
    assert spans_of(STAGES, {"R"}).tolist() == [[60, 90]]
    assert spans_of(()).shape == (0, 2)
    assert epochs(STAGES, 155.0) == ("W", "N1", "R", "?", "N2", "?")
    assert epochs((), 60.0) == ("?", "?")

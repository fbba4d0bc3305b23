"""What the live screen says, at the widths of terminals; above all, what it says of old data."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from emgdetect.cli.screen.tally import Line
from tests.cli.screen.conftest import channel, status, stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from emgdetect.recorder.status import LinkState


def test_all_that_is_well_is_there(render: Callable[..., str]) -> None:
    text = render(status(), counts={("left leg", "RAW"): {"twitch": 12, "burst": 1}})
    for said in (
        "recording", "night.emgdb", "1:02:05", "400 h left", "left leg", "streaming",
        "MyoWare on Arduino", "12.4 µV", "floor 3.1 µV", "signal ok", "1000.02 Hz (+21 ppm)", "lost 0.12 %",
        "3 gaps", "battery 87 %", "12 twitches, 1 burst", "last: burst 0.8 s, peak 120 µV, 98 s ago",
        "q  stop", "n  note",
    ):  # fmt: skip
        assert said in text
    assert "█" in text
    assert "snooze" not in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("stale", "NO DATA for 12 s"),
        ("down", "LOST for 12 s"),
        ("ended", "gone: COM3"),
        ("looking", "looking"),
    ],
)
def test_a_sensor_that_sends_nothing_never_looks_healthy(
    render: Callable[..., str], state: LinkState, said: str
) -> None:
    # Even if the recorder had left old levels in its status.
    text = render(status(stream(state=state, age=12.0)))
    assert said in text
    assert "█" not in text
    assert "signal ok" not in text
    assert "12.4" not in text
    assert "streaming" not in text


def test_a_recorder_that_hangs_never_looks_healthy(render: Callable[..., str]) -> None:
    text = render(status(), silent=30.0)
    assert "has not answered for 30 s" in text
    assert "NO DATA for 30.1 s" in text
    for healthy in ("█", "signal ok", "12.4", "streaming", " recording "):
        assert healthy not in text


@pytest.mark.parametrize(
    ("trouble", "said"),
    [("lead-off", "electrode off"), ("flat", "flat"), ("saturated", "saturated"), ("gap", "gap")],
)
def test_a_channel_that_measures_nothing_says_so(render: Callable[..., str], trouble: str, said: str) -> None:
    text = render(status(stream(channels=(channel(trouble=trouble),))))
    assert said in text
    assert "signal ok" not in text


def test_what_is_not_known_is_not_made_up(render: Callable[..., str]) -> None:
    new = channel(floor=math.nan, level=math.nan, trouble="no data", last=None)
    nothing = stream(
        sampling_rate=math.nan, measured_rate=math.nan, ppm=math.nan, battery=math.nan, channels=(new,)
    )
    text = render(status(nothing, hours_left=math.inf))
    assert "measuring the rate" in text
    assert "no events yet" in text
    for unknown in ("nan", "inf", "ppm", "battery", "disk"):
        assert unknown not in text


def test_a_gap_is_a_line_and_the_newest_lines_win(render: Callable[..., str]) -> None:
    time = datetime(2026, 11, 21, tzinfo=UTC)
    lines = tuple(Line(time, "left leg", f"gap of {k} s (disconnect)", "gap") for k in range(30))
    text = render(status(), lines=lines, n_lines=3)
    assert "gap of 29 s (disconnect)" in text
    assert "gap of 26 s" not in text


def test_a_pause_is_seen_and_can_be_ended(render: Callable[..., str]) -> None:
    text = render(status(paused=True))
    assert "paused" in text
    assert "p  go on" in text
    assert "streaming" not in text
    # Its samples are told of every ten seconds only; that is no loss.
    text = render(status(stream(state="stale", age=9.0), paused=True))
    assert "NO DATA" not in text
    assert "█" not in text


def test_a_sensor_that_is_lost_while_paused_is_lost(render: Callable[..., str]) -> None:
    assert "NO DATA" in render(status(stream(state="stale", age=30.0), paused=True))
    assert "LOST" in render(status(stream(state="down", age=3.0), paused=True))


def test_alarms_and_their_key(render: Callable[..., str]) -> None:
    assert "2 alarms on" in render(status(), alarms="2 alarms on")


def test_before_anything_is_known(render: Callable[..., str]) -> None:
    assert "waiting until 23:00" in render(None, waiting="waiting until 23:00")
    assert "looking for the sensors" in render(None)


def test_a_detection_that_is_behind_says_so(render: Callable[..., str]) -> None:
    assert "detection is 1 h behind" in render(status(stream(behind=3600.0)))


def test_every_sensor_and_channel_has_its_place(render: Callable[..., str]) -> None:
    two = stream(name="arm", channels=(channel(name="ENV", unit="envelope"), channel(name="REF", unit="adc")))
    text = render(status(stream(), two))
    for name in ("left leg", "arm", "RAW", "ENV", "REF", "12.4 counts"):
        assert name in text

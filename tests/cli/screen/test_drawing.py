"""What the live screen says, at the widths of terminals; above all, what it says of old data."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from emgdetect.cli.screen.drawing import Picture
from emgdetect.cli.screen.prompt import LONGEST, Prompt
from emgdetect.cli.screen.tally import Line
from tests.cli.screen.conftest import channel, status, stream, text_of

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


def crowd(n_sensors: int, n_channels: int, troubled: int = -1) -> Picture:
    """Sensors of many channels, the one numbered ``troubled`` flat."""
    numbers = iter(range(n_sensors * n_channels))
    sensors = (
        stream(
            name=f"leg {sensor}",
            channels=tuple(
                channel(name=f"c{number}", trouble="flat" if number == troubled else "")
                for number in (next(numbers) for _ in range(n_channels))
            ),
        )
        for sensor in range(n_sensors)
    )
    return Picture("night.emgdb", status(*sensors), silent=0.0)


@pytest.mark.parametrize(
    ("n_sensors", "n_channels"), [(1, 1), (1, 8), (1, 16), (2, 4), (3, 6), (5, 8), (8, 1), (30, 2)]
)
@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 12), (40, 6)])
@pytest.mark.parametrize("silent", [0.0, 30.0])
@pytest.mark.parametrize("typing", [False, True])
def test_the_keys_are_always_in_sight(
    n_sensors: int, n_channels: int, width: int, height: int, silent: float, typing: bool
) -> None:
    prompt = Prompt(datetime(2026, 11, 21, 3, tzinfo=UTC), "cramp") if typing else None
    lines = tuple(Line(datetime(2026, 11, 21, tzinfo=UTC), "leg", f"gap {k}", "gap") for k in range(9))
    picture = replace(crowd(n_sensors, n_channels), silent=silent, prompt=prompt, lines=lines, n_lines=0)
    shown = text_of(picture, width, height).splitlines()
    assert len(shown) <= height
    assert ("Esc" if typing else "q  stop") in shown[-1]
    assert not silent or "all well" not in "".join(shown)


@pytest.mark.parametrize(("n_sensors", "n_channels"), [(1, 16), (2, 16), (3, 6), (5, 8), (30, 2)])
def test_what_there_is_no_room_for_is_counted_and_trouble_comes_first(
    n_sensors: int, n_channels: int
) -> None:
    last = n_sensors * n_channels - 1
    text = text_of(crowd(n_sensors, n_channels, troubled=last), 80, 24)
    assert f"c{last}" in text
    assert "flat" in text
    shown = sum(f" c{number} " in text for number in range(last + 1))
    more = [int(number) for number in re.findall(r"\+(\d+) more channel", text)]
    whole = [int(number) for number in re.findall(r"(\d+) channels", text)]
    sensors = [int(number) for number in re.findall(r"\+(\d+) more sensor", text)]
    if whole:
        assert len(whole) + sum(sensors) == n_sensors
    else:
        assert shown + sum(more) == last + 1


def test_one_line_for_a_channel_comes_before_leaving_one_out() -> None:
    text = text_of(crowd(1, 16), 80, 24)
    assert "more channel" not in text
    assert all(f" c{number} " in text for number in range(16))


def test_a_channel_in_trouble_among_those_left_out_is_named() -> None:
    channels = tuple(channel(name=f"c{number}", trouble="flat") for number in range(60))
    text = text_of(Picture("n", status(stream(channels=channels))), 120, 40)
    assert re.search(r"\+\d+ more channels: c\d+ flat, c\d+ flat", text)


def test_what_is_typed_is_seen_to_its_end_and_so_is_what_is_wrong_with_it() -> None:
    prompt = Prompt(datetime(2026, 11, 21, 3, tzinfo=UTC), f"{'long ' * 30}the end")
    text = text_of(Picture("night.emgdb", status(), prompt=prompt), 80)
    assert "the end▏" in text
    assert max(map(len, text.splitlines())) <= 80
    wrong = replace(prompt, wrong="pain is rated from 0 to 10, not 11")
    assert "pain is rated" in text_of(Picture("night.emgdb", status(), prompt=wrong), 80)


def test_a_line_takes_letters_and_gives_them_back() -> None:
    prompt = Prompt(datetime(2026, 11, 21, 3, tzinfo=UTC))
    for key in "Wäre\x7f\b\t\x01":
        prompt = prompt.typed(key)
    assert prompt.text == "Wä"
    assert prompt.typed("\x15").text == ""
    for _ in range(LONGEST + 9):
        prompt = prompt.typed("x")
    assert len(prompt.text) == LONGEST

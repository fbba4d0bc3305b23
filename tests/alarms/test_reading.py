"""What people write for an alarm."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.alarms import Bell, Command, Post, read_alarms
from emgdetect.alarms.reading import read_rule
from emgdetect.errors import ConfigError, EmgError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
snooze = "15 min"

[[alarm]]
when = "spasm > 5 s"
do = ["bell", "http://10.0.0.2/a,b:c"]
again = "2 min"
sensor = "left leg"

[[alarm.then]]
after = "90 s"
do = "bell"

[[alarm]]
when = "lost > 30 s"
do = "bell"
"""


@pytest.mark.parametrize(
    ("text", "watched", "kind", "seconds", "count"),
    [
        ("spasm>5s", "length", "spasm", 5.0, 0),
        ("burst >= 0.5 s", "length", "burst", 0.5, 0),
        ("event>1min", "length", "event", 60.0, 0),
        ("events>=10/5min", "count", "event", 300.0, 10),
        ("twitches>10/1h", "count", "twitch", 3600.0, 11),
        ("LOST>30s", "lost", "event", 30.0, 0),
        ("contact>1min", "contact", "event", 60.0, 0),
    ],
)
def test_rules(text: str, watched: str, kind: str, seconds: float, count: int) -> None:
    rule = read_rule(text)
    assert (rule.watched, rule.kind, rule.seconds, rule.count) == (watched, kind, seconds, count)


@pytest.mark.parametrize(
    "text", ["", "spasm", "spasm>5", "cramp>5s", "lost>3/5min", "events>=0/5min", "events>=1.5/5min", "a>b"]
)
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(UsageError, match="such as"):
        read_rule(text)


def test_the_same_rule_twice_is_one_alarm() -> None:
    run = f"run:{sys.executable} -c 'a: b'"
    plan = read_alarms(["spasm>5s:bell", f"spasm>5s:{run}", "lost>30s:http://10.0.0.2:8080/x"])
    spasm, lost = plan.alarms
    assert spasm.steps[0].actions == (Bell(), Command((sys.executable, "-c", "a: b")))
    assert lost.steps[0].actions == (Post("http://10.0.0.2:8080/x"),)


@pytest.mark.parametrize(
    "text", ["spasm>5s", "spasm>5s:", "spasm>5s:ring", "spasm>5s:run:", "spasm>5s:run:no-such-program-here",
             "spasm>5s:file:///etc/passwd", "spasm>5s:ftp://a/b", "spasm>5s:http://"]
)  # fmt: skip
def test_what_is_no_alarm(text: str) -> None:
    with pytest.raises(UsageError):
        read_alarms([text])


def test_a_file_of_them(tmp_path: Path) -> None:
    path = tmp_path / "alarms.toml"
    path.write_text(FILE, encoding="utf-8")
    plan = read_alarms([str(path)])
    assert plan.snooze == 900.0
    spasm, lost = plan.alarms
    assert (spasm.refractory, spasm.sensor) == (120.0, "left leg")
    assert [step.after for step in spasm.steps] == [0.0, 90.0]
    assert spasm.steps[0].actions == (Bell(), Post("http://10.0.0.2/a,b:c"))
    assert (lost.refractory, lost.sensor) == (60.0, "")


@pytest.mark.parametrize(
    "text",
    ["", "alarm = 3", "[[alarm]]\nwhen = 'spasm>5s'", "[[alarm]]\nwhen = 'x'\ndo = 'bell'", "snooze = [",
     "[[alarm]]\nwhen = 'spasm>5s'\ndo = 'bell'\nsound = 3", "[[alarm]]\nwhen='spasm>5s'\ndo='bell'\nthen=3"],
)  # fmt: skip
def test_a_file_with_a_mistake_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "alarms.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"alarms\.toml"):
        read_alarms([str(path)])


@given(st.text(st.characters(exclude_characters=":")))
def test_text_that_is_no_alarm_is_told_in_one_line(text: str) -> None:
    with pytest.raises(EmgError) as told:
        read_alarms([text])
    assert "\n" not in str(told.value)

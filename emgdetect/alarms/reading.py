"""Alarms as they are written: ``spasm>5s:bell`` on the command line, or a TOML file of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emgdetect.alarms.actions import read_action
from emgdetect.alarms.rules import REFRACTORY_S, SNOOZE_S, Alarm, Plan, Rule, Step
from emgdetect.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_KINDS = {"event": "event", "twitch": "twitch", "burst": "burst", "spasm": "spasm", "twitche": "twitch"}
_RULE = re.compile(
    r"(?P<word>[a-z]+?)s?\s*(?P<sign>>=?)\s*(?P<number>\d+(?:\.\d+)?)\s*"
    r"(?:(?P<unit>s|min|h)|/\s*(?P<window>\d+(?:\.\d+)?)\s*(?P<per>s|min|h))"
)
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h)")
_EXAMPLES = "such as spasm>5s, events>=10/5min, lost>30s or contact>1min"
_KEYS = {"when", "do", "again", "sensor", "then"}


def read_alarms(texts: Iterable[str]) -> Plan:
    """Read alarms of the form ``RULE:ACTION``, and TOML files of them.

    The same rule several times is one alarm with several actions.

    Raises
    ------
    UsageError
        One that cannot be read.
    ConfigError
        A file with a mistake in it.
    """
    alarms: list[Alarm] = []
    actions: dict[str, list[str]] = {}
    snooze = SNOOZE_S
    for text in texts:
        if text.lower().endswith(".toml"):
            plan = read_file(Path(text))
            alarms += plan.alarms
            snooze = plan.snooze
            continue
        rule, found, action = text.partition(":")
        if not found:
            raise UsageError(f"{text!r} says when and not what", hint="write it as in spasm>5s:bell")
        actions.setdefault(rule.strip(), []).append(action)
    for rule, does in actions.items():
        alarms.append(Alarm(read_rule(rule), (Step(0.0, tuple(map(read_action, does))),)))
    return Plan(tuple(alarms), snooze)


def read_rule(text: str) -> Rule:
    """Read ``spasm>5s``, ``events>=10/5min``, ``lost>30s`` or ``contact>1min``.

    Raises
    ------
    UsageError
        If it is none of them.
    """
    found = _RULE.fullmatch(text.strip().lower())
    wrong = UsageError(f"{text!r} is no rule for an alarm", hint=_EXAMPLES)
    if found is None:
        raise wrong
    word, number = found["word"], float(found["number"])
    if found["window"]:
        if word not in _KINDS or number != int(number):
            raise wrong
        count = int(number) + (found["sign"] == ">")
        window = float(found["window"]) * _UNITS[found["per"]]
        if not (count and window):
            raise wrong
        return Rule(text.strip(), "count", _KINDS[word], window, count)
    seconds = number * _UNITS[found["unit"]]
    if word in _KINDS:
        return Rule(text.strip(), "length", _KINDS[word], seconds)
    if word == "lost":
        return Rule(text.strip(), "lost", seconds=seconds)
    if word == "contact":
        return Rule(text.strip(), "contact", seconds=seconds)
    raise wrong


def read_file(path: Path) -> Plan:
    """Read a TOML file of alarms; see docs/alarms.md.

    Raises
    ------
    ConfigError
        It cannot be read, or has a mistake in it.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot be read as alarms: {error}", where=path) from error
    try:
        return _plan(table)
    except UsageError as error:
        raise ConfigError(error.what, where=path, hint=error.hint) from error


def _plan(table: dict[str, Any]) -> Plan:
    if set(table) - {"snooze", "alarm"} or not isinstance(table.get("alarm"), list):
        raise UsageError("it has [[alarm]] tables and perhaps a snooze, and nothing else")
    snooze = _span(table.get("snooze", f"{SNOOZE_S}s"))
    return Plan(tuple(_alarm(each) for each in table["alarm"]), snooze)


def _alarm(table: Any) -> Alarm:  # noqa: ANN401 - whatever a file says
    if not isinstance(table, dict) or not {"when", "do"} <= set(table) <= _KEYS:
        raise UsageError("each alarm has a when and a do, and perhaps again, sensor and then")
    then = table.get("then", [])
    if not isinstance(then, list) or not all(
        isinstance(each, dict) and set(each) == {"after", "do"} for each in then
    ):
        raise UsageError("each [[alarm.then]] has an after and a do")
    later = sorted((_step(_span(each["after"]), each) for each in then), key=lambda step: step.after)
    return Alarm(
        read_rule(str(table["when"])),
        (_step(0.0, table), *later),
        _span(table.get("again", f"{REFRACTORY_S}s")),
        str(table.get("sensor", "")),
    )


def _step(after: float, table: Mapping[str, Any]) -> Step:
    does = table["do"] if isinstance(table["do"], list) else [table["do"]]
    return Step(after, tuple(read_action(str(each)) for each in does))


def _span(value: object) -> float:
    found = _SPAN.fullmatch(str(value).strip())
    if found is None:
        raise UsageError(f"{value!r} is no time span", hint="write it as in '30 s', '5 min' or '1 h'")
    return float(found[1]) * _UNITS[found[2]]

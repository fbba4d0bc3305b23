from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import typer

from emgdetect import __version__
from emgdetect.cli.app import app

if TYPE_CHECKING:
    from tests.cli.conftest import Cli

TREE: Any = typer.main.get_command(app)
COMMANDS = sorted(TREE.commands)


def test_the_verbs_people_say_are_there() -> None:
    assert {"info", "detect", "summary", "report", "export", "simulate", "profiles"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(cli: Cli, command: str) -> None:
    outcome = cli(command, "--help")
    assert outcome.code == 0
    assert f"emgdetect {command}" in outcome.out
    for option in TREE.commands[command].params:
        # An argument explains itself in its help, an option by its help: both have one.
        assert option.help, option.name


def test_flags_do_not_look_as_if_they_took_a_word(cli: Cli) -> None:
    shown = cli("detect", "--help").out
    assert all("bool" not in line for line in shown.splitlines() if "--help" not in line)


def test_help_lists_every_command(cli: Cli) -> None:
    shown = cli("--help").out
    assert all(re.search(rf"\b{command}\b", shown) for command in COMMANDS)


def test_no_words_show_the_help(cli: Cli) -> None:
    assert "detect" in "".join(cli()[1:])


def test_version(cli: Cli) -> None:
    outcome = cli("--version")
    assert (outcome.code, outcome.out) == (0, f"emgdetect {__version__}\n")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["conjure"], "conjure"),
        (["info"], "FILE"),
        (["info", "a.edf", "--colour"], "--colour"),
        (["info", "a.edf", "--sampling-rate", "fast"], "--sampling-rate"),
        (["info", "a.edf", "--unit", "volt"], "--unit"),
        (["info", "a.edf", "b.edf"], "b.edf"),
        (["summary", "a.edf", "b.edf", "c.edf"], "one FILE each time"),
        (["detect", "a.edf", "b.edf", "c.edf"], "--out-dir"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_command_line_is_one_line_and_code_2(cli: Cli, words: list[str], named: str) -> None:
    outcome = cli(*words)
    assert outcome.code == 2
    assert named in outcome.line


@pytest.mark.parametrize("command", ["info", "summary", "detect"])
def test_json_and_quiet_do_not_go_together(cli: Cli, command: str) -> None:
    outcome = cli(command, "a.edf", "--json", "--quiet")
    assert outcome.code == 2
    assert "--quiet" in outcome.line


@pytest.mark.parametrize("command", ["info", "summary", "detect", "report"])
def test_envelope_and_another_unit_contradict_each_other(cli: Cli, command: str) -> None:
    outcome = cli(command, "a.edf", "--envelope", "--unit", "uV")
    assert outcome.code == 2
    assert "--envelope" in outcome.line

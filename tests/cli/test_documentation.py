"""docs/command-line.md knows every command, every option and every exit code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from emgdetect import errors
from emgdetect.cli import failures
from emgdetect.cli.app import app

TEXT = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
TREE: Any = typer.main.get_command(app)
PREFACE, *SECTIONS = re.split(r"^## ", TEXT, flags=re.MULTILINE)
BY_COMMAND = {
    match[1]: section for section in SECTIONS if (match := re.match(r"`emgdetect (\w+)", section)) is not None
}
SHARED = next(section for section in SECTIONS if section.startswith("What holds"))
ONLY_HELP = {"--help"}


def documented_codes() -> dict[int, str]:
    rows = re.findall(r"^\| (\d+) \| (?:`(\w+)`)? *\|", TEXT, flags=re.MULTILINE)
    return {int(code): name for code, name in rows}


def error_tree() -> list[type[errors.EmgError]]:
    found = [errors.EmgError]
    for kind in found:
        found += kind.__subclasses__()
    return [kind for kind in found if kind.__module__.startswith("emgdetect")]


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    assert set(BY_COMMAND) == set(TREE.commands)


@pytest.mark.parametrize("command", sorted(TREE.commands))
def test_every_option_is_explained(command: str) -> None:
    subcommands = getattr(TREE.commands[command], "commands", {})
    for part in (TREE.commands[command], *subcommands.values()):
        for parameter in part.params:
            longest = max([*parameter.opts, *parameter.secondary_opts], key=len)
            if longest.startswith("--") and longest not in ONLY_HELP:
                explained = longest in BY_COMMAND[command] or f"`{longest}" in SHARED
                assert explained, f"{command} {longest}"


@pytest.mark.parametrize("command", sorted(TREE.commands))
def test_sections_name_no_option_that_does_not_exist(command: str) -> None:
    subcommands = getattr(TREE.commands[command], "commands", {})
    parts = (TREE.commands[command], *subcommands.values(), TREE.commands["info"])
    known = {opt for part in parts for parameter in part.params for opt in parameter.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", BY_COMMAND[command])) <= known


def test_every_error_has_its_code_in_the_table() -> None:
    documented = documented_codes()
    for kind in error_tree():
        own = kind.__dict__.get("exit_code")
        assert own is None or documented.get(own) == kind.__name__


def test_the_table_has_no_code_that_cannot_come() -> None:
    possible = {kind.exit_code for kind in error_tree()}
    possible |= {0, failures.UNEXPECTED, failures.INTERRUPTED, failures.NOBODY_READS}
    assert set(documented_codes()) == possible

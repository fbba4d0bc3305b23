from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from emgdetect.config import load_profile, profile_names

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli


@pytest.mark.parametrize("words", [["profiles"], ["profiles", "list"]], ids=" ".join)
def test_every_profile_is_listed_on_a_line(cli: Cli, words: list[str]) -> None:
    outcome = cli(*words)
    assert [line.split()[0] for line in outcome.out.splitlines()] == list(profile_names())


@pytest.mark.parametrize("words", [["profiles"], ["profiles", "list"]], ids=" ".join)
def test_the_list_as_json(cli: Cli, words: list[str]) -> None:
    listed = json.loads(cli(*words, "--json").out)
    assert [one["name"] for one in listed] == list(profile_names())


@pytest.mark.parametrize("name", profile_names())
def test_show_says_every_setting_and_the_hash(cli: Cli, name: str) -> None:
    profile = load_profile(name)
    shown = cli("profiles", "show", name).out
    assert profile.digest in shown
    assert all(key in shown for key in profile.settings())
    assert json.loads(cli("profiles", "show", name, "--json").out)["settings"] == profile.settings()


def test_an_unknown_profile_is_refused_with_the_names_there_are(cli: Cli) -> None:
    outcome = cli("profiles", "show", "elbow")
    assert outcome.code == 6
    assert all(name in outcome.line for name in profile_names())


def test_a_file_with_a_wrong_setting_is_refused_by_name(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[edges]\nmerge_gap = -1\n", encoding="utf-8")
    outcome = cli("profiles", "show", path)
    assert outcome.code == 6
    assert "merge_gap" in outcome.line

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli


def profile_of(said: str) -> str:
    (summary,) = json.loads(said)["summaries"]
    return str(summary["profile"])


def test_of_a_recording_is_made_now_and_nothing_is_written(cli: Cli, recording: Path, tmp_path: Path) -> None:
    outcome = cli("summary", recording)
    assert outcome.code == 0
    assert "TA left" in outcome.out
    assert [path.name for path in tmp_path.iterdir()] == ["leg.npz"]


def test_of_a_session_is_that_of_the_newest_run(cli: Cli, recording: Path) -> None:
    cli("detect", recording, "--quiet")
    cli("detect", "leg.emgdb", "--profile", "twitch", "--quiet")
    assert profile_of(cli("summary", "leg.emgdb", "--json").out) == "twitch"


def test_of_a_session_can_be_that_of_an_earlier_run(cli: Cli, recording: Path) -> None:
    cli("detect", recording, "--quiet")
    cli("detect", "leg.emgdb", "--profile", "twitch", "--quiet")
    assert profile_of(cli("summary", "leg.emgdb", "--run", 1, "--json").out) == "generic"


def test_a_run_that_is_not_there_is_refused_with_those_that_are(cli: Cli, recording: Path) -> None:
    cli("detect", recording, "--quiet")
    outcome = cli("summary", "leg.emgdb", "--run", 7)
    assert outcome.code == 2
    assert "there are: 1" in outcome.line


def test_a_run_and_a_profile_contradict_each_other(cli: Cli, recording: Path) -> None:
    cli("detect", recording, "--quiet")
    assert cli("summary", "leg.emgdb", "--run", 1, "--profile", "twitch").code == 2


def test_another_profile_searches_again_and_stores_nothing(cli: Cli, recording: Path, tmp_path: Path) -> None:
    cli("detect", recording, "--quiet")
    before = (tmp_path / "leg.emgdb").read_bytes()
    assert profile_of(cli("summary", "leg.emgdb", "--profile", "twitch", "--json").out) == "twitch"
    assert (tmp_path / "leg.emgdb").read_bytes() == before


def test_stored_and_new_agree(cli: Cli, recording: Path) -> None:
    cli("detect", recording, "--quiet")
    stored = json.loads(cli("summary", "leg.emgdb", "--json").out)["summaries"][0]
    new = json.loads(cli("summary", recording, "--json").out)["summaries"][0]
    assert stored["rows"] == new["rows"]
    assert stored["coverage"] == new["coverage"]


def test_quiet_says_nothing(cli: Cli, recording: Path) -> None:
    assert cli("summary", recording, "--quiet") == (0, "", "")

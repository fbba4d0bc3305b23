"""Reports with what stands beside a recording, as PDF, and over many nights."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli


@pytest.fixture
def stages(tmp_path: Path) -> Path:
    path = tmp_path / "stages.txt"
    path.write_text("N2\n" * 4, encoding="utf-8")
    return path


def test_page_and_pdf_in_one_go(cli: Cli, recording: Path, tmp_path: Path) -> None:
    outcome = cli("report", recording, "--html", "a.html", "--pdf", "a.pdf", "--paper", "letter")
    assert (outcome.code, outcome.out.split()) == (0, ["a.html", "a.pdf"])
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_a_pdf_alone(cli: Cli, recording: Path, tmp_path: Path) -> None:
    assert cli("report", recording, "--pdf", "a.pdf", "-q") == (0, "", "")
    assert not (tmp_path / "leg.html").exists()
    assert cli("report", recording, "--pdf", "a.pdf", "-q").code == 5
    assert cli("report", recording, "--pdf", "a.pdf", "-q", "--force").code == 0


def test_a_pdf_of_somebody_else_is_kept(cli: Cli, recording: Path, tmp_path: Path) -> None:
    other = tmp_path / "thesis.pdf"
    other.write_bytes(b"%PDF-1.4 years of work")
    outcome = cli("report", recording, "--pdf", other, "--force")
    assert outcome.code == 5
    assert "another name" in outcome.line
    assert other.read_bytes() == b"%PDF-1.4 years of work"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--pdf", "a.html"], ".pdf"),
        (["--html", "a.pdf"], ".html"),
        (["b.html", "--html", "c.html"], "one page"),
        (["--place", "TA left"], "--place 'CHANNEL=MUSCLE,SIDE'"),
        (["--place", "arm=biceps,left"], "there is no channel 'arm'"),
        (["--shift", "30"], "--hypnogram"),
        (["--since", "2026-11-01"], "--nights"),
        (["--nights", "--run", "1"], "--nights"),
        (["--nights", "--place", "TA left=soleus"], "--nights"),
        (["--hypnogram", "nowhere.txt"], "nowhere.txt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_makes_no_sense_is_one_line(cli: Cli, recording: Path, words: list[str], named: str) -> None:
    outcome = cli("report", recording, *words)
    assert outcome.code in {2, 3}
    assert named in outcome.line


def test_the_hypnogram_is_in_the_report(cli: Cli, recording: Path, stages: Path, tmp_path: Path) -> None:
    assert cli("report", recording, "a.html", "--hypnogram", stages).code == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Sleep stages" in page
    assert "scored in stages.txt" in page


def test_the_diary_of_a_session_is_in_its_report(cli: Cli, recording: Path, tmp_path: Path) -> None:
    cli("detect", recording, "--session", "leg.emgdb", "--quiet")
    cli("note", "leg.emgdb", "--symptom", "cramp", "--pain", "4", "-q")
    assert cli("report", "leg.emgdb", "a.html").code == 0
    assert "symptom: cramp, pain 4 of 10" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_the_rule_sets_are_in_the_summary(cli: Cli, recording: Path) -> None:
    assert "By rule set" not in cli("summary", recording).out
    told = cli("summary", recording, "--sequences").out
    assert "Leg movements and periodic leg movements (WASM 2016): wasm2016, digest" in told
    assert "rem-activity: needs a hypnogram" in told
    (summary,) = json.loads(cli("summary", recording, "--sequences", "--json").out)["summaries"]
    by_rule = {one["rule"]: one for one in summary["sequences"]}
    assert by_rule["wasm2016"]["applies"]
    assert by_rule["wasm2016"]["indices"][0]["per"] == "per hour of valid recording"
    assert "movements" not in by_rule["wasm2016"]


def test_a_hypnogram_brings_the_rule_sets_and_sleep(cli: Cli, recording: Path, stages: Path) -> None:
    told = cli("summary", recording, "--hypnogram", stages).out
    assert "per hour of valid sleep" in told
    assert "nothing is called sleep" not in told


def test_a_placement_brings_another_rule(cli: Cli, recording: Path) -> None:
    told = cli("summary", recording, "--place", "ta LEFT=masseter,left").out
    assert "Rhythmic masticatory muscle activity: masticatory" in told
    assert "wasm2016: no channel is known to be on a leg" in told


def test_many_nights(cli: Cli, recording: Path, tmp_path: Path) -> None:
    cli("detect", recording, "--session", "one.emgdb", "--quiet")
    cli("detect", recording, "--session", "two.emgdb", "--quiet")
    outcome = cli("report", "--nights", "one.emgdb", "two.emgdb", "--pdf", "n.pdf", "--html", "n.html")
    assert (outcome.code, outcome.out.split()) == (0, ["n.html", "n.pdf"])
    page = (tmp_path / "n.html").read_text(encoding="utf-8")
    assert "2 nights" in page
    assert "one" in page
    assert cli("report", "--nights", ".", "-q").code == 0
    assert (tmp_path / "nights.html").is_file()


def test_nights_are_sessions(cli: Cli, recording: Path) -> None:
    outcome = cli("report", "--nights", recording)
    assert outcome.code == 8
    assert "leg.npz" in outcome.line

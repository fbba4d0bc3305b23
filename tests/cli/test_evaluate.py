from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emgdetect.evaluate import read_events

if TYPE_CHECKING:
    from tests.cli.conftest import Cli

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "sleep_marks"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the marks of two raters are not on this machine")

HEAD = "Signal ID: Generic\\generic\nStart Time: {start}\nUnit: \nSignal Type: Impuls\n\n"


def table(path: Path, marks: list[tuple[float, float, str, str]]) -> Path:
    lines = [f"{onset}\t{length}\t{kind}\t{channel}" for onset, length, kind, channel in marks]
    path.write_text("\n".join(["onset\tduration\ttrial_type\tchannel", *lines, ""]), encoding="utf-8")
    return path


def domino(path: Path, marks: list[tuple[float, float, str]], start: str = "2026-11-20 23:00:00") -> Path:
    began = datetime.fromisoformat(start)
    lines = []
    for onset, length, text in marks:
        ends = [began + timedelta(seconds=second) for second in (onset, onset + length)]
        lines.append(
            "-".join(f"{end:%H:%M:%S},{end.microsecond // 1000:03d}" for end in ends) + f"; {text}\n"
        )
    path.write_text(HEAD.format(start=f"{began:%d.%m.%Y %H:%M:%S}") + "".join(lines), encoding="utf-8")
    return path


def totals(said: str) -> dict[str, object]:
    row: dict[str, object] = json.loads(said)["rows"][0]
    return row


MARKS = [(10.0 * place, 1.0, "twitch", "TA left") for place in range(1, 50)]


def test_a_table_against_itself(cli: Cli, tmp_path: Path) -> None:
    path = table(tmp_path / "a.tsv", MARKS)
    outcome = cli("evaluate", path, path)
    assert outcome.code == 0
    row = totals(cli("evaluate", path, path, "--json").out)
    assert (row["found"], row["false"], row["splits"], row["merges"]) == (49, 0, 0, 0)
    assert row["f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert "Kappa goes beyond chance" in outcome.out


def test_a_detection_against_the_scorer_who_made_it_up(cli: Cli, recording: Path, tmp_path: Path) -> None:
    cli("detect", recording, "--events", "found.tsv", "--session", "night.emgdb", "--quiet")
    events = read_events(Path("found.tsv"))
    assert len(events) == 3
    marks = [(event.onset, event.duration, "LeftLegPhasic") for event in events]
    scorer = domino(tmp_path / "scorer.txt", marks)
    for detected in ("found.tsv", "night.emgdb"):
        outcome = cli("evaluate", detected, scorer, "--json")
        content = json.loads(outcome.out)
        assert content["rows"][0]["found"] == 3
        assert content["hours"] == pytest.approx(30 / 3600 if detected == "found.tsv" else 29.5 / 3600)
        assert any("compared with TA left" in line for line in content["notices"])


def test_clocks_bring_two_scorers_together(cli: Cli, tmp_path: Path) -> None:
    marks = [(100.0, 1.0, "LeftLegPhasic"), (200.0, 1.0, "LeftLegPhasic")]
    first = domino(tmp_path / "a.txt", marks)
    later = domino(
        tmp_path / "b.txt",
        [(onset - 60, length, text) for onset, length, text in marks],
        "2026-11-20 23:01:00",
    )
    content = json.loads(cli("evaluate", first, later, "--json").out)
    assert content["rows"][0]["found"] == 2
    assert any("moved by 60 s" in line for line in content["notices"])


def test_a_shift_by_the_user(cli: Cli, tmp_path: Path) -> None:
    detected = table(tmp_path / "a.tsv", MARKS)
    reference = table(tmp_path / "b.tsv", [(onset + 7, *rest) for onset, *rest in MARKS])  # type: ignore[misc]
    assert totals(cli("evaluate", detected, reference, "--json").out)["found"] == 0
    assert totals(cli("evaluate", detected, reference, "--shift", -7, "--json").out)["found"] == 49


def test_kinds_channels_and_names(cli: Cli, tmp_path: Path) -> None:
    detected = table(
        tmp_path / "a.tsv", [(1, 1, "twitch", "one"), (5, 1, "spasm", "one"), (9, 1, "twitch", "two")]
    )
    reference = table(
        tmp_path / "b.tsv", [(1, 1, "twitch", "eins"), (5, 1, "twitch", "eins"), (9, 1, "twitch", "two")]
    )
    assert totals(cli("evaluate", detected, reference, "--json").out)["found"] == 1
    mapped = ("evaluate", detected, reference, "--map", "one=eins", "--json")
    assert totals(cli(*mapped).out)["found"] == 3
    assert totals(cli(*mapped, "--by-kind").out)["found"] == 2
    assert totals(cli(*mapped, "--kind", "spasm").out)["n_detected"] == 1
    assert totals(cli(*mapped, "--channel", "TWO").out)["n_reference"] == 1


def test_onsets_may_decide(cli: Cli, tmp_path: Path) -> None:
    detected = table(tmp_path / "a.tsv", [(1.2, 0.05, "twitch", "a")])
    reference = table(tmp_path / "b.tsv", [(1.0, 0.1, "twitch", "a")])
    assert totals(cli("evaluate", detected, reference, "--json").out)["found"] == 0
    assert totals(cli("evaluate", detected, reference, "--onset-tolerance", 0.25, "--json").out)["found"] == 1


def test_folders_are_compared_file_by_file(cli: Cli, tmp_path: Path) -> None:
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
    for place in range(6):
        table(tmp_path / "mine" / f"night{place}.tsv", MARKS)
        domino(
            tmp_path / "theirs" / f"night{place}_marks.txt",
            [(onset, 1.0, "LeftLegPhasic") for onset, *_ in MARKS],
        )
    table(tmp_path / "mine" / "more.tsv", MARKS)
    content = json.loads(cli("evaluate", "mine", "theirs", "--json").out)
    assert len(content["recordings"]) == 6
    assert content["resampled"] == "whole recordings"
    assert content["rows"][0]["found"] == 6 * 49
    assert any("more" in line for line in content["notices"])
    assert "night3" in cli("evaluate", "mine", "theirs").out


def test_an_edf_with_annotations(cli: Cli, recording: Path) -> None:
    cli("detect", recording, "--session", "night.emgdb", "--quiet")
    cli("export", "night.emgdb", "night.bdf", "--quiet")
    content = json.loads(cli("evaluate", "night.emgdb", "night.bdf", "--json").out)
    assert content["rows"][0]["found"] == 3
    assert content["rows"][0]["false"] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.tsv", "none.tsv"], "none.tsv"),
        (["a.tsv", "."], "a folder is compared with a folder"),
        (["a.tsv", "other.tsv"], "no channel is the same"),
        (["a.tsv", "later.txt"], "outside"),
        (["a.tsv", "a.tsv", "--hours", "0"], "hours"),
        (["a.tsv", "a.tsv", "--min-overlap", "0"], "overlap"),
        (["a.tsv", "a.tsv", "--grid", "0"], "grid"),
        (["a.tsv", "a.tsv", "--map", "TA left"], "--map"),
        (["a.tsv", "a.tsv", "--channel", "x"], "no channel 'x'"),
        (["a.tsv", "a.tsv", "--shift", "nan"], "shift"),
        (["empty.tsv", "empty.tsv"], "no mark"),
    ],
)
def test_one_clear_line(cli: Cli, tmp_path: Path, words: list[str], said: str) -> None:
    table(tmp_path / "a.tsv", MARKS)
    (tmp_path / "a.json").write_text(
        json.dumps({"RecordingDuration": 600.0, "Channels": {"TA left": {"Units": "uV"}}})
    )
    table(tmp_path / "other.tsv", [(1, 1, "twitch", "Chin")])
    table(tmp_path / "empty.tsv", [])
    domino(tmp_path / "later.txt", [(3600.0, 1.0, "LeftLegPhasic")])
    assert said in cli("evaluate", *words).line


@needs_real
def test_the_two_raters(cli: Cli) -> None:
    found = json.loads(cli("evaluate", REAL / "rater_a_marks.txt", REAL / "rater_b_marks.txt", "--json").out)
    total = found["rows"][0]
    # 545 and 789 phasic marks, and those of other kinds; artefacts are left out.
    assert (total["n_detected"], total["n_reference"]) == (558, 828)
    assert total["f1"]["low"] < total["f1"]["value"] < total["f1"]["high"]
    assert total["kappa"]["value"] < total["agreement"]
    assert {row["channel"] for row in found["rows"]} == {
        "all",
        "Chin",
        "LeftArm",
        "LeftLeg",
        "RightArm",
        "RightLeg",
    }

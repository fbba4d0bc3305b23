"""``detect`` over many recordings: a table for each, whatever the others are like."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from emgdetect.cli import searching
from emgdetect.cli.cohort_files import recordings_in, tables_for
from emgdetect.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

RATE = 500.0
SECONDS = 12


def tiny(path: Path, seed: int) -> Path:
    """Twelve seconds of noise with a second of activity from second 8 on."""
    rng = np.random.default_rng(seed)
    data = rng.standard_normal((1, round(SECONDS * RATE))) * 2.0
    data[0, round(8 * RATE) : round(9 * RATE)] *= 40
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, data=data, sampling_rate=RATE, ch_names=["TA left"], unit="uV")
    return path


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Twenty recordings, two of which are damaged, and what else lies about in a folder."""
    folder = tmp_path / "study"
    for number in range(20):
        tiny(folder / f"n{number:02}.npz", number)
    for name in ("n03.npz", "n11.npz"):
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
    (folder / "README.md").write_text("# A study\n", encoding="utf-8")
    (folder / "n00_events.tsv").write_text("onset\tduration\ttrial_type\n", encoding="utf-8")
    return folder


def listed(folder: Path) -> list[dict[str, str]]:
    with (folder / "recordings.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def events(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_twenty_recordings_and_two_bad_ones(cli: Cli, study: Path, tmp_path: Path) -> None:
    outcome = cli("detect", study, "--out-dir", "out", "--jobs", "2")
    assert outcome.code == 1
    assert outcome.out == "18 tables and recordings.tsv in out\n"
    *bad, last = outcome.err.splitlines()
    assert sorted(line.split("/")[-1].split(":")[0] for line in bad) == ["n03.npz", "n11.npz"]
    assert last.startswith("emgdetect: 2 of 20 recordings could not be searched")
    out = tmp_path / "out"
    good = [f"n{number:02}" for number in range(20) if number not in {3, 11}]
    expected = {f"{name}_events.{suffix}" for name in good for suffix in ("tsv", "json")}
    assert {path.name for path in out.iterdir()} == expected | {"recordings.tsv"}
    for name in good:
        assert any(7.5 < float(row["onset"]) < 8.5 for row in events(out / f"{name}_events.tsv"))
    lines = listed(out)
    assert [line["recording"].split("/")[-1] for line in lines] == [
        f"n{number:02}.npz" for number in range(20)
    ]
    assert [line["problem"] == "n/a" for line in lines] == [number not in {3, 11} for number in range(20)]
    found = {line["table"]: int(line["events"]) for line in lines if line["events"] != "n/a"}
    counted = {path.name: path for path in out.glob("*_events.tsv")}
    assert set(found) == set(counted)


def test_processes_change_no_bit(cli: Cli, study: Path, tmp_path: Path) -> None:
    files = [study / f"n{number:02}.npz" for number in (0, 1, 2)]
    assert cli("detect", *files, "--out-dir", "one", "--quiet") == (0, "", "")
    assert cli("detect", *files, "--out-dir", "two", "--jobs", "3", "--quiet") == (0, "", "")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_a_single_recording_gives_the_table_that_detect_gives(cli: Cli, study: Path, tmp_path: Path) -> None:
    assert cli("detect", study / "n05.npz", "--events", "alone.tsv", "--quiet").code == 0
    assert cli("detect", study / "n05.npz", "--out-dir", "out", "--quiet").code == 0
    assert (tmp_path / "alone.tsv").read_bytes() == (tmp_path / "out" / "n05_events.tsv").read_bytes()


def test_what_was_interrupted_is_resumed(cli: Cli, study: Path, tmp_path: Path) -> None:
    first = [study / "n00.npz", study / "n01.npz"]
    assert cli("detect", *first, "--out-dir", "out", "--quiet").code == 0
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*_events.*")}
    more = [*first, study / "n02.npz"]
    refused = cli("detect", *more, "--out-dir", "out")
    assert refused.code == 5
    assert "--resume" in refused.line
    assert cli("detect", *more, "--out-dir", "out", "--resume").out.startswith("1 table ")
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*_events.*")}
    assert {name: after[name] for name in before} == before
    assert len(listed(tmp_path / "out")) == 3
    assert cli("detect", *more, "--out-dir", "out", "--resume").out.startswith("0 tables ")
    assert len(listed(tmp_path / "out")) == 3
    assert cli("detect", *more, "--out-dir", "out", "--force").out.startswith("3 tables ")


def test_as_one_document(cli: Cli, study: Path) -> None:
    outcome = cli("detect", study / "n00.npz", study / "n03.npz", "--out-dir", "out", "--json")
    assert outcome.code == 1
    told = json.loads(outcome.out)
    assert told["list"] == "out/recordings.tsv"
    assert [one["events"] for one in told["recordings"]] == ["out/n00_events.tsv", None]
    assert told["recordings"][0]["problem"] is None
    assert "n03.npz" in told["recordings"][1]["problem"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("study/n00.npz", "study/n01.npz"), "--out-dir"),
        (("study/n00.npz", "--jobs", "2"), "--jobs"),
        (("study/n00.npz", "--resume"), "--resume"),
        (("study", "--out-dir", "out", "--jobs", "0"), "jobs"),
        (("study", "--out-dir", "out", "--events", "e.tsv"), "--events"),
        (("study", "--out-dir", "out", "--report", "e.html"), "--report"),
        (("empty", "--out-dir", "out"), "no recording"),
        (("empty/*.edf", "--out-dir", "out"), "no recording"),
    ],
)
def test_what_does_not_go_together_is_refused(
    cli: Cli, study: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    (tmp_path / "empty").mkdir()
    outcome = cli("detect", *words)
    assert outcome.code == 2
    assert told in outcome.line
    assert not (tmp_path / "out").exists()
    assert study.is_dir()


def test_a_folder_alone_is_told_how_to_be_searched(cli: Cli, study: Path) -> None:
    outcome = cli("detect", study)
    assert outcome.code == 3
    assert "--out-dir" in outcome.line


def test_a_profile_that_is_not_there_is_told_once(cli: Cli, study: Path, tmp_path: Path) -> None:
    outcome = cli("detect", study, "--out-dir", "out", "--profile", "nonsense")
    assert outcome.code == 6
    assert "nonsense" in outcome.line
    assert not (tmp_path / "out").exists()


def test_patterns_that_a_shell_left_alone(study: Path, tmp_path: Path) -> None:
    found = recordings_in([study / "n0[0-2]*.npz"], but=tmp_path / "out")
    assert [path.name for path in found] == ["n00.npz", "n01.npz", "n02.npz"]


def test_results_among_the_recordings_are_no_recordings(cli: Cli, study: Path) -> None:
    for name in ("n03.npz", "n11.npz"):
        (study / name).unlink()
    assert cli("detect", study, "--out-dir", study / "found", "--quiet").code == 0
    again = cli("detect", study, "--out-dir", study / "found", "--force")
    assert again.out.startswith("18 tables ")


def test_tables_have_the_folders_in_their_names_where_names_are_the_same(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a/night.edf", "b/night.edf", "b/day.edf", "b/day.csv", "c/x.edf")]
    names = [path.name for path in tables_for(paths, tmp_path)]
    assert names == [
        "a_night_events.tsv",
        "b_night_events.tsv",
        "day-edf_events.tsv",
        "day-csv_events.tsv",
        "x_events.tsv",
    ]


def test_two_recordings_never_share_a_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="another recording"):
        tables_for([tmp_path / "n.edf", tmp_path / "n.edf"], tmp_path)


def test_a_mistake_in_one_recording_stops_no_other(
    cli: Cli, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = searching.search

    def search(request: Any) -> Any:  # noqa: ANN401 - whatever the real one takes and gives
        if request.source.name == "n01.npz":
            raise RuntimeError("surprise\nin two lines")
        return real(request)

    monkeypatch.setattr("emgdetect.cli.cohort.search", search)
    files = [study / f"n{number:02}.npz" for number in (0, 1, 2)]
    outcome = cli("detect", *files, "--out-dir", "out")
    assert outcome.code == 1
    assert "surprise in two lines" in outcome.err.splitlines()[0]
    assert (tmp_path / "out" / "n02_events.tsv").is_file()
    assert not (tmp_path / "out" / "n01_events.tsv").exists()


def test_a_list_that_is_none_of_ours_is_kept(cli: Cli, study: Path, tmp_path: Path) -> None:
    shutil.copytree(study, tmp_path / "out")
    mine = tmp_path / "out" / "recordings.tsv"
    mine.write_text("when\twhat\n1\t2\n", encoding="utf-8")
    assert "no list" in cli("detect", study / "n00.npz", "--out-dir", "out", "--force").line
    assert mine.read_text(encoding="utf-8") == "when\twhat\n1\t2\n"

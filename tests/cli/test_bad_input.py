"""What people really hand in: one clear line, the right code, and nothing left behind."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Cli

READING = ["info", "detect", "summary", "report"]
RNG = np.random.default_rng(3)


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path: Path, recording: Path) -> Iterator[None]:
    """Compare the folder before and after; a test that makes files on purpose removes them itself."""
    before = recording.read_bytes()
    yield
    left = {path.name for path in tmp_path.iterdir()} - {"input"}
    assert left == {recording.name}
    assert recording.read_bytes() == before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "input"
    path.mkdir()
    return path


def truncated(recording: Path) -> bytes:
    whole = recording.read_bytes()
    return whole[: len(whole) // 2]


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.edf", b""),
        ("empty.csv", b""),
        ("garbage.npz", RNG.bytes(4096)),
        ("garbage.edf", RNG.bytes(70_000)),
        ("zeros.bdf", bytes(5000)),
        ("prose.edf", b"This is a letter, not a recording.\nIt has two lines.\n"),
        ("half.npz", None),
    ],
)
def test_a_file_that_is_no_recording(
    cli: Cli, folder: Path, recording: Path, command: str, name: str, content: bytes | None
) -> None:
    path = folder / name
    path.write_bytes(truncated(recording) if content is None else content)
    outcome = cli(command, path)
    assert outcome.code == 3
    assert name in outcome.line


@pytest.mark.parametrize("command", READING)
def test_a_file_that_is_not_there(cli: Cli, folder: Path, command: str) -> None:
    outcome = cli(command, folder / "gone.edf")
    assert outcome.code == 3
    assert "gone.edf" in outcome.line


@pytest.mark.parametrize("command", READING)
def test_a_folder(cli: Cli, folder: Path, command: str) -> None:
    outcome = cli(command, folder)
    assert outcome.code == 3
    assert "folder" in outcome.line


@pytest.mark.parametrize("command", READING)
def test_a_file_that_may_not_be_read(
    cli: Cli, recording: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may read everything, so the system's answer is given here.
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.open", refuse)
    outcome = cli(command, recording)
    assert outcome.code == 3
    assert "permission" in outcome.line


def test_a_wrong_suffix_does_not_matter(cli: Cli, folder: Path, recording: Path) -> None:
    path = folder / "leg.edf"
    path.write_bytes(recording.read_bytes())
    outcome = cli("summary", path)
    assert outcome.code == 0
    assert "TA left" in outcome.out


@pytest.mark.parametrize("value", [0.0, 7.5, np.nan, np.inf], ids=str)
def test_a_constant_channel_has_no_events(cli: Cli, folder: Path, value: float) -> None:
    path = folder / "flat.npz"
    np.savez(path, data=np.full((1, 20_000), value), sampling_rate=1000.0, unit="uV")
    table = folder / "flat.tsv"
    assert cli("detect", path, "--events", table, "--quiet") == (0, "", "")
    assert len(table.read_text(encoding="utf-8").splitlines()) == 1


def test_a_rate_that_can_carry_nothing(cli: Cli, folder: Path) -> None:
    path = folder / "slow.npz"
    np.savez(path, data=np.zeros((1, 600)), sampling_rate=1.0, ch_names=["EMG chin"], unit="uV")
    outcome = cli("detect", path, "--events", folder / "slow.tsv")
    assert outcome.code == 7
    assert "slow.npz" in outcome.line
    assert not (folder / "slow.tsv").exists()


def test_a_damaged_session(cli: Cli, folder: Path) -> None:
    path = folder / "night.emgdb"
    path.write_bytes(b"SQLite format 3\x00" + bytes(52) + b"EMGD" + RNG.bytes(8000))
    outcome = cli("summary", path)
    assert outcome.code == 8
    assert "night.emgdb" in outcome.line


def test_an_unknown_profile(cli: Cli, recording: Path) -> None:
    outcome = cli("detect", recording, "--profile", "elbow")
    assert outcome.code == 6
    assert "elbow" in outcome.line


def test_an_unknown_channel(cli: Cli, recording: Path) -> None:
    outcome = cli("detect", recording, "--channel", "TA right")
    assert outcome.code == 2
    assert "TA left" in outcome.line


WRITING = [
    ("detect", "--events"),
    ("detect", "--session"),
    ("detect", "--report"),
    ("report", None),
    ("export", None),
]


def out(command: str, option: str | None) -> str:
    return "out.html" if "report" in command + (option or "") else "out.tsv"


def words(command: str, option: str | None, recording: Path, target: object) -> list[object]:
    return [command, recording, *([option] if option else []), target]


@pytest.mark.parametrize(("command", "option"), WRITING)
def test_an_existing_file_is_kept(
    cli: Cli, folder: Path, recording: Path, command: str, option: str | None
) -> None:
    target = folder / out(command, option)
    target.write_text("mine", encoding="utf-8")
    outcome = cli(*words(command, option, recording, target))
    assert outcome.code == 5
    assert "--force" in outcome.line
    assert target.read_text(encoding="utf-8") == "mine"
    assert len(list(folder.iterdir())) == 1


def test_an_existing_sidecar_is_kept_too(cli: Cli, folder: Path, recording: Path) -> None:
    (folder / "out.json").write_text("mine", encoding="utf-8")
    outcome = cli("detect", recording, "--events", folder / "out.tsv")
    assert outcome.code == 5
    assert not (folder / "out.tsv").exists()


@pytest.mark.parametrize(("command", "option"), WRITING)
def test_a_folder_that_is_not_there(
    cli: Cli, folder: Path, recording: Path, command: str, option: str | None
) -> None:
    outcome = cli(*words(command, option, recording, folder / "gone" / out(command, option)))
    assert outcome.code == 5
    assert "gone" in outcome.line


@pytest.mark.parametrize(("command", "option"), WRITING)
def test_no_permission_to_write(
    cli: Cli,
    folder: Path,
    recording: Path,
    command: str,
    option: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Root may write everywhere, so the question to the system is answered here.
    monkeypatch.setattr(os, "access", lambda *_: False)
    outcome = cli(*words(command, option, recording, folder / out(command, option)))
    assert outcome.code == 5
    assert "permission" in outcome.line
    assert not list(folder.iterdir())


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110 - not a path of ours
@pytest.mark.parametrize(
    ("command", "option"), [("detect", "--events"), ("detect", "--report"), ("report", None)]
)
def test_a_full_disk(cli: Cli, recording: Path, command: str, option: str | None) -> None:
    outcome = cli(*words(command, option, recording, "/dev/full"))
    assert outcome.code == 5
    assert "full" in outcome.line


@pytest.mark.parametrize(("command", "option"), WRITING)
def test_a_file_is_not_written_over_its_own_input(
    cli: Cli, recording: Path, command: str, option: str | None
) -> None:
    before = recording.read_bytes()
    suffixed = recording.rename(recording.with_suffix(".tsv"))
    try:
        outcome = cli(*words(command, option, suffixed, suffixed), "--force")
        assert outcome.code == 2
        assert suffixed.read_bytes() == before
    finally:
        suffixed.rename(recording)


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize(("command", "option"), [("detect", "--report"), ("report", None)])
def test_a_report_never_replaces_a_recording(
    cli: Cli, folder: Path, recording: Path, command: str, option: str | None, force: list[str]
) -> None:
    # What a shell makes of: emgdetect report *.npz
    second = folder / "other.npz"
    second.write_bytes(recording.read_bytes())
    outcome = cli(*words(command, option, recording, second), *force)
    assert outcome.code == 2
    assert ".html" in outcome.line
    assert second.read_bytes() == recording.read_bytes()


@pytest.mark.parametrize("suffix", [".edf", ".htmlx", ""])
def test_a_page_has_the_suffix_of_one(cli: Cli, folder: Path, recording: Path, suffix: str) -> None:
    outcome = cli("report", recording, folder / f"new{suffix}")
    assert outcome.code == 2
    assert ".html" in outcome.line


@pytest.mark.parametrize(("command", "option"), [("detect", "--report"), ("report", None)])
def test_a_page_of_somebody_else_is_kept(
    cli: Cli, folder: Path, recording: Path, command: str, option: str | None
) -> None:
    page = folder / "index.html"
    page.write_text("<html><h1>My home page</h1></html>", encoding="utf-8")
    outcome = cli(*words(command, option, recording, page), "--force")
    assert outcome.code == 5
    assert "another name" in outcome.line
    assert "My home page" in page.read_text(encoding="utf-8")


def test_two_outputs_of_one_name(cli: Cli, folder: Path, recording: Path) -> None:
    target = folder / "out.html"
    outcome = cli("detect", recording, "--events", target, "--report", target)
    assert outcome.code == 2
    assert not target.exists()


def test_a_report_without_its_library(
    cli: Cli, folder: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    outcome = cli("report", recording, folder / "out.html")
    assert outcome.code == 4
    assert "emgdetect[report]" in outcome.line
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("command", "option", "known"), [("export", None, ".bdf"), ("detect", "--events", ".tsv")]
)
def test_a_suffix_that_says_nothing(
    cli: Cli, folder: Path, recording: Path, command: str, option: str | None, known: str
) -> None:
    outcome = cli(*words(command, option, recording, folder / "out.xyz"))
    assert outcome.code == 2
    assert known in outcome.line


def test_a_run_of_a_recording_that_has_none(cli: Cli, recording: Path) -> None:
    assert cli("summary", recording, "--run", 1).code == 2


def test_a_simulation_without_a_name_or_of_an_unknown_scenario(cli: Cli, folder: Path) -> None:
    assert cli("simulate").code == 2
    outcome = cli("simulate", folder / "a.npz", "--scenario", "volcano")
    assert outcome.code == 2
    assert "clean" in outcome.line


def test_a_layout_of_something_that_is_no_table(cli: Cli, folder: Path, recording: Path) -> None:
    outcome = cli("info", recording, "--save-layout", folder / "out.toml")
    assert outcome.code == 2
    assert not list(folder.iterdir())


def test_several_streams_none_of_which_can_carry_anything_are_one_line_too(cli: Cli, folder: Path) -> None:
    from edfio import Edf, EdfSignal

    signals = [
        EdfSignal(np.arange(30.0 * rate) % 7, rate, label=label, physical_dimension="uV")
        for rate, label in ((2, "EMG chin"), (1, "Resp"))
    ]
    path = folder / "slow.edf"
    Edf(signals).write(path)
    outcome = cli("summary", path)
    assert outcome.code == 7
    assert "slow.edf" in outcome.line

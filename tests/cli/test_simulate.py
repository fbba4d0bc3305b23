from __future__ import annotations

import json
from typing import TYPE_CHECKING

from emgdetect.sources.simulate import SCENARIOS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

SHORT = ("--scenario", "clean", "--duration", 30, "--sampling-rate", 250)


def test_makes_a_recording_that_can_be_read(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("simulate", tmp_path / "sim.npz", *SHORT)
    assert outcome.code == 0
    found = json.loads(cli("info", tmp_path / "sim.npz", "--json").out)
    assert (found["sampling_rate"], found["n_samples"]) == (250, 7500)


def test_says_what_it_wrote(cli: Cli, tmp_path: Path) -> None:
    outcome = cli("simulate", tmp_path / "sim.npz", *SHORT)
    assert set(outcome.out.split()) == {str(path) for path in tmp_path.iterdir()}
    assert (tmp_path / "sim_events.tsv").is_file()


def test_a_seed_decides_everything(cli: Cli, tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        cli("simulate", tmp_path / f"{name}.npz", *SHORT, "--seed", seed, "--quiet")
    first, same, other = ((tmp_path / f"{name}.npz").read_bytes() for name in "abc")
    assert first == same
    assert first != other


def test_an_existing_truth_is_kept(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "sim_events.tsv").write_text("mine", encoding="utf-8")
    assert cli("simulate", tmp_path / "sim.npz", *SHORT).code == 5
    assert [path.name for path in tmp_path.iterdir()] == ["sim_events.tsv"]


def test_list_names_every_scenario(cli: Cli) -> None:
    assert [line.split()[0] for line in cli("simulate", "--list").out.splitlines()] == list(SCENARIOS)

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from emgdetect.formats.describing import describe
from emgdetect.formats.opening import open_recording

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli


def test_says_what_was_understood(cli: Cli, recording: Path) -> None:
    shown = cli("info", recording).out
    for words in (
        "leg.npz",
        "npz",
        "1000 Hz",
        "30,000 samples",
        "30 s",
        "TA left",
        "µV",
        "1 gap, 0.5 s missing",
    ):
        assert words in shown


def test_channels_that_mean_the_same_stand_side_by_side(cli: Cli, tmp_path: Path) -> None:
    names = [*(f"EXG {number}" for number in range(1, 9)), "level"]
    units = [*["uV"] * 8, "envelope"]
    np.savez(tmp_path / "a.npz", data=np.zeros((9, 500)), sampling_rate=250.0, ch_names=names, unit=units)
    shown = cli("info", tmp_path / "a.npz").out.splitlines()
    assert "    EXG 1, EXG 2, EXG 3, EXG 4, EXG 5, EXG 6,  µV" in shown
    assert "    EXG 7, EXG 8" in shown
    assert "    level                                      envelope" in shown


def test_the_rails_of_the_converter_are_said_in_the_unit(cli: Cli, tmp_path: Path) -> None:
    facts: dict[str, Any] = {
        "sampling_rate": 250.0,
        "unit": "uV",
        "gain": -0.5,
        "offset": 3.0,
        "raw_low": 0,
        "raw_high": 1023,
    }
    np.savez(tmp_path / "a.npz", data=np.zeros((1, 500), dtype=np.int16), **facts)
    assert "converter from -508.5 to 3 µV" in cli("info", tmp_path / "a.npz").out


def test_gaps_stand_with_place_length_and_cause(cli: Cli, recording: Path) -> None:
    shown = cli("info", recording).out
    gap = open_recording(recording).streams[0].gaps[0]
    assert f"at 25 s: 0.5 s ({gap.cause})" in shown


def test_json_is_the_description(cli: Cli, recording: Path) -> None:
    assert json.loads(cli("info", recording, "--json").out) == describe(open_recording(recording))


def test_json_has_the_keys_scripts_rely_on(cli: Cli, recording: Path) -> None:
    found = json.loads(cli("info", recording, "--json").out)
    assert (found["sampling_rate"], found["n_samples"]) == (1000, 30000)
    assert {"format", "device", "start", "oddities"} <= set(found)
    assert found["channels"][0]["name"] == "TA left"
    assert found["channels"][0]["unit"] == "uV"
    assert found["gaps"][0]["start_sample"] == 25000
    assert found["gaps"][0]["n_samples"] == 500


def test_what_the_user_knows_better_counts(cli: Cli, recording: Path) -> None:
    shown = cli("info", recording, "--sampling-rate", 500, "--envelope").out
    assert "500 Hz" in shown
    assert "1 min" in shown
    assert "envelope" in shown


def test_quiet_says_nothing(cli: Cli, recording: Path) -> None:
    assert cli("info", recording, "--quiet") == (0, "", "")


def test_a_rate_of_zero_is_refused(cli: Cli, recording: Path) -> None:
    outcome = cli("info", recording, "--sampling-rate", 0)
    assert outcome.code == 2
    assert "0 Hz" in outcome.line


def test_a_saved_layout_reads_the_table_the_same_way(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "log.csv"
    lines = [f"{n / 200:.3f},{n % 7},{n % 5}" for n in range(400)]
    table.write_text("time_s,emg,other\n" + "\n".join(lines) + "\n", encoding="utf-8")
    saved = tmp_path / "layout.toml"
    first = cli("info", table, "--save-layout", saved, "--json")
    assert first.code == 0
    assert saved.is_file()
    again = cli("info", table, "--layout", saved, "--json")
    assert json.loads(again.out)["channels"] == json.loads(first.out)["channels"]
    assert json.loads(again.out)["sampling_rate"] == json.loads(first.out)["sampling_rate"]


def test_a_saved_layout_is_not_overwritten(cli: Cli, recording: Path, tmp_path: Path) -> None:
    saved = tmp_path / "layout.toml"
    saved.write_text("mine", encoding="utf-8")
    assert cli("info", recording, "--save-layout", saved).code == 5
    assert saved.read_text(encoding="utf-8") == "mine"

"""``check`` leads through rest and tensing, tells what failed, and keeps what it measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.calibration import from_json, initial_floors
from emgdetect.session import SessionReader

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

GOOD = "calf=virtual://emgdetect?speed=0&signal=tensing"
SLACK = "virtual://emgdetect?speed=0&signal=quiet"


def test_a_good_sensor_passes(cli: Cli) -> None:
    outcome = cli("check", GOOD)
    assert outcome.code == 0
    assert outcome.out.startswith("calf: ")
    assert "All passed." in outcome.out
    relax, tense = outcome.err.splitlines()
    assert "relax" in relax
    assert "TENSE" in tense


def test_a_muscle_that_is_not_there_fails_with_advice(cli: Cli) -> None:
    outcome = cli("check", SLACK)
    assert outcome.code == 1
    assert "FAIL  swing" in outcome.out
    assert "→ place both electrodes" in outcome.out
    assert "failed: floor, swing" in outcome.out


def test_json_is_one_document(cli: Cli) -> None:
    outcome = cli("check", GOOD, SLACK, "--json")
    assert outcome.code == 1
    document = json.loads(outcome.out)
    assert document["passed"] is False
    good, slack = document["sources"]
    assert (good["name"], slack["name"]) == ("calf", "emgdetect")
    assert {one["verdict"] for one in good["findings"] + good["channels"][0]["findings"]} == {"pass"}
    kept = good["channels"][0]["calibration"]
    assert kept["tense"] > 20 * kept["rest"]


def test_quiet_says_nothing_and_decides_all_the_same(cli: Cli) -> None:
    assert cli("check", GOOD, "--quiet") == (0, "", "")
    assert cli("check", SLACK, "--quiet") == (1, "", "")


def test_rest_alone_does_not_ask(cli: Cli) -> None:
    outcome = cli("check", GOOD, "--rest-only", "--seconds", 6)
    assert outcome.code == 0
    assert "TENSE" not in outcome.err
    assert "nobody was asked" in outcome.out


def test_the_calibration_is_kept_in_a_file_and_in_the_session(cli: Cli, tmp_path: Path) -> None:
    file, session = tmp_path / "calf.json", tmp_path / "night.emgdb"
    assert cli("check", GOOD, "--calibration", file, "--session", session).code == 0
    (from_file,) = from_json(file.read_text())
    with SessionReader(session) as reader:
        (note,) = reader.notes()
    assert note.kind == "calibration"
    assert note.time == from_file.time
    assert from_json(note.text) == (from_file,)
    assert (from_file.sensor, from_file.channel, from_file.unit) == ("calf", "RAW", "uV")


def test_the_night_goes_into_the_same_session_and_begins_with_the_floor(cli: Cli, tmp_path: Path) -> None:
    session = tmp_path / "night.emgdb"
    assert cli("check", GOOD, "--session", session).code == 0
    assert cli("record", GOOD, "-o", session, "--for", "10s", "--quiet").code == 0
    with SessionReader(session) as reader:
        (stream,) = reader.streams()
        known = from_json(reader.notes()[0].text)
        source = reader.source(1)
        quiet = float(np.nanstd(stream.window(2000, 5000)[0]))
    (floor,) = initial_floors(known, stream.info, sensor=source, at=stream.info.start)
    assert floor == pytest.approx(quiet, rel=0.2)


def test_a_session_that_is_there_gets_another(cli: Cli, tmp_path: Path) -> None:
    session = tmp_path / "night.emgdb"
    for _ in range(2):
        assert cli("check", GOOD, "--session", session).code == 0
    with SessionReader(session) as reader:
        assert [note.kind for note in reader.notes()] == ["calibration"] * 2


def test_nothing_is_kept_of_a_channel_that_failed(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "calf.json"
    outcome = cli("check", SLACK, "--calibration", file)
    assert outcome.code == 1
    assert "no calibration was kept" in outcome.err
    assert not file.exists()


def test_a_file_that_is_there_is_not_replaced_and_nobody_tenses_in_vain(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "calf.json"
    file.write_text("precious")
    outcome = cli("check", GOOD, "--calibration", file)
    assert outcome.code == 5
    assert "exists" in outcome.line
    assert cli("check", GOOD, "--calibration", file, "--force").code == 0


def test_what_is_no_session_is_refused_at_once(cli: Cli, tmp_path: Path) -> None:
    session = tmp_path / "night.emgdb"
    session.write_text("not a session")
    outcome = cli("check", GOOD, "--session", session)
    assert outcome.code == 8
    assert session.name in outcome.line


def test_a_recording_is_checked_as_rest(cli: Cli, recording: Path) -> None:
    outcome = cli("check", recording, "--json")
    (source,) = json.loads(outcome.out)["sources"]
    verdicts = {one["name"]: one["verdict"] for one in source["findings"] + source["channels"][0]["findings"]}
    # 500 of 30,000 samples are in its gap.
    assert verdicts["loss"] == "fail"
    assert verdicts["floor"] == "pass"
    assert verdicts["rate"] == verdicts["swing"] == "unknown"
    assert source["channels"][0]["calibration"]["rest"] == pytest.approx(2.0, rel=0.1)
    assert outcome.code == 1


def test_an_hour_is_the_same_as_its_minutes(cli: Cli, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    for name, seconds in (("short", 30), ("long", 150)):
        data = rng.normal(scale=3.0, size=(1, seconds * 500))
        np.savez(tmp_path / f"{name}.npz", data=data, sampling_rate=500.0, ch_names=["leg"], unit="uV")
    outcome = cli("check", tmp_path / "short.npz", tmp_path / "long.npz", "--json")
    short, long = (one["channels"][0]["calibration"]["rest"] for one in json.loads(outcome.out)["sources"])
    assert outcome.code == 0
    assert long == pytest.approx(short, rel=0.05)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["check", "nights.edf"], 3, "nights.edf"),
        (["check", GOOD, "nights.edf"], 2, "not checked together"),
        (["check", GOOD, "--json", "--quiet"], 2, "--quiet"),
        (["check", GOOD, "--seconds", "2"], 2, "--seconds"),
        (["check"], 2, "SOURCE"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_lines(cli: Cli, words: list[str], code: int, said: str) -> None:
    outcome = cli(*words)
    assert outcome.code == code
    assert said in outcome.line


def test_a_calibration_is_not_made_of_a_recording(cli: Cli, recording: Path, tmp_path: Path) -> None:
    outcome = cli("check", recording, "--calibration", tmp_path / "c.json")
    assert outcome.code == 2
    assert "before the night" in outcome.line


def test_a_sensor_that_is_not_there_shows_how_a_good_one_passes(cli: Cli) -> None:
    for sensor in ("virtual://emgdetect?speed=0", "leg=virtual://emgdetect?speed=0&channels=ENV"):
        done = cli("check", sensor)
        assert (done.code, "All passed." in done.out) == (0, True), done.out

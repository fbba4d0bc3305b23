from __future__ import annotations

import csv
import json
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.session import SessionReader

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

BURSTS = ((4.0, 5.0, "burst"), (9.0, 9.2, "twitch"), (14.0, 17.0, "spasm"))
"""What the recording of conftest.py holds."""


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_the_table_has_the_bursts_that_are_there(cli: Cli, recording: Path, tmp_path: Path) -> None:
    table = tmp_path / "out.tsv"
    assert cli("detect", recording, "--events", table, "--quiet") == (0, "", "")
    found = rows(table)
    assert list(found[0])[:4] == ["onset", "duration", "trial_type", "channel"]
    assert {row["channel"] for row in found} == {"TA left"}
    for start, stop, kind in BURSTS:
        (row,) = [row for row in found if start - 0.5 < float(row["onset"]) < stop]
        assert float(row["onset"]) == pytest.approx(start, abs=0.1)
        assert float(row["onset"]) + float(row["duration"]) == pytest.approx(stop, abs=0.15)
        assert row["trial_type"] == kind


def test_the_table_comes_with_its_description_and_nothing_else(
    cli: Cli, recording: Path, tmp_path: Path
) -> None:
    cli("detect", recording, "--events", tmp_path / "out.tsv")
    assert {path.name for path in tmp_path.iterdir()} == {"leg.npz", "out.tsv", "out.json"}
    described = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert "Description" in described["onset"]


def test_without_an_output_named_session_and_report_stand_in_the_current_folder(
    cli: Cli, recording: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    moved = recording.rename(elsewhere / recording.name)
    outcome = cli("detect", moved)
    assert outcome.code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"leg.emgdb", "leg.html", "elsewhere"}
    assert [path.name for path in elsewhere.iterdir()] == ["leg.npz"]
    assert "TA left" in outcome.out
    assert "leg.emgdb" in outcome.out
    assert "leg.html" in outcome.out


def test_without_the_report_library_the_rest_is_done_with_one_hint(
    cli: Cli, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    outcome = cli("detect", recording)
    assert outcome.code == 0
    assert outcome.err.count("\n") == 1
    assert "emgdetect[report]" in outcome.err
    assert {path.name for path in tmp_path.iterdir()} == {"leg.npz", "leg.emgdb"}


def test_a_session_keeps_every_detection_apart(cli: Cli, recording: Path, tmp_path: Path) -> None:
    session = tmp_path / "leg.emgdb"
    cli("detect", recording, "--session", session, "--quiet")
    assert cli("detect", session, "--profile", "twitch", "--quiet") == (0, "", "")
    assert {path.name for path in tmp_path.iterdir()} == {"leg.npz", "leg.emgdb"}
    with SessionReader(session) as stored:
        runs = stored.runs()
        assert [run.info.profile for run in runs] == ["generic", "twitch"]
        assert stored.detection(runs[0].id).profile == "generic"


def test_naming_the_same_session_adds_to_it(cli: Cli, recording: Path, tmp_path: Path) -> None:
    session = tmp_path / "leg.emgdb"
    cli("detect", recording, "--session", session)
    assert cli("detect", session, "--session", session).code == 0
    with SessionReader(session) as stored:
        assert len(stored.runs()) == 2


def test_a_table_of_a_session_leaves_the_session_alone(cli: Cli, recording: Path, tmp_path: Path) -> None:
    session = tmp_path / "leg.emgdb"
    cli("detect", recording, "--session", session)
    before = session.read_bytes()
    cli("detect", session, "--events", tmp_path / "again.tsv")
    assert session.read_bytes() == before


def test_recording_and_session_give_the_same_table(cli: Cli, recording: Path, tmp_path: Path) -> None:
    session, first, second = (tmp_path / name for name in ("leg.emgdb", "first.tsv", "second.tsv"))
    cli("detect", recording, "--session", session, "--events", first)
    cli("detect", session, "--events", second)
    assert first.read_text(encoding="utf-8") == second.read_text(encoding="utf-8")


def test_no_session_is_left_when_its_events_cannot_be_stored(
    cli: Cli, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("emgdetect.session.SessionWriter.add_detection", fail)
    assert cli("detect", recording, "--session", tmp_path / "leg.emgdb").code != 0
    assert {path.name for path in tmp_path.iterdir()} == {"leg.npz"}


@pytest.mark.parametrize(
    "broken", ["emgdetect.pipeline.detect_stream", "emgdetect.session.SessionWriter.add_gap"]
)
def test_a_session_that_was_to_be_replaced_survives_a_failure(
    cli: Cli, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    session = tmp_path / "leg.emgdb"
    cli("detect", recording, "--session", session, "--quiet")
    before = session.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(broken, fail)
    assert cli("detect", recording, "--session", session, "--force").code != 0
    assert session.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"leg.npz", "leg.emgdb"}
    monkeypatch.undo()
    assert cli("summary", session).code == 0


def test_force_replaces(cli: Cli, recording: Path, tmp_path: Path) -> None:
    for name in ("leg.emgdb", "out.tsv", "out.json"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    cli("report", recording, "--title", "old", "--quiet")
    assert cli("detect", recording, "--force", "--quiet").code == 0
    assert cli("detect", recording, "--events", tmp_path / "out.tsv", "--force", "--quiet").code == 0
    assert all(path.read_bytes() != b"old" for path in tmp_path.iterdir())
    assert "<h1>leg" in (tmp_path / "leg.html").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "leg.emgdb")) as database:
        assert database.execute("SELECT count(*) FROM run").fetchone() == (1,)


def test_json_says_what_was_found_and_written(cli: Cli, recording: Path, tmp_path: Path) -> None:
    table = tmp_path / "out.tsv"
    said = json.loads(cli("detect", recording, "--events", table, "--json").out)
    assert said["written"] == {"events": str(table)}
    (summary,) = said["summaries"]
    counted = {row["kind"]: row["count"] for row in summary["rows"]}
    assert counted == {"twitch": 1, "burst": 1, "spasm": 1, "all": 3}


def test_a_named_channel_is_searched_alone(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "two.npz"
    noise = np.random.default_rng(2).standard_normal((2, 20_000))
    noise[:, 8000:9000] *= 40
    np.savez(path, data=noise, sampling_rate=1000.0, ch_names=["TA left", "TA right"], unit="uV")
    cli("detect", path, "--channel", "TA right", "--events", tmp_path / "out.tsv", "--quiet")
    assert {row["channel"] for row in rows(tmp_path / "out.tsv")} == {"TA right"}


def test_an_envelope_is_searched_as_one(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "level.npz"
    level = np.abs(np.random.default_rng(4).normal(20, 1, 6000))
    level[3000:3400] += 200
    np.savez(path, data=level[None, :], sampling_rate=200.0, unit="adc")
    assert cli("detect", path, "--envelope", "--events", tmp_path / "out.tsv", "--quiet").code == 0
    described = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    (channel,) = described["Channels"].values()
    assert channel["Units"] == "envelope"
    assert any(abs(float(row["onset"]) - 15) < 0.2 for row in rows(tmp_path / "out.tsv"))


def test_of_several_streams_the_one_with_muscle_is_searched_and_said(cli: Cli, tmp_path: Path) -> None:
    from edfio import Edf, EdfSignal

    rng = np.random.default_rng(5)
    loud = np.where((np.arange(10_000) >= 4000) & (np.arange(10_000) < 4500), 80.0, 2.0)
    signals = [
        EdfSignal(rng.standard_normal(5120), 256, label="EEG Fpz-Cz", physical_dimension="uV"),
        EdfSignal(rng.standard_normal(10_000) * loud, 500, label="EMG chin", physical_dimension="uV"),
    ]
    path = tmp_path / "night.edf"
    Edf(signals).write(path)
    outcome = cli("detect", path, "--events", tmp_path / "out.tsv")
    assert outcome.code == 0
    assert "EMG chin at 500 Hz" in outcome.err
    onsets = [float(row["onset"]) for row in rows(tmp_path / "out.tsv") if row["channel"] == "EMG chin"]
    assert any(abs(onset - 8.0) < 0.2 for onset in onsets)
    assert outcome.out.count("not searched, by their names: EEG Fpz-Cz") == 1
    named = cli("summary", path, "--channel", "EMG chin")
    assert (named.code, named.err) == (0, "")
    assert "not searched" not in named.out
    (described,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["Channels"]
    assert described == "EMG chin"


def test_muscle_too_slow_is_refused_and_the_rest_named(cli: Cli, tmp_path: Path) -> None:
    from edfio import Edf, EdfSignal

    rng = np.random.default_rng(5)
    signals = [
        EdfSignal(rng.standard_normal(20_000), 1000, label="EEG Fpz-Cz", physical_dimension="uV"),
        EdfSignal(rng.standard_normal(20), 1, label="EMG chin", physical_dimension="uV"),
    ]
    Edf(signals).write(tmp_path / "night.edf")
    outcome = cli("detect", tmp_path / "night.edf")
    assert outcome.code == 7
    assert "EMG chin: twitches need at least 200 Hz" in outcome.line
    assert "not searched, by their names: EEG Fpz-Cz; --channel NAME" in outcome.line
    assert {path.name for path in tmp_path.iterdir()} == {"night.edf"}

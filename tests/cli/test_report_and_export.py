from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from emgdetect.formats.opening import open_recording

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

RNG = np.random.default_rng(8)


def test_a_report_stands_where_it_was_asked_for(cli: Cli, recording: Path, tmp_path: Path) -> None:
    outcome = cli("report", recording, tmp_path / "page.html")
    assert outcome == (0, f"{tmp_path / 'page.html'}\n", "")
    assert "TA left" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_or_by_the_name_of_the_recording(cli: Cli, recording: Path, tmp_path: Path) -> None:
    assert cli("report", recording, "--quiet") == (0, "", "")
    assert (tmp_path / "leg.html").is_file()


def test_the_labels_stand_on_the_page(cli: Cli, recording: Path, tmp_path: Path) -> None:
    said = ["--title", "Second night", "--subject", "Subject 7"]
    assert cli("report", recording, "a.html", *said).code == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<h1>Second night</h1>" in page
    assert "Subject 7" in page
    assert "leg.npz" in page
    assert cli("report", recording, "b.html", *said, "--anonymise").code == 0
    page = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert "Subject 7" not in page
    assert "leg.npz" not in page


@pytest.mark.parametrize(("suffix", "delimiter"), [(".tsv", "\t"), (".csv", ",")])
def test_tables(cli: Cli, recording: Path, tmp_path: Path, suffix: str, delimiter: str) -> None:
    assert cli("export", recording, tmp_path / f"out{suffix}", "--quiet").code == 0
    with (tmp_path / f"out{suffix}").open(encoding="utf-8", newline="") as file:
        found = [row["trial_type"] for row in csv.DictReader(file, delimiter=delimiter)]
    assert found == ["burst", "twitch", "spasm"]


def test_json(cli: Cli, recording: Path, tmp_path: Path) -> None:
    cli("export", recording, tmp_path / "out.json")
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [event["trial_type"] for event in found["events"]] == ["burst", "twitch", "spasm"]


def test_a_session_exports_its_stored_events(cli: Cli, recording: Path, tmp_path: Path) -> None:
    cli("detect", recording, "--quiet")
    cli("export", "leg.emgdb", tmp_path / "stored.csv")
    cli("export", recording, tmp_path / "new.csv")
    assert (tmp_path / "stored.csv").read_bytes() == (tmp_path / "new.csv").read_bytes()


def test_signal_and_events_as_bdf(cli: Cli, recording: Path, tmp_path: Path) -> None:
    from edfio import read_bdf

    outcome = cli("export", recording, tmp_path / "out.bdf")
    assert outcome.code == 0
    assert "rounded" in outcome.err
    copy = read_bdf(tmp_path / "out.bdf")
    marked = [mark.text.split("@@")[0] for mark in copy.annotations]
    assert [text for text in marked if text in {"burst", "twitch", "spasm"}] == ["burst", "twitch", "spasm"]
    with np.load(recording) as stored:
        whole = stored["data"][0]
    assert np.allclose(copy.signals[0].data[:25_000], whole[:25_000], atol=1e-3)


def test_what_sixteen_bits_do_not_hold_is_refused(cli: Cli, recording: Path, tmp_path: Path) -> None:
    outcome = cli("export", recording, tmp_path / "out.edf")
    assert outcome.code == 7
    assert ".bdf" in outcome.line
    assert not (tmp_path / "out.edf").exists()


def test_an_exported_recording_is_read_back_as_it_was(cli: Cli, tmp_path: Path) -> None:
    data = RNG.normal(0, 40, (1, 30_000)).astype(np.int16)
    data[:, 9000:10_000] *= 20
    gaps = np.array([[25_000, 500]])
    facts: dict[str, Any] = {
        "sampling_rate": 1000.0,
        "ch_names": ["EMG chin"],
        "unit": "uV",
        "gain": 0.25,
        "gaps": gaps,
    }
    np.savez(tmp_path / "a.npz", data=data, **facts)
    assert cli("export", "a.npz", "b.bdf").code == 0
    assert cli("export", "b.bdf", "c.edf").code == 0
    first, *copies = (open_recording(tmp_path / name).streams[0] for name in ("a.npz", "b.bdf", "c.edf"))
    for copy in copies:
        assert copy.gaps == first.gaps
        assert copy.info.channels == first.info.channels
        np.testing.assert_array_equal(copy.window(0, 30_000), first.window(0, 30_000))
    marks = open_recording(tmp_path / "b.bdf").annotations
    assert [mark.text for mark in marks] == ["burst"]
    assert open_recording(tmp_path / "c.edf").annotations == marks


def test_channels_that_were_not_searched_are_exported_too(cli: Cli, tmp_path: Path) -> None:
    data = RNG.normal(0, 40, (2, 30_000)).astype(np.int16)
    facts: dict[str, Any] = {"sampling_rate": 1000.0, "ch_names": ["EMG chin", "EEG C3-A2"], "unit": "uV"}
    np.savez(tmp_path / "a.npz", data=data, **facts)
    assert cli("export", "a.npz", "all.edf").code == 0
    assert cli("export", "a.npz", "one.edf", "--channel", "EMG chin").code == 0
    assert open_recording(tmp_path / "all.edf").streams[0].info.ch_names == ("EMG chin", "EEG C3-A2")
    assert open_recording(tmp_path / "one.edf").streams[0].info.ch_names == ("EMG chin",)

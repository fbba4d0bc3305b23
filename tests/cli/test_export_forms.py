"""``emgdetect export`` in every form, and ``--anonymise``, which must leave no planted word in any byte."""

from __future__ import annotations

import csv
import json
import os
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from emgdetect.context import read_scoring
from emgdetect.formats.opening import open_recording
from emgdetect.recording import Recording, Stream
from emgdetect.session import Anchor, Note, SessionReader, SessionWriter, import_recording
from emgdetect.types import Annotation, Channel, Detection, Event, Gap, Quality, RawArray, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

RATE = 1000.0
START = datetime.fromisoformat("2026-11-20T22:05:07+01:00")
NAME, SERIAL, ADDRESS = "Annabelle-Quux", "SN48213X", "DE:AD:BE:EF:00:17"
PLANTED = (NAME, "Annabelle", "Quux", SERIAL, ADDRESS, "/home/")
DATES = re.compile(rb"2026.?11.?2[01]|20[.-]11[.-](20)?26|20-NOV-2026", re.IGNORECASE)


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """Ten seconds with a name, a serial number, an address and a date wherever they may stand."""
    data = np.random.default_rng(3).integers(-500, 500, (1, 10_000)).astype(np.int16)

    def fetch(start: int, stop: int, /) -> RawArray:
        return data[:, start:stop]

    info = StreamInfo(RATE, (Channel("EMG LAT", "uV", 0.25),), f"Sensor {SERIAL} {ADDRESS} {NAME}", START)
    gaps = (Gap(4000, 500, f"{NAME} pulled the plug"), Gap(8000, 100, "disconnect"))
    marks = (
        Annotation(1.0, 30.0, "Sleep stage N2"),
        Annotation(2.0, 1.0, f"Limb movement, {NAME}", "EMG LAT"),
        Annotation(3.0, 0.0, f"{NAME} called for {SERIAL} on 20.11.2026"),
    )
    source = tmp_path / NAME / "n.npz"
    stream = Stream(info, 10_000, gaps, fetch)
    whole = Recording(source, "npz", info.device, START, (stream,), marks, (f"header names {NAME}",))
    event = Event("EMG LAT", 2000, 300, 2.0, 0.3, "twitch", 50.0, 20.0, 12.5, rule="generic@1#c0ffee")
    quality = Quality("EMG LAT", 0, np.full(10, 2.0, np.float32), np.zeros(10, np.uint8))
    found = Detection(
        info, 10_000, gaps, (event,), (quality,), "generic", "c0ffee", "1",
        notices=(f"file of {NAME}",), source=f"{NAME}.npz",
    )  # fmt: skip
    path = tmp_path / "night.emgdb"
    (stream_id,) = import_recording(whole, path, results=[(0, found)])
    with SessionWriter.open(path) as session:
        session.add_anchor(stream_id, Anchor(0, START, RATE))
        session.note(Note("symptom", f"cramp of {NAME}", START + timedelta(hours=1), value=4.0))
        session.note(Note("note", f"{SERIAL} charged", START - timedelta(hours=2)))
    return path


def everything(folder: Path, *, but: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path != but}


OUTPUTS: tuple[tuple[str, ...], ...] = (
    ("out.tsv",), ("out.csv",), ("out.json",), ("out.annot",), ("out.xml",), ("out.edf",), ("out.bdf",),
    ("out.fhir.json", "--to", "fhir"), ("study", "--to", "bids", "--subject", "01"), ("copy.emgdb",),
)  # fmt: skip


@pytest.mark.parametrize("words", OUTPUTS, ids=lambda words: words[0])
def test_no_byte_of_an_anonymised_export_tells_whose_it_is(
    cli: Cli, night: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    outcome = cli("export", night, *words, "--anonymise", "--artefacts", "--force")
    assert outcome.code == 0, outcome.err
    written = everything(tmp_path, but=night)
    assert written
    for path, content in written.items():
        for word in PLANTED:
            assert word.encode() not in content, f"{word} in {path.name}"
            assert word.encode("utf-16-le") not in content, f"{word} in {path.name}"
        assert DATES.search(content) is None, path.name
        assert NAME not in str(path)


@pytest.mark.parametrize("words", OUTPUTS[:-1], ids=lambda words: words[0])
def test_the_planted_words_are_there_unless_they_are_left_out(
    cli: Cli, night: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert cli("export", night, *words).code == 0
    content = b"".join(everything(tmp_path, but=night).values())
    if words[0] not in {"out.csv", "out.annot", "out.xml"}:
        assert DATES.search(content) or SERIAL.encode() in content


def test_dates_move_together_and_times_of_day_stay(cli: Cli, night: Path, tmp_path: Path) -> None:
    shifted = ("--anonymise", "--shift-days", "-400", "--quiet")
    assert cli("export", night, "copy.emgdb", *shifted, "--keep-notes").code == 0
    assert cli("export", night, "out.bdf", *shifted).code == 0
    assert cli("export", night, "study", "--to", "bids", "--subject", "01", *shifted).code == 0
    moved = START - timedelta(days=400)
    with SessionReader(tmp_path / "copy.emgdb") as copy, SessionReader(night) as original:
        assert copy.recording().start == moved
        assert copy.anchors(1)[0].time == moved
        times = [note.time for note in copy.notes() if note.time is not None]
        assert times == [moved + timedelta(hours=1), moved - timedelta(hours=2)]
        assert original.runs()[0].created - copy.runs()[0].created == timedelta(days=400)
    assert open_recording(tmp_path / "out.bdf").start == moved.replace(tzinfo=None)
    with (tmp_path / "study" / "sub-01" / "sub-01_scans.tsv").open(encoding="utf-8", newline="") as file:
        (scan,) = csv.DictReader(file, delimiter="\t")
    assert datetime.fromisoformat(scan["acq_time"]) == moved.replace(tzinfo=None)


def test_the_shift_is_drawn_anew_and_stands_nowhere(
    cli: Cli, night: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter((5, 5, 2000))
    monkeypatch.setattr("secrets.randbelow", lambda _: next(drawn))
    starts = []
    for number in range(3):
        outcome = cli("export", night, f"{number}.edf", "--anonymise")
        assert "371" not in outcome.out + outcome.err
        start = open_recording(tmp_path / f"{number}.edf").start
        assert start is not None
        starts.append(start)
    assert [one.date() for one in starts[:2]] == [date(2026, 11, 20) - timedelta(days=371)] * 2
    assert starts[2].date() == date(2026, 11, 20) - timedelta(days=2366)
    assert {one.time() for one in starts} == {START.time()}


def test_nights_of_one_shift_file_keep_their_distance(cli: Cli, night: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.emgdb"
    assert cli("export", night, later, "--anonymise", "--shift-days", "3", "--quiet").code == 0
    shift = ("--anonymise", "--shift-file", tmp_path / "shift.txt", "--quiet")
    starts = []
    for number, source in enumerate((night, later, night)):
        outcome = cli("export", source, f"{number}.bdf", *shift)
        assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
        start = open_recording(tmp_path / f"{number}.bdf").start
        assert start is not None
        starts.append(start)
    assert starts[1] - starts[0] == timedelta(days=3)
    assert starts[2] == starts[0]
    moved = starts[0].date() - START.date()
    assert -3653 <= moved.days <= -366
    kept = (tmp_path / "shift.txt").read_text(encoding="utf-8").splitlines()
    assert kept[1:] == [str(moved.days)]
    assert "2026" not in kept[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_shift_file_is_for_its_owner_alone(cli: Cli, night: Path, tmp_path: Path) -> None:
    assert cli("export", night, "out.bdf", "--anonymise", "--shift-file", "shift.txt").code == 0
    assert (tmp_path / "shift.txt").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"1\n2\n", b"many\n", b"1.5", b"99999999\n", b"\xff\x00"]
)
def test_a_file_that_says_no_shift_is_named_and_kept(
    cli: Cli, night: Path, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "shift.txt").write_bytes(content)
    outcome = cli("export", night, "out.bdf", "--anonymise", "--shift-file", "shift.txt")
    assert outcome.code == 2
    assert "shift.txt: this file does not say by how many days" in outcome.line
    assert (tmp_path / "shift.txt").read_bytes() == content
    assert not (tmp_path / "out.bdf").exists()


def test_a_shift_file_that_cannot_be_made_is_told_in_a_line(cli: Cli, night: Path) -> None:
    assert (
        "no/such/folder"
        in cli("export", night, "a.bdf", "--anonymise", "--shift-file", "no/such/folder/x").line
    )


def test_signals_gaps_events_and_known_marks_stay(cli: Cli, night: Path, tmp_path: Path) -> None:
    assert cli("export", night, "copy.emgdb", "--anonymise").code == 0
    with SessionReader(tmp_path / "copy.emgdb") as copy, SessionReader(night) as original:
        (mine,), (theirs,) = copy.streams(), original.streams()
        np.testing.assert_array_equal(mine.fetch(0, 4000), theirs.fetch(0, 4000))
        assert mine.info.channels == theirs.info.channels
        assert [(gap.start, gap.n_samples, gap.cause) for gap in mine.gaps] == [
            (4000, 500, "unknown"),
            (8000, 100, "disconnect"),
        ]
        assert repr(copy.events(1)) == repr(original.events(1))
        assert [note.text for note in copy.notes()] == ["Sleep stage N2", "limb movement"]
        assert copy.detection(1).gaps == mine.gaps


def test_notes_are_kept_on_request(cli: Cli, night: Path, tmp_path: Path) -> None:
    assert cli("export", night, "copy.emgdb", "--anonymise", "--keep-notes").code == 0
    with SessionReader(tmp_path / "copy.emgdb") as copy:
        assert len(copy.notes()) == 5
        assert f"cramp of {NAME}" in {note.text for note in copy.notes()}
        assert copy.oddities() == ()


@pytest.mark.parametrize("suffix", [".annot", ".xml"])
def test_tables_for_sleep_programs(cli: Cli, night: Path, tmp_path: Path, suffix: str) -> None:
    assert cli("export", night, f"out{suffix}") == (0, f"out{suffix}\n", "")
    (mark,) = read_scoring(tmp_path / f"out{suffix}").marks
    assert (mark.onset, mark.duration, mark.kind, mark.channel) == (2.0, 0.3, "twitch", "EMG LAT")


def test_the_form_may_be_named(cli: Cli, night: Path, tmp_path: Path) -> None:
    assert cli("export", night, "scored", "--to", "luna").out == "scored.annot\n"
    assert cli("export", night, "bundle.json", "--to", "fhir").out == "bundle.json\n"
    bundle = json.loads((tmp_path / "bundle.json").read_text(encoding="utf-8"))
    assert bundle["resourceType"] == "Bundle"
    assert bundle["entry"][1]["resource"]["effectivePeriod"]["start"] == "2026-11-20T22:05:07.000+01:00"


def test_a_dataset_grows(cli: Cli, night: Path, tmp_path: Path) -> None:
    words: tuple[Any, ...] = ("export", night, "study", "--to", "bids")
    assert cli(*words, "--subject", "01", "--session", "n1").code == 0
    assert cli(*words, "--subject", "01", "--session", "n2", "--task", "rest", "--bids-run", "2").code == 0
    assert "already" in cli(*words, "--subject", "01", "--session", "n1").line
    signals = sorted(path.name for path in (tmp_path / "study" / "sub-01").rglob("*.bdf"))
    assert signals == ["sub-01_ses-n1_task-sleep_emg.bdf", "sub-01_ses-n2_task-rest_run-2_emg.bdf"]
    sidecar = tmp_path / "study" / "sub-01" / "ses-n1" / "emg" / "sub-01_ses-n1_task-sleep_channels.tsv"
    assert "tibialis anterior, left" in sidecar.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("study", "--to", "bids"), "--subject"),
        (("study", "--to", "bids", "--subject", "a/b"), "letters and digits"),
        (("out.tsv", "--subject", "01"), "--to bids"),
        (("out.tsv", "--bids-run", "2"), "--bids-run goes"),
        (("out.tsv", "--shift-days", "3"), "--anonymise"),
        (("out.tsv", "--shift-file", "new.txt"), "--anonymise"),
        (("out.tsv", "--anonymise", "--shift-file", "new.txt", "--shift-days", "3"), "leave one out"),
        (("out.tsv", "--keep-notes"), "--anonymise"),
        (("out.tsv", "--anonymise", "--shift-days", "99999999"), "cannot move"),
        (("copy.emgdb", "--anonymise", "--shift-days", "99999999"), "cannot move"),
        (("out.csv", "--to", "luna"), ".annot"),
        (("out.doc",), ".doc"),
        (("copy.emgdb",), "copied like any file"),
        (("copy.emgdb", "--anonymise", "--profile", "generic"), "whole"),
    ],
)
def test_what_does_not_go_together_is_refused_in_a_line(
    cli: Cli, night: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    outcome = cli("export", night, *words)
    assert outcome.code == 2
    assert told in outcome.line
    assert [path.name for path in tmp_path.iterdir()] == [night.name]


def test_a_copy_never_replaces_anything_unasked(cli: Cli, night: Path, tmp_path: Path) -> None:
    before = night.read_bytes()
    assert cli("export", night, night, "--anonymise", "--force").code != 0
    assert night.read_bytes() == before
    (tmp_path / "copy.emgdb").write_bytes(b"mine")
    assert cli("export", night, "copy.emgdb", "--anonymise").code == 5
    assert (tmp_path / "copy.emgdb").read_bytes() == b"mine"


def test_a_recording_is_not_copied_as_a_session(cli: Cli, recording: Path) -> None:
    assert "no session" in cli("export", recording, "copy.emgdb", "--anonymise").line

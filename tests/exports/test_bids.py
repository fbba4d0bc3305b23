"""A dataset as BIDS wants it: by the official validator, and by what stands in its files."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from emgdetect.errors import EmgError, OutputError, UsageError
from emgdetect.exports import BidsName, BidsPart, bids, write_bids
from emgdetect.formats.opening import open_recording
from emgdetect.recording import Recording, Stream
from emgdetect.types import Annotation, Channel, Detection, Event, Gap, RawArray, StreamInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

RATE = 500.0
START = datetime(2026, 11, 20, 22, 5, 7, 250_000)  # noqa: DTZ001 - the clock of a recorder


def recording(rate: float = RATE) -> Recording:
    rng = np.random.default_rng(5)
    data = rng.integers(-2000, 2000, (3, 5000)).astype(np.int16)
    channels = (
        Channel("EMG LAT", "uV", 0.5),
        Channel("a very long name of a channel, in full", "adc"),
        Channel("EEG C3-A2", "uV"),
    )

    def fetch(start: int, stop: int, /) -> RawArray:
        return data[:, start:stop]

    info = StreamInfo(rate, channels, "MyoWare 2.0", START)
    stream = Stream(info, 5000, (Gap(1000, 500, "disconnect"),), fetch)
    marks = (Annotation(3.0, 0.0, "lights off"), Annotation(1.0, 2.0, "hop", "EMG LAT"))
    return Recording(Path("night.npz"), "npz", "MyoWare 2.0", START, (stream,), marks)


def part(rate: float = RATE, profile: str = "generic") -> BidsPart:
    one = recording(rate)
    event = Event("EMG LAT", 250, 100, 250 / rate, 100 / rate, "twitch", 20.0, 9.0, 12.0, rule="r")
    found = Detection(
        one.streams[0].info,
        5000,
        one.streams[0].gaps,
        (event,),
        (),
        profile,
        "c0ffee",
        "1",
        source="night.npz",
    )
    return BidsPart(one, found, {"EMG LAT": "tibialis anterior, left"})


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def text_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def errors_of(folder: Path) -> Iterator[str]:
    program = Path(sys.executable).with_name("bids-validator-deno")
    if not program.is_file():
        pytest.skip("the official validator is not installed: pip install bids-validator-deno")
    # Recursive: with all that stands in `derivatives`, and nothing is passed over.
    command = [str(program), "--format", "json", "--recursive", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    derived = told.get("derivativesSummary", {})
    assert len(derived) == len([*folder.glob("derivatives/*")])
    for part in (told, *derived.values()):
        for issue in part["issues"]["issues"]:
            if issue["severity"] == "error":
                yield f"{issue['code']} {issue.get('location')} {issue.get('issueMessage')}"


def test_the_official_validator_finds_no_error(tmp_path: Path) -> None:
    study = tmp_path / "study"
    write_bids([part()], study, BidsName("01"))
    write_bids([part(), part(250.0)], study, BidsName("02", "night1", "sleep"), artefacts=True)
    write_bids([part(profile="sleep-legs")], study, BidsName("02", "night1", "wake", run=2))
    assert list(errors_of(study)) == []
    for name in ("emgdetect-generic", "emgdetect-sleeplegs"):
        assert list(errors_of(study / "derivatives" / name)) == []
    assert not list(study.rglob(".bidsignore"))


def test_the_validator_would_find_one(tmp_path: Path) -> None:
    study = tmp_path / "study"
    write_bids([part()], study, BidsName("01"))
    sidecar = study / "sub-01" / "emg" / "sub-01_task-sleep_emg.json"
    sidecar.write_text("{}", encoding="utf-8")
    assert any("SIDECAR_KEY_REQUIRED" in line for line in errors_of(study))
    write_bids([part()], tmp_path / "other", BidsName("01"))
    derived = tmp_path / "other" / "derivatives" / "emgdetect-generic"
    (derived / "sub-01" / "emg" / "sub-01_task-sleep_nonsense.tsv").write_text("a\n1\n", encoding="utf-8")
    assert any("nonsense" in line for line in errors_of(tmp_path / "other"))


def test_everything_stands_where_it_belongs(tmp_path: Path) -> None:
    written = write_bids([part()], tmp_path, BidsName("01", "n1"))
    stem = "sub-01_ses-n1_task-sleep"
    raw = tmp_path / "sub-01" / "ses-n1" / "emg"
    derived = tmp_path / "derivatives" / "emgdetect-generic" / "sub-01" / "ses-n1" / "emg"
    assert written == (raw / f"{stem}_emg.bdf", derived / f"{stem}_events.tsv")
    assert {path.name for path in raw.iterdir()} == {
        f"{stem}_{rest}"
        for rest in ("emg.bdf", "emg.json", "channels.tsv", "events.tsv", "events.json")
    }  # fmt: skip
    assert table(tmp_path / "participants.tsv") == [{"participant_id": "sub-01"}]
    (scan,) = table(tmp_path / "sub-01" / "ses-n1" / "sub-01_ses-n1_scans.tsv")
    assert scan == {"filename": f"emg/{stem}_emg.bdf", "acq_time": "2026-11-20T22:05:07.250000"}
    (found,) = table(written[1])
    assert (found["onset"], found["trial_type"], found["channel"]) == ("0.5000", "twitch", "EMG LAT")


def test_channels_carry_the_names_of_the_signals_and_their_own(tmp_path: Path) -> None:
    (signal, _) = write_bids([part()], tmp_path, BidsName("01"))
    rows = table(signal.with_name("sub-01_task-sleep_channels.tsv"))
    again = open_recording(signal)
    assert tuple(row["name"] for row in rows) == again.streams[0].info.ch_names
    assert [row["description"] for row in rows] == list(recording().streams[0].info.ch_names)
    assert [row["type"] for row in rows] == ["EMG", "EMG", "MISC"]
    assert [row["units"] for row in rows] == ["uV", "n/a", "uV"]
    assert [row["target_muscle"] for row in rows] == ["tibialis anterior, left", "n/a", "n/a"]


def test_the_signal_is_the_recording_and_says_nothing_of_detections(tmp_path: Path) -> None:
    (signal, _) = write_bids([part()], tmp_path, BidsName("01"))
    again, original = open_recording(signal), recording()
    stream, source = again.streams[0], original.streams[0]
    assert (stream.gaps, stream.n_samples, again.start) == (source.gaps, 5000, START)
    for start, stop in source.runs():
        np.testing.assert_array_equal(stream.fetch(start, stop), source.fetch(start, stop))
    assert {one.text for one in again.annotations} == {"lights off", "hop"}


def test_marks_and_gaps_are_events_of_the_raw_data(tmp_path: Path) -> None:
    (signal, _) = write_bids([part()], tmp_path, BidsName("01"))
    rows = table(signal.with_name("sub-01_task-sleep_events.tsv"))
    assert [tuple(row.values()) for row in rows] == [
        ("1.0000", "2.0000", "hop", "EMG LAT"),
        ("2.0000", "1.0000", "gap: disconnect", "n/a"),
        ("3.0000", "0", "lights off", "n/a"),
    ]


def test_a_recording_is_added_and_nothing_else_touched(tmp_path: Path) -> None:
    write_bids([part()], tmp_path, BidsName("01", "n1"))
    people = tmp_path / "participants.tsv"
    people.write_text("participant_id\tage\nsub-01\t44\n", encoding="utf-8")
    description = tmp_path / "dataset_description.json"
    description.write_text('{"Name": "Ours", "BIDSVersion": "1.11.0"}', encoding="utf-8")
    before = text_of(tmp_path)
    write_bids([part()], tmp_path, BidsName("01", "n2"))
    write_bids([part()], tmp_path, BidsName("02", "n1"))
    after = text_of(tmp_path)
    assert {path for path in before if before[path] != after[path]} == {people}
    assert people.read_text(encoding="utf-8") == "participant_id\tage\nsub-01\t44\nsub-02\tn/a\n"


def test_a_recording_that_is_there_is_replaced_only_with_force(tmp_path: Path) -> None:
    write_bids([part()], tmp_path, BidsName("01"))
    before = text_of(tmp_path)
    with pytest.raises(OutputError, match="already"):
        write_bids([part()], tmp_path, BidsName("01"))
    assert text_of(tmp_path) == before
    write_bids([part()], tmp_path, BidsName("01"), force=True)
    assert text_of(tmp_path) == before


def test_another_profile_stands_beside_the_first(tmp_path: Path) -> None:
    one = write_bids([part()], tmp_path, BidsName("01"))[1]
    other = write_bids([part(profile="sleep-limb")], tmp_path, BidsName("01"), force=True)[1]
    assert other.relative_to(tmp_path).parts[:2] == ("derivatives", "emgdetect-sleeplimb")
    assert other.name == one.name
    assert one.is_file()


def test_what_fails_leaves_nothing_of_the_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bids([part()], tmp_path, BidsName("01"))
    before = text_of(tmp_path)

    def full(*_: Any, **__: Any) -> None:  # noqa: ANN401 - stands for any writer
        raise OutputError("the disk is full")

    monkeypatch.setattr(bids, "write_tsv", full)
    with pytest.raises(OutputError, match="full"):
        write_bids([part()], tmp_path, BidsName("02"))
    assert text_of(tmp_path) == before


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    with pytest.raises(OutputError, match="no dataset"):
        write_bids([part()], tmp_path, BidsName("01"))
    with pytest.raises(OutputError, match="not a folder"):
        write_bids([part()], tmp_path / "letter.txt", BidsName("01"))
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    "labels",
    [{"subject": ""}, {"subject": "a_b"}, {"subject": "../01"}, {"task": ""}, {"session": "n 1"}, {"run": 0}],
)
def test_labels_have_letters_and_digits(labels: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        BidsName(**{"subject": "01"} | labels)


@pytest.mark.parametrize("content", [b"name\tage\n", b"participant_id\tage\nsub-01\n", b"\xff\xfe\x00"])
def test_a_damaged_list_is_named_and_kept(tmp_path: Path, content: bytes) -> None:
    write_bids([part()], tmp_path, BidsName("01"))
    people = tmp_path / "participants.tsv"
    people.write_bytes(content)
    with pytest.raises(EmgError, match=r"participants\.tsv"):
        write_bids([part()], tmp_path, BidsName("02"))
    assert people.read_bytes() == content


def test_other_programs_read_it(tmp_path: Path) -> None:
    mne = pytest.importorskip("mne")
    (signal, _) = write_bids([replace(part())], tmp_path, BidsName("01"))
    shutil.copy(signal, tmp_path / "copy.bdf")
    raw = mne.io.read_raw_bdf(tmp_path / "copy.bdf", verbose="error")
    values = raw.get_data(picks=[0])[0, :1000]
    np.testing.assert_allclose(values * 1e6, recording().streams[0].window(0, 1000)[0], atol=0.25)

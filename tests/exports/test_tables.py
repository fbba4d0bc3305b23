from __future__ import annotations

import csv
import errno
import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emgdetect.errors import OutputError, UsageError
from emgdetect.exports import sidecar, to_csv, to_json_dict, to_tsv, write_events, write_tsv
from emgdetect.exports.columns import COLUMNS

if TYPE_CHECKING:
    from tests.exports.conftest import MakeDetection, MakeEvents

NAMES = [
    "onset", "duration", "trial_type", "channel", "sample", "peak", "rms", "snr_db", "median_frequency",
    "rhythm", "confidence", "flags", "rule",
]  # fmt: skip
DOCS = Path(__file__).parents[2] / "docs" / "outputs.md"
RATES = [1.0, 34.81, 128.0, 199.7, 256.0, 1000.0, 20_000.0]


def lines_of(text: str, delimiter: str = "\t") -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_event_as_a_line(detection: MakeDetection, events: MakeEvents) -> None:
    text = to_tsv(detection(events([1234], 1000.0)))
    assert text == (
        "\t".join(NAMES) + "\n"
        "1.2340\t0.0500\ttwitch\tEMG 1\t1234\t123.457\t45.6\tn/a\tn/a\t5.5\tn/a\tn/a\tdefault 1.2.3 c0ffee\n"
    )


def test_no_events_give_the_header(detection: MakeDetection) -> None:
    assert to_tsv(detection(())).splitlines() == ["\t".join(NAMES)]
    assert to_csv(detection(())).splitlines() == [",".join(NAMES)]
    assert to_json_dict(detection(()))["events"] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rate=st.sampled_from(RATES), samples=st.lists(st.integers(0, 86_400 * 1000), min_size=1, max_size=8))
def test_times_tell_every_sample_apart(
    detection: MakeDetection, events: MakeEvents, rate: float, samples: list[int]
) -> None:
    written = lines_of(to_tsv(detection(events(sorted(samples), rate, n_samples=7), rate)))
    assert [round(float(line["onset"]) * rate) for line in written] == sorted(samples)
    assert {round(float(line["duration"]) * rate) for line in written} == {7}
    assert all(len(line["onset"].partition(".")[2]) >= 4 for line in written)


def test_lines_are_sorted_by_onset_then_channel(detection: MakeDetection, events: MakeEvents) -> None:
    mixed = (*events([30, 10], 1000.0, channel="EMG 2"), *events([10, 20], 1000.0))
    written = lines_of(to_tsv(detection(mixed)))
    assert [(line["sample"], line["channel"]) for line in written] == [
        ("10", "EMG 1"), ("10", "EMG 2"), ("20", "EMG 1"), ("30", "EMG 2"),
    ]  # fmt: skip


def test_artefacts_come_on_request_with_their_flags(detection: MakeDetection, events: MakeEvents) -> None:
    found = detection((*events([10], 1000.0), *events([20], 1000.0, kind="artefact")))
    assert [line["trial_type"] for line in lines_of(to_tsv(found))] == ["twitch"]
    with_artefacts = lines_of(to_tsv(found, artefacts=True))
    assert [line["flags"] for line in with_artefacts] == ["n/a", "pop|truncated"]
    assert "artefact" not in sidecar(found)["trial_type"]["Levels"]
    assert "artefact" in sidecar(found, artefacts=True)["trial_type"]["Levels"]
    assert len(to_json_dict(found)["events"]) == 1
    assert to_json_dict(found, artefacts=True)["events"][1]["flags"] == ["pop", "truncated"]


def test_csv_and_tsv_hold_the_same(detection: MakeDetection, events: MakeEvents) -> None:
    named = detection(events([10], 1000.0, channel='Biceps, "left"'))
    assert lines_of(to_csv(named), ",")[0]["channel"] == 'Biceps, "left"'
    plain = detection(events([10, 20], 1000.0))
    assert lines_of(to_csv(plain), ",") == lines_of(to_tsv(plain))


def test_a_name_with_a_tab_does_not_break_the_table(detection: MakeDetection, events: MakeEvents) -> None:
    (line,) = lines_of(to_tsv(detection(events([10], 1000.0, channel="a\tb\nc"))))
    assert line["channel"] == "a b c"
    assert line["rule"] == "default 1.2.3 c0ffee"


def test_the_sidecar_describes_every_column_and_its_origin(detection: MakeDetection) -> None:
    described = json.loads(
        json.dumps(sidecar(detection((), start=datetime(2026, 11, 20, 22, 0, tzinfo=UTC))))
    )
    for name in NAMES:
        assert described[name]["Description"]
    assert (described["onset"]["Units"], described["median_frequency"]["Units"]) == ("s", "Hz")
    assert described["flags"]["Delimiter"] == "|"
    assert described["GeneratedBy"] == [{"Name": "emgdetect", "Version": "1.2.3"}]
    assert described["SamplingFrequency"] == 1000.0
    assert described["RecordingDuration"] == 3600.0
    assert described["RecordingStart"] == "2026-11-20T22:00:00+00:00"
    assert described["Channels"] == {"EMG 1": {"Units": "uV"}, "EMG 2": {"Units": "adc"}}
    assert described["NotLookedFor"][0]["Reason"] == "a reason"


def test_every_column_and_key_is_documented(detection: MakeDetection, events: MakeEvents) -> None:
    text = DOCS.read_text(encoding="utf-8")
    tree = to_json_dict(detection(events([1], 1000.0)))
    for name in (*(column.name for column in COLUMNS), *sidecar(detection(())), *tree, *tree["events"][0]):
        assert f"`{name}`" in text or f'"{name}"' in text, name


def test_json_holds_exact_numbers_and_null_for_none(detection: MakeDetection, events: MakeEvents) -> None:
    found = detection(events([1234567], 199.7), 199.7)
    tree = json.loads(json.dumps(to_json_dict(found), allow_nan=False))
    (event,) = tree["events"]
    assert event["onset"] == 1234567 / 199.7
    assert (event["sample"], event["n_samples"], event["peak"]) == (1234567, 50, 123.456789)
    assert (event["snr_db"], event["median_frequency"], event["rhythm"]) == (None, None, 5.5)
    assert tree["settings"] == {"band": [20.0, 450.0], "ceiling": None, "notch": None, "nested": {"on": True}}
    assert tree["channels"][1] == {"name": "EMG 2", "unit": "adc"}
    assert tree["start"] is None


@pytest.mark.parametrize("suffix", [".tsv", ".csv", ".json", ".TSV"])
def test_the_suffix_chooses_the_form(
    tmp_path: Path, detection: MakeDetection, events: MakeEvents, suffix: str
) -> None:
    write_events(detection(events([5], 1000.0)), tmp_path / f"out{suffix}")
    text = (tmp_path / f"out{suffix}").read_text()
    assert text.startswith({".tsv": "onset\t", ".csv": "onset,", ".json": "{\n"}[suffix.lower()])
    assert ("out.json" in names(tmp_path)) == (suffix != ".csv")


def test_another_suffix_is_refused(tmp_path: Path, detection: MakeDetection) -> None:
    with pytest.raises(UsageError, match=r"\.tsv, \.csv, \.json"):
        write_events(detection(()), tmp_path / "out.xlsx")


@pytest.mark.parametrize("there", ["out.tsv", "out.json"])
def test_neither_table_nor_sidecar_is_overwritten(
    tmp_path: Path, detection: MakeDetection, there: str
) -> None:
    (tmp_path / there).write_text("old")
    with pytest.raises(OutputError, match="--force"):
        write_tsv(detection(()), tmp_path / "out.tsv")
    assert names(tmp_path) == [there]
    assert (tmp_path / there).read_text() == "old"
    write_tsv(detection(()), tmp_path / "out.tsv", force=True)
    assert names(tmp_path) == ["out.json", "out.tsv"]


def test_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detection: MakeDetection
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    for suffix in (".tsv", ".csv", ".json"):
        with pytest.raises(OutputError, match="disk is full"):
            write_events(detection(()), tmp_path / f"out{suffix}")
    assert names(tmp_path) == []


def test_ten_thousand_events(tmp_path: Path, detection: MakeDetection, events: MakeEvents) -> None:
    found = detection(events(list(range(0, 3_000_000, 300)), 1000.0))
    write_events(found, tmp_path / "out.tsv")
    written = lines_of((tmp_path / "out.tsv").read_text())
    assert len(written) == 10_000
    assert written[-1]["onset"] == "2999.7000"


def test_not_a_number_is_never_written_as_one(detection: MakeDetection, events: MakeEvents) -> None:
    (one,) = events([5], 1000.0)
    odd = detection((replace(one, peak=math.nan, rms=-math.inf, rhythm=math.nan),))
    assert "nan" not in to_tsv(odd)
    assert "inf" not in to_tsv(odd)

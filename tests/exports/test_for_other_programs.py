"""Luna, NSRR, MNE and FHIR: what is written is read again by other code, ours or that of a library."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emgdetect.context import read_scoring
from emgdetect.errors import FormatError, OutputError
from emgdetect.exports import from_mne, to_fhir, to_luna, to_mne, to_nsrr, write_events, write_fhir
from emgdetect.types import Channel, Detection, Event, Gap, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exports.conftest import MakeDetection, MakeEvents

RATES = (199.7, 250.0, 1000.0, 4000.0)
NAMES = ("LAT", "EMG Chin", "Masséter µ <1>")
NUMBERS = st.one_of(st.just(math.nan), st.floats(0, 1e6))


@st.composite
def detections(draw: st.DrawFn) -> Detection:
    rate = draw(st.sampled_from(RATES))
    events = []
    for _ in range(draw(st.integers(0, 8))):
        sample, n_samples = draw(st.integers(0, 100_000_000)), draw(st.integers(1, 100_000))
        events.append(
            Event(
                draw(st.sampled_from(NAMES)), sample, n_samples, sample / rate, n_samples / rate,
                draw(st.sampled_from(("twitch", "burst", "spasm", "artefact"))),
                peak=draw(NUMBERS), rms=draw(NUMBERS), snr_db=draw(NUMBERS), rhythm=draw(NUMBERS),
                flags=draw(st.sampled_from(((), ("sustained",), ("mains", "settling")))), rule="r@1#c0ffee",
            )
        )  # fmt: skip
    info = StreamInfo(rate, tuple(Channel(name, "uV") for name in NAMES), "MyoWare 2.0")
    gaps = (Gap(500, 250, "disconnect"),)
    return Detection(info, 100_200_000, gaps, tuple(events), (), "r", "c0ffee", "1")


def placed(onset: float, duration: float, rate: float) -> tuple[int, int]:
    return round(onset * rate), round(duration * rate)


@given(detection=detections(), suffix=st.sampled_from([".annot", ".xml"]))
def test_our_own_readers_get_every_event_back(
    detection: Detection, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("scored") / f"out{suffix}"
    write_events(detection, path, artefacts=True)
    found = read_scoring(path)
    rate = detection.info.sampling_rate
    got = sorted((*placed(one.onset, one.duration, rate), one.channel, one.kind) for one in found.marks)
    wanted = [(one.sample, one.n_samples, one.channel, one.kind) for one in detection.events]
    assert got == sorted(wanted)
    assert (found.stages, found.start, found.oddities) == ((), None, ())


def test_a_luna_table_has_the_six_columns_and_the_numbers(
    events: MakeEvents, detection: MakeDetection
) -> None:
    lines = to_luna(detection(events([1500], 1000.0))).splitlines()
    assert lines[0].split("\t") == ["class", "instance", "channel", "start", "stop", "meta"]
    cells = lines[1].split("\t")
    assert cells[:5] == ["twitch", ".", "EMG 1", "1.5000", "1.5500"]
    assert cells[5].split("|") == ["peak=123.457", "rms=45.6", "rhythm=5.5"]


def test_nothing_found_is_a_table_all_the_same(detection: MakeDetection, tmp_path: Path) -> None:
    for suffix in (".annot", ".xml"):
        write_events(detection(()), tmp_path / f"none{suffix}")
        assert read_scoring(tmp_path / f"none{suffix}").marks == ()
        with pytest.raises(OutputError):
            write_events(detection(()), tmp_path / f"none{suffix}")


def test_an_xml_document_has_the_time_of_day_and_no_date(detection: MakeDetection) -> None:
    text = to_nsrr(detection((), start=datetime(2026, 11, 20, 22, 5, 7)))  # noqa: DTZ001 - a recorder's clock
    assert "<ClockTime>00.00.00 22.05.07</ClockTime>" in text
    assert "<Duration>3600.0000</Duration>" in text
    assert "2026" not in text


@given(detection=detections())
def test_mne_gives_every_event_back_bit_for_bit(detection: Detection) -> None:
    pytest.importorskip("mne")
    wanted = sorted(detection.events, key=lambda one: (one.onset, one.channel, one.duration))
    annotations = to_mne(detection, artefacts=True)
    assert sum(one["description"] == "BAD_gap" for one in annotations) == 1
    got = from_mne(annotations)
    assert len(got) == len(wanted)
    assert sorted(map(repr, got)) == sorted(map(repr, wanted))
    assert all(one["orig_time"] is None for one in annotations)


def test_events_survive_a_fif_file(events: MakeEvents, detection: MakeDetection, tmp_path: Path) -> None:
    mne = pytest.importorskip("mne")
    found = replace(
        detection(events([1000, 25_333], 333.3, n_samples=111), 333.3), gaps=(Gap(5, 9, "pause"),)
    )
    raw = mne.io.RawArray(
        np.zeros((1, 30_000), np.float32), mne.create_info(["EMG 1"], 333.3, "emg"), verbose="error"
    )
    raw.set_annotations(to_mne(found))
    raw.save(tmp_path / "night_raw.fif", verbose="error")
    again = mne.io.read_raw_fif(tmp_path / "night_raw.fif", verbose="error")
    assert repr(from_mne(again.annotations)) == repr(found.events)
    told = again.annotations[-1]["extras"]
    (moved,) = from_mne(mne.Annotations([1.0], [0.5], ["twitch"], ch_names=[("EMG 1",)], extras=[told]))
    assert (moved.onset, moved.duration, moved.sample) == (1.0, 0.5, 25_333)


def test_mne_leaves_artefacts_and_gaps_out_on_request(events: MakeEvents, detection: MakeDetection) -> None:
    pytest.importorskip("mne")
    found = replace(detection(events([9], 1000.0, kind="artefact")), gaps=(Gap(0, 5, "pause"),))
    assert len(to_mne(found)) == 1
    assert len(to_mne(found, gaps=False)) == 0
    assert repr(from_mne(to_mne(found, artefacts=True))) == repr(found.events)


def test_annotations_that_lost_their_details_are_refused() -> None:
    mne = pytest.importorskip("mne")
    with pytest.raises(FormatError, match="lost its details"):
        from_mne(mne.Annotations([1.0], [0.5], ["twitch"], ch_names=[("LAT",)]))
    assert from_mne(mne.Annotations([1.0], [0.5], ["lights off"])) == ()


def rate(value: float) -> SimpleNamespace:
    return SimpleNamespace(per_valid_hour=value, low=value / 2, high=value * 2)


def summary() -> SimpleNamespace:
    rows = [
        SimpleNamespace(channel="EMG 1", kind="twitch", refused="", count=7, rate=rate(3.5)),
        SimpleNamespace(channel="EMG 1", kind="spasm", refused="too short", count=0, rate=None),
        SimpleNamespace(channel="EMG 2", kind="twitch", refused="", count=0, rate=None),
    ]
    coverage = [
        SimpleNamespace(channel="EMG 1", recorded_hours=2.5, valid_hours=2.0, valid_fraction=0.8, low=False),
        SimpleNamespace(channel="EMG 2", recorded_hours=2.5, valid_hours=0.0, valid_fraction=0.0, low=True),
    ]
    return SimpleNamespace(rows=rows, coverage=coverage, duration=9000.0, disclaimer="Not a medical device.")


def told(bundle: dict[str, Any], entry: int) -> dict[str, Any]:
    """Give the components of an observation by code."""
    parts = bundle["entry"][entry]["resource"]["component"]
    return {part["code"]["coding"][0]["code"]: part for part in parts}


def test_a_bundle_says_counts_rates_and_coverage_in_ucum(detection: MakeDetection) -> None:
    bundle = to_fhir(detection(()), summary())
    first, second = told(bundle, 1), told(bundle, 2)
    assert first["twitch-count"]["valueQuantity"]["value"] == 7
    values = [first[f"twitch-{name}"]["valueQuantity"]["value"] for name in ("rate", "rate-low", "rate-high")]
    assert values == [3.5, 1.75, 7.0]
    assert first["twitch-rate"]["valueQuantity"]["code"] == "/h"
    assert first["coverage"]["valueQuantity"] == {
        "value": 80.0, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%",
    }  # fmt: skip
    assert first["spasm-count"]["dataAbsentReason"]["coding"][0]["code"] == "unsupported"
    assert second["twitch-rate"]["dataAbsentReason"]["coding"][0]["code"] == "unknown"
    assert second["low-coverage"]["valueBoolean"] is True


@pytest.mark.parametrize(
    ("start", "period"),
    [
        (None, None),
        (
            "2026-11-20T22:00:00+01:00",
            {"start": "2026-11-20T22:00:00.000+01:00", "end": "2026-11-21T00:30:00.000+01:00"},
        ),
        ("2026-11-20T22:00:00", {"start": "2026-11-20", "end": "2026-11-21"}),
    ],
)
def test_a_bundle_is_one_of_fhir(
    detection: MakeDetection, start: str | None, period: dict[str, str] | None, tmp_path: Path
) -> None:
    library = pytest.importorskip("fhir.resources.R4B.bundle")
    found = detection((), start=None if start is None else datetime.fromisoformat(start))
    write_fhir(found, summary(), tmp_path / "out.json")
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    bundle = library.Bundle.model_validate_json(text)
    device, *observations = (entry.resource for entry in bundle.entry)
    assert [one.status for one in observations] == ["preliminary", "preliminary"]
    assert observations[0].device.reference == bundle.entry[0].fullUrl
    assert device.deviceName[0].name == "MyoWare 2.0"
    assert all(one.get("effectivePeriod") == period for one in resources(text))
    assert len({entry.fullUrl for entry in bundle.entry}) == 3


def resources(text: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(text)["entry"][1:]]

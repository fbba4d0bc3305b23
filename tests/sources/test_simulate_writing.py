"""What is written is the simulation, readable by anybody, complete or not at all."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import edfio
import numpy as np
import pytest

from emgdetect.errors import EmgError, OutputError, UsageError
from emgdetect.formats import npz
from emgdetect.recording import ReadOptions
from emgdetect.sources.simulate import (
    SCENARIOS,
    Scenario,
    Simulation,
    simulate,
    truth_paths,
    write_simulation,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def short(crowded: Scenario) -> Simulation:
    """Two channels with gaps."""
    return Simulation(replace(crowded, duration=60.0))


def test_an_archive_holds_what_numpy_needs(short: Simulation, tmp_path: Path) -> None:
    path = tmp_path / "night.npz"
    written = write_simulation(short, path)
    assert written == (path, tmp_path / "night_events.tsv", tmp_path / "night_artefacts.tsv")
    with np.load(path, allow_pickle=False) as archive:
        assert archive["data"].shape == (2, short.n_samples)
        assert archive["data"].dtype == np.int16
        assert archive["sampling_rate"] == 250
        assert archive["ch_names"].tolist() == ["left", "right"]
        assert archive["unit"].tolist() == ["uV", "uV"]
        assert archive["gaps"].tolist() == [[gap.start, gap.n_samples] for gap in short.gaps]
        assert archive["gain"].tolist() == [0.25, 0.25]
        assert archive["offset"].tolist() == [0, 0]
        for start, stop in short.stream().runs():
            np.testing.assert_array_equal(archive["data"][:, start:stop], short.fetch(start, stop))
        for gap in short.gaps:
            assert not archive["data"][:, gap.start : gap.stop].any()


@pytest.mark.parametrize("name", ["artefacts", "arduino-10bit", "envelope", "night"])
def test_the_reader_gives_back_channels_values_and_gaps(name: str, tmp_path: Path) -> None:
    simulation = simulate(name, duration=40)
    path = write_simulation(simulation, tmp_path / "one.npz")[0]
    stream = npz.read(path, ReadOptions()).streams[0]
    assert stream.info.channels == simulation.info.channels
    assert [(g.start, g.n_samples) for g in stream.gaps] == [(g.start, g.n_samples) for g in simulation.gaps]
    n = simulation.n_samples
    np.testing.assert_array_equal(stream.window(0, n), simulation.stream().window(0, n))


@pytest.mark.parametrize("suffix", [".npz", ".csv", ".edf"])
def test_one_seed_gives_one_file(suffix: str, tmp_path: Path) -> None:
    digests = set()
    for number in range(2):
        path = tmp_path / f"{number}{suffix}"
        write_simulation(simulate("plm-night", duration=20, seed=6), path)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_table_has_times_and_microvolts_and_no_lines_in_gaps(short: Simulation, tmp_path: Path) -> None:
    path = write_simulation(short, tmp_path / "night.csv")[0]
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["time_s", "left_uV", "right_uV"]
    table = np.array(rows, dtype=np.float64)
    window = short.stream().window(0, short.n_samples)
    present = ~np.isnan(window[0])
    assert not present.all()
    np.testing.assert_allclose(table[:, 0], np.flatnonzero(present) / 250, atol=1e-6)
    np.testing.assert_allclose(table[:, 1:], window[:, present].T, atol=1e-9)


def test_an_envelope_is_no_microvolts_in_a_table(tmp_path: Path) -> None:
    path = write_simulation(simulate("envelope", duration=5), tmp_path / "level.csv")[0]
    assert path.read_text().splitlines()[0] == "time_s,EMG_envelope"


def test_edf_opens_elsewhere_with_the_same_numbers(tmp_path: Path) -> None:
    simulation = simulate("plm-night", duration=20)
    path = write_simulation(simulation, tmp_path / "night.edf")[0]
    edf = edfio.read_edf(path)
    assert [signal.label for signal in edf.signals] == ["leg left", "leg right"]
    assert edf.signals[0].sampling_frequency == 250
    raw = simulation.fetch(0, simulation.n_samples)
    np.testing.assert_array_equal(edf.signals[0].digital[: raw.shape[1]], raw[0])
    np.testing.assert_allclose(edf.signals[1].data[: raw.shape[1]], raw[1] * 0.25, atol=1e-6)


def test_24_bits_fit_bdf_and_not_edf(tmp_path: Path) -> None:
    simulation = Simulation(
        replace(
            SCENARIOS["night"],
            duration=10,
            background=replace(SCENARIOS["night"].background, baseline_uv=9e3),
        )
    )
    with pytest.raises(EmgError, match="bdf"):
        write_simulation(simulation, tmp_path / "night.edf")
    assert list(tmp_path.iterdir()) == []
    path = write_simulation(simulation, tmp_path / "night.bdf")[0]
    raw = simulation.fetch(0, simulation.n_samples)
    np.testing.assert_array_equal(edfio.read_bdf(path).signals[0].digital[: raw.shape[1]], raw[0])


def test_truth_is_written_as_it_is(short: Simulation, tmp_path: Path) -> None:
    _, events, artefacts = write_simulation(short, tmp_path / "night.npz")
    assert (events, artefacts) == truth_paths(tmp_path / "night.npz")
    with events.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert list(rows[0]) == ["onset", "duration", "trial_type", "channel", "snr_db"]
    assert [(row["trial_type"], row["channel"]) for row in rows] == [
        (event.trial_type, event.channel) for event in short.events
    ]
    for row, event in zip(rows, short.events, strict=True):
        assert float(row["onset"]) == pytest.approx(event.onset, abs=1e-6)
        assert float(row["duration"]) == pytest.approx(event.duration, abs=1e-6)
    with artefacts.open(newline="") as file:
        assert len(list(csv.DictReader(file, delimiter="\t"))) == len(short.artefacts)


@pytest.mark.parametrize("stands", ["night.npz", "night_events.tsv", "night_artefacts.tsv"])
def test_nothing_is_overwritten_without_force(short: Simulation, tmp_path: Path, stands: str) -> None:
    (tmp_path / stands).write_text("precious")
    with pytest.raises(OutputError, match="exists already"):
        write_simulation(short, tmp_path / "night.npz")
    assert [path.name for path in tmp_path.iterdir()] == [stands]
    assert (tmp_path / stands).read_text() == "precious"
    write_simulation(short, tmp_path / "night.npz", force=True)
    assert len(list(tmp_path.iterdir())) == 3
    assert (tmp_path / stands).read_bytes() != b"precious"


def test_a_writer_that_is_stopped_leaves_nothing(short: Simulation, tmp_path: Path) -> None:
    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_simulation(short, tmp_path / "night.npz", progress=stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [".npz", ".csv", ".edf"])
def test_progress_comes_to_the_last_sample(suffix: str, tmp_path: Path) -> None:
    told: list[int] = []
    simulation = simulate("clean", duration=30)
    write_simulation(simulation, tmp_path / f"one{suffix}", progress=told.append)
    assert told[-1] == simulation.n_samples


def test_an_unknown_suffix_is_answered_with_those_there_are(short: Simulation, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'no format for "\.mp3" \(use \.npz'):
        write_simulation(short, tmp_path / "night.mp3")

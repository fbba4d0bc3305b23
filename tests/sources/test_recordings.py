"""The recordings that come with the project are what the manifest says, and can be made again."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from emgdetect.formats import edf, npz
from emgdetect.recording import ReadOptions

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "recordings"
ENTRIES: list[dict[str, Any]] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))[
    "recordings"
]
TABLES = "events_file", "artefacts_file"


def load_script() -> ModuleType:
    path = ROOT / "scripts" / "make_recordings.py"
    spec = importlib.util.spec_from_file_location("make_recordings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        sys.modules["make_recordings"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
        del sys.modules["make_recordings"]
    return module


def named(name: str) -> dict[str, Any]:
    return next(entry for entry in ENTRIES if entry["file"] == name)


def test_the_manifest_names_every_file_and_no_other() -> None:
    listed = {name for entry in ENTRIES for name in entry["sha256"]}
    assert listed == {path.name for path in FOLDER.iterdir()} - {"manifest.json", "README.md"}
    assert {entry["licence"] for entry in ENTRIES} == {"CC0-1.0"}


def test_all_recordings_together_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 6_000_000


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_files_are_those_of_the_manifest(entry: dict[str, Any]) -> None:
    for name, digest in entry["sha256"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["file"]))
def test_rate_length_channels_and_events_are_those_of_the_manifest(entry: dict[str, Any]) -> None:
    path = FOLDER / entry["file"]
    reader = {".npz": npz, ".edf": edf}[path.suffix]
    stream = reader.read(path, ReadOptions()).streams[0]
    assert stream.info.sampling_rate == entry["sampling_rate"]
    assert stream.n_samples == round(entry["duration"] * entry["sampling_rate"])
    assert list(stream.info.ch_names) == entry["channels"]
    with (FOLDER / entry["events_file"]).open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert Counter(row["trial_type"] for row in rows) == entry["events"]
    assert all(float(row["onset"]) + float(row["duration"]) < entry["duration"] for row in rows)


@pytest.mark.parametrize("name", ["busy_30s.npz", "envelope_10min.npz"])
def test_a_recording_can_be_made_again(name: str, tmp_path: Path) -> None:
    script = load_script()
    recipe = next(recipe for recipe in script.RECIPES if recipe.file == name)
    made = json.loads(json.dumps(script.make(recipe, tmp_path)))
    entry = named(name)
    for key in TABLES:
        assert (tmp_path / entry[key]).read_bytes() == (FOLDER / entry[key]).read_bytes()
    assert {key: made[key] for key in made if key != "sha256"} == {
        key: entry[key] for key in entry if key != "sha256"
    }
    with np.load(tmp_path / name) as again, np.load(FOLDER / name) as kept:
        assert again.files == kept.files
        for key in again.files:
            if key != "data":
                np.testing.assert_array_equal(again[key], kept[key])
        # Another build of the Fourier transform may round a sample in a thousand to the next count.
        difference = np.abs(again["data"].astype(int) - kept["data"])
        assert difference.max() <= 1
        assert np.mean(difference > 0) < 0.001

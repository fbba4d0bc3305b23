"""A short stretch of the soak that scripts/soak.py runs through a whole night."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_minutes_of_faults_leave_no_false_sample_and_no_wrong_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    soaking = importlib.import_module("soaking")
    recorded = soaking.record_night(tmp_path / "night.emgdb", 0.1, 3)
    figures = dict(soaking.check(recorded))
    assert figures["gaps with a counter"] == "all right to the sample"
    assert int(figures["events, live as by detect"]) > 20
    assert recorded.damaged > 50


def test_a_false_sample_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    soaking = importlib.import_module("soaking")
    chunk = soaking.Chunk(soaking.signal(7300, 500).copy(), 5000)
    assert soaking._offset(chunk, None) == 2300
    chunk.data[2, 250] += 1
    with pytest.raises(SystemExit):
        soaking._offset(chunk, 2300)

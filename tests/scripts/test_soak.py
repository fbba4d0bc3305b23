"""A short stretch of the soak that scripts/soak.py runs through a whole night."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("damage", "hours", "struck", "events"), [("frames", 0.1, 50, 20), ("bytes", 0.06, 3000, 0)]
)
def test_minutes_of_faults_leave_no_false_sample_and_no_wrong_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, hours: float, struck: int, events: int
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    soaking = importlib.import_module("soaking")
    recorded = soaking.record_night(tmp_path / "night.emgdb", hours, 3, damage)
    figures = dict(soaking.check(recorded))
    assert figures["gaps with a counter"] == "all right to the sample"
    assert int(figures["events, live as by detect"].split(",")[0]) >= events
    assert recorded.damaged > struck


def test_a_false_sample_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    soaking = importlib.import_module("soaking")
    chunk = soaking.Chunk(soaking.signal(7300, 500).copy(), 5000)
    assert soaking._offset(chunk, None) == 2300
    chunk.data[2, 250] += 1
    with pytest.raises(SystemExit):
        soaking._offset(chunk, 2300)

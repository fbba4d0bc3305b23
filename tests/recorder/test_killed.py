"""A recorder that is killed loses at most a second of samples, and no event that somebody was told of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 60
"""`scripts/soak.py kills` does 200."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="recorders are forked")
@pytest.mark.timeout(240)
def test_kills_at_random_moments(tmp_path: Path) -> None:
    driver = Path(__file__).with_name("killed_recorder.py")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, driver, tmp_path, str(KILLS), "20240229"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] == KILLS
    # Enough of them were killed in full work, or the rest would prove nothing.
    assert found["reported"] > KILLS / 2
    assert found["events"] > KILLS
    assert found["missing"] <= 1.0
    assert (found["wrong"], found["lost_events"], found["damaged"]) == (0, 0, 0)

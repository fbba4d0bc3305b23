"""A recorder that is killed loses at most a second of samples, and no event that somebody was told of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.killing import driven

KILLS = 60
"""`scripts/soak.py kills` does 200."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="recorders are forked")
@pytest.mark.timeout(240)
def test_kills_at_random_moments(tmp_path: Path) -> None:
    driven(Path(__file__).with_name("killed_recorder.py"), tmp_path, KILLS, most_missing=1.0)

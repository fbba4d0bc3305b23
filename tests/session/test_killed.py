"""A recorder that is killed loses at most the last second, and no event it had reported."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.killing import driven

KILLS = 200
RATE = 1000


@pytest.mark.skipif(not hasattr(os, "fork"), reason="recorders are forked")
@pytest.mark.timeout(120)
def test_kills_at_random_moments(tmp_path: Path) -> None:
    driven(Path(__file__).with_name("killed_writer.py"), tmp_path, KILLS, most_missing=RATE)

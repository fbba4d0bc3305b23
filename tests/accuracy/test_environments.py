"""What the peers' environments are made of."""

from __future__ import annotations

import sys
from pathlib import Path

from accuracy import environments
from accuracy.detectors import LIBEMG, OURS, PEER_DETECTORS, PEERS

ADAPTERS = Path(environments.__file__).parent / "adapters"


def test_peers_come_from_the_extra_and_libemg_stands_alone() -> None:
    peers = " ".join(environments.requirements(PEERS))
    assert all(name in peers for name in ("neurokit2", "biosppy", "psgscoring", "myonset"))
    assert "libemg" not in peers
    assert [one.partition(">")[0] for one in environments.requirements(LIBEMG)] == ["libemg"]


def test_our_own_environment_is_the_one_that_runs() -> None:
    assert environments.python(OURS) == (Path(sys.executable), "")


def test_every_detector_has_an_adapter_and_every_adapter_a_detector() -> None:
    files = {path.stem for path in ADAPTERS.glob("*.py")} - {"__init__", "ours"}
    assert {detector.adapter for detector in PEER_DETECTORS} == files


def test_versions_are_those_of_what_is_there() -> None:
    found = environments.versions(Path(sys.executable), ("numpy", "no-such-distribution"))
    assert list(found) == ["numpy"]

"""Our bundles against FHIR R4 itself (4.0.1), where a library of it is installed.

The library of the other tests knows R4B (4.3.0) as its oldest relative. Its version 6.1 has R4, but wants a
pydantic older than ours: install ``fhir.resources==6.1.0`` and ``pydantic<2`` in an environment of their own
and name its Python, ``EMGDETECT_FHIR_R4_PYTHON=/elsewhere/bin/python pytest ...``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from emgdetect.exports import to_fhir
from emgdetect.summary import summarise

if TYPE_CHECKING:
    from tests.exports.conftest import MakeDetection, MakeEvents

PYTHON = os.environ.get("EMGDETECT_FHIR_R4_PYTHON", sys.executable)
READ = """
import sys
import fhir.resources
from fhir.resources.bundle import Bundle
if getattr(fhir.resources, "__fhir_version__", "") != "4.0.1":
    sys.exit("this is not R4")
try:
    Bundle.parse_raw(sys.stdin.read())
except ValueError as error:
    print("refused", error)
else:
    print("accepted")
"""


def told_by_r4(bundle: dict[str, Any]) -> str:
    done = subprocess.run(
        [PYTHON, "-c", READ],
        input=json.dumps(bundle),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        pytest.skip("no library of FHIR R4 is installed; see the head of this file")
    return done.stdout


@pytest.mark.parametrize("start", [None, "2026-11-20T22:00:00+01:00", "2026-11-20T22:00:00"])
def test_r4_accepts_a_bundle(detection: MakeDetection, events: MakeEvents, start: str | None) -> None:
    moment = None if start is None else datetime.fromisoformat(start)
    found = detection(events([1000, 90_000], 1000.0), start=moment)
    assert told_by_r4(to_fhir(found, summarise(found))) == "accepted\n"


def test_r4_would_refuse_one(detection: MakeDetection) -> None:
    found = detection(())
    bundle = to_fhir(found, summarise(found))
    del bundle["entry"][1]["resource"]["status"]
    assert told_by_r4(bundle).startswith("refused")

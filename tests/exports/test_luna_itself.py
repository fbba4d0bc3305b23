"""What Luna itself reads of our files, where it is installed.

Luna's Python package (lunapi) asks for an older pandas than ours and cannot stand beside it: install it in an
environment of its own and name that one's Python, ``EMGDETECT_LUNA_PYTHON=/elsewhere/bin/python pytest ...``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emgdetect.exports import write_events
from emgdetect.exports.edf import write_edf
from emgdetect.recording import Recording, Stream
from emgdetect.types import Channel, Detection, Event, RawArray, StreamInfo

PYTHON = os.environ.get("EMGDETECT_LUNA_PYTHON", sys.executable)
RATE = 250.0
NAMES = ("EMG LAT", "RAT |x=1")
FOUND = (
    ("EMG LAT", 10.0, 0.04, "twitch", ()),
    ("RAT |x=1", 20.004, 1.5, "burst", ("rhythmic",)),
    ("EMG LAT", 599.0, 1.0, "spasm", ("sustained", "truncated")),
)
READ = """
import json, sys
import lunapi
project = lunapi.proj()
project.silence(True)
one = project.inst("night")
one.attach_edf(sys.argv[1])
one.attach_annot(sys.argv[2])
table = one.fetch_fulls_annots(["twitch", "burst", "spasm", "artefact"])
told = {"channels": one.channels()["Channels"].tolist(), "events": table.astype(str).values.tolist()}
print("\\n" + json.dumps(told))
"""


def luna(*words: str) -> str:
    done = subprocess.run([PYTHON, *words], capture_output=True, text=True, check=False, timeout=120)
    if done.returncode and "No module named 'lunapi'" in done.stderr:
        pytest.skip("lunapi is not installed; see the head of this file")
    assert done.returncode == 0, done.stderr
    return done.stdout


def detection() -> Detection:
    channels = tuple(Channel(name, "uV", gain=0.1) for name in NAMES)
    info = StreamInfo(RATE, channels, "sensor", datetime(2026, 11, 20, 22))  # noqa: DTZ001 - a recorder's clock
    events = tuple(
        Event(
            channel, round(onset * RATE), round(length * RATE), onset, length, kind,  # type: ignore[arg-type]
            50.0, 20.0, 12.0, 80.0, confidence=0.9, flags=flags, rule="generic",
        )
        for channel, onset, length, kind, flags in FOUND
    )  # fmt: skip
    return Detection(info, round(600 * RATE), (), events, (), "generic", "abc", "1")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    luna("-c", "import lunapi")
    folder = tmp_path_factory.mktemp("luna")
    found = detection()
    values = np.random.default_rng(1).integers(-1000, 1000, (2, found.n_samples)).astype(np.int16)

    def fetch(start: int, stop: int, /) -> RawArray:
        return values[:, start:stop]

    stream = Stream(found.info, found.n_samples, (), fetch)
    recording = Recording(Path("night"), "edf", "sensor", found.info.start, (stream,))
    write_edf(recording, folder / "night.edf")
    write_events(found, folder / "night.annot")
    answer: dict[str, Any] = json.loads(
        luna("-c", READ, str(folder / "night.edf"), str(folder / "night.annot")).splitlines()[-1]
    )
    return answer


def test_luna_reads_every_event_where_it_was(told: dict[str, Any]) -> None:
    assert [line[0] for line in told["events"]] == [kind for _, _, _, kind, _ in FOUND]
    times = np.array([[float(line[4]), float(line[5])] for line in told["events"]])
    wanted = [[onset, onset + length] for _, onset, length, _, _ in FOUND]
    np.testing.assert_allclose(times, wanted, atol=1e-6)


def test_events_are_in_the_channels_of_the_copy(told: dict[str, Any]) -> None:
    named = dict(zip(NAMES, told["channels"], strict=True))
    assert [line[2] for line in told["events"]] == [named[channel] for channel, *_ in FOUND]


def test_numbers_arrive_by_their_keys(told: dict[str, Any]) -> None:
    # Luna sorts them by key: confidence, flags, median_frequency, peak, rms, snr_db.
    assert [line[3] for line in told["events"]] == [
        "0.9|80|50|20|12", "0.9|rhythmic|80|50|20|12", "0.9|sustained,truncated|80|50|20|12",
    ]  # fmt: skip

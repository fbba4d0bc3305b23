"""What SOMAS 1.0 (github.com/macesari/SOMAS) would take from an EDF+ copy.

It runs in MATLAB and cannot be run here. This is a reading of our own after its: files named ``.edf`` only;
each record's annotations part at NUL, the first has no text; an annotation belongs to a leg when its text is,
to the letter, the one that the user chose; one without a length is passed over; times are rounded to 1 ms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.exports import edf_suffix
from emgdetect.exports.edf import write_edf
from emgdetect.recording import Recording, Stream
from emgdetect.types import Annotation, Channel, Detection, Event, Gap, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from emgdetect.types import RawArray

RATE = 250.0
FOUND = (("LAT", 10.004, 0.6), ("RAT", 12.0, 2.048), ("LAT", 40.0, 9.9), ("RAT", 119.0, 1.0))
HEADER, FIELD = 256, 256
NUL, ENDS, LASTS = b"\x00", b"\x14", b"\x15"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    raw = np.random.default_rng(1).integers(-2000, 2000, (2, 30_000)).astype(np.int16)

    def fetch(start: int, stop: int, /) -> RawArray:
        return raw[:, start:stop]

    info = StreamInfo(RATE, (Channel("LAT", "uV", gain=0.1), Channel("RAT", "uV", gain=0.1)), "sensor")
    stream = Stream(info, 30_000, (Gap(20_000, 500, "pause"),), fetch)
    marks = tuple(Annotation(30.0 * epoch, 30.0, "Sleep stage N2") for epoch in range(4))
    recording = Recording(tmp_path / "night", "edf", "sensor", None, (stream,), marks)
    events = tuple(
        Event(name, round(onset * RATE), round(length * RATE), onset, length, "burst", 50.0, 20.0, 12.0, 80.0)
        for name, onset, length in FOUND
    )
    detection = Detection(info, 30_000, stream.gaps, events, (), "sleep-legs", "abc", "1")
    assert edf_suffix(stream) == ".edf"
    write_edf(recording, tmp_path / "night.edf", detection=detection)
    return tmp_path / "night.edf"


def marks_in(path: Path) -> tuple[list[str], list[tuple[float, float, str]]]:
    """Return the texts that head the records, and all other annotations: onset, length or NaN, text."""
    data = path.read_bytes()
    n_header, n_records = int(data[184:192]), int(data[236:244])
    n_signals = int(data[252:256])
    fields = data[HEADER : HEADER + FIELD * n_signals].decode("ascii")
    labels = [fields[16 * place : 16 * place + 16].strip() for place in range(n_signals)]
    counts = [int(fields[216 * n_signals + 8 * place :][:8]) for place in range(n_signals)]
    here = labels.index("EDF Annotations")
    heads, found = [], []
    for record in range(n_records):
        start = n_header + 2 * (record * sum(counts) + sum(counts[:here]))
        parts = [part for part in data[start : start + 2 * counts[here]].split(NUL) if part]
        for place, part in enumerate(parts):
            when, *texts = part.split(ENDS)
            onset, _, length = when.partition(LASTS)
            text = ENDS.join(texts[:-1]).decode()
            if place == 0:
                heads.append(text)
            else:
                found.append((float(onset), float(length or "nan"), text))
    return heads, found


def test_every_record_begins_with_its_time_and_no_text(copy: Path) -> None:
    heads, found = marks_in(copy)
    assert set(heads) == {""}
    assert all(text for _, _, text in found)


@pytest.mark.parametrize("leg", ["LAT", "RAT"])
def test_a_leg_is_one_text_and_every_movement_has_its_length(copy: Path, leg: str) -> None:
    movements = [(onset, length) for onset, length, text in marks_in(copy)[1] if text == f"burst@@{leg}"]
    milliseconds = [(round(1000 * onset), round(1000 * (onset + length))) for onset, length in movements]
    wanted = [(1000 * onset, 1000 * (onset + length)) for name, onset, length in FOUND if name == leg]
    np.testing.assert_allclose(milliseconds, wanted, atol=0.5)
    # It counts from 1: a movement in the first half millisecond would have no place.
    assert all(start >= 1 for start, _ in milliseconds)


def test_sleep_stages_of_the_recording_go_along(copy: Path) -> None:
    stages = [(onset, length) for onset, length, text in marks_in(copy)[1] if text == "Sleep stage N2"]
    assert stages == [(30.0 * epoch, 30.0) for epoch in range(4)]

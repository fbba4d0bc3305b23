from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.session import Note, SessionWriter
from emgdetect.types import Channel, Chunk, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

START = datetime.fromisoformat("2026-11-20T23:00:00+01:00")


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """Eight hours at 1 Hz."""
    path = tmp_path / "night.emgdb"
    with SessionWriter.create(path) as session:
        stream_id = session.add_stream(StreamInfo(1.0, (Channel("TA left", "uV"),), start=START))
        session.append(stream_id, Chunk(np.zeros((1, 8 * 3600), dtype=np.int16), 0))
        session.add_notes([Note("annotation", "turned over", onset=5.0)])
    return path


def test_what_is_said_is_listed(cli: Cli, night: Path) -> None:
    at = "2026-11-21 03:20+01:00"
    added = cli("note", night, "--woke", "--symptom", "cramp in the left calf", "--pain", 7, "--at", at)
    assert added.code == 0
    assert len(added.out.splitlines()) == 2
    assert "pain 7 of 10" in added.out
    cli("note", night, "--medication", "magnesium", "--dose", "300 mg", "--at", "2026-11-20 22:00+01:00")
    cli("note", night, "slept badly", "--at", "2026-11-21 07:30+01:00")
    listed = cli("note", night, "--list").out.splitlines()
    assert len(listed) == 4
    assert "magnesium, 300 mg" in listed[0]
    assert "1 h before it began" in listed[0]
    assert "4 h 20 min into the recording" in listed[1]
    assert "after it ended" in listed[3]


def test_as_json(cli: Cli, night: Path) -> None:
    cli("note", night, "--trigger", "long walk", "--at", "2026-11-20 21:00+00:00")
    content = json.loads(cli("note", night, "--list", "--json").out)
    assert content["start"] == START.isoformat()
    assert content["entries"] == [
        {
            "number": 2, "kind": "trigger", "text": "long walk", "time": "2026-11-20T21:00:00+00:00",
            "value": None, "unit": None, "onset": -3600.0, "when": "before",
        }
    ]  # fmt: skip


def test_pain_alone_is_a_symptom(cli: Cli, night: Path) -> None:
    cli("note", night, "--pain", 3, "--quiet")
    (entry,) = json.loads(cli("note", night, "--list", "--json").out)["entries"]
    assert (entry["kind"], entry["text"], entry["value"]) == ("symptom", "pain", 3.0)


def test_while_another_program_records(cli: Cli, night: Path) -> None:
    with SessionWriter.open(night) as recorder:
        outcome = cli("note", night, "--woke", "--at", "2026-11-21 02:00+01:00")
        assert outcome.code == 0
        recorder.append(1, Chunk(np.zeros((1, 10), dtype=np.int16), 8 * 3600))
    assert "woke up" in cli("note", night, "--list").out


def test_an_entry_can_be_taken_back_but_no_mark_of_the_recording(cli: Cli, night: Path) -> None:
    cli("note", night, "slip of the pen", "--quiet")
    assert "there are: 2" in cli("note", night, "--remove", 1).line
    assert cli("note", night, "--remove", 2).code == 0
    assert cli("note", night, "--list").out == "nothing noted\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "one thing at a time"),
        (["--list", "text"], "one thing at a time"),
        (["--pain", "11"], "0 to 10"),
        (["--dose", "3 mg"], "--medication"),
        (["--medication", "a", "--intervention", "b", "--dose", "3 mg"], "one of them"),
        (["--medication", "a", "--dose", "some"], "no dose"),
        (["text", "--at", "tomorrow"], "no time"),
    ],
)
def test_what_cannot_be_noted(cli: Cli, night: Path, words: list[str], said: str) -> None:
    outcome = cli("note", night, *words)
    assert outcome.code == 2
    assert said in outcome.line
    assert cli("note", night, "--list").out == "nothing noted\n"


def test_far_from_the_night_is_mentioned(cli: Cli, night: Path) -> None:
    outcome = cli("note", night, "x", "--at", "2026-11-10 12:00+01:00")
    assert outcome.code == 0
    assert "before it began" in outcome.err


def test_a_recording_is_no_session(cli: Cli, recording: Path) -> None:
    assert cli("note", recording, "x").code == 8

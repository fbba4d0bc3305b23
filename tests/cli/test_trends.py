from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from emgdetect.session import Note, SessionWriter
from emgdetect.types import Channel, Detection, Event, Gap, Quality, StreamInfo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Cli

FIRST = datetime.fromisoformat("2026-11-01T23:00:00+01:00")
SECONDS = 5 * 3600


@pytest.fixture
def nights(tmp_path: Path) -> Path:
    """Eight nights of five hours, 100 twitches each, from the fifth on 50; wine on every other night."""
    folder = tmp_path / "nights"
    folder.mkdir()
    for day in range(8):
        start = FIRST + timedelta(days=day)
        info = StreamInfo(10.0, (Channel("TA left", "uV"),), "MyoWare", start)
        count = 100 if day < 4 else 50
        events = tuple(
            Event("TA left", 1800 * place, 3, 180.0 * place, 0.3, "twitch", 9.0, 5.0, 12.0)
            for place in range(count)
        )
        quality = Quality("TA left", 0, np.ones(SECONDS, np.float32), np.zeros(SECONDS, np.uint8))
        detection = Detection(info, SECONDS * 10, (), events, (quality,), "generic", "abc", "1.2.3")
        with SessionWriter.create(folder / f"n{day}.emgdb") as session:
            stream_id = session.add_stream(info)
            session.add_gap(stream_id, Gap(0, SECONDS * 10, "pause"))
            session.add_detection(stream_id, detection)
            evening = start - timedelta(hours=2)
            session.note(Note("trigger", "wine", evening) if day % 2 else Note("note", "nothing", evening))
            if day == 4:
                session.note(Note("intervention", "new mattress", evening))
    return folder


def test_nights_side_by_side(cli: Cli, nights: Path) -> None:
    outcome = cli("trends", nights)
    assert outcome.code == 0
    for said in (
        "8 nights, 2026-11-01 to 2026-11-08",
        "profile generic abc, version 1.2.3",
        "new mattress",
        "trigger: wine",
        "Not a medical device",
        "resampling whole nights",
    ):
        assert said in outcome.out, said


def test_as_json(cli: Cli, nights: Path) -> None:
    content = json.loads(cli("trends", nights, "--json").out)
    assert (content["what"], len(content["nights"]), content["by_clock"]) == ("emgdetect trends", 8, True)
    series = content["series"][0]
    assert (series["channel"], series["kind"], series["n_used"]) == ("TA left", "all", 8)
    assert series["pooled"]["value"] == pytest.approx((400 + 200) / 40)
    (change,) = series["changes"]
    assert (change["n_without"], change["n_with"], change["ratio"]["value"]) == (4, 4, 0.5)
    (wine,) = series["associations"]
    assert (wine["what"], wine["n_with"], wine["ratio"]["value"]) == ("wine", 4, 1.0)


def test_files_one_by_one_and_twice(cli: Cli, nights: Path) -> None:
    paths = sorted(nights.iterdir())
    content = json.loads(cli("trends", *paths[:3], nights / "n0.emgdb", "--json").out)
    assert [night["name"] for night in content["nights"]] == ["n0", "n1", "n2"]


def test_a_night_left_out_says_why(cli: Cli, nights: Path) -> None:
    outcome = cli("trends", nights, "--min-hours", 6)
    assert outcome.out.count("left out: less than 6 h valid") == 8
    assert cli("trends", nights, "--profile", "spasm").out.count("no detection with the profile spasm") == 8


def test_a_date_and_a_kind(cli: Cli, nights: Path) -> None:
    outcome = cli(
        "trends", nights, "--since", "2026-11-04 12:00+01:00", "--kind", "twitch", "--channel", "ta LEFT"
    )
    assert "TA left, twitch" in outcome.out
    assert "3 and 5" in outcome.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["none.emgdb"], 8, "none.emgdb"),
        (["."], 2, "no session in this folder"),
        (["nights", "--since", "soon"], 2, "no date"),
        (["nights", "--min-share", "70"], 2, "between 0 and 1"),
        (["nights", "--min-hours", "-1"], 2, "make no sense"),
        (["nights", "--kind", "clonus"], 2, "no kind"),
        (["nights", "--channel", "x"], 2, "there are: TA left"),
        (["nights", "--json", "--quiet"], 2, "--quiet"),
    ],
)
def test_one_clear_line(cli: Cli, nights: Path, words: list[str], code: int, said: str) -> None:
    assert nights.is_dir()
    outcome = cli("trends", *words)
    assert outcome.code == code
    assert said in outcome.line


def test_a_recording_is_no_night(cli: Cli, recording: Path) -> None:
    assert cli("trends", recording).code == 8

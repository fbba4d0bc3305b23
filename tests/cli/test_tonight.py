"""docs/tonight.md can be followed: its commands run, with a virtual sensor in the place of a real one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from emgdetect.errors import EmgError
from firmware_interface.transports import scanning
from firmware_interface.transports.scanning import Found, Scan

if TYPE_CHECKING:
    from tests.cli.conftest import Cli

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "tonight.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    emgdetect (.+)$", TEXT, flags=re.MULTILINE)
VIRTUAL = "left calf=virtual://emgdetect?speed=0&signal=tensing"


def without_hardware(command: str) -> list[str]:
    """Put a virtual sensor in the place of the real one, and twenty seconds in that of a night."""
    words = shlex.split(command.replace("--device emgdetect", "").replace("--until 07:00", "--for 20s"))
    return [VIRTUAL if word.startswith("left calf=") else word for word in words]


def test_the_guide_can_be_followed_from_end_to_end(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="the report needs the extra")
    port = Found("serial:///dev/ttyACM0", "/dev/ttyACM0", ("emgdetect",), None, "Arduino Uno")
    monkeypatch.setattr(scanning, "scan", lambda _: Scan((port,)))
    verbs = [command.split()[0] for command in COMMANDS]
    assert verbs[:3] == ["scan", "check", "record"]
    assert {"note", "summary", "report", "detect", "export"} <= set(verbs)
    for command in COMMANDS:
        outcome = cli(*without_hardware(command))
        assert outcome.code == 0, f"{command}: {outcome.err}"
    assert Path("night.html").stat().st_size > 10_000


def test_its_sentences_are_those_that_are_said() -> None:
    table = TEXT[TEXT.index("## When it does not work") :]
    sentences = [row.strip() for row in re.findall(r"^\| (.+?) \|", table, flags=re.MULTILINE)[1:]]
    assert len(sentences) == 7
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "firmware_interface").rglob("*.py")]
    for sentence in sentences:
        said = sentence.removeprefix("2 ").removesuffix(" …")
        assert any(said in source for source in sources), sentence


def test_every_line_of_a_check_it_explains_exists() -> None:
    from emgdetect.checking.judging import Levels, judge_channel
    from emgdetect.types import Channel

    named = set(re.findall(r"^\| FAIL (\w+) \|", TEXT, flags=re.MULTILINE))
    levels = Levels(rest=1.0, tense=1.0, mains=50.0, hum=0.0, clipped=0.0, flat=0.0)
    known = {one.name for one in judge_channel(Channel("leg", "uV"), levels)} | {"rate", "loss"}
    assert named
    assert named <= known


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target


def test_devices_it_names_exist() -> None:
    from firmware_interface.devices import load_device

    for key in re.findall(r"--device (\w[\w-]*)", TEXT):
        try:
            load_device(key)
        except EmgError as error:
            pytest.fail(f"{key}: {error}")

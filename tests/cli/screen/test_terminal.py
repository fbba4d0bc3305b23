"""The live screen as somebody meets it: a process on a terminal, and its keys."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from emgdetect.cli.jotting import FELT
from emgdetect.context.diary import KINDS
from emgdetect.session import SessionReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no terminals of this kind")


class Terminal:
    """A program on a terminal of 80 by 24."""

    def __init__(self, *words: str, folder: Path) -> None:
        import fcntl
        import struct
        import termios

        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "emgdetect", *words],
            stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment,
        )  # fmt: skip
        os.close(theirs)
        self._seen = ""

    def wait_for(self, pattern: str) -> tuple[str, ...]:
        """Read until the pattern has been on the screen since the last key; return its groups."""
        while not (found := re.search(pattern, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._seen))):
            self._seen += os.read(self._ours, 65536).decode(errors="replace")
        return found.groups()

    def press(self, key: str) -> None:
        self._seen = ""
        os.write(self._ours, key.encode())

    def rest(self) -> str:
        """Read to the end."""
        while True:
            try:
                self._seen += os.read(self._ours, 65536).decode(errors="replace")
            except OSError:
                break
        self.process.wait(30)
        os.close(self._ours)
        return self._seen


class Start(Protocol):
    def __call__(self, *words: str) -> Terminal: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Terminal] = []

    def begin(*words: str) -> Terminal:
        started.append(Terminal(*words, folder=tmp_path))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.process.kill()
        terminal.process.wait()


@pytest.mark.timeout(60)
def test_keys_pause_snooze_and_stop(start: Start, tmp_path: Path) -> None:
    words = ("record", "leg=virtual://emgdetect?speed=2", "-o", "night.emgdb", "--no-wake-lock")
    terminal = start(*words, "--alarm", "lost>1h:bell")
    terminal.wait_for("streaming")
    terminal.press("p")
    terminal.wait_for("go on")
    terminal.press("p")
    terminal.wait_for("recording again")
    terminal.press("Z")
    terminal.wait_for("snoozed")
    terminal.press("q")
    said = terminal.rest()
    assert terminal.process.returncode == 0
    assert "stopped as asked" in said
    assert "emgdetect summary" in said
    with SessionReader(tmp_path / "night.emgdb") as session:
        assert session.runs()[0].n_samples is not None or session.streams()[0].n_samples > 0


@pytest.mark.timeout(60)
def test_a_note_is_typed_while_it_is_recorded(start: Start, tmp_path: Path) -> None:
    words = ("record", "leg=virtual://emgdetect?speed=2", "-o", "night.emgdb", "--no-wake-lock")
    terminal = start(*words)
    terminal.wait_for("1000")
    terminal.press("n")
    (shown,) = terminal.wait_for(r"note of (\d\d:\d\d:\d\d)")
    # In a note they are letters, and an arrow is nothing at all.
    terminal.press("Krampf, quite sch\x1b[Dlimmx\x7f ü, pain 14")
    terminal.wait_for("pain 14")
    terminal.press("\r")
    terminal.wait_for("pain is rated from 0 to 10")
    terminal.press("\x7f\x7f7\r")
    terminal.wait_for("noted: symptom: Krampf, quite schlimm ü, pain 7 of 10")
    terminal.press("nnever mind\x1b")
    terminal.wait_for("q  stop")
    terminal.press("n\r")
    terminal.wait_for(f"noted: symptom: {FELT}")
    terminal.press("q")
    terminal.rest()
    assert terminal.process.returncode == 0
    with SessionReader(tmp_path / "night.emgdb") as session:
        first, second = [note for note in session.notes() if note.kind in KINDS]
        assert (first.kind, first.text, first.value) == ("symptom", "Krampf, quite schlimm ü", 7)
        assert second.text == FELT
        (stream,) = session.streams()
        assert not stream.gaps
        assert first.time is not None
        assert f"{first.time.astimezone():%H:%M:%S}" == shown


@pytest.mark.timeout(60)
def test_ctrl_c_ends_in_good_order_and_leaves_the_terminal_as_it_was(start: Start) -> None:
    words = ("record", "virtual://emgdetect?speed=2", "-o", "night.emgdb", "--no-wake-lock")
    terminal = start(*words)
    terminal.wait_for("1000")
    terminal.process.send_signal(signal.SIGINT)
    said = terminal.rest()
    assert terminal.process.returncode == 0
    assert "\x1b[?1049l" in said
    assert "\x1b[?25h" in said
    assert "session:" in said

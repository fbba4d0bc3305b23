"""How a recording is shown: a screen with keys in a terminal, lines where there is none, or nothing."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from emgdetect.cli.console import note
from emgdetect.cli.jotting import read_line
from emgdetect.cli.noting import in_short, keep
from emgdetect.cli.screen.keys import ENTER, ESCAPE
from emgdetect.cli.screen.prompt import Prompt
from emgdetect.errors import EmgError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.cli.alarming import Alarming
    from emgdetect.cli.screen.watching import Watching
    from emgdetect.recorder import Control, Listener


class Showing:
    """Show a recording, and heed the keys.

    Parameters
    ----------
    session : Path
        Its file.
    control : Control
        What the keys stop and pause.
    waiting : str
        What is waited for before it begins.
    quiet : bool
        Whether nothing is to be said but what has failed.
    """

    def __init__(self, session: Path, control: Control, *, waiting: str = "", quiet: bool = False) -> None:
        from emgdetect.cli.screen.lines import Lines
        from emgdetect.cli.screen.watching import Watching

        self._session = session
        self._control = control
        self._quiet = quiet
        self._alarming: Alarming | None = None
        on_screen = not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._watching = Watching(session.name, waiting) if on_screen else None
        self._lines = None if quiet or on_screen else Lines()
        if waiting and self._lines is not None:
            note(waiting)

    @property
    def listeners(self) -> list[Listener]:
        """What has to be told of the recording."""
        return [one for one in (self._watching, self._lines) if one is not None]

    def heed(self, alarming: Alarming) -> None:
        """Show how alarms do, and snooze them by a key."""
        self._alarming = alarming
        if self._watching is not None:
            self._watching.alarms = alarming.words

    def tell_alarm(self, source: str, text: str) -> None:
        """Show what an alarm has to say; what failed is told even if all is to be quiet."""
        if self._watching is not None:
            self._watching.add(source, text, "alarm")
        elif self._lines is not None or "failed" in text:
            note(text)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it while the block lasts."""
        with ExitStack() as stack:
            if self._watching is not None:
                from emgdetect.cli.screen.keys import heeded
                from emgdetect.cli.screen.terminal import shown

                stack.enter_context(shown(self._watching))
                stack.enter_context(heeded(self.press))
            yield

    def press(self, key: str) -> None:
        """Do what a key stands for, or take it for a letter of the note that is being typed."""
        watching = self._watching
        if watching is not None and watching.prompt is not None:
            self._type(watching, watching.prompt, key)
        elif key.lower() == "q":
            self._control.stop()
            if watching is not None:
                watching.stopping = True
        elif key.lower() == "p":
            (self._control.go_on if self._control.pausing else self._control.pause)()
        elif key.lower() == "n" and watching is not None:
            watching.prompt = Prompt(watching.now().astimezone())
        elif key.lower() == "z" and self._alarming is not None:
            self._alarming.snooze()
        if watching is not None:
            watching.touched.set()

    def _type(self, watching: Watching, prompt: Prompt, key: str) -> None:
        if key == ESCAPE:
            watching.prompt = None
        elif key in ENTER:
            self._keep(watching, prompt)
        else:
            watching.prompt = prompt.typed(key)

    def _keep(self, watching: Watching, prompt: Prompt) -> None:
        """Keep the note, or leave it on the line if it cannot be understood."""
        try:
            entries = tuple(read_line(prompt.text).entries(prompt.time))
            keep(self._session, entries)
        except EmgError as error:
            watching.prompt = replace(prompt, wrong=str(error))
            return
        watching.prompt = None
        watching.add("", f"noted: {', '.join(map(in_short, entries))}")

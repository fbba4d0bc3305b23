"""How a recording is shown: a screen with keys in a terminal, lines where there is none, or nothing."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from emgdetect.cli.console import note
from emgdetect.errors import EmgError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emgdetect.cli.alarming import Alarming
    from emgdetect.recorder import Control, Listener

FELT = "felt something"
"""Words of the symptom that the note key keeps; what it was can be added with ``emgdetect note``."""


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
        """Do what a key stands for; others do nothing."""
        if key == "q":
            self._control.stop()
            if self._watching is not None:
                self._watching.stopping = True
        elif key == "p":
            (self._control.go_on if self._control.pausing else self._control.pause)()
        elif key == "n":
            self._jot()
        elif key == "z" and self._alarming is not None:
            self._alarming.snooze()

    def _jot(self) -> None:
        from emgdetect.cli.noting import jot

        now = (datetime.now(UTC) if self._watching is None else self._watching.now()).astimezone()
        try:
            jot(self._session, "symptom", FELT, now)
            said = f"noted: {FELT}"
        except EmgError as error:
            said = f"could not be noted: {error}"
        if self._watching is not None:
            self._watching.add("", said)

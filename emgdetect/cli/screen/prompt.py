"""A line that somebody types while it is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emgdetect.cli.screen.keys import BACKSPACE, CLEAR

if TYPE_CHECKING:
    from datetime import datetime

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Prompt:
    """A note that is being typed.

    Parameters
    ----------
    time : datetime
        When it was begun; that is the time it is of, however long the typing takes.
    text : str
        What there is of it.
    wrong : str
        Why it could not be kept as it was; empty again with the next key.
    """

    time: datetime
    text: str = ""
    wrong: str = ""

    def typed(self, key: str) -> Prompt:
        """Return what the next key makes of it."""
        text = self.text
        if key in BACKSPACE:
            text = text[:-1]
        elif key == CLEAR:
            text = ""
        elif key.isprintable() and len(text) < LONGEST:
            text += key
        return replace(self, text=text, wrong="")
